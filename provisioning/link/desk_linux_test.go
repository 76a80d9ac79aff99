package link_test

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"deskset/provisioning/link"
	"deskset/provisioning/link/netnstest"
)

const (
	limit = 10 * time.Second       // for what must happen
	quiet = 300 * time.Millisecond // for what must not
)

// desk is a phone's namespace and a switch's, with a cable between them.
type desk struct {
	*testing.T
	phone, far *netnstest.Space
}

func newDesk(t *testing.T) *desk {
	d := &desk{t, netnstest.New(t), netnstest.New(t)}
	netnstest.Cable(t, d.phone, "eth1", d.far, "swp1")
	return d
}

// port opens a port until the test ends.
func (d *desk) port(s *netnstest.Space, name string) (p link.Port) {
	d.Helper()
	var err error
	s.Do(func() { p, err = link.Open(name, nil) })
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() {
		if err := p.Close(); err != nil {
			d.Errorf("Close %s: %v", name, err)
		}
	})
	return p
}

// wire opens a wire. It is opened in the namespace as a VLAN may need a TAP.
func (d *desk) wire(s *netnstest.Space, p link.Port, vlan int) (w link.Wire) {
	d.Helper()
	var err error
	s.Do(func() { w, err = p.Open(d.Context(), vlan) })
	if err != nil {
		d.Fatal(err)
	}
	return w
}

func (d *desk) configure(s *netnstest.Space, p link.Port, vlan int, prefix, router string) {
	d.Helper()
	a := link.Address{Prefix: netip.MustParsePrefix(prefix)}
	if router != "" {
		a.Router = netip.MustParseAddr(router)
	}
	var err error
	s.Do(func() { err = p.Configure(vlan, a) })
	if err != nil {
		d.Fatal(err)
	}
}

// arp is a frame of ARP with a mark.
func arp(to, from net.HardwareAddr, mark byte) []byte {
	return append(slices.Concat(to, from, []byte{8, 6}), bytes.Repeat([]byte{mark}, 46)...)
}

var toAll = net.HardwareAddr{255, 255, 255, 255, 255, 255}

// expect waits for the frame with the mark and fails on one of the others.
func (d *desk) expect(name string, w link.Wire, mark byte, never ...byte) {
	d.Helper()
	ctx, cancel := context.WithTimeout(d.Context(), limit)
	defer cancel()
	for {
		f, err := w.Receive(ctx)
		if err != nil {
			d.Fatalf("%s: frame %d: %v", name, mark, err)
		}
		switch {
		case f[12] != 8 || f[13] != 6: // the kernel's own
		case f[14] == mark:
			return
		case slices.Contains(never, f[14]):
			d.Errorf("%s: got frame %d", name, f[14])
		}
	}
}

// socket is a UDP socket in a namespace.
func (d *desk) socket(s *netnstest.Space, addr string) net.PacketConn {
	d.Helper()
	var c net.PacketConn
	var err error
	s.Do(func() { c, err = net.ListenPacket("udp4", addr) })
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { c.Close() })
	return c
}

// talk sends a datagram from the phone to the far end and back.
func (d *desk) talk(phone, far string) {
	d.Helper()
	a, b := d.socket(d.phone, phone+":5060"), d.socket(d.far, far+":5060")
	defer a.Close()
	defer b.Close()
	buffer := make([]byte, 2000)
	text := bytes.Repeat([]byte("voice"), 280) // as long as they get
	for _, way := range [][2]net.PacketConn{{a, b}, {b, a}} {
		if _, err := way[0].WriteTo(text, way[1].LocalAddr()); err != nil {
			d.Fatal(err)
		}
		way[1].SetReadDeadline(time.Now().Add(limit))
		n, _, err := way[1].ReadFrom(buffer)
		if err != nil || !bytes.Equal(buffer[:n], text) {
			d.Fatalf("%s to %s: %d bytes, %v", way[0].LocalAddr(), way[1].LocalAddr(), n, err)
		}
	}
}

// eventually polls, as the kernel takes interfaces away when it has time.
func (d *desk) eventually(ok func() bool, what func() string) {
	d.Helper()
	for end := time.Now().Add(limit); !ok(); <-time.After(50 * time.Millisecond) {
		if time.Now().After(end) {
			d.Fatal(what())
		}
	}
}
