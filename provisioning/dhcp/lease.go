// Package dhcp is the phone's DHCP client (RFC 2131, 2132) over the frames of a
// link.Wire, and, for a phone without a port of its own, an INFORM over an
// ordinary socket.
package dhcp

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"deskset/provisioning/link"
)

// VendorClass is option 60 as the instrument sends it, with the NUL byte at its
// end (the reference, section 4); servers match its beginning.
const VendorClass = "Cisco Systems, Inc. IP Phone CP-7960G\x00"

// Errors of Acquire and Keep, for errors.Is.
var (
	// ErrTimeout: no server answered.
	ErrTimeout = errors.New("no DHCP server answered")
	// ErrRefused: the server said NAK again and again.
	ErrRefused = errors.New("DHCP server refused")
	// ErrDuplicate: each address offered was in use already.
	ErrDuplicate = errors.New("duplicate IP address")
	// ErrExpired: the lease ran out.
	ErrExpired = errors.New("lease expired")
)

// Lease is what a server gave.
type Lease struct {
	// Address with its mask.
	Address netip.Prefix
	// Server that gave it (option 54).
	Server  netip.Addr
	Routers []netip.Addr // option 3
	DNS     []netip.Addr // option 6
	Domain  string       // option 15
	// TFTP is option 150, a list of addresses; TFTPName is option 66, a name
	// or an address. 150 is stronger.
	TFTP     []netip.Addr
	TFTPName string
	// NextServer is the field siaddr; invalid if not set.
	NextServer netip.Addr
	BootFile   string // option 67
	NTP        []netip.Addr
	// BOOTP is true if the answer had no DHCP message type.
	BOOTP bool
	// Start is when the lease was asked for; Time how long it lasts, 0 for
	// ever; T1 and T2 when to renew and to rebind, after Start.
	Start        time.Time
	Time, T1, T2 time.Duration
}

// Config of a Client.
type Config struct {
	Wire link.Wire
	// MAC is the hardware address in the messages; nil takes the wire's.
	MAC net.HardwareAddr
	// HostName is option 12: SIP and the MAC address.
	HostName string
	// Last is the address held before; asked for again (INIT-REBOOT and option
	// 50) if it is valid.
	Last netip.Addr
	// First is the first waiting time (0 is 1 s, doubled with a jitter of a
	// tenth), Tries how many DISCOVERs go out before ErrTimeout (0 is 4).
	First time.Duration
	Tries int
	Log   *slog.Logger
}

// EventKind is what happened to a lease.
type EventKind uint8

// The kinds.
const (
	Renewed   EventKind = iota // with the lease as it is now
	Rebinding                  // T2 passed without an answer of the server
	Lost                       // NAK or expired: Err says which; Keep returns
	Conflict                   // another host uses the address (RFC 5227): it is given back; Keep returns
)

// Event is news of a lease.
type Event struct {
	Kind  EventKind
	Lease Lease
	Err   error
}
