//go:build linux

package interop

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/netnstest"
)

// The networks of a Site: what is untagged on the switch's port, and the voice
// VLAN. The servers are at the first address of each.
const (
	VoiceVLAN = 110
	DataHost  = "10.10.1.1"
	VoiceHost = "10.10.110.1"

	phonePort  = "eth0"
	switchPort = "swp1"
	phoneMAC   = "00:50:3e:ff:d8:42"
)

// Site is an access switch with its servers in one network namespace, and a
// phone's desk in another, with a cable between them. On the switch's port are
// the untagged network and the voice VLAN; the kernel makes the VLAN if it can,
// else our own code does (package link).
type Site struct {
	Switch, Phone *netnstest.Space
	t             testing.TB
	port          link.Port
}

// NewSite makes one until the test ends, or skips the test where there are no
// network namespaces.
func NewSite(t testing.TB) *Site {
	t.Helper()
	sweepOnce()
	s := &Site{t: t, Switch: netnstest.New(t), Phone: netnstest.New(t)}
	netnstest.Cable(t, s.Phone, phonePort, s.Switch, switchPort)
	s.Phone.IP("link", "set", phonePort, "address", phoneMAC)
	s.configure()
	return s
}

// configure gives the switch its port and addresses.
func (s *Site) configure() {
	s.t.Helper()
	var err error
	s.Switch.Do(func() { s.port, err = link.Open(switchPort, nil) })
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := s.port.Close(); err != nil {
			s.t.Errorf("the switch's port: %v", err)
		}
	})
	for vlan, host := range map[int]string{0: DataHost, VoiceVLAN: VoiceHost} {
		prefix := netip.PrefixFrom(netip.MustParseAddr(host), 24)
		s.Switch.Do(func() { err = s.port.Configure(vlan, link.Address{Prefix: prefix}) })
		if err != nil {
			s.t.Fatalf("VLAN %d of the switch: %v", vlan, err)
		}
		// A port labels its addresses; servers take the label for the
		// interface's name.
		name := switchPort
		if vlan != 0 {
			name = s.voiceInterface()
		}
		s.Switch.IP("address", "del", prefix.String(), "dev", name)
		s.Switch.IP("address", "add", prefix.String(), "dev", name)
	}
}

// PhonePort is the name of the phone's interface, for -own_interface.
func (s *Site) PhonePort() string { return phonePort }

// voiceInterface is that of the voice VLAN on the switch.
func (s *Site) voiceInterface() string { return fmt.Sprintf("%s.%d", switchPort, VoiceVLAN) }

// StartCDP has the switch name the voice VLAN by CDP until the test ends.
func (s *Site) StartCDP() {
	s.t.Helper()
	f := fakeswitch.Switch{Wire: s.Wire(0), VLAN: VoiceVLAN, NoLLDP: true}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("the switch: %v", err)
		}
	})
}

// Wire is the switch's end of the cable, or of a VLAN on it, until the test
// ends.
func (s *Site) Wire(vlan int) (w link.Wire) {
	s.t.Helper()
	var err error
	s.Switch.Do(func() { w, err = s.port.Open(context.Background(), vlan) })
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = w.Close() }) // the port may have closed it
	return w
}

// StartLLDP runs lldpd on the switch, with a policy for voice by LLDP-MED, until
// the test ends.
func (s *Site) StartLLDP() *Process {
	s.t.Helper()
	need(s.t, "peers", "lldpd")
	if err := os.MkdirAll("/run/lldpd", 0o755); err != nil { // where it locks itself in
		s.t.Fatal(err)
	}
	dir := shortTempDir(s.t)
	conf := filepath.Join(dir, "conf")
	const policy = "configure med policy application voice tagged vlan 110 priority voice dscp 46\n" +
		"configure med fast-start enable\nconfigure lldp tx-interval 2\n"
	err := os.WriteFile(conf, []byte(policy), 0o644)
	if err == nil {
		err = os.Chmod(dir, 0o755) // its own user reads it
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return start(s.t, commandIn(s.Switch, "lldpd", "-d", "-I", switchPort, "-u", filepath.Join(dir, "socket"), "-M", "4", "-S", "access switch", "-O", conf))
}

// StartKamailio runs the registrar in the voice VLAN.
func (s *Site) StartKamailio(c KamailioConfig) *Kamailio {
	s.t.Helper()
	c.In, c.Host = s.Switch, VoiceHost
	return StartKamailio(s.t, c)
}

// StartTFTPD runs tftpd-hpa in the voice VLAN, at the well-known port.
func (s *Site) StartTFTPD(files map[string]string) *TFTPD {
	s.t.Helper()
	return startTFTPD(s.t, s.Switch, VoiceHost+":69", files)
}

// StartDeskset runs the phone at its desk, with the interface for itself.
func (s *Site) StartDeskset(c DesksetConfig) *Deskset {
	s.t.Helper()
	c.In = s.Phone
	c.Args = append([]string{"-own_interface", phonePort}, c.Args...)
	return StartDeskset(s.t, c)
}

// commandIn is a program in a network namespace; nil is the test's own.
func commandIn(in *netnstest.Space, name string, args ...string) *exec.Cmd {
	if in == nil {
		return exec.Command(name, args...)
	}
	return exec.Command("ip", append([]string{"netns", "exec", in.Name, name}, args...)...)
}

// programName is what a command runs, in whatever namespace.
func programName(cmd *exec.Cmd) string {
	if len(cmd.Args) > 4 && cmd.Args[1] == "netns" {
		return filepath.Base(cmd.Args[4])
	}
	return filepath.Base(cmd.Path)
}

// within asks in a network namespace; nil is the test's own.
func within(in *netnstest.Space, ask func() bool) (answer bool) {
	if in == nil {
		return ask()
	}
	in.Do(func() { answer = ask() })
	return answer
}

// sweepOnce removes the namespaces of test processes that were killed. Their
// names hold the number of the process (package netnstest).
var sweepOnce = sync.OnceFunc(func() {
	entries, _ := os.ReadDir("/run/netns") // without it there is nothing to sweep
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), "deskset-")
		number, _, _ := strings.Cut(rest, "-")
		pid, err := strconv.Atoi(number)
		if !ours || err != nil {
			continue
		}
		if _, err := os.Stat(filepath.Join("/proc", number)); os.IsNotExist(err) && pid > 0 {
			_ = exec.Command("ip", "netns", "del", e.Name()).Run() // another test may have been faster
		}
	}
})
