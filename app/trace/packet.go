package trace

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// place is where a packet belongs in the file.
type place uint8

const (
	onLink  place = iota // a whole Ethernet frame
	onUDP                // the payload of a datagram
	onPDU                // a message of a protocol that Wireshark knows by name
	onVoice              // as onUDP, RTP and RTCP
)

// record is one packet on its way to the file. It owns its data.
type record struct {
	at    time.Duration // since the trace began
	place place
	out   bool
	// name is the port for onLink, the protocol for onPDU.
	name          string
	tcp           bool // for onPDU
	local, remote netip.AddrPort
	dscp          uint8
	data          []byte
	// length on the wire where that is more than len(data).
	length  int
	comment string
}

func (r *record) wireLength() int { return max(r.length, len(r.data)) }

// size is what it costs to keep the record, in bytes.
func (r *record) size() int64 { return int64(len(r.data)) + 256 }

// ends gives source and destination.
func (r *record) ends() (from, to netip.AddrPort) {
	if r.out {
		return r.local, r.remote
	}
	return r.remote, r.local
}

// Tags of an exported PDU (Wireshark's epan/exported_pdu.h); their numbers are
// in network byte order.
const (
	tagEnd         = 0
	tagDissector   = 12
	tagTable       = 14
	tagIPv4Source  = 20
	tagIPv4Target  = 21
	tagIPv6Source  = 22
	tagIPv6Target  = 23
	tagPortType    = 24
	tagSourcePort  = 25
	tagTargetPort  = 26
	tagTableNumber = 32

	portTypeTCP = 2
	portTypeUDP = 3
)

// byPort are protocols that Wireshark does not know by name but by UDP port.
var byPort = map[string]uint32{"tftp": tftpPort}

// appendPDU writes a message as Wireshark exports it: what it is, between whom,
// and the message.
func appendPDU(b []byte, r *record) []byte {
	if port, ok := byPort[r.name]; ok {
		b = appendTag(b, tagTable, []byte("udp.port"))
		b = appendTag(b, tagTableNumber, binary.BigEndian.AppendUint32(nil, port))
	} else {
		b = appendTag(b, tagDissector, []byte(r.name))
	}
	if from, to := r.ends(); from.IsValid() && to.IsValid() {
		b = appendAddress(b, from.Addr(), tagIPv4Source, tagIPv6Source)
		b = appendAddress(b, to.Addr(), tagIPv4Target, tagIPv6Target)
		kind := uint32(portTypeUDP)
		if r.tcp {
			kind = portTypeTCP
		}
		b = appendTag(b, tagPortType, binary.BigEndian.AppendUint32(nil, kind))
		b = appendTag(b, tagSourcePort, binary.BigEndian.AppendUint32(nil, uint32(from.Port())))
		b = appendTag(b, tagTargetPort, binary.BigEndian.AppendUint32(nil, uint32(to.Port())))
	}
	b = appendTag(b, tagEnd, nil)
	return append(b, r.data...)
}

func appendAddress(b []byte, a netip.Addr, tag4, tag6 uint16) []byte {
	if a = a.Unmap(); a.Is4() {
		return appendTag(b, tag4, a.AsSlice())
	}
	return appendTag(b, tag6, a.AsSlice())
}

func appendTag(b []byte, tag uint16, value []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, tag)
	b = binary.BigEndian.AppendUint16(b, uint16((len(value)+3)&^3))
	start := len(b)
	return pad(append(b, value...), start)
}

const (
	headerIPv4 = 20
	headerIPv6 = 40
	headerUDP  = 8
	protoUDP   = 17
	hops       = 64 // the usual default of hosts (RFC 1700)
	maxLength  = 1<<16 - 1
)

// fitsIP tells whether a record can be told as a datagram: two addresses of one
// family, and short enough.
func fitsIP(r *record) bool {
	from, to := r.ends()
	return from.IsValid() && to.IsValid() && from.Addr().Is4() == to.Addr().Is4() &&
		r.wireLength()+headerUDP+headerIPv4 <= maxLength
}

// appendIP writes the IP packet (RFC 791, RFC 8200) of a datagram (RFC 768).
// Where not all of it was kept there is no checksum.
func appendIP(b []byte, r *record) []byte {
	from, to := r.ends()
	length := headerUDP + r.wireLength()
	start := len(b)
	if from.Addr().Is4() {
		b = append(b, 4<<4|headerIPv4/4, r.dscp<<2)
		b = binary.BigEndian.AppendUint16(b, uint16(headerIPv4+length))
		b = append(b, 0, 0, 0x40, 0, hops, protoUDP, 0, 0) // not to be fragmented
	} else {
		b = binary.BigEndian.AppendUint32(b, 6<<28|uint32(r.dscp)<<22)
		b = binary.BigEndian.AppendUint16(b, uint16(length))
		b = append(b, protoUDP, hops)
	}
	b = append(b, from.Addr().AsSlice()...)
	b = append(b, to.Addr().AsSlice()...)
	addresses := len(b) - 2*from.Addr().BitLen()/8
	if from.Addr().Is4() {
		binary.BigEndian.PutUint16(b[start+10:], ^fold(sum(b[start:])))
	}
	udp := len(b)
	b = binary.BigEndian.AppendUint16(b, from.Port())
	b = binary.BigEndian.AppendUint16(b, to.Port())
	b = binary.BigEndian.AppendUint16(b, uint16(length))
	b = append(b, 0, 0)
	b = append(b, r.data...)
	if r.wireLength() == len(r.data) {
		check := ^fold(sum(b[addresses:udp]) + protoUDP + uint32(length) + sum(b[udp:]))
		if check == 0 {
			check = maxLength // RFC 768: zero is none
		}
		binary.BigEndian.PutUint16(b[udp+6:], check)
	}
	return b
}

// sum adds up the words of b as the Internet checksum does (RFC 1071). 64 KiB
// of them do not overflow.
func sum(b []byte) (n uint32) {
	for ; len(b) >= 2; b = b[2:] {
		n += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		n += uint32(b[0]) << 8
	}
	return n
}

func fold(n uint32) uint16 {
	for n > maxLength {
		n = n>>16 + n&maxLength
	}
	return uint16(n)
}
