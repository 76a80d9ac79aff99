package discovery_test

import (
	"bytes"
	"context"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskset/provisioning/discovery"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/netnstest"
)

// limit is for what real programs do.
const limit = 15 * time.Second

// outlet is a phone's wire on a real interface and the namespace of the far end.
func outlet(t *testing.T) (phone link.Wire, far *netnstest.Space) {
	t.Helper()
	here, far := netnstest.New(t), netnstest.New(t)
	netnstest.Cable(t, here, "eth1", far, "swp1")
	return realWire(t, here, "eth1"), far
}

func realWire(t *testing.T, s *netnstest.Space, name string) (w link.Wire) {
	t.Helper()
	var p link.Port
	var err error
	s.Do(func() {
		if p, err = link.Open(name, nil); err == nil {
			w, err = p.Open(context.Background(), 0)
		}
	})
	if p != nil {
		t.Cleanup(func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// identity is the phone with the address of its real wire.
func identity(w link.Wire) discovery.Identity {
	who := phone
	who.MAC = w.MAC()
	who.Serial = "DSK0001"
	who.Addr = netip.MustParseAddr("10.10.110.7")
	return who
}

func TestFindOverARealInterface(t *testing.T) {
	w, far := outlet(t)
	s := fakeswitch.Switch{Wire: realWire(t, far, "swp1"), VLAN: 110, NoLLDP: true}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	start := time.Now()
	n, err := discovery.NewSpeaker(identity(w), discovery.Options{CDP: true, LLDP: true, Listen: limit}).Find(t.Context(), w)
	if err != nil || n.Protocol != discovery.CDP || n.VLAN != 110 {
		t.Errorf("got %+v, %v", n, err)
	}
	t.Logf("CDP took %v", time.Since(start))
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// lldpd runs the real one as a switch with a voice policy. It gives a function
// that shows what lldpd knows of its neighbors.
func lldpd(t *testing.T, far *netnstest.Space) (neighbors func() string) {
	t.Helper()
	for _, program := range []string{"lldpd", "lldpcli"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("LLDP-MED against a real switch:", err)
		}
	}
	if err := os.MkdirAll("/run/lldpd", 0o755); err != nil { // its cage
		t.Skip("lldpd:", err)
	}
	dir, err := os.MkdirTemp("", "lldpd") // t.TempDir is within one for root only
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket, conf := filepath.Join(dir, "socket"), filepath.Join(dir, "conf")
	const policy = "configure med policy application voice tagged vlan 110 priority voice dscp 46\n" +
		"configure med fast-start enable\nconfigure lldp tx-interval 2\n"
	if err := os.WriteFile(conf, []byte(policy), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // for lldpd's own user
		t.Fatal(err)
	}
	cmd := far.Command("lldpd", "-d", "-I", "swp1", "-u", socket, "-M", "4", "-S", "access", "-O", conf)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // t.Context has ended by now
		if err := cmd.Wait(); t.Failed() {
			t.Logf("lldpd: %v\n%s", err, log.Bytes())
		}
	})
	return func() string {
		out, err := far.Command("lldpcli", "-u", socket, "-f", "keyvalue", "show", "neighbors", "details").CombinedOutput()
		if err != nil {
			return err.Error() + ": " + string(out)
		}
		return string(out)
	}
}

func TestLLDPMEDWithLldpd(t *testing.T) {
	w, far := outlet(t)
	neighbors := lldpd(t, far)
	s := discovery.NewSpeaker(identity(w), discovery.Options{LLDP: true, Listen: limit})
	start := time.Now()
	n, err := s.Find(t.Context(), w)
	want := discovery.Neighbor{Protocol: discovery.LLDPMED, Switch: n.Switch, Port: n.Port, VLAN: 110, Priority: 5, DSCP: 46}
	if err != nil || n != want || n.Switch == "" || n.Port == "" {
		t.Fatalf("got %+v, %v; %s", n, err, neighbors())
	}
	t.Logf("LLDP-MED took %v: %+v", time.Since(start), n)

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Announce(ctx, w, func() discovery.Identity { return identity(w) }, func(n discovery.Neighbor) { t.Errorf("told of a change: %+v", n) })
	}()
	defer func() { cancel(); <-done }()
	for _, line := range []string{
		"lldp.swp1.chassis.name=SIP00503EFFD842", "chassis.Tel.enabled=on", "lldp-med.device-type=Communication Device Endpoint (Class III)",
		"lldp-med.Policy.available=yes", "lldp-med.Inventory.available=yes", "policy.vlan.vid=110", "inventory.serial=DSK0001",
		"inventory.software=P0S3-08-12-00", "inventory.manufacturer=Deskset", "inventory.model=Deskset 7960", "mgmt-ip=10.10.110.7",
		"poe.device-type=PD", "poe.power=6300", "auto-negotiation.enabled=yes", "current=100BaseTXFD",
	} {
		poll(t, func() bool { return strings.Contains(neighbors(), line) }, func() string { return "lldpd does not say " + line + "\n" + neighbors() })
	}
	cancel()
	poll(t, func() bool { return !strings.Contains(neighbors(), "SIP00503EFFD842") }, func() string { return "lldpd still knows the phone\n" + neighbors() })
}

func poll(t *testing.T, ok func() bool, what func() string) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); <-time.After(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what())
		}
	}
}
