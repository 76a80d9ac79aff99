// Package stun is as much of STUN (RFC 8489) as a phone behind a router needs:
// the Binding request, and the address in its answer. There is no
// authentication: what vouches for an answer are the 96 random bits that it
// repeats, and the address that it comes from.
package stun

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/netip"
)

// Types, attributes and lengths (sections 5, 14 and 18).
const (
	bindingRequest  = 0x0001
	bindingSuccess  = 0x0101
	bindingFailure  = 0x0111
	cookie          = 0x2112A442
	headLength      = 20
	mappedAddress   = 0x0001
	xorMapped       = 0x0020
	familyIPv4      = 1
	familyIPv6      = 2
	attributeHead   = 4
	addressHead     = 4 // zero, family, port
	portMask        = cookie >> 16
	maxMessage      = 1500
	idOffset        = 8
	cookieOffset    = 4
	lengthOffset    = 2
	attributeAlign  = 4
	firstBitsOfType = 0xC0
)

// ID tells the answer to one request from others.
type ID [12]byte

var (
	errNotSTUN   = errors.New("no STUN message")
	errRefused   = errors.New("the STUN server refuses to tell our address")
	errNoAddress = errors.New("the STUN server's answer has no address")
)

// Request makes a Binding request.
func Request() (id ID, message []byte) {
	_, _ = rand.Read(id[:]) // it never fails
	message = make([]byte, headLength)
	binary.BigEndian.PutUint16(message, bindingRequest)
	binary.BigEndian.PutUint32(message[cookieOffset:], cookie)
	copy(message[idOffset:], id[:])
	return id, message
}

// Is tells a STUN message from SIP and RTP on the same port (section 7.2.2).
func Is(data []byte) bool {
	return len(data) >= headLength && data[0]&firstBitsOfType == 0 && binary.BigEndian.Uint32(data[cookieOffset:]) == cookie
}

// Answer reads the answer to a Binding request: where the server saw it come
// from.
func Answer(data []byte) (id ID, seen netip.AddrPort, err error) {
	if !Is(data) || len(data) > maxMessage {
		return id, seen, errNotSTUN
	}
	copy(id[:], data[idOffset:headLength])
	body := data[headLength:]
	if int(binary.BigEndian.Uint16(data[lengthOffset:])) != len(body) || len(body)%attributeAlign != 0 {
		return id, seen, errNotSTUN
	}
	switch binary.BigEndian.Uint16(data) {
	case bindingSuccess:
	case bindingFailure:
		return id, seen, errRefused
	default:
		return id, seen, errNotSTUN
	}
	var plain netip.AddrPort
	for len(body) >= attributeHead {
		kind, size := binary.BigEndian.Uint16(body), int(binary.BigEndian.Uint16(body[2:]))
		padded := (size + attributeAlign - 1) / attributeAlign * attributeAlign
		if attributeHead+padded > len(body) {
			return id, seen, errNotSTUN
		}
		value := body[attributeHead : attributeHead+size]
		body = body[attributeHead+padded:]
		switch kind {
		case xorMapped:
			if a, ok := address(value, data[cookieOffset:headLength]); ok {
				return id, a, nil
			}
		case mappedAddress: // of servers of RFC 3489; routers may have rewritten it
			plain, _ = address(value, make([]byte, headLength-cookieOffset))
		}
	}
	if !plain.IsValid() {
		return id, seen, errNoAddress
	}
	return id, plain, nil
}

// address reads an address, which is combined with mask (section 14.2).
func address(value, mask []byte) (netip.AddrPort, bool) {
	if len(value) < addressHead {
		return netip.AddrPort{}, false
	}
	length := map[byte]int{familyIPv4: 4, familyIPv6: 16}[value[1]]
	if length == 0 || len(value) != addressHead+length {
		return netip.AddrPort{}, false
	}
	port := binary.BigEndian.Uint16(value[2:]) ^ binary.BigEndian.Uint16(mask)
	raw := make([]byte, length)
	for i := range raw {
		raw[i] = value[addressHead+i] ^ mask[i]
	}
	addr, ok := netip.AddrFromSlice(raw)
	if !ok || port == 0 || addr.IsUnspecified() {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(addr.Unmap(), port), true
}

// Reply makes the answer to a request, as servers of tests do; nil if it is no
// Binding request.
func Reply(request []byte, seen netip.AddrPort) []byte {
	if !Is(request) || binary.BigEndian.Uint16(request) != bindingRequest {
		return nil
	}
	raw, family := seen.Addr().AsSlice(), byte(familyIPv4)
	if len(raw) > 4 {
		family = familyIPv6
	}
	m := make([]byte, headLength+attributeHead+addressHead+len(raw))
	copy(m, request[:headLength])
	binary.BigEndian.PutUint16(m, bindingSuccess)
	binary.BigEndian.PutUint16(m[lengthOffset:], uint16(len(m)-headLength))
	a := m[headLength:]
	binary.BigEndian.PutUint16(a, xorMapped)
	binary.BigEndian.PutUint16(a[2:], uint16(addressHead+len(raw)))
	a[attributeHead+1] = family
	binary.BigEndian.PutUint16(a[attributeHead+2:], seen.Port()^portMask)
	for i, b := range raw {
		a[attributeHead+addressHead+i] = b ^ m[cookieOffset+i]
	}
	return m
}
