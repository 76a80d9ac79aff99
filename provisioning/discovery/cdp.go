package discovery

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"slices"

	"deskset/provisioning/link"
)

// CDPMessage is what one CDP frame says. A phone sets Query to be told the
// voice VLAN at once; a switch answers with VoiceVLANs. What is empty, zero or
// nil is not sent.
type CDPMessage struct {
	Source net.HardwareAddr
	// TTL is how many seconds the message holds; 0 takes it back.
	TTL uint8
	// Device and Port are the names that the sender gives itself and its
	// port; Version is its software, Platform its make.
	Device, Port, Version, Platform string
	Addresses                       []netip.Addr // IPv4 only
	Capabilities                    uint32       // CDPRouter and so on
	NativeVLAN                      uint16
	Duplex                          CDPDuplex
	VoiceVLANs                      []CDPVoiceVLAN
	// Query asks for the voice VLAN; CDPTrigger is what phones send.
	Query string
	// Power drawn, in milliwatts.
	Power uint16
	// PowerRequest is a phone's, PowerAvailable the switch's answer.
	PowerRequest, PowerAvailable *CDPPower
	// Trust is a switch's: whether it takes the phone's priorities as they
	// are; CoS is the one that it sets if not. Nil if not told.
	Trust, CoS *uint8
}

// CDPVoiceVLAN is a voice VLAN for one kind of appliance; phones are 1.
type CDPVoiceVLAN struct {
	Appliance uint8
	VLAN      uint16
}

// CDPPower is a round of the talk about power.
type CDPPower struct {
	Request, Management uint16   // which round
	Levels              []uint32 // milliwatts
}

// CDPDuplex of the sender's port.
type CDPDuplex uint8

// The duplex modes.
const (
	DuplexUnknown CDPDuplex = iota // not told
	HalfDuplex
	FullDuplex
)

// Capabilities of CDP.
const (
	CDPRouter  = 0x01
	CDPBridge  = 0x02 // transparent; source-route is 0x04
	CDPSwitch  = 0x08
	CDPHost    = 0x10
	CDPPhone   = 0x80
	CDPTwoPort = 0x400 // a relay between two ports: the phone's own and its PC's
)

// CDPTrigger is the query of a phone that wants an answer now and not at the
// switch's next turn.
const CDPTrigger = "\x20\x02\x00\x01"

const (
	cdpVersion = 2

	cdpStart     = addressesLength + 2 + len(link.CDPSNAP)
	cdpHead      = 4 // version, TTL, checksum
	cdpTLVHead   = 4 // type and length, which counts itself
	cdpMaxLength = 1500 - len(link.CDPSNAP)

	// cdpMaxList bounds each list of a message.
	cdpMaxList = 16
	// appliancePhone is the appliance that CDPVoiceVLAN of a phone is for.
	appliancePhone = 1
)

// Types of CDP's values.
const (
	cdpDevice         = 0x01
	cdpAddresses      = 0x02
	cdpPort           = 0x03
	cdpCapabilities   = 0x04
	cdpSoftware       = 0x05
	cdpPlatform       = 0x06
	cdpNativeVLAN     = 0x0a
	cdpDuplex         = 0x0b
	cdpVoiceReply     = 0x0e
	cdpVoiceQuery     = 0x0f
	cdpPower          = 0x10
	cdpTrust          = 0x12
	cdpCoS            = 0x13
	cdpPowerRequest   = 0x19
	cdpPowerAvailable = 0x1a
)

// cdpIPv4 begins an address: protocol type NLPID, length 1, IP, length of the
// address.
const cdpIPv4 = "\x01\x01\xcc\x00\x04"

// Frame gives the message as an Ethernet frame. It fails if the message is too
// long or the source is no Ethernet address.
func (m CDPMessage) Frame() ([]byte, error) {
	frame, err := header(link.CDPGroup, m.Source)
	if err != nil {
		return nil, err
	}
	body := m.body()
	if len(body) > cdpMaxLength {
		return nil, errors.New("CDP message is too long for a frame")
	}
	binary.BigEndian.PutUint16(body[2:], cdpChecksum(body))
	frame = binary.BigEndian.AppendUint16(frame, uint16(len(link.CDPSNAP)+len(body)))
	return append(append(frame, link.CDPSNAP...), body...), nil
}

