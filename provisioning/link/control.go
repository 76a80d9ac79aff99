package link

import (
	"encoding/binary"
	"fmt"
)

// What makes a control frame. The kernel's filter (filter_linux.go) is built of
// the same numbers.
const (
	etherIPv4 = 0x0800
	etherARP  = 0x0806

	offsetType    = 12 // after two addresses: IEEE 802.3, 3.1.1
	offsetPayload = 14

	maxLength = 1500 // above it is a type: IEEE 802.3, 3.2.6

	minIPv4    = 20 // RFC 791, 3.1
	protoUDP   = 17 // RFC 768
	portClient = 68 // RFC 2131, 4.1

	maxVLAN = 4094 // 4095 is reserved: IEEE 802.1Q, table 9-2
)

// What marks frames of CDP and LLDP, for those who build them.
const (
	// CDPGroup is the address that CDP frames go to.
	CDPGroup = "\x01\x00\x0c\xcc\xcc\xcc"
	// CDPSNAP is what follows the length in a CDP frame: LLC of SNAP (IEEE
	// 802.2), organisation 00-00-0C, protocol 2000.
	CDPSNAP = "\xaa\xaa\x03\x00\x00\x0c\x20\x00"
	// LLDPGroup is the group that LLDP frames go to, which bridges do not pass
	// on (nearest bridge: IEEE 802.1AB-2016, 7.1).
	LLDPGroup = "\x01\x80\xc2\x00\x00\x0e"
	// EtherLLDP is the type of LLDP frames (IEEE 802.1AB-2016, 8.3).
	EtherLLDP = 0x88cc
)

// IsControl tells whether a Wire passes the frame: CDP, LLDP, ARP, or DHCP to a
// client (first fragments of UDP over IPv4 to port 68).
func IsControl(frame []byte) bool {
	if len(frame) < offsetPayload {
		return false
	}
	switch kind := binary.BigEndian.Uint16(frame[offsetType:]); {
	case kind == etherARP, kind == EtherLLDP:
		return true
	case kind == etherIPv4:
		return toClient(frame[offsetPayload:])
	case kind <= maxLength:
		return string(frame[:6]) == CDPGroup && len(frame) >= offsetPayload+len(CDPSNAP) &&
			string(frame[offsetPayload:offsetPayload+len(CDPSNAP)]) == CDPSNAP
	}
	return false
}

// toClient reads an IPv4 packet (RFC 791, 3.1).
func toClient(packet []byte) bool {
	if len(packet) < minIPv4 || packet[9] != protoUDP || binary.BigEndian.Uint16(packet[6:])&0x1fff != 0 {
		return false
	}
	header := int(packet[0]&15) * 4
	return header >= minIPv4 && len(packet) >= header+4 && binary.BigEndian.Uint16(packet[header+2:]) == portClient
}

// CheckVLAN fails with ErrVLAN for what Port.Open does not take: all but 0, the
// untagged network, and 1 to 4094.
func CheckVLAN(vlan int) error {
	if vlan < 0 || vlan > maxVLAN {
		return fmt.Errorf("%w %d: want 1 to %d, or 0 for none", ErrVLAN, vlan, maxVLAN)
	}
	return nil
}
