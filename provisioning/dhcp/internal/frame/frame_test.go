package frame

import (
	"bytes"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

var (
	here, there = MAC{0, 0x50, 0x3e, 1, 2, 3}, MAC{2, 0, 0, 0, 0, 9}
	sample      = Datagram{SrcMAC: here, DstMAC: there, Src: netip.MustParseAddrPort("192.0.2.20:68"), Dst: netip.MustParseAddrPort("192.0.2.1:67")}
)

// gopacket makes frames and reads ours: two that do not share a mistake.
func TestGopacketReadsDatagrams(t *testing.T) {
	for _, n := range []int{0, 1, 17, 300, MaxPayload} {
		d := sample
		d.Payload = bytes.Repeat([]byte{0xa7}, n)
		f := d.Bytes()
		p := gopacket.NewPacket(f, layers.LayerTypeEthernet, gopacket.Default)
		ip, ok := p.NetworkLayer().(*layers.IPv4)
		if !ok {
			t.Fatalf("%d bytes: %v", n, p)
		}
		udp := p.Layer(layers.LayerTypeUDP).(*layers.UDP)
		if !ip.SrcIP.Equal(net.IPv4(192, 0, 2, 20)) || !ip.DstIP.Equal(net.IPv4(192, 0, 2, 1)) || udp.SrcPort != 68 || udp.DstPort != 67 || int(udp.Length) != 8+n {
			t.Errorf("%d bytes: %v", n, p)
		}
		if want := assembled(t, ip, udp, d.Payload); !bytes.Equal(f, want) {
			t.Errorf("%d bytes:\n got %x\nwant %x", n, f, want)
		}
		back, err := ParseDatagram(f)
		if err != nil || back.SrcMAC != here || back.DstMAC != there || back.Src != d.Src || back.Dst != d.Dst || !bytes.Equal(back.Payload, d.Payload) {
			t.Errorf("%d bytes: %+v, %v", n, back, err)
		}
	}
}

// assembled has gopacket make the same frame, with its own checksums.
func assembled(t *testing.T, ip *layers.IPv4, udp *layers.UDP, payload []byte) []byte {
	b := gopacket.NewSerializeBuffer()
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	ether := &layers.Ethernet{SrcMAC: here[:], DstMAC: there[:], EthernetType: layers.EthernetTypeIPv4}
	options := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(b, options, ether, ip, udp, gopacket.Payload(payload)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGopacketReadsARP(t *testing.T) {
	address := netip.MustParseAddr("192.0.2.20")
	for name, a := range map[string]ARP{"probe": Probe(here, address), "announcement": Announcement(here, address)} {
		f := a.Frame(Broadcast)
		arp, ok := gopacket.NewPacket(f, layers.LayerTypeEthernet, gopacket.Default).Layer(layers.LayerTypeARP).(*layers.ARP)
		if !ok || len(f) != shortest || arp.Operation != layers.ARPRequest || !bytes.Equal(arp.SourceHwAddress, here[:]) || !bytes.Equal(arp.DstProtAddress, address.AsSlice()) ||
			!bytes.Equal(arp.SourceProtAddress, a.Sender.AsSlice()) || !bytes.Equal(arp.DstHwAddress, make([]byte, 6)) {
			t.Errorf("%s: %+v", name, arp)
		}
		if back, err := ParseARP(f); err != nil || back != a {
			t.Errorf("%s: %+v, %v", name, back, err)
		}
	}
}

func TestParseDatagramRefuses(t *testing.T) {
	d := sample
	d.Payload = []byte("payload")
	good := d.Bytes()
	with := func(at int, to byte) []byte { b := slices.Clone(good); b[at] = to; return b }
	resum := func(b []byte) []byte { // with the header's checksum right again
		b[24], b[25] = 0, 0
		s := ^sum(0, b[14:min(14+int(b[14]&15)*4, len(b))])
		b[24], b[25] = byte(s>>8), byte(s)
		return b
	}
	for name, f := range map[string][]byte{
		"nothing": nil, "cut": good[:40], "another kind": with(12, 9), "another version": resum(with(14, 0x65)), "header of 16": resum(with(14, 0x44)),
		"header beyond the end": resum(with(14, 0x4f)), "TCP": resum(with(23, 6)), "longer than it is": resum(with(16, 9)), "shorter than its headers": resum(with(17, 20)),
		"first fragment": resum(with(20, 0x20)), "later fragment": resum(with(21, 1)), "header's checksum": with(24, good[24]+1), "payload's checksum": with(45, 'X'),
		"UDP shorter than its header": with(39, 7), "UDP longer than IP": with(38, 1),
	} {
		if got, err := ParseDatagram(f); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	none := slices.Clone(good)
	none[40], none[41] = 0, 0
	if _, err := ParseDatagram(none); err != nil {
		t.Errorf("no checksum: %v", err)
	}
	b := slices.Concat(with(14, 0x46)[:34], []byte{1, 1, 1, 1}, good[34:])
	b[17] += 4
	b = resum(b)
	if got, err := ParseDatagram(b); err != nil || string(got.Payload) != "payload" {
		t.Errorf("IP options: %q, %v", got.Payload, err)
	}
}

func FuzzFrame(f *testing.F) {
	f.Add(sample.Bytes())
	f.Add(Probe(here, netip.MustParseAddr("192.0.2.20")).Frame(there))
	f.Add([]byte(strings.Repeat("\x45", 60)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := ParseDatagram(b); err == nil {
			if again, err := ParseDatagram(d.Bytes()); err != nil || !bytes.Equal(again.Payload, d.Payload) || again.Src != d.Src || again.Dst != d.Dst {
				t.Errorf("%+v, %+v, %v", d, again, err)
			}
		}
		if a, err := ParseARP(b); err == nil {
			if again, err := ParseARP(a.Frame(there)); err != nil || again != a {
				t.Errorf("%+v, %+v, %v", a, again, err)
			}
		}
	})
}
