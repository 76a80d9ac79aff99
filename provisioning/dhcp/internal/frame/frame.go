// Package frame makes and reads the Ethernet frames that DHCP needs: UDP over
// IPv4 (RFC 768, RFC 791) and ARP (RFC 826). A host without an address can
// neither send nor receive them by its sockets.
package frame

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"slices"
)

// MAC is an Ethernet address, which can be compared.
type MAC [6]byte

// Broadcast goes to every host of the segment.
var Broadcast = MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// Address gives the MAC of a hardware address; false if it is none of Ethernet.
func Address(a net.HardwareAddr) (MAC, bool) {
	if len(a) != len(MAC{}) {
		return MAC{}, false
	}
	return MAC(a), true
}

func (m MAC) String() string { return net.HardwareAddr(m[:]).String() }

// ErrOther: the frame is whole, but not what was asked for, or it is broken.
var ErrOther = errors.New("not a frame of this kind")

// Kinds of payload and the lengths of headers.
const (
	etherIPv4 = 0x0800
	etherARP  = 0x0806
	protoUDP  = 17 // RFC 768

	etherHeader = 14
	ipv4Header  = 20
	udpHeader   = 8
	shortest    = 60 // IEEE 802.3, 4A.4.2, without check sequence

	// MaxPayload is what fits into a datagram of an MTU of 1,500.
	MaxPayload = 1500 - ipv4Header - udpHeader

	timeToLive = 64 // RFC 1700
)

// Datagram is a UDP datagram with the addresses of its frame.
type Datagram struct {
	SrcMAC, DstMAC MAC
	Src, Dst       netip.AddrPort
	Payload        []byte
}

// Bytes is the whole frame. The addresses must be of IPv4, and the payload of
// MaxPayload at most.
func (d Datagram) Bytes() []byte {
	ip := make([]byte, ipv4Header+udpHeader, ipv4Header+udpHeader+len(d.Payload))
	udp := ip[ipv4Header:]
	length := udpHeader + len(d.Payload)
	ip[0] = 4<<4 | ipv4Header/4
	binary.BigEndian.PutUint16(ip[2:], uint16(ipv4Header+length))
	ip[8], ip[9] = timeToLive, protoUDP
	copy(ip[12:], d.Src.Addr().AsSlice())
	copy(ip[16:], d.Dst.Addr().AsSlice())
	binary.BigEndian.PutUint16(ip[10:], ^sum(0, ip[:ipv4Header]))

	binary.BigEndian.PutUint16(udp, d.Src.Port())
	binary.BigEndian.PutUint16(udp[2:], d.Dst.Port())
	binary.BigEndian.PutUint16(udp[4:], uint16(length))
	ip = append(ip, d.Payload...)
	check := ^udpSum(ip[:ipv4Header], ip[ipv4Header:])
	if check == 0 { // 0 says that there is none: RFC 768
		check = 0xffff
	}
	binary.BigEndian.PutUint16(ip[ipv4Header+6:], check)
	return ethernet(d.DstMAC, d.SrcMAC, etherIPv4, ip)
}

// ParseDatagram reads a frame; the payload is part of it. Fragments and frames
// with a wrong length or checksum fail with ErrOther.
func ParseDatagram(frame []byte) (Datagram, error) {
	ip, ok := payload(frame, etherIPv4)
	if !ok || len(ip) < ipv4Header || ip[0]>>4 != 4 || ip[9] != protoUDP {
		return Datagram{}, ErrOther
	}
	header, total := int(ip[0]&15)*4, int(binary.BigEndian.Uint16(ip[2:]))
	fragment := binary.BigEndian.Uint16(ip[6:])&0x3fff != 0 // more of them, or an offset
	if header < ipv4Header || total < header+udpHeader || total > len(ip) || fragment || sum(0, ip[:header]) != 0xffff {
		return Datagram{}, ErrOther
	}
	udp := ip[header:total]
	length := int(binary.BigEndian.Uint16(udp[4:]))
	if length < udpHeader || length > len(udp) {
		return Datagram{}, ErrOther
	}
	udp = udp[:length]
	if binary.BigEndian.Uint16(udp[6:]) != 0 && udpSum(ip, udp) != 0xffff {
		return Datagram{}, ErrOther
	}
	at := func(ip, port []byte) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(ip)), binary.BigEndian.Uint16(port))
	}
	return Datagram{
		DstMAC: MAC(frame[:6]), SrcMAC: MAC(frame[6:12]),
		Src: at(ip[12:16], udp), Dst: at(ip[16:20], udp[2:]), Payload: udp[udpHeader:],
	}, nil
}

// ethernet puts the header before a payload and pads it.
func ethernet(dst, src MAC, kind uint16, payload []byte) []byte {
	f := slices.Concat(dst[:], src[:], binary.BigEndian.AppendUint16(nil, kind), payload)
	return append(f, make([]byte, max(0, shortest-len(f)))...)
}

// payload is what follows the header, if the frame is of that kind.
func payload(frame []byte, kind uint16) ([]byte, bool) {
	if len(frame) < etherHeader || binary.BigEndian.Uint16(frame[12:]) != kind {
		return nil, false
	}
	return frame[etherHeader:], true
}

// sum adds 16-bit words in ones' complement (RFC 1071).
func sum(start uint32, b []byte) uint16 {
	for ; len(b) > 1; b = b[2:] {
		start += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		start += uint32(b[0]) << 8
	}
	for start > 0xffff {
		start = start>>16 + start&0xffff
	}
	return uint16(start)
}

// udpSum is that of a datagram with its pseudo header (RFC 768).
func udpSum(ip, udp []byte) uint16 {
	addresses := uint32(sum(0, ip[12:20]))
	return sum(addresses+protoUDP+uint32(len(udp)), udp)
}
