package lab

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"deskset/provisioning/link"
)

// cable is a phone's end of an Ethernet cable. What it sends is put together
// here byte by byte, what it receives is read by gopacket.
type cable struct {
	t    *testing.T
	wire link.Wire
}

func plug(t *testing.T, l *Lab, vlan int) cable {
	t.Helper()
	port := l.Port()
	if !port.Simulated() || port.Name() != "lab" || port.MAC().String() != "00:50:3e:ff:d8:42" {
		t.Errorf("port %q %s, simulated %v", port.Name(), port.MAC(), port.Simulated())
	}
	wire, err := port.Open(t.Context(), vlan)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { port.Close() })
	return cable{t, wire}
}

func (c cable) send(frame []byte) {
	c.t.Helper()
	if err := c.wire.Send(frame); err != nil {
		c.t.Fatal(err)
	}
}

// next gives the first frame that see takes, and what it made of it; nil if
// none comes in time.
func next[T any](c cable, wait time.Duration, see func(gopacket.Packet) *T) *T {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), wait)
	defer cancel()
	for {
		frame, err := c.wire.Receive(ctx)
		if err != nil {
			return nil
		}
		if seen := see(gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)); seen != nil {
			return seen
		}
	}
}

// frame puts an Ethernet frame together.
func (c cable) frame(to string, kind uint16, payload []byte) []byte {
	return append(binary.BigEndian.AppendUint16(append([]byte(to), c.wire.MAC()...), kind), payload...)
}

// askCDP sends a phone's question for the voice VLAN.
func (c cable) askCDP() {
	c.t.Helper()
	body := []byte("\x02\xb4\x00\x00" + // version 2, for 180 s, checksum to be set
		"\x00\x01\x00\x13SIP00503EFFD842" + // Device-ID
		"\x00\x0f\x00\x08\x20\x02\x00\x01") // VoIP VLAN query, the trigger
	// The checksum is that of IP, but for a byte left over at the end.
	sum := uint32(0)
	for i := 0; i+1 < len(body); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(body[i:]))
	}
	if len(body)%2 == 1 {
		sum += uint32(body[len(body)-1])
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(body[2:], ^uint16(sum))
	payload := append([]byte("\xaa\xaa\x03\x00\x00\x0c\x20\x00"), body...)
	c.send(c.frame("\x01\x00\x0c\xcc\xcc\xcc", uint16(len(payload)), payload))
}

// askLLDP sends the announcement of an LLDP-MED endpoint of class III.
func (c cable) askLLDP() {
	c.t.Helper()
	mac := string(c.wire.MAC())
	c.send(c.frame("\x01\x80\xc2\x00\x00\x0e", 0x88cc, []byte("\x02\x07\x04"+mac+"\x04\x07\x03"+mac+"\x06\x02\x00\x78"+
		"\xfe\x07\x00\x12\xbb\x01\x00\x03\x03"+"\x00\x00")))
}

// voiceVLAN asks and gives what the switch says; -1 if it says nothing.
func (c cable) voiceVLAN(ask func(), see func(gopacket.Packet) *int) int {
	c.t.Helper()
	ask()
	if vlan := next(c, patience/10, see); vlan != nil {
		return *vlan
	}
	return -1
}

func byCDP(p gopacket.Packet) *int {
	info, ok := p.Layer(layers.LayerTypeCiscoDiscoveryInfo).(*layers.CiscoDiscoveryInfo)
	if !ok {
		return nil
	}
	vlan := int(info.VLANReply.VLAN)
	return &vlan
}

func byLLDP(p gopacket.Packet) *int {
	info, ok := p.Layer(layers.LayerTypeLinkLayerDiscoveryInfo).(*layers.LinkLayerDiscoveryInfo)
	if !ok {
		return nil
	}
	media, err := info.DecodeMedia()
	if err != nil || media.NetworkPolicy.ApplicationType != layers.LLDPAppTypeVoice {
		return nil
	}
	vlan := int(media.NetworkPolicy.VLANId)
	return &vlan
}
