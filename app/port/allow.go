package port

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"

	"deskset/provisioning/link"
)

// errNotControl is for frames that a phone must not send.
var errNotControl = errors.New("only CDP, LLDP, ARP and DHCP requests of the port's own address may be sent")

// maySend tells whether a phone may send the frame: one that a wire passes or a
// DHCP request, from the port's own address.
func maySend(frame []byte, own net.HardwareAddr) bool {
	const addresses, header = 12, 14
	if len(frame) < header || len(frame) > link.MaxFrame || !bytes.Equal(frame[6:addresses], own) {
		return false
	}
	const ipv4 = 0x0800
	if binary.BigEndian.Uint16(frame[addresses:]) != ipv4 {
		return link.IsControl(frame)
	}
	return toServer(frame[header:])
}

// toServer tells whether an IPv4 packet is DHCP from a client to a server (RFC
// 2131, 4.1), in one piece.
func toServer(packet []byte) bool {
	const (
		udp, client, server   = 17, 68, 67
		shortest, moreOrLater = 20, 0x3fff // bytes; flag and offset of fragments
	)
	if len(packet) < shortest || packet[0]>>4 != 4 || packet[9] != udp || binary.BigEndian.Uint16(packet[6:])&moreOrLater != 0 {
		return false
	}
	header := int(packet[0]&15) * 4
	return header >= shortest && len(packet) >= header+8 &&
		binary.BigEndian.Uint16(packet[header:]) == client && binary.BigEndian.Uint16(packet[header+2:]) == server
}
