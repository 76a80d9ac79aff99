package discovery

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"deskset/provisioning/link"
)

// LLDPMessage is what one LLDP frame says (IEEE 802.1AB-2016). Phones and the
// switches that speak to them add MED. What is empty, zero or nil is not sent,
// but for Chassis, Port and TTL, which are in every message.
type LLDPMessage struct {
	Source        net.HardwareAddr
	Chassis, Port LLDPID
	// TTL is how many seconds the message holds; 0 takes it back.
	TTL uint16
	// PortDescription, SystemName and SystemDescription: 255 bytes each.
	PortDescription, SystemName, SystemDescription string
	// Capabilities that the sender has, and those in use: LLDPBridge and so on.
	Capabilities, Enabled uint16
	// Management is the address to manage the sender by (IPv4 or IPv6).
	Management netip.Addr
	// MAU is the type of the port's medium (IEEE 802.3, RFC 4836), with
	// auto-negotiation on; 0 is not sent. Endpoints of MED must send it.
	MAU uint16
	MED *MED
}

// LLDPID names a chassis or a port: 1 to 255 bytes, whose kind tells what they
// are. The kinds below mean the same for both but where the name says so.
type LLDPID struct {
	Kind  uint8
	Value string
}

// Kinds of LLDPID (IEEE 802.1AB-2016, tables 8-2 and 8-3).
const (
	ChassisMAC   = 4
	ChassisLocal = 7
	PortMAC      = 3
	PortName     = 5
	PortLocal    = 7
)

// System capabilities of LLDP (IEEE 802.1AB-2016, table 8-4).
const (
	LLDPBridge    = 1 << 2
	LLDPRouter    = 1 << 4
	LLDPTelephone = 1 << 5
)

// MAU100TX is 100BASE-TX, full duplex (RFC 4836, dot3MauType 16).
const MAU100TX = 16

const (
	lldpStart = addressesLength + 2

	lldpMaxID   = 255 // 8.5.2.1
	lldpMaxText = 255 // 8.5.5 to 8.5.7
	lldpMaxTLV  = 511 // 9 bits of length (8.4)
)

// Types of LLDP's values (IEEE 802.1AB-2016, table 8-1).
const (
	lldpEnd = iota
	lldpChassis
	lldpPort
	lldpTTL
	lldpPortDescription
	lldpSystemName
	lldpSystemDescription
	lldpCapabilities
	lldpManagement
	lldpOrganisation = 127
)

// Organisations that define values of their own, with the subtype for 802.3.
const (
	organisationMED = "\x00\x12\xbb"
	macPHY          = "\x00\x12\x0f\x01" // IEEE 802.3, 79.3.1
)

// autoNegotiation says supported and on, and what a port of 10 and 100 Mbit/s
// offers: both duplex modes of 10BASE-T and 100BASE-TX (RFC 4836,
// ifMauAutoNegCapAdvertisedBits).
const autoNegotiation = "\x03\x6c\x00"

// Address families of a management address (IANA address family numbers).
const (
	familyIPv4 = 1
	familyIPv6 = 2
)

// Frame gives the message as an Ethernet frame. It fails if a value is too long
// or one of those in every message is missing.
func (m LLDPMessage) Frame() ([]byte, error) {
	frame, err := header(link.LLDPGroup, m.Source)
	if err != nil {
		return nil, err
	}
	w := lldpWriter{frame: binary.BigEndian.AppendUint16(frame, link.EtherLLDP)}
	w.id(lldpChassis, m.Chassis)
	w.id(lldpPort, m.Port)
	w.add(lldpTTL, binary.BigEndian.AppendUint16(nil, m.TTL))
	w.text(lldpPortDescription, m.PortDescription)
	w.text(lldpSystemName, m.SystemName)
	w.text(lldpSystemDescription, m.SystemDescription)
	if m.Capabilities != 0 || m.Enabled != 0 {
		w.add(lldpCapabilities, binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, m.Capabilities), m.Enabled))
	}
	if m.Management.IsValid() {
		w.add(lldpManagement, management(m.Management.Unmap()))
	}
	if m.MAU != 0 {
		w.add(lldpOrganisation, binary.BigEndian.AppendUint16([]byte(macPHY+autoNegotiation), m.MAU))
	}
	if m.MED != nil {
		m.MED.write(&w)
	}
	w.add(lldpEnd, nil)
	if w.err == nil && len(w.frame) > link.MaxFrame {
		w.err = errors.New("LLDP message is too long for a frame")
	}
	return w.frame, w.err
}

// management is the value of 8.5.9, with the interface not told.
func management(a netip.Addr) []byte {
	family := byte(familyIPv4)
	if a.Is6() {
		family = familyIPv6
	}
	raw := a.AsSlice()
	b := append([]byte{byte(1 + len(raw)), family}, raw...)
	const interfaceUnknown = "\x01\x00\x00\x00\x00" // 8.5.9.5
	return append(append(b, interfaceUnknown...), 0)
}

// lldpWriter adds values to a frame and keeps the first error.
type lldpWriter struct {
	frame []byte
	err   error
}

// add writes type and length into two bytes, 7 and 9 bits (8.4).
func (w *lldpWriter) add(kind uint16, value []byte) {
	if len(value) > lldpMaxTLV {
		w.fail("LLDP value %d of %d bytes: want at most %d", kind, len(value), lldpMaxTLV)
		return
	}
	w.frame = append(binary.BigEndian.AppendUint16(w.frame, kind<<9|uint16(len(value))), value...)
}

