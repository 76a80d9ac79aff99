package trace_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/app/lab"
)

// tshark reads a file and gives a line for each packet that a filter lets
// through.
func tshark(t *testing.T, file string, args ...string) []string {
	t.Helper()
	program, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark here")
	}
	cmd := exec.Command(program, append([]string{"-n", "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-r", file}, args...)...)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, &complaints)
	}
	if strings.Contains(complaints.String(), "cut short") {
		t.Error(complaints.String())
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
}

// expect checks how many packets a filter lets through.
func expect(t *testing.T, file, filter string, low, high int) {
	t.Helper()
	if n := len(tshark(t, file, "-Y", filter)); n < low || n > high {
		t.Errorf("%s: %d packets, want %d to %d", filter, n, low, high)
	}
}

// wellFormed checks what must be so in every file.
func wellFormed(t *testing.T, file string) {
	t.Helper()
	for _, bad := range []string{
		"_ws.malformed", "udp.checksum.status == 0", "ip.checksum.status == 0", "_ws.expert.severity >= 0x800000", "_ws.short",
	} {
		for _, line := range tshark(t, file, "-Y", bad) {
			t.Errorf("%s: %s", bad, line)
		}
	}
	last := map[string]float64{}
	for _, line := range tshark(t, file, "-T", "fields", "-e", "frame.interface_id", "-e", "frame.time_epoch") {
		id, stamp, _ := strings.Cut(line, "\t")
		at, err := strconv.ParseFloat(stamp, 64)
		if err != nil || at < last[id] {
			t.Errorf("interface %s: %v after %v, %v", id, at, last[id], err)
		}
		last[id] = at
	}
	if out, err := exec.Command("capinfos", file).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("Strict time order:   True")) {
		t.Errorf("capinfos: %v\n%s", err, out)
	}
}

// without checks that no canary is in a file.
func without(t *testing.T, file string, canaries ...string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range canaries {
		if canary == "" || bytes.Contains(data, []byte(canary)) {
			t.Errorf("the trace holds the secret %q", canary)
		}
	}
}

func startLab(t *testing.T) *lab.Lab {
	t.Helper()
	l, err := lab.Start(context.Background(), lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// TestTraceOfStartUpAndCall: what a person sees in Wireshark of a phone that
// starts, registers, calls the echo and dials digits.
func TestTraceOfStartUpAndCall(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			l := startLab(t)
			file := filepath.Join(t.TempDir(), "out.pcapng")
			phone := interop.StartDeskset(t, interop.DesksetConfig{
				Args: []string{"-trace", file, "-tftp", l.TFTP().String(), "-mac", l.MAC(), "-sip_transport", network, "-logo_url", "http://anna:canary@192.0.2.1/"},
				Tone: 440,
			})
			phone.Do("timeout 30s", "screen idle", "press speaker 1 pound", "screen connected", "wait 2s", "press 7", "wait 500ms", "press speaker", "screen idle")
			phone.Quit()
			wellFormed(t, file)
			expect(t, file, `tftp.source_file contains "SIPDefault.cnf"`, 1, 1000)
			expect(t, file, "tftp.opcode == 3", 4, 1000)
			expect(t, file, "sip.Method == REGISTER && sip.auth", 2, 20)
			expect(t, file, "sip.Method == INVITE && sdp", 1, 4)
			expect(t, file, "sip.Status-Code == 200 && sdp", 1, 4)
			expect(t, file, "rtp && frame.packet_flags_direction == 1", 60, 250)
			expect(t, file, "rtp && frame.packet_flags_direction == 2", 60, 250)
			expect(t, file, "rtp && frame.packet_flags_direction == 2 && ip.dsfield.dscp == 40", 60, 250)
			expect(t, file, "rtcp", 1, 20)
			expect(t, file, "rtpevent.event_id == 255", 3, 100)
			expect(t, file, "rtpevent.event_id != 255", 0, 0)
			expect(t, file, "sip && exported_pdu", map[string]int{"udp": 0, "tcp": 10}[network], map[string]int{"udp": 0, "tcp": 1000}[network])
			without(t, file, l.Accounts()[0].Password, l.Accounts()[1].Password, "canary")
		})
	}
}

// TestTraceOfTLSIsInClear registers through TLS, by a certificate of our own.
func TestTraceOfTLSIsInClear(t *testing.T) {
	l := startLab(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "out.pcapng")
	front := secured(t, l.Proxy(), filepath.Join(dir, "ca.pem"))
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Args: []string{"-trace", file, "-tftp", l.TFTP().String(), "-mac", l.MAC(), "-sip_transport", "tls",
			"-proxy1_address", "127.0.0.1", "-proxy1_port", fmt.Sprint(front.Port())},
		Env: append(os.Environ(), "SSL_CERT_FILE="+filepath.Join(dir, "ca.pem")),
	})
	phone.Do("timeout 30s", "screen idle")
	interop.WaitFor(t, 30*time.Second, "the phone to register by TLS", func() bool {
		return len(tshark(t, file, "-Y", "sip.Status-Code == 200")) > 0
	})
	phone.Quit()
	wellFormed(t, file)
	expect(t, file, fmt.Sprintf("exported_pdu && sip.Method == REGISTER && sip.auth && exported_pdu.dst_port == %d", front.Port()), 1, 20)
	without(t, file, l.Accounts()[0].Password)
}

// secured puts TLS in front of a server; its certificate is written to ca.
func secured(t *testing.T, server netip.AddrPort, ca string) netip.AddrPort {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	front, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			c, err := front.Accept()
			if err != nil {
				return
			}
			ended.Go(func() { relay(c, server) })
		}
	})
	t.Cleanup(func() { front.Close(); ended.Wait() })
	return front.Addr().(*net.TCPAddr).AddrPort()
}

// relay joins a connection to a server until either ends.
func relay(c net.Conn, server netip.AddrPort) {
	defer c.Close()
	s, err := net.Dial("tcp", server.String())
	if err != nil {
		return
	}
	go func() {
		defer s.Close()
		_, _ = io.Copy(s, c)
	}()
	_, _ = io.Copy(c, s)
}

// TestKilledPhoneLeavesAFile: also as "deskset trace FILE".
func TestKilledPhoneLeavesAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.pcapng")
	cmd := exec.Command(interop.Binary(t), "trace", file, "-lab", "-terminal", "-fast", "-audio-none", "-voip_control_port", fmt.Sprint(interop.FreePort(t)))
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	interop.WaitFor(t, 30*time.Second, "the phone to register", func() bool {
		data, _ := os.ReadFile(file)
		return bytes.Count(data, []byte("SIP/2.0 200 ")) > 0
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	wellFormed(t, file)
	expect(t, file, "sip.Status-Code == 200", 1, 10)
	// The lab's cable.
	expect(t, file, "cdp", 1, 100)
	expect(t, file, "lldp", 1, 100)
	expect(t, file, "vlan && dhcp", 4, 100)
	expect(t, file, "arp", 1, 100)
}
