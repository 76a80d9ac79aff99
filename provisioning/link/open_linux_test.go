package link_test

import (
	"context"
	"errors"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"deskset/provisioning/link"
	"deskset/provisioning/link/netnstest"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

func TestAddressOfAVLANCarriesTraffic(t *testing.T) {
	d := newDesk(t)
	phone, far := d.port(d.phone, "eth1"), d.port(d.far, "swp1")
	d.configure(d.far, far, 110, "10.110.0.1/24", "")
	d.far.IP("addr", "add", "192.168.77.1/32", "dev", "lo") // behind the router
	d.configure(d.phone, phone, 110, "10.110.0.2/24", "10.110.0.1")
	d.talk("10.110.0.2", "10.110.0.1")
	d.talk("10.110.0.2", "192.168.77.1")

	d.configure(d.phone, phone, 110, "10.110.0.3/24", "10.110.0.1") // the same network, another address
	d.talk("10.110.0.3", "192.168.77.1")
	if out := d.phone.IP("-4", "addr"); strings.Contains(out, "10.110.0.2/") {
		t.Errorf("former address is still there:\n%s", out)
	}
	d.configure(d.phone, phone, 110, "10.110.0.3/24", "")
	if out := d.phone.IP("-4", "route"); strings.Contains(out, "default") || !strings.Contains(out, "10.110.0.0/24") {
		t.Errorf("after the router went:\n%s", out)
	}
	if err := phone.Configure(110, link.Address{}); err != nil {
		t.Fatal(err)
	}
	if out := d.phone.IP("-4", "addr"); strings.Contains(out, "10.110.0.3/") {
		t.Errorf("address was not taken away:\n%s", out)
	}
	bad := link.Address{Prefix: netip.MustParsePrefix("10.110.0.3/24"), Router: netip.MustParseAddr("10.111.0.1")}
	if err := phone.Configure(110, bad); err == nil || !strings.Contains(err.Error(), "not on the network") {
		t.Errorf("router of another network: %v", err)
	}
}

// state is what Close must leave as it was.
func state(s *netnstest.Space) string {
	links := s.IP("-o", "link")
	var b strings.Builder
	for line := range strings.Lines(links) {
		f := strings.Fields(line)
		b.WriteString(f[1] + " up:" + map[bool]string{true: "yes", false: "no"}[strings.Contains(f[2], ",UP")] + "\n")
	}
	return b.String() + s.IP("-4", "-o", "addr") + s.IP("-4", "rule") + s.IP("-4", "route", "show", "table", "all")
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	d := newDesk(t)
	d.phone.IP("addr", "add", "10.9.0.2/24", "dev", "eth1") // the host's own
	d.phone.IP("link", "add", "eth2", "type", "veth", "peer", "name", "swp2", "netns", d.far.Name)
	before := state(d.phone)
	leaks := goleak.IgnoreCurrent()
	for range 2 {
		for _, name := range []string{"eth1", "eth2"} { // eth2 is down
			p := d.port(d.phone, name)
			w := d.wire(d.phone, p, 110)
			d.wire(d.phone, p, 0)
			d.configure(d.phone, p, 0, "10.9.0.2/24", "")
			d.configure(d.phone, p, 110, "10.110.0.2/24", "10.110.0.1")
			if got := state(d.phone); !strings.Contains(got, "default") || !strings.Contains(got, name+".110") {
				t.Errorf("while open:\n%s", got)
			}
			waits := make(chan error, 1)
			go func() { _, err := w.Receive(context.Background()); waits <- err }()
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if err := <-waits; !errors.Is(err, link.ErrClosed) {
				t.Errorf("Receive = %v, want ErrClosed", err)
			}
			if err := w.Send(arp(toAll, w.MAC(), 1)); !errors.Is(err, link.ErrClosed) {
				t.Errorf("Send = %v, want ErrClosed", err)
			}
			if _, err := p.Open(t.Context(), 0); !errors.Is(err, link.ErrClosed) {
				t.Errorf("Open = %v, want ErrClosed", err)
			}
			if err := p.Configure(0, link.Address{}); !errors.Is(err, link.ErrClosed) {
				t.Errorf("Configure = %v, want ErrClosed", err)
			}
		}
		d.eventually(func() bool { return state(d.phone) == before }, func() string { return "was\n" + before + "is\n" + state(d.phone) })
	}
	if err := goleak.Find(leaks); err != nil {
		t.Error(err)
	}
}

// TestHostsDefaultRouteStays, and what the phone's address sends takes the
// phone's router in spite of it.
func TestHostsDefaultRouteStays(t *testing.T) {
	d := newDesk(t)
	d.phone.IP("link", "add", "eth0", "type", "veth", "peer", "name", "swp0", "netns", d.far.Name)
	d.phone.IP("link", "set", "eth0", "up")
	d.far.IP("link", "set", "swp0", "up")
	d.phone.IP("addr", "add", "10.8.0.2/24", "dev", "eth0")
	d.phone.IP("route", "add", "default", "via", "10.8.0.1", "metric", "600")
	phone, far := d.port(d.phone, "eth1"), d.port(d.far, "swp1")
	d.configure(d.far, far, 110, "10.110.0.1/24", "")
	d.far.IP("addr", "add", "192.168.77.1/32", "dev", "lo")
	before := state(d.phone)
	for range 2 { // setting the same again changes nothing
		d.configure(d.phone, phone, 110, "10.110.0.2/24", "10.110.0.1")
	}
	d.talk("10.110.0.2", "192.168.77.1")
	d.talk("10.110.0.2", "10.110.0.1")
	for to, want := range map[string]string{
		"192.168.77.1": "via 10.8.0.1 dev eth0", "192.168.77.1 from 10.110.0.2": "via 10.110.0.1 dev eth1.110", "10.110.0.9 from 10.110.0.2": "dev eth1.110",
	} {
		if out := d.phone.IP(append([]string{"route", "get"}, strings.Fields(to)...)...); !strings.Contains(out, want) || strings.Contains(to, ".9 ") && strings.Contains(out, "via") {
			t.Errorf("route to %s: %swant %s", to, out, want)
		}
	}
	d.phone.IP("link", "set", "eth1.110", "down") // somebody meddles
	var err error
	d.phone.Do(func() {
		err = phone.Configure(110, link.Address{Prefix: netip.MustParsePrefix("10.110.0.2/24"), Router: netip.MustParseAddr("10.110.0.1")})
	})
	if err == nil {
		t.Error("a route on an interface that is down")
	}
	d.phone.IP("link", "set", "eth1.110", "up")
	d.phone.IP("addr", "flush", "dev", "eth1.110")
	d.configure(d.phone, phone, 110, "10.110.0.2/24", "10.110.0.1")
	d.talk("10.110.0.2", "192.168.77.1")
	if err := phone.Close(); err != nil {
		t.Error(err)
	}
	d.eventually(func() bool { return state(d.phone) == before }, func() string { return "was\n" + before + "is\n" + state(d.phone) })
}

func TestOpenRefusesTheHostsOwnInterface(t *testing.T) {
	d := newDesk(t)
	d.phone.IP("link", "add", "eth2", "type", "veth", "peer", "name", "swp2", "netns", d.far.Name)
	d.phone.IP("addr", "add", "10.9.0.2/24", "dev", "eth1")
	d.phone.IP("route", "add", "default", "via", "10.9.0.1")
	var refused, taken, free error
	d.phone.Do(func() {
		_, refused = link.Open("eth1", nil)
		for name, err := range map[string]*error{"eth1!": &taken, "eth2": &free} {
			p, e := link.Open(name, nil)
			if *err = e; e == nil {
				*err = p.Close()
			}
		}
	})
	if refused == nil || !strings.Contains(refused.Error(), `"eth1!"`) {
		t.Errorf("Open eth1 = %v, want an error that names the remedy", refused)
	}
	if taken != nil || free != nil {
		t.Errorf("Open eth1! = %v; Open eth2 = %v", taken, free)
	}
	if out := d.phone.IP("-4", "route"); !strings.Contains(out, "default via 10.9.0.1") {
		t.Errorf("the host lost its route:\n%s", out)
	}
}

func TestOpenNamesWhatIsThere(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{"nope0", "lo", ""} {
		var err error
		d.phone.Do(func() { _, err = link.Open(name, nil) })
		if err == nil || !strings.Contains(err.Error(), "eth1") {
			t.Errorf("Open %q = %v, want a list of interfaces", name, err)
		}
	}
}

func TestOpenNamesTheMissingRight(t *testing.T) {
	d := newDesk(t)
	for capability, bit := range map[string]uint{"CAP_NET_RAW": unix.CAP_NET_RAW, "CAP_NET_ADMIN": unix.CAP_NET_ADMIN} {
		var err error
		d.phone.Do(func() {
			runtime.LockOSThread() // capabilities are a thread's, which ends with Do
			if err = drop(bit); err == nil {
				_, err = link.Open("eth1", nil)
			}
		})
		if !errors.Is(err, link.ErrNoRight) || !strings.Contains(err.Error(), capability) {
			t.Errorf("without %s: %v", capability, err)
		}
	}
}

// drop takes a capability away from the thread.
func drop(bit uint) error {
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&head, &data[0]); err != nil {
		return err
	}
	data[0].Effective &^= 1 << bit
	return unix.Capset(&head, &data[0])
}
