package link_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"deskset/provisioning/link"
)

func TestWiresOfVLANsAreApart(t *testing.T) {
	d := newDesk(t)
	phone, far := d.port(d.phone, "eth1"), d.port(d.far, "swp1")
	vlans := []int{0, 110, 120}
	var here, there []link.Wire
	for _, vlan := range vlans {
		here = append(here, d.wire(d.phone, phone, vlan))
		there = append(there, d.wire(d.far, far, vlan))
	}
	again := d.wire(d.phone, phone, 110)
	for round, way := range []struct {
		name     string
		from, to []link.Wire
		dst      net.HardwareAddr
	}{{"out to all", here, there, toAll}, {"in to all", there, here, toAll}, {"in to the phone", there, here, phone.MAC()}} {
		base := byte(10 * (round + 1))
		for i := range vlans {
			if err := way.from[i].Send(arp(way.dst, way.from[i].MAC(), base+byte(i))); err != nil {
				t.Fatal(err)
			}
		}
		for i := range vlans { // a last frame on each, behind all that is wrong
			if err := way.from[i].Send(arp(way.dst, way.from[i].MAC(), base+5+byte(i))); err != nil {
				t.Fatal(err)
			}
		}
		for i := range vlans {
			var never []byte
			for j := range vlans {
				if j != i {
					never = append(never, base+byte(j), base+5+byte(j))
				}
			}
			d.expect(way.name, way.to[i], base+byte(i), never...)
			d.expect(way.name, way.to[i], base+5+byte(i), never...)
		}
	}
	d.expect("second wire of a VLAN", again, 21, 10, 11, 12)
}

func TestWireHearsNeitherItselfNorOthersTraffic(t *testing.T) {
	d := newDesk(t)
	phone, far := d.port(d.phone, "eth1"), d.port(d.far, "swp1")
	d.configure(d.phone, phone, 0, "10.9.0.2/24", "")
	d.configure(d.far, far, 0, "10.9.0.1/24", "")
	w, twin, other := d.wire(d.phone, phone, 0), d.wire(d.phone, phone, 0), d.wire(d.far, far, 0)
	if err := w.Send(arp(toAll, w.MAC(), 1)); err != nil {
		t.Fatal(err)
	}
	d.expect("far end", other, 1)
	d.talk("10.9.0.2", "10.9.0.1") // UDP that is none of DHCP's
	cdp := slices.Concat([]byte("\x01\x00\x0c\xcc\xcc\xcc"), other.MAC(), []byte("\x00\x0c\xaa\xaa\x03\x00\x00\x0c\x20\x00\x02\xb4\x00\x00"))
	lldp := slices.Concat([]byte("\x01\x80\xc2\x00\x00\x0e"), other.MAC(), []byte("\x88\xcc\x00\x00"))
	stranger := arp(net.HardwareAddr{2, 9, 9, 9, 9, 9}, other.MAC(), 66) // to nobody here
	for _, f := range [][]byte{stranger, cdp, lldp} {
		if err := other.Send(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range []link.Wire{w, twin} {
		var heard [][]byte
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		for len(heard) == 0 || heard[len(heard)-1][12] != 0x88 {
			f, err := w.Receive(ctx)
			if err != nil {
				t.Fatalf("after %x: %v", heard, err)
			}
			if bytes.Equal(f[6:12], w.MAC()) || f[12] == 8 && f[13] == 0 || f[14] == 66 {
				t.Errorf("heard %x", f)
			}
			heard = append(heard, f)
		}
		cancel()
		if n := len(heard); n < 2 || !bytes.Equal(heard[n-2], cdp) {
			t.Errorf("CDP did not come whole: %x", heard)
		}
	}
}

// TestChecksumLeftToTheCard: datagrams of a server on the same machine come
// with a checksum that nobody has worked out.
func TestChecksumLeftToTheCard(t *testing.T) {
	d := newDesk(t)
	phone, far := d.port(d.phone, "eth1"), d.port(d.far, "swp1")
	d.configure(d.phone, phone, 0, "10.9.0.2/24", "")
	d.configure(d.far, far, 0, "10.9.0.1/24", "")
	w := d.wire(d.phone, phone, 0)
	if _, err := d.socket(d.far, "10.9.0.1:67").WriteTo([]byte("offer"), net.UDPAddrFromAddrPort(netip.MustParseAddrPort("10.9.0.2:68"))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for {
		f, err := w.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if f[12] != 8 || f[13] != 0 {
			continue
		}
		if string(f[42:47]) != "offer" || f[40] != 0 || f[41] != 0 {
			t.Errorf("datagram %x: want no checksum", f[14:])
		}
		return
	}
}

func TestWireOutlivesALinkThatGoesDown(t *testing.T) {
	d := newDesk(t)
	phone, far := d.port(d.phone, "eth1"), d.port(d.far, "swp1")
	here, there := d.wire(d.phone, phone, 0), d.wire(d.far, far, 0)
	d.phone.IP("link", "set", "eth1", "down")
	if err := here.Send(arp(toAll, here.MAC(), 1)); err == nil || errors.Is(err, link.ErrClosed) {
		t.Errorf("Send on a link that is down = %v, want the kernel's error", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), quiet)
	defer cancel()
	if f, err := here.Receive(ctx); err == nil && f[12] != 8 {
		t.Errorf("heard %x", f)
	}
	d.phone.IP("link", "set", "eth1", "up")
	d.eventually(func() bool { return there.Send(arp(toAll, there.MAC(), 2)) == nil }, func() string { return "link stays down" })
	go func() { // until the carrier is there
		for range 50 {
			there.Send(arp(toAll, there.MAC(), 2))
			<-time.After(50 * time.Millisecond)
		}
	}()
	d.expect("after the link came back", here, 2)
}
