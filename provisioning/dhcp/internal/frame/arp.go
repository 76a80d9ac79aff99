package frame

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// Operations of ARP (RFC 826).
const (
	Request = 1
	Reply   = 2
)

// ARP is a message of ARP for IPv4 on Ethernet.
type ARP struct {
	Operation            uint16
	SenderMAC, TargetMAC MAC
	Sender, Target       netip.Addr
}

// arpHead is Ethernet, IPv4 and the lengths of their addresses (RFC 826).
const arpHead = "\x00\x01\x08\x00\x06\x04"

const arpLength = len(arpHead) + 2 + 2*(6+4)

// Frame is the message from its sender to a host, or to Broadcast.
func (a ARP) Frame(to MAC) []byte {
	return ethernet(to, a.SenderMAC, etherARP, slices.Concat([]byte(arpHead), binary.BigEndian.AppendUint16(nil, a.Operation),
		a.SenderMAC[:], a.Sender.AsSlice(), a.TargetMAC[:], a.Target.AsSlice()))
}

// ParseARP reads a frame. What is not ARP for IPv4 on Ethernet fails with
// ErrOther.
func ParseARP(frame []byte) (ARP, error) {
	b, ok := payload(frame, etherARP)
	if !ok || len(b) < arpLength || string(b[:len(arpHead)]) != arpHead {
		return ARP{}, ErrOther
	}
	return ARP{
		Operation: binary.BigEndian.Uint16(b[6:]),
		SenderMAC: MAC(b[8:14]), Sender: netip.AddrFrom4([4]byte(b[14:18])),
		TargetMAC: MAC(b[18:24]), Target: netip.AddrFrom4([4]byte(b[24:28])),
	}, nil
}

// Probe asks whether somebody has an address, without claiming it (RFC 5227,
// 1.1).
func Probe(from MAC, address netip.Addr) ARP {
	return ARP{Operation: Request, SenderMAC: from, Sender: netip.IPv4Unspecified(), Target: address}
}

// Announcement claims an address (RFC 5227, 1.1).
func Announcement(from MAC, address netip.Addr) ARP {
	return ARP{Operation: Request, SenderMAC: from, Sender: address, Target: address}
}