// body is the message from its version on, without checksum.
func (m CDPMessage) body() []byte {
	b := []byte{cdpVersion, m.TTL, 0, 0}
	add := func(kind uint16, there bool, value ...byte) {
		if there {
			b = binary.BigEndian.AppendUint16(b, kind)
			b = binary.BigEndian.AppendUint16(b, uint16(cdpTLVHead+len(value)))
			b = append(b, value...)
		}
	}
	add(cdpDevice, m.Device != "", []byte(m.Device)...)
	add(cdpAddresses, len(m.Addresses) > 0, addressList(m.Addresses)...)
	add(cdpPort, m.Port != "", []byte(m.Port)...)
	add(cdpCapabilities, m.Capabilities != 0, binary.BigEndian.AppendUint32(nil, m.Capabilities)...)
	add(cdpSoftware, m.Version != "", []byte(m.Version)...)
	add(cdpPlatform, m.Platform != "", []byte(m.Platform)...)
	add(cdpNativeVLAN, m.NativeVLAN != 0, byte(m.NativeVLAN>>8), byte(m.NativeVLAN))
	add(cdpDuplex, m.Duplex != DuplexUnknown, byte(m.Duplex-HalfDuplex))
	var voice []byte
	for _, v := range m.VoiceVLANs {
		voice = append(voice, v.Appliance, byte(v.VLAN>>8), byte(v.VLAN))
	}
	add(cdpVoiceReply, len(voice) > 0, voice...)
	add(cdpVoiceQuery, m.Query != "", []byte(m.Query)...)
	add(cdpPower, m.Power != 0, byte(m.Power>>8), byte(m.Power))
	if m.Trust != nil {
		add(cdpTrust, true, *m.Trust)
	}
	if m.CoS != nil {
		add(cdpCoS, true, *m.CoS)
	}
	add(cdpPowerRequest, m.PowerRequest != nil, m.PowerRequest.bytes()...)
	add(cdpPowerAvailable, m.PowerAvailable != nil, m.PowerAvailable.bytes()...)
	return b
}

func addressList(list []netip.Addr) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(list)))
	for _, a := range list {
		b = append(append(b, cdpIPv4...), a.AsSlice()...)
	}
	return b
}

func (p *CDPPower) bytes() []byte {
	if p == nil {
		return nil
	}
	b := binary.BigEndian.AppendUint16(nil, p.Request)
	b = binary.BigEndian.AppendUint16(b, p.Management)
	for _, level := range p.Levels {
		b = binary.BigEndian.AppendUint32(b, level)
	}
	return b
}

// cdpChecksum is the internet checksum (RFC 1071) but for the last byte of an
// odd number: CDP adds it as a signed number of its own, not as the upper half
// of one. The field itself must be zero.
func cdpChecksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		sum += uint32(b[0])
		if b[0] >= 0x80 {
			sum += 0xffff - 0x100 // less 256 in one's complement
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// ParseCDP reads a frame. It fails for anything but a whole CDP message with
// the right checksum; values of unknown types are passed over.
func ParseCDP(frame []byte) (CDPMessage, error) {
	if len(frame) < cdpStart+cdpHead || len(frame) > link.MaxFrame {
		return CDPMessage{}, malformed("%d bytes", len(frame))
	}
	if string(frame[:6]) != link.CDPGroup || string(frame[addressesLength+2:cdpStart]) != link.CDPSNAP {
		return CDPMessage{}, malformed("not CDP")
	}
	length := int(binary.BigEndian.Uint16(frame[addressesLength:]))
	end := addressesLength + 2 + length // what follows is padding
	if end < cdpStart+cdpHead || end > len(frame) || length > cdpMaxLength+len(link.CDPSNAP) {
		return CDPMessage{}, malformed("CDP says %d bytes of %d", length, len(frame))
	}
	body := slices.Clone(frame[cdpStart:end])
	if v := body[0]; v != 1 && v != cdpVersion {
		return CDPMessage{}, malformed("CDP version %d", v)
	}
	sum := binary.BigEndian.Uint16(body[2:])
	body[2], body[3] = 0, 0
	if cdpChecksum(body) != sum {
		return CDPMessage{}, malformed("CDP checksum")
	}
	m := CDPMessage{Source: source(frame), TTL: body[1]}
	for b := body[cdpHead:]; len(b) > 0; {
		if len(b) < cdpTLVHead {
			return CDPMessage{}, malformed("CDP value ends early")
		}
		kind, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if n < cdpTLVHead || n > len(b) {
			return CDPMessage{}, malformed("CDP value %#x of %d bytes in %d", kind, n, len(b))
		}
		if err := m.read(kind, b[cdpTLVHead:n]); err != nil {
			return CDPMessage{}, err
		}
		b = b[n:]
	}
	return m, nil
}
