package hostwatch

import (
	"context"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
)

const inside = "DESKSET_HOSTWATCH_INSIDE"

// TestKernelTellsOfANewAddress runs itself in a network of its own, where it
// may give itself addresses.
func TestKernelTellsOfANewAddress(t *testing.T) {
	if os.Getenv(inside) == "" {
		c := exec.Command(os.Args[0], "-test.run=^TestKernelTellsOfANewAddress$", "-test.v")
		c.Env = append(os.Environ(), inside+"=1")
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
		if os.Geteuid() != 0 {
			c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
			c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		}
		out, err := c.CombinedOutput()
		if len(out) == 0 && err != nil {
			t.Skip("no network namespaces here: ", err)
		}
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	events := make(chan Event, 10)
	done := make(chan struct{})
	go func() {
		defer close(done)
		Watch(ctx, nil, func(e Event) { events <- e })
	}()
	<-time.After(500 * time.Millisecond) // the socket is opened
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	if err := netlink.LinkSetUp(lo); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"198.51.100.7/24", "203.0.113.8/24"} {
		addr, err := netlink.ParseAddr(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := netlink.AddrReplace(lo, addr); err != nil {
			t.Fatal(err)
		}
		prefix := netip.MustParsePrefix(address)
		if err := netlink.RouteReplace(&netlink.Route{LinkIndex: lo.Attrs().Index, Dst: nil, Src: prefix.Addr().AsSlice(), Scope: netlink.SCOPE_LINK}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for {
			select {
			case e := <-events:
				if e.Now.Prefix != prefix {
					continue
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("nothing was told of %s", address)
			}
			break
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s was noticed after %v", address, took)
		}
	}
	cancel()
	<-done
}
