package lab

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// reply is a DHCP message as a phone sees it.
type reply struct {
	kind    layers.DHCPMsgType // unspecified: BOOTP
	address net.IP
	options map[byte][]byte
}

// dhcp broadcasts a message of a phone without an address (RFC 2131 section
// 4.1) and gives what comes back; nil if nothing does.
func (c cable) dhcp(wait time.Duration, kind layers.DHCPMsgType, more ...layers.DHCPOption) *reply {
	c.t.Helper()
	const xid = 0x7960
	all := net.HardwareAddr{255, 255, 255, 255, 255, 255}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: net.IPv4zero, DstIP: net.IPv4bcast}
	udp := &layers.UDP{SrcPort: 68, DstPort: 67}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		c.t.Fatal(err)
	}
	options := append(layers.DHCPOptions{
		layers.NewDHCPOption(layers.DHCPOptMessageType, []byte{byte(kind)}),
		layers.NewDHCPOption(layers.DHCPOptClassID, []byte("Cisco Systems, Inc. IP Phone CP-7960G\x00")),
		layers.NewDHCPOption(layers.DHCPOptParamsRequest, []byte{1, 3, 6, 15, 66, 150}),
	}, more...)
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true},
		&layers.Ethernet{SrcMAC: c.wire.MAC(), DstMAC: all, EthernetType: layers.EthernetTypeIPv4}, ip, udp,
		&layers.DHCPv4{
			Operation: layers.DHCPOpRequest, HardwareType: layers.LinkTypeEthernet, HardwareLen: 6, Xid: xid,
			Flags: 0x8000, ClientHWAddr: c.wire.MAC(), Options: options,
		}); err != nil {
		c.t.Fatal(err)
	}
	c.send(buf.Bytes())
	return next(c, wait, func(p gopacket.Packet) *reply {
		m, ok := p.Layer(layers.LayerTypeDHCPv4).(*layers.DHCPv4)
		if !ok || m.Operation != layers.DHCPOpReply || m.Xid != xid || m.ClientHWAddr.String() != c.wire.MAC().String() {
			return nil
		}
		r := &reply{address: m.YourClientIP, options: map[byte][]byte{}}
		for _, o := range m.Options {
			r.options[byte(o.Type)] = o.Data
		}
		if kind := r.options[53]; len(kind) == 1 {
			r.kind = layers.DHCPMsgType(kind[0])
		}
		return r
	})
}

// lease goes through DISCOVER and REQUEST and gives the last answer.
func (c cable) lease() *reply {
	c.t.Helper()
	offer := c.dhcp(patience, layers.DHCPMsgTypeDiscover)
	if offer == nil || offer.kind != layers.DHCPMsgTypeOffer {
		return offer
	}
	return c.dhcp(patience, layers.DHCPMsgTypeRequest,
		layers.NewDHCPOption(layers.DHCPOptRequestIP, offer.address.To4()),
		layers.NewDHCPOption(layers.DHCPOptServerID, offer.options[54]))
}

// taken probes for an address by ARP (RFC 5227 section 2.1.1).
func (c cable) taken(addr net.IP) bool {
	c.t.Helper()
	body := append([]byte{0, 1, 8, 0, 6, 4, 0, 1}, c.wire.MAC()...)
	body = append(append(append(body, 0, 0, 0, 0), 0, 0, 0, 0, 0, 0), addr.To4()...)
	c.send(c.frame("\xff\xff\xff\xff\xff\xff", 0x0806, body))
	return next(c, patience/10, func(p gopacket.Packet) *bool {
		arp, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP)
		if yes := ok && arp.Operation == layers.ARPReply && net.IP(arp.SourceProtAddress).Equal(addr); yes {
			return &yes
		}
		return nil
	}) != nil
}

func TestLeaseLeadsToTheLab(t *testing.T) {
	l := start(t, Options{})
	for vlan, network := range subnets {
		c := plug(t, l, vlan)
		r := c.lease()
		if r == nil || r.kind != layers.DHCPMsgTypeAck {
			t.Fatalf("VLAN %d: %+v", vlan, r)
		}
		if addr, _ := netip.AddrFromSlice(r.address.To4()); !network.server.Contains(addr) || c.taken(r.address) || !c.taken(network.router.AsSlice()) {
			t.Errorf("VLAN %d: address %v", vlan, addr)
		}
		server, files := string(network.server.Addr().AsSlice()), voiceNetwork.server.Addr()
		for code, want := range map[byte]string{
			1: "\xff\xff\xff\x00", 3: string(network.router.AsSlice()), 6: string(files.AsSlice()), 15: Realm, 54: server,
			66: files.String(), 150: string(files.AsSlice()),
		} {
			if got := string(r.options[code]); got != want {
				t.Errorf("VLAN %d: option %d: %q, want %q", vlan, code, got, want)
			}
		}
		if last := r.options[51]; len(last) != 4 || binary.BigEndian.Uint32(last) < 60 {
			t.Errorf("lease time %v", last)
		}
		if to, _ := l.Translate(netip.AddrPortFrom(netip.MustParseAddr(string(r.options[66])), tftpPort)); to != l.TFTP() {
			t.Errorf("option 66 leads to %v", to)
		}
	}
	if r := plug(t, l, 20).dhcp(patience/10, layers.DHCPMsgTypeDiscover); r != nil {
		t.Errorf("a lease in a VLAN of nobody: %+v", r)
	}
}
