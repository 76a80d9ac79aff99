package port

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskset/provisioning/discovery"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/netnstest"
)

// TestMain is the helper itself if it is called as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "port" {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		code := Main(ctx, os.Args[2:], os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// nobody is a user without rights.
const nobody = 65534

// asNobody calls f on a thread of that user.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	done := make(chan syscall.Errno, 1)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		_, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, nobody, nobody, nobody)
		if errno == 0 {
			f()
		}
		done <- errno
	}()
	if errno := <-done; errno != 0 {
		t.Fatal(errno)
	}
}

// shared is a directory that others can enter.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "port")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestHelperAsksWhoConnects(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("other users need root")
	}
	path := filepath.Join(shared(t), "s")
	l, err := listen(path, os.Getuid())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	asNobody(t, func() {
		if _, err := net.Dial("unix", path); err == nil {
			t.Error("socket is open to others")
		}
	})
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	var c net.Conn
	asNobody(t, func() { c, err = net.Dial("unix", path) })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	there, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	if err := checkPeer(there, 1000); err == nil || !strings.Contains(err.Error(), "65534") {
		t.Errorf("checkPeer of another user = %v", err)
	}
	if err := checkPeer(there, nobody); err != nil {
		t.Errorf("checkPeer of the owner = %v", err)
	}
}

// helper is a process that serves eth1 of a namespace to nobody.
type helper struct {
	*exec.Cmd
	log bytes.Buffer
}

func startHelper(t *testing.T, in *netnstest.Space, path string) *helper {
	t.Helper()
	os.Remove(path) // to see the new one
	h := &helper{Cmd: in.Command(os.Args[0], "port", "-interface", "eth1", "-socket", path, "-owner", "65534", "-verbose")}
	h.Stdout, h.Stderr = &h.log, &h.log
	h.Cancel = func() error { return h.Process.Signal(syscall.SIGTERM) }
	h.WaitDelay = limit
	if err := h.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(limit); ; <-time.After(20 * time.Millisecond) {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm() == 0o600 && info.Sys().(*syscall.Stat_t).Uid == nobody {
			return h
		} else if time.Now().After(end) {
			h.Process.Kill()
			h.Wait()
			t.Fatalf("helper does not listen: %s", h.log.Bytes())
		}
	}
}

// TestKilledHelperIsSucceeded: the phone notices, and the next helper takes away
// what the killed one left.
func TestKilledHelperIsSucceeded(t *testing.T) {
	here, far := netnstest.New(t), netnstest.New(t)
	netnstest.Cable(t, here, "eth1", far, "swp1")
	state := func() string {
		return here.IP("-4", "-o", "addr") + here.IP("-4", "route", "show", "table", "all") + here.IP("rule")
	}
	here.IP("addr", "add", "10.9.0.7/24", "dev", "eth1") // the host's own
	before := state()
	path := filepath.Join(shared(t), "s")
	first := startHelper(t, here, path)
	var p link.Port
	var err error
	dial := func() { asNobody(t, func() { p, err = Dial(path) }) }
	if dial(); err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for vlan, prefix := range map[int]string{0: "10.10.0.2/24", 110: "10.110.0.2/24"} {
		a := netip.MustParsePrefix(prefix)
		if err := p.Configure(vlan, link.Address{Prefix: a, Router: a.Masked().Addr().Next()}); err != nil {
			t.Fatal(err)
		}
	}
	first.Process.Kill()
	first.Wait()
	if err := p.Watch(t.Context(), func(bool) {}); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Watch = %v, want ErrClosed", err)
	}
	if err := p.Configure(0, link.Address{}); !errors.Is(err, link.ErrClosed) || !strings.Contains(err.Error(), "helper of the port is gone") {
		t.Errorf("Configure = %v", err)
	}
	if _, err := p.Open(t.Context(), 0); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Open = %v, want ErrClosed", err)
	}
	if !strings.Contains(state(), "10.10.0.2") {
		t.Error("nothing was left behind: this test shows nothing")
	}
	second := startHelper(t, here, path)
	if got := state(); got != before {
		t.Errorf("was\n%sis\n%s%s", before, got, second.log.Bytes())
	}
	if out := here.IP("-o", "link"); strings.Contains(out, "eth1.110") {
		t.Errorf("left behind:\n%s", out)
	}
	if dial(); err != nil {
		t.Fatal(err)
	}
	p.Close()
	second.Process.Signal(syscall.SIGTERM)
	if err := second.Wait(); err != nil {
		t.Errorf("helper: %v\n%s", err, second.log.Bytes())
	}
}

