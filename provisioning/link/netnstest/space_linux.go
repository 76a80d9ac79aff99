// Package netnstest gives tests network namespaces of their own, with cables
// (veth) between them. It needs root and the program ip of iproute2, and skips
// the test with a reason where they are missing.
//
//	phone, far := netnstest.New(t), netnstest.New(t)
//	netnstest.Cable(t, phone, "eth1", far, "swp1")
//	phone.Do(func() { port, err = link.Open("eth1", nil) })
package netnstest

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// Space is a network namespace.
type Space struct {
	t    testing.TB
	Name string
}

var count atomic.Int32

// New makes a namespace, whose loopback is up, until the test ends.
func New(t testing.TB) *Space {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("network namespaces need root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("network namespaces need iproute2:", err)
	}
	s := &Space{t: t, Name: fmt.Sprintf("deskset-%d-%d", os.Getpid(), count.Add(1))}
	if out, err := exec.Command("ip", "netns", "add", s.Name).CombinedOutput(); err != nil {
		t.Skipf("this system forbids network namespaces: %v\n%s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("ip", "netns", "del", s.Name).CombinedOutput(); err != nil {
			t.Errorf("ip netns del: %v\n%s", err, out)
		}
	})
	s.IP("link", "set", "lo", "up")
	return s
}

// Cable joins two namespaces by two interfaces, which are up.
func Cable(t testing.TB, a *Space, nameA string, b *Space, nameB string) {
	t.Helper()
	a.IP("link", "add", nameA, "type", "veth", "peer", "name", nameB, "netns", b.Name)
	a.IP("link", "set", nameA, "up")
	b.IP("link", "set", nameB, "up")
}

// IP runs ip(8) in the namespace and gives what it prints.
func (s *Space) IP(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("ip", append([]string{"-n", s.Name}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("ip %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Command is a program to run in the namespace.
func (s *Space) Command(name string, args ...string) *exec.Cmd {
	return exec.CommandContext(s.t.Context(), "ip", append([]string{"netns", "exec", s.Name, name}, args...)...)
}

// Do calls f in the namespace. What f opens stays there; goroutines that it
// starts do not run there. f must not end the test (t.Fatal).
func (s *Space) Do(f func()) {
	s.t.Helper()
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		err := enter(s.Name)
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		s.t.Fatalf("network namespace %s: %v", s.Name, err)
	}
}

func enter(name string) error {
	f, err := os.Open("/run/netns/" + name)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Setns(int(f.Fd()), unix.CLONE_NEWNET)
}
