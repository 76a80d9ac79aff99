package link_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/link"
)

// TestRoutesComeBackWithTheLink: the kernel takes them away for good when an
// interface goes down.
func TestRoutesComeBackWithTheLink(t *testing.T) {
	for name, vlan := range map[string]int{"untagged": 0, "VLAN": 110} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			phone, far := d.port(d.phone, "eth1"), d.port(d.far, "swp1")
			d.configure(d.far, far, vlan, "10.110.0.1/24", "")
			d.far.IP("addr", "add", "192.168.77.1/32", "dev", "lo")
			d.configure(d.phone, phone, vlan, "10.110.0.2/24", "10.110.0.1")
			before := state(d.phone)
			interfaces := []string{"eth1"}
			if vlan != 0 {
				interfaces = append(interfaces, "eth1.110")
			}
			for _, ifi := range interfaces {
				for range 3 { // at once, too
					d.phone.IP("link", "set", ifi, "down")
					d.phone.IP("link", "set", ifi, "up")
				}
				d.eventually(func() bool { return state(d.phone) == before }, func() string { return ifi + ": was\n" + before + "is\n" + state(d.phone) })
			}
			d.eventually(func() bool { return !strings.Contains(d.phone.IP("link", "show", "eth1"), "NO-CARRIER") }, func() string { return "no carrier" })
			d.talk("10.110.0.2", "192.168.77.1")
		})
	}
}

func TestWatchTellsWhenTheCarrierGoesAndComes(t *testing.T) {
	d := newDesk(t)
	phone := d.port(d.phone, "eth1")
	told := make(chan bool, 9)
	done := make(chan error, 1)
	go func() { done <- phone.Watch(t.Context(), func(up bool) { told <- up }) }()
	expect := func(what string, want bool) {
		t.Helper()
		select {
		case up := <-told:
			if up != want {
				t.Errorf("%s: told %t", what, up)
			}
		case <-time.After(limit):
			t.Fatalf("%s: nothing told", what)
		}
	}
	expect("at first", true)
	d.far.IP("link", "set", "swp1", "down")
	expect("the far end is down", false)
	d.far.IP("link", "set", "swp1", "up")
	expect("the far end is up", true)
	d.phone.IP("link", "set", "eth1", "down")
	expect("the port is down", false)
	d.phone.IP("link", "del", "eth1")
	select {
	case err := <-done:
		if !errors.Is(err, link.ErrClosed) {
			t.Errorf("Watch = %v, want ErrClosed", err)
		}
	case <-time.After(limit):
		t.Fatal("the interface is gone, and nothing told")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := phone.Watch(ended, func(bool) { t.Error("told of a port that is gone") }); !errors.Is(err, link.ErrClosed) {
		t.Errorf("Watch of a port that is gone = %v, want ErrClosed", err)
	}
	d.phone.IP("link", "add", "eth1", "type", "veth", "peer", "name", "eth2")
	phone = d.port(d.phone, "eth1")
	if err := phone.Watch(ended, func(bool) { t.Error("told after the end") }); !errors.Is(err, context.Canceled) {
		t.Errorf("Watch = %v, want the context's error", err)
	}
}