// TestPhoneWithoutRightsHasAPort: a real helper in a namespace, a phone that is
// nobody outside of it, a switch at the other end of the cable.
func TestPhoneWithoutRightsHasAPort(t *testing.T) {
	here, far := netnstest.New(t), netnstest.New(t)
	netnstest.Cable(t, here, "eth1", far, "swp1")
	path := filepath.Join(shared(t), "s")
	helper := startHelper(t, here, path)
	var sw link.Port
	var swWire, wire link.Wire
	var err error
	far.Do(func() {
		if sw, err = link.Open("swp1", nil); err == nil {
			swWire, err = sw.Open(context.Background(), 0)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer sw.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- fakeswitch.Switch{Wire: swWire, VLAN: 110}.Run(ctx) }()
	defer func() { cancel(); <-done }()

	var p link.Port
	asNobody(t, func() { p, err = Dial(path) })
	if err == nil {
		wire, err = p.Open(ctx, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	who := discovery.Identity{MAC: p.MAC(), Device: "SIP00503EFFD842"}
	n, err := discovery.NewSpeaker(who, discovery.Options{CDP: true, LLDP: true, Listen: limit}).Find(ctx, wire)
	if err != nil || n.VLAN != 110 {
		t.Errorf("got %+v, %v", n, err)
	}
	if err := p.Configure(n.VLAN, link.Address{Prefix: netip.MustParsePrefix("10.110.0.2/24"), Router: netip.MustParseAddr("10.110.0.1")}); err != nil {
		t.Error(err)
	}
	if out := here.IP("-4", "-o", "addr") + here.IP("-4", "route"); !strings.Contains(out, "eth1.110    inet 10.110.0.2/24") || !strings.Contains(out, "default via 10.110.0.1") {
		t.Errorf("not configured:\n%s", out)
	}
	p.Close()
	helper.Process.Signal(syscall.SIGTERM)
	if err := helper.Wait(); err != nil {
		t.Errorf("helper: %v\n%s", err, helper.log.Bytes())
	}
	if out := here.IP("-o", "link"); strings.Contains(out, "eth1.110") {
		t.Errorf("left behind:\n%s", out)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("socket left behind")
	}
}

func TestMainNamesWhatIsWrong(t *testing.T) {
	for want, args := range map[string][]string{
		"-interface is missing": nil,
		"no Ethernet interface": {"-interface", "nope0"},
		"flag provided":         {"-nope"},
	} {
		var out bytes.Buffer
		if code := Main(t.Context(), args, &out, &out); code == 0 || !strings.Contains(out.String(), want) {
			t.Errorf("%q: code %d, %s", args, code, out.Bytes())
		}
	}
}

func TestListenTakesAStaleSocketOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := listen(path, os.Getuid()); err == nil {
		t.Error("a file was taken away")
	}
	os.Remove(path)
	first, err := listen(path, os.Getuid())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := listen(path, os.Getuid()); err == nil || !strings.Contains(err.Error(), "another helper") {
		t.Errorf("second listen = %v", err)
	}
	first.(*net.UnixListener).SetUnlinkOnClose(false)
	first.Close()
	second, err := listen(path, os.Getuid())
	if err != nil {
		t.Fatal("stale socket:", err)
	}
	second.Close()
}
