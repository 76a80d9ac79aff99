package fakeserver

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"deskset/provisioning/dhcp/internal/frame"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

var (
	phoneMAC  = frame.MAC{0, 0x50, 0x3e, 0xff, 0xd8, 0x42}
	serverMAC = net.HardwareAddr{2, 0, 0, 0, 0x79, 2}
	tftp      = netip.MustParseAddr("192.0.2.1")
	router    = netip.MustParseAddr("192.0.2.254")
)

// bench is a client's wire to a server, in virtual time.
type bench struct {
	*testing.T
	*Server
	wire link.Wire
}

func on(t *testing.T, o Options, run func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		seg := linktest.NewSegment()
		b := &bench{T: t, Server: New(o), wire: seg.Wire(phoneMAC[:], 0)}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- b.Server.Run(ctx, seg.Wire(serverMAC, 0)) }()
		synctest.Wait()
		run(b)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// ask sends a frame and gives the one that answers within a minute, or nil.
func (b *bench) ask(f []byte) []byte {
	b.Helper()
	if err := b.wire.Send(f); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	answer, err := b.wire.Receive(ctx)
	if err != nil {
		return nil
	}
	return answer
}

// dhcp sends a message and gives the answer, or nil.
func (b *bench) dhcp(kind dhcpv4.MessageType, options ...dhcpv4.Option) *dhcpv4.DHCPv4 {
	b.Helper()
	m, err := dhcpv4.New(dhcpv4.WithMessageType(kind), dhcpv4.WithHwAddr(phoneMAC[:]))
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range options {
		m.UpdateOption(o)
	}
	answer := b.ask(frame.Datagram{
		SrcMAC: phoneMAC, DstMAC: frame.Broadcast, Src: netip.MustParseAddrPort("0.0.0.0:68"), Dst: netip.AddrPortFrom(broadcast, portServer),
		Payload: m.ToBytes(),
	}.Bytes())
	d, err := frame.ParseDatagram(answer)
	if err != nil {
		return nil
	}
	reply, err := dhcpv4.FromBytes(d.Payload)
	if err != nil || reply.TransactionID != m.TransactionID {
		return nil
	}
	return reply
}

var phone = dhcpv4.OptClassIdentifier("Cisco Systems, Inc. IP Phone CP-7960G\x00")

func TestServerGivesPhonesTheirOptions(t *testing.T) {
	o := Options{Routers: []netip.Addr{router}, TFTP: []netip.Addr{tftp, router}, TFTPName: "tftp.lab", Lease: time.Minute, T1: 20 * time.Second}
	on(t, o, func(b *bench) {
		offer := b.dhcp(dhcpv4.MessageTypeDiscover, phone)
		if offer.MessageType() != dhcpv4.MessageTypeOffer || offer.YourIPAddr.String() != "192.0.2.100" || offer.TFTPServerName() != "tftp.lab" ||
			len(offer.GetOneOption(optionTFTPServers)) != 8 || offer.IPAddressLeaseTime(0) != time.Minute || offer.IPAddressRenewalTime(0) != 20*time.Second {
			b.Errorf("offer %s", offer.Summary())
		}
		ack := b.dhcp(dhcpv4.MessageTypeRequest, dhcpv4.OptRequestedIPAddress(offer.YourIPAddr), dhcpv4.OptServerIdentifier(offer.ServerIdentifier()))
		if ack.MessageType() != dhcpv4.MessageTypeAck || ack.GetOneOption(optionTFTPServers) != nil {
			b.Errorf("ack of a client that is no phone: %s", ack.Summary())
		}
		if got := b.Leases()[phoneMAC.String()]; got != netip.MustParseAddr("192.0.2.100") {
			b.Errorf("lease of %v", got)
		}
		if nak := b.dhcp(dhcpv4.MessageTypeRequest, dhcpv4.OptRequestedIPAddress(net.IPv4(10, 0, 0, 1))); nak.MessageType() != dhcpv4.MessageTypeNak {
			b.Errorf("strange address: %s", nak.Summary())
		}
		b.dhcp(dhcpv4.MessageTypeDecline, dhcpv4.OptRequestedIPAddress(offer.YourIPAddr))
		if again := b.dhcp(dhcpv4.MessageTypeDiscover); again.YourIPAddr.String() != "192.0.2.101" {
			b.Errorf("after DECLINE: %v", again.YourIPAddr)
		}
	})
}

func TestServerErrsAsAsked(t *testing.T) {
	on(t, Options{TFTP: []netip.Addr{tftp}}, func(b *bench) {
		for _, c := range []struct {
			name  string
			fault Fault
			send  dhcpv4.MessageType
			fine  func(*dhcpv4.DHCPv4) bool
		}{
			{"silent", Silent, dhcpv4.MessageTypeDiscover, func(m *dhcpv4.DHCPv4) bool { return m == nil }},
			{"malformed", Malformed, dhcpv4.MessageTypeDiscover, func(m *dhcpv4.DHCPv4) bool { return m == nil }},
			{"NAK", NAK, dhcpv4.MessageTypeRequest, func(m *dhcpv4.DHCPv4) bool { return m.MessageType() == dhcpv4.MessageTypeNak }},
			{"no option", NoOption, dhcpv4.MessageTypeDiscover, func(m *dhcpv4.DHCPv4) bool { return m.GetOneOption(optionTFTPServers) == nil }},
			{"BOOTP", BOOTP, dhcpv4.MessageTypeDiscover, func(m *dhcpv4.DHCPv4) bool {
				return m.MessageType() == dhcpv4.MessageTypeNone && m.YourIPAddr.String() == "192.0.2.100"
			}},
			{"sound", 0, dhcpv4.MessageTypeDiscover, func(m *dhcpv4.DHCPv4) bool { return m.GetOneOption(optionTFTPServers) != nil }},
		} {
			b.SetFault(c.fault)
			if m := b.dhcp(c.send, phone); !c.fine(m) {
				b.Errorf("%s: %v", c.name, m)
			}
		}
		b.SetFault(Slow)
		before := time.Now()
		if b.dhcp(dhcpv4.MessageTypeDiscover); time.Since(before) != defaultDelay {
			b.Errorf("slow answer took %v", time.Since(before))
		}
	})
}

func TestServerAnswersARP(t *testing.T) {
	on(t, Options{Routers: []netip.Addr{router}}, func(b *bench) {
		who := func(ip string) frame.MAC {
			a, _ := frame.ParseARP(b.ask(frame.Probe(phoneMAC, netip.MustParseAddr(ip)).Frame(frame.Broadcast)))
			return a.SenderMAC
		}
		self := frame.MAC(serverMAC)
		if who("192.0.2.1") != self || who("192.0.2.254") != self || who("192.0.2.100") != (frame.MAC{}) {
			b.Error("server's and router's addresses must be answered for, others not")
		}
		b.SetFault(Duplicate)
		if who("192.0.2.100") != stranger {
			b.Error("Duplicate: nobody has the address")
		}
	})
}
