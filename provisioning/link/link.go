// Package link gives the phone an Ethernet port of its own, as the instrument
// has one: frames in and out, VLANs, and the address of the port. Above it
// stand CDP, LLDP-MED (package discovery) and DHCP (package dhcp).
//
// A Port is real (Linux, AF_PACKET and netlink, with the capabilities
// CAP_NET_RAW and CAP_NET_ADMIN: see Open) or simulated (the lab's, all in
// memory). Without one, the phone stands on the host's network and says so.
package link

import (
	"context"
	"errors"
	"net"
	"net/netip"
)

// Errors, for errors.Is.
var (
	// ErrNoRight: the process may not do that; the text names the capability.
	ErrNoRight = errors.New("no right to use the port")
	// ErrNotHere: this operating system or kernel cannot.
	ErrNotHere = errors.New("not on this system")
	// ErrVLAN: the VLAN id is not one of 1 to 4094.
	ErrVLAN = errors.New("invalid VLAN")
	// ErrBusy: somebody else has the port.
	ErrBusy = errors.New("port is in use")
	// ErrClosed: the wire or port was closed, or the port is gone for good: then
	// it has to be opened anew.
	ErrClosed = errors.New("port is closed")
)

// MaxFrame bounds a frame on a Wire, in bytes without check sequence.
const MaxFrame = 1518

// Wire carries the control frames of one interface or VLAN: whole Ethernet
// frames without VLAN tag and check sequence. It gives those of CDP, LLDP, ARP
// and DHCP (to a client, UDP port 68) and keeps the rest away, so that an open
// wire costs nothing while voice flows. Several wires may be open on one port.
type Wire interface {
	MAC() net.HardwareAddr
	// Send sends a whole frame; it does not keep it.
	Send(frame []byte) error
	// Receive waits for the next frame, which belongs to the caller. It fails
	// with the context's error or ErrClosed.
	Receive(ctx context.Context) ([]byte, error)
	Close() error
}

// Address is what a port can be configured with.
type Address struct {
	// Prefix is the address and mask; invalid takes the address away.
	Prefix netip.Prefix
	// Router is the default route; invalid for none.
	Router netip.Addr
	// DNS and Domain are for the resolver of this process only; the host's
	// own files are never written.
	DNS    []netip.Addr
	Domain string
}

// Port is an Ethernet port that the phone has for itself.
type Port interface {
	// Name of the interface: "eth1", "lab".
	Name() string
	MAC() net.HardwareAddr
	// Simulated says that there is no real network behind it.
	Simulated() bool
	// Open opens a wire; vlan 0 is the untagged port, 1 to 4094 joins that
	// VLAN. Joining again is no error.
	Open(ctx context.Context, vlan int) (Wire, error)
	// Configure sets the address of the port (or of its VLAN), replacing the
	// one set before by this Port.
	Configure(vlan int, a Address) error
	// Watch tells at once whether there is something at the other end of the
	// cable (a carrier), and then each change, until ctx ends. It fails with the
	// context's error, and with ErrClosed once the port is closed or gone for
	// good, even if the context has ended.
	Watch(ctx context.Context, tell func(up bool)) error
	// Close leaves every VLAN and takes away what was configured.
	Close() error
}
