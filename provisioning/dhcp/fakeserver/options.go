// Package fakeserver is a DHCP server (RFC 2131, 2132) over a link.Wire that
// gives phones what they need, and can be ill. The lab's simulated network
// stands on it, and so do the tests of package dhcp:
//
//	s := fakeserver.New(fakeserver.Options{TFTP: []netip.Addr{tftp}})
//	err := s.Run(ctx, segment.Wire(serverMAC, 0))
//
// The wire must pass frames of all kinds, as those of linktest.Segment.Wire do.
package fakeserver

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// Fault is how the server errs; faults may be joined by |.
type Fault uint16

// The faults.
const (
	// Silent: it answers nothing.
	Silent Fault = 1 << iota
	// NAK: it refuses each request.
	NAK
	// Duplicate: another host has each address that it offers, and says so when
	// it is asked by ARP.
	Duplicate
	// NoOption: it gives neither option 66 nor 150.
	NoOption
	// BOOTP: its answers are those of a BOOTP server (RFC 1534, 2).
	BOOTP
	// Slow: each answer takes Options.Delay.
	Slow
	// Malformed: options and lengths in its answers are nonsense.
	Malformed
	// NoRenew: it does not answer requests of those that have a lease.
	NoRenew
	// NoInitReboot: it does not answer requests of those that come back with an
	// address (RFC 2131, 4.3.2).
	NoInitReboot
	// NoAck: it makes offers and answers no request.
	NoAck
)

// Forever is the Options.Lease that does not end.
const Forever time.Duration = -1

// Options of a Server. The zero value serves 192.0.2.0/24 (RFC 5737).
type Options struct {
	// Address is the server's own, with the mask that it gives; 0 is
	// 192.0.2.1/24.
	Address netip.Prefix
	// ID is option 54, by which clients address it; 0 is the address. One of
	// another network makes the server look as if it were behind a relay.
	ID netip.Addr
	// First and Last bound the pool; 0 takes .100 and .199 of the network.
	First, Last netip.Addr
	// Routers (option 3; the server answers ARP for them), DNS (6), NTP (42)
	// and Domain (15).
	Routers, DNS, NTP []netip.Addr
	Domain            string
	// Vendor is how the class (option 60) of phones begins, "" is "Cisco
	// Systems, Inc. IP Phone"; others get neither TFTP (option 150), TFTPName
	// (66) nor BootFile (67).
	Vendor             string
	TFTP               []netip.Addr
	TFTPName, BootFile string
	NextServer         netip.Addr // siaddr
	// Lease is in whole seconds, 0 is a day; see Forever. T1 and T2 of 0 are
	// not sent.
	Lease, T1, T2 time.Duration
	// Delay is for Slow; 0 is 3 s.
	Delay time.Duration
	// Fault the server begins with; see Server.SetFault.
	Fault Fault
	// Change, if it is not nil, may change each answer before it goes out.
	Change func(answer *dhcpv4.DHCPv4)
	Log    *slog.Logger // nil discards
}

const (
	defaultDelay  = 3 * time.Second
	defaultVendor = "Cisco Systems, Inc. IP Phone"
	defaultLease  = 24 * time.Hour
)

// complete sets what is not set.
func (o *Options) complete() {
	if !o.Address.IsValid() {
		o.Address = netip.MustParsePrefix("192.0.2.1/24")
	}
	if !o.ID.IsValid() {
		o.ID = o.Address.Addr()
	}
	network := o.Address.Masked().Addr().As4()
	if !o.First.IsValid() {
		o.First = netip.AddrFrom4([4]byte{network[0], network[1], network[2], 100})
	}
	if !o.Last.IsValid() {
		o.Last = netip.AddrFrom4([4]byte{network[0], network[1], network[2], 199})
	}
	if o.Vendor == "" {
		o.Vendor = defaultVendor
	}
	if o.Lease == 0 {
		o.Lease = defaultLease
	}
	if o.Delay == 0 {
		o.Delay = defaultDelay
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}
