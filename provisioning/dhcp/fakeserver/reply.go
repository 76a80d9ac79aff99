package fakeserver

import (
	"bytes"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

const (
	optionTFTPServers = dhcpv4.GenericOptionCode(150) // RFC 5859

	infinite  = 0xffffffff // RFC 2131, 3.3
	offerTime = time.Minute
)

// reply answers a request (RFC 2131, 4.3), or gives nil.
func (s *Server) reply(client frame.MAC, m *dhcpv4.DHCPv4) *dhcpv4.DHCPv4 {
	s.mu.Lock()
	defer s.mu.Unlock()
	held, renewing := addr(m.ClientIPAddr)
	wanted, named := addr(m.RequestedIPAddress())
	server, selected := addr(m.ServerIdentifier())
	switch m.MessageType() {
	case dhcpv4.MessageTypeNone, dhcpv4.MessageTypeDiscover:
		return s.offer(client, m, wanted)
	case dhcpv4.MessageTypeRequest:
		if selected && server != s.o.ID {
			delete(s.bindings, client)
			return nil
		}
		if s.fault&NoAck != 0 || s.fault&NoRenew != 0 && renewing || s.fault&NoInitReboot != 0 && !renewing && !selected {
			return nil
		}
		if !named {
			wanted = held
		}
		return s.request(client, m, wanted)
	case dhcpv4.MessageTypeDecline:
		if s.inPool(wanted) {
			s.declined[wanted] = true
		}
		delete(s.bindings, client)
	case dhcpv4.MessageTypeRelease:
		delete(s.bindings, client)
	case dhcpv4.MessageTypeInform:
		return s.make(m, dhcpv4.MessageTypeAck, netip.Addr{})
	}
	return nil
}

// offer answers DISCOVER.
func (s *Server) offer(client frame.MAC, m *dhcpv4.DHCPv4, wanted netip.Addr) *dhcpv4.DHCPv4 {
	b, known := s.bindings[client]
	if !known || !s.free(b.address, client) {
		b = binding{address: s.choose(client, wanted)}
	}
	if !b.address.IsValid() {
		s.o.Log.Warn("DHCP server has no address left")
		return nil
	}
	if s.fault&BOOTP != 0 {
		s.bindings[client] = binding{address: b.address, leased: true}
		return s.make(m, dhcpv4.MessageTypeNone, b.address)
	}
	if !b.leased || !b.holds(time.Now()) {
		b.leased, b.ends = false, time.Now().Add(offerTime)
	}
	s.bindings[client] = b
	return s.make(m, dhcpv4.MessageTypeOffer, b.address)
}

// request answers REQUEST.
func (s *Server) request(client frame.MAC, m *dhcpv4.DHCPv4, wanted netip.Addr) *dhcpv4.DHCPv4 {
	b, known := s.bindings[client]
	if s.fault&NAK != 0 || !s.inPool(wanted) || !s.free(wanted, client) || known && b.address != wanted {
		return s.make(m, dhcpv4.MessageTypeNak, netip.Addr{})
	}
	b = binding{address: wanted, leased: true}
	if s.o.Lease != Forever {
		b.ends = time.Now().Add(s.o.Lease)
	}
	s.bindings[client] = b
	return s.make(m, dhcpv4.MessageTypeAck, wanted)
}

// choose finds a free address, the wanted one if that is possible.
func (s *Server) choose(client frame.MAC, wanted netip.Addr) netip.Addr {
	if s.inPool(wanted) && s.free(wanted, client) {
		return wanted
	}
	for a := s.o.First; s.inPool(a); a = a.Next() {
		if s.free(a, client) {
			return a
		}
	}
	return netip.Addr{}
}

func (s *Server) inPool(a netip.Addr) bool {
	return a.Is4() && s.o.First.Compare(a) <= 0 && a.Compare(s.o.Last) <= 0
}

// free tells whether a client may have an address.
func (s *Server) free(a netip.Addr, client frame.MAC) bool {
	if s.declined[a] || a == s.o.Address.Addr() || contains(s.o.Routers, a) {
		return false
	}
	for other, b := range s.bindings {
		if other != client && b.address == a && b.holds(time.Now()) {
			return false
		}
	}
	return true
}

// make is an answer with its options; MessageTypeNone makes one of BOOTP.
func (s *Server) make(m *dhcpv4.DHCPv4, kind dhcpv4.MessageType, given netip.Addr) *dhcpv4.DHCPv4 {
	r := &dhcpv4.DHCPv4{
		OpCode: dhcpv4.OpcodeBootReply, HWType: m.HWType, TransactionID: m.TransactionID, Flags: m.Flags,
		ClientIPAddr: m.ClientIPAddr, YourIPAddr: given.AsSlice(), ServerIPAddr: s.o.NextServer.AsSlice(),
		GatewayIPAddr: m.GatewayIPAddr, ClientHWAddr: m.ClientHWAddr, Options: dhcpv4.Options{},
	}
	set := func(code dhcpv4.OptionCode, value []byte) {
		if len(value) > 0 {
			r.UpdateOption(dhcpv4.OptGeneric(code, value))
		}
	}
	if kind != dhcpv4.MessageTypeNone {
		r.UpdateOption(dhcpv4.OptMessageType(kind))
		set(dhcpv4.OptionServerIdentifier, s.o.ID.AsSlice())
		set(dhcpv4.OptionClientIdentifier, m.GetOneOption(dhcpv4.OptionClientIdentifier)) // RFC 6842
	}
	if kind == dhcpv4.MessageTypeNak {
		r.ClientIPAddr, r.ServerIPAddr = net.IPv4zero, net.IPv4zero
		return r
	}
	set(dhcpv4.OptionSubnetMask, net.CIDRMask(s.o.Address.Bits(), 32))
	set(dhcpv4.OptionRouter, list(s.o.Routers))
	set(dhcpv4.OptionDomainNameServer, list(s.o.DNS))
	set(dhcpv4.OptionNTPServers, list(s.o.NTP))
	set(dhcpv4.OptionDomainName, []byte(s.o.Domain))
	if given.IsValid() && kind != dhcpv4.MessageTypeNone {
		s.setTimes(r)
	}
	phone := kind == dhcpv4.MessageTypeNone || strings.HasPrefix(m.ClassIdentifier(), s.o.Vendor)
	if phone && s.fault&NoOption == 0 {
		set(dhcpv4.OptionTFTPServerName, []byte(s.o.TFTPName))
		set(dhcpv4.OptionBootfileName, []byte(s.o.BootFile))
		set(optionTFTPServers, list(s.o.TFTP))
	}
	return r
}

// setTimes sets the options of the lease's time.
func (s *Server) setTimes(r *dhcpv4.DHCPv4) {
	lease := s.o.Lease
	if lease == Forever {
		lease = infinite * time.Second
	}
	r.UpdateOption(dhcpv4.OptIPAddressLeaseTime(lease))
	if s.o.T1 > 0 {
		r.UpdateOption(dhcpv4.OptRenewTimeValue(s.o.T1))
	}
	if s.o.T2 > 0 {
		r.UpdateOption(dhcpv4.OptRebindingTimeValue(s.o.T2))
	}
}

// malform has the last option reach beyond the end of the message.
func malform(payload []byte) []byte {
	const end = 255
	trimmed := bytes.TrimRight(payload, "\x00")
	return append(bytes.TrimSuffix(trimmed, []byte{end}), byte(optionTFTPServers), 250, 1, 2, 3)
}

func list(addresses []netip.Addr) (b []byte) {
	for _, a := range addresses {
		b = append(b, a.AsSlice()...)
	}
	return b
}

// addr is an address of a message; false if it is not set.
func addr(ip net.IP) (netip.Addr, bool) {
	a, ok := netip.AddrFromSlice(ip.To4())
	return a, ok && !a.IsUnspecified()
}

func contains(list []netip.Addr, a netip.Addr) bool { return slices.Contains(list, a) }