func (w *lldpWriter) id(kind uint16, id LLDPID) {
	if n := len(id.Value); n < 1 || n > lldpMaxID {
		w.fail("LLDP identity of %d bytes: want 1 to %d", n, lldpMaxID)
	}
	w.add(kind, append([]byte{id.Kind}, id.Value...))
}

func (w *lldpWriter) text(kind uint16, s string) {
	if len(s) > lldpMaxText {
		w.fail("LLDP text of %d bytes: want at most %d", len(s), lldpMaxText)
	}
	if s != "" {
		w.add(kind, []byte(s))
	}
}

func (w *lldpWriter) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// ParseLLDP reads a frame. It fails for anything but a whole LLDP message;
// values of unknown types are passed over.
func ParseLLDP(frame []byte) (LLDPMessage, error) {
	if len(frame) < lldpStart || len(frame) > link.MaxFrame {
		return LLDPMessage{}, malformed("%d bytes", len(frame))
	}
	if binary.BigEndian.Uint16(frame[addressesLength:]) != link.EtherLLDP || frame[0]&1 == 0 {
		return LLDPMessage{}, malformed("not LLDP")
	}
	m := LLDPMessage{Source: source(frame)}
	b := frame[lldpStart:]
	for place := 0; ; place++ {
		if len(b) == 0 && place > lldpTTL-1 { // the end value may be missing (9.2.7.7)
			return m, nil
		}
		if len(b) < 2 {
			return LLDPMessage{}, malformed("LLDP value ends early")
		}
		head := binary.BigEndian.Uint16(b)
		kind, n := head>>9, int(head&lldpMaxTLV)
		if n > len(b)-2 {
			return LLDPMessage{}, malformed("LLDP value %d of %d bytes in %d", kind, n, len(b)-2)
		}
		// The first three are these in this order, and come once (9.2.7.7.1).
		if first := lldpChassis + place; (first <= lldpTTL || kind >= lldpChassis && kind <= lldpTTL) && int(kind) != first {
			return LLDPMessage{}, malformed("LLDP value %d at place %d", kind, place+1)
		}
		if kind == lldpEnd {
			return m, nil
		}
		if err := m.read(kind, b[2:2+n]); err != nil {
			return LLDPMessage{}, err
		}
		b = b[2+n:]
	}
}

// read takes one value of a message in.
func (m *LLDPMessage) read(kind uint16, v []byte) (err error) {
	switch kind {
	case lldpChassis:
		m.Chassis, err = readID(v)
	case lldpPort:
		m.Port, err = readID(v)
	case lldpTTL:
		err = uint16Of(v, &m.TTL)
	case lldpPortDescription:
		m.PortDescription = text(v[:min(len(v), lldpMaxText)])
	case lldpSystemName:
		m.SystemName = text(v[:min(len(v), lldpMaxText)])
	case lldpSystemDescription:
		m.SystemDescription = text(v[:min(len(v), lldpMaxText)])
	case lldpCapabilities:
		if len(v) < 4 {
			return malformed("LLDP capabilities of %d bytes", len(v))
		}
		m.Capabilities, m.Enabled = binary.BigEndian.Uint16(v), binary.BigEndian.Uint16(v[2:])
	case lldpManagement:
		return m.readManagement(v)
	case lldpOrganisation:
		return m.readOrganisation(v)
	}
	return err
}

func readID(v []byte) (LLDPID, error) {
	if len(v) < 2 || len(v) > 1+lldpMaxID {
		return LLDPID{}, malformed("LLDP identity of %d bytes", len(v))
	}
	return LLDPID{Kind: v[0], Value: string(v[1:])}, nil
}

// readManagement keeps the first address that is one of IP.
func (m *LLDPMessage) readManagement(v []byte) error {
	if len(v) < 2 || v[0] < 1 || len(v) < 1+int(v[0]) {
		return malformed("LLDP management address of %d bytes", len(v))
	}
	family, raw := v[1], v[2:1+int(v[0])]
	if m.Management.IsValid() {
		return nil
	}
	switch {
	case family == familyIPv4 && len(raw) == 4, family == familyIPv6 && len(raw) == 16:
		a, _ := netip.AddrFromSlice(raw)
		m.Management = a.Unmap()
	}
	return nil
}

func (m *LLDPMessage) readOrganisation(v []byte) error {
	if len(v) < 4 {
		return malformed("LLDP value of an organisation of %d bytes", len(v))
	}
	if rest, ok := bytes.CutPrefix(v, []byte(organisationMED)); ok {
		if m.MED == nil {
			m.MED = &MED{}
		}
		return m.MED.read(rest[0], rest[1:])
	}
	if rest, ok := bytes.CutPrefix(v, []byte(macPHY)); ok {
		if len(rest) < len(autoNegotiation) {
			return malformed("LLDP port configuration of %d bytes", len(v))
		}
		return uint16Of(rest[len(autoNegotiation):], &m.MAU)
	}
	return nil
}

// String gives an identity as people write it: names as they are, addresses in
// hexadecimal.
func (id LLDPID) String() string {
	raw := []byte(id.Value)
	if len(raw) == 6 && (id.Kind == ChassisMAC || id.Kind == PortMAC) {
		return net.HardwareAddr(raw).String()
	}
	if s := text(raw); s == id.Value {
		return s
	}
	return fmt.Sprintf("%x", raw)
}
