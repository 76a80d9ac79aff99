package dhcp_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/dhcp"
	"deskset/provisioning/dhcp/fakeserver"
	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// altered has a server change each answer, and gives what Acquire makes of it.
func altered(t *testing.T, change func(m *dhcpv4.DHCPv4)) (l dhcp.Lease, err error) {
	on(t, dhcp.Config{Tries: 2}, func(b *bench) {
		b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Lease: time.Hour, Change: change})
		l, err = b.client.Acquire(b.Context())
	})
	return l, err
}

func option(code uint8, value ...byte) func(m *dhcpv4.DHCPv4) {
	return func(m *dhcpv4.DHCPv4) { m.UpdateOption(dhcpv4.OptGeneric(dhcpv4.GenericOptionCode(code), value)) }
}

func TestAcquireIgnoresWhatIsNotForIt(t *testing.T) {
	given := func(address string) func(m *dhcpv4.DHCPv4) {
		return func(m *dhcpv4.DHCPv4) { m.YourIPAddr = net.ParseIP(address) }
	}
	for name, change := range map[string]func(m *dhcpv4.DHCPv4){
		"xid":                   func(m *dhcpv4.DHCPv4) { m.TransactionID[0]++ },
		"hardware address":      func(m *dhcpv4.DHCPv4) { m.ClientHWAddr = otherMAC },
		"short hardware":        func(m *dhcpv4.DHCPv4) { m.ClientHWAddr = nil },
		"client identifier":     option(61, 1, 2, 3),
		"a request":             func(m *dhcpv4.DHCPv4) { m.OpCode = dhcpv4.OpcodeBootRequest },
		"no server identifier":  func(m *dhcpv4.DHCPv4) { m.DeleteOption(dhcpv4.OptionServerIdentifier) },
		"server of nonsense":    option(54, 255, 255, 255, 255),
		"short server":          option(54, 192, 0),
		"message type of 2":     option(53, 2, 5),
		"message type 99":       option(53, 99),
		"0.0.0.0":               given("0.0.0.0"),
		"0.1.2.3":               given("0.1.2.3"),
		"127.0.0.1":             given("127.0.0.1"),
		"224.0.0.1":             given("224.0.0.1"),
		"240.0.0.1":             given("240.0.0.1"),
		"255.255.255.255":       given("255.255.255.255"),
		"the network itself":    given("192.0.2.0"),
		"the broadcast address": given("192.0.2.255"),
		"lease of 0 seconds":    option(51, 0, 0, 0, 0),
	} {
		if l, err := altered(t, change); !errors.Is(err, dhcp.ErrTimeout) {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
}

func TestAcquireTakesWhatIsOdd(t *testing.T) {
	long := strings.Repeat("a.", 127) + "aa"
	for name, c := range map[string]struct {
		change func(m *dhcpv4.DHCPv4)
		fine   func(l dhcp.Lease) bool
	}{
		"mask with holes":      {option(1, 255, 0, 255, 0), func(l dhcp.Lease) bool { return l.Address.Bits() == 24 }},
		"mask 0.0.0.0":         {option(1, 0, 0, 0, 0), func(l dhcp.Lease) bool { return l.Address.Bits() == 24 }},
		"mask of 3 bytes":      {option(1, 255, 255, 255), func(l dhcp.Lease) bool { return l.Address.Bits() == 24 }},
		"mask of 32":           {option(1, 255, 255, 255, 255), func(l dhcp.Lease) bool { return l.Address.Bits() == 32 }},
		"150 of 5 bytes":       {option(150, 192, 0, 2, 5, 1), func(l dhcp.Lease) bool { return l.TFTP == nil }},
		"150 of nothing":       {option(150), func(l dhcp.Lease) bool { return l.TFTP == nil }},
		"150 of text":          {option(150, []byte("192.0.2.5")...), func(l dhcp.Lease) bool { return l.TFTP == nil }},
		"150 of strange hosts": {option(150, 0, 0, 0, 0, 255, 255, 255, 255, 127, 0, 0, 1, 224, 0, 0, 1, 10, 0, 0, 1), func(l dhcp.Lease) bool { return len(l.TFTP) == 1 }},
		"150 of a hundred":     {option(150, bytes.Repeat([]byte{10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 10, 0, 0, 4, 10, 0, 0, 5, 10, 0, 0, 6}, 17)...), func(l dhcp.Lease) bool { return len(l.TFTP) == 5 }},
		"66 with escapes":      {option(66, []byte("a\x1b[2J")...), func(l dhcp.Lease) bool { return l.TFTPName == "" }},
		"66 that ends by NUL":  {option(66, []byte("tftp\x00\x00")...), func(l dhcp.Lease) bool { return l.TFTPName == "tftp" }},
		"66 that is long":      {option(66, []byte(long[:255])...), func(l dhcp.Lease) bool { return l.TFTPName == long[:255] }},
		"66 that is too long":  {option(66, []byte(long)...), func(l dhcp.Lease) bool { return l.TFTPName == "" }},
		"lease for ever":       {option(51, 255, 255, 255, 255), func(l dhcp.Lease) bool { return l.Time == 0 && l.T1 == 0 }},
		"no lease time":        {func(m *dhcpv4.DHCPv4) { m.DeleteOption(dhcpv4.OptionIPAddressLeaseTime) }, func(l dhcp.Lease) bool { return l.Time == time.Hour }},
		"T1 after T2":          {func(m *dhcpv4.DHCPv4) { option(58, 0, 0, 10, 0)(m); option(59, 0, 0, 9, 0)(m) }, func(l dhcp.Lease) bool { return l.T1 == 30*time.Minute && l.T2 == 2304*time.Second }},
		"T2 after the lease":   {option(59, 0, 1, 0, 0), func(l dhcp.Lease) bool { return l.T1 == 30*time.Minute && l.T2 == 3150*time.Second }},
		"T2 before a half":     {option(59, 0, 0, 0, 60), func(l dhcp.Lease) bool { return l.T1 == time.Minute && l.T2 == time.Minute }},
	} {
		if l, err := altered(t, c.change); err != nil || !c.fine(l) {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
}

// A server that talks without end costs a phone neither time nor memory, and an
// answer of another host does not end the exchange.
func TestAcquireBetweenFloods(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{TFTP: []netip.Addr{tftp}, Fault: fakeserver.Slow, Delay: 100 * time.Millisecond})
		flood := b.seg.Wire(rogueMAC, 0)
		b.goes(func(ctx context.Context) {
			xid := dhcpv4.TransactionID{}
			for {
				f, err := flood.Receive(ctx)
				if err != nil {
					return
				}
				d, err := frame.ParseDatagram(f)
				if err != nil {
					continue
				}
				if m, err := dhcpv4.FromBytes(d.Payload); err == nil {
					xid = m.TransactionID
				}
				for n := range 200 { // as many as wait at a wire
					m := &dhcpv4.DHCPv4{OpCode: dhcpv4.OpcodeBootReply, TransactionID: xid, ClientHWAddr: phoneMAC, YourIPAddr: net.IPv4(10, 0, byte(n), 1),
						Options: dhcpv4.OptionsFromList(dhcpv4.OptMessageType([]dhcpv4.MessageType{2, 2, 6}[n%3]), dhcpv4.OptServerIdentifier(net.IPv4(10, 9, byte(n), 9)))}
					flood.Send(frame.Datagram{SrcMAC: frame.MAC(rogueMAC), DstMAC: frame.MAC(phoneMAC), Src: netip.MustParseAddrPort("10.0.0.9:67"),
						Dst: netip.MustParseAddrPort("255.255.255.255:68"), Payload: m.ToBytes()}.Bytes())
				}
			}
		})
		l := b.acquire()
		if l.Server != ip("192.0.2.1") || time.Since(b.start) != 800*time.Millisecond {
			b.Errorf("%v after %v", l.Server, time.Since(b.start))
		}
	})
}

func TestRenewalIgnoresOthersAnswers(t *testing.T) {
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{Lease: time.Hour, Change: func(m *dhcpv4.DHCPv4) {
			m.UpdateOption(dhcpv4.OptMessageType(dhcpv4.MessageTypeNak))
			m.UpdateOption(dhcpv4.OptServerIdentifier(net.IPv4(192, 0, 2, 66)))
		}})
		same(b, "told", b.keep(fixed(), 50*time.Minute), nil)
	})
	on(t, dhcp.Config{}, func(b *bench) {
		b.plug(fakeserver.Options{Lease: time.Hour, Change: func(m *dhcpv4.DHCPv4) { m.YourIPAddr = net.IPv4(192, 0, 2, 101) }})
		same(b, "told", b.keep(fixed(), 50*time.Minute), nil)
	})
}
