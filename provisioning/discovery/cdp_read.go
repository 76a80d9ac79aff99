package discovery

import (
	"encoding/binary"
	"net/netip"
)

// read takes one value of a message in. Of a value that comes twice, the last
// one counts.
func (m *CDPMessage) read(kind uint16, v []byte) (err error) {
	switch kind {
	case cdpDevice:
		m.Device = text(v)
	case cdpAddresses:
		m.Addresses, err = readAddresses(v)
	case cdpPort:
		m.Port = text(v)
	case cdpCapabilities:
		if len(v) < 4 {
			return malformed("CDP capabilities of %d bytes", len(v))
		}
		m.Capabilities = binary.BigEndian.Uint32(v)
	case cdpSoftware:
		m.Version = text(v)
	case cdpPlatform:
		m.Platform = text(v)
	case cdpNativeVLAN:
		err = uint16Of(v, &m.NativeVLAN)
	case cdpDuplex:
		if len(v) < 1 || v[0] > 1 {
			return malformed("CDP duplex %x", v)
		}
		m.Duplex = HalfDuplex + CDPDuplex(v[0])
	case cdpVoiceReply:
		m.VoiceVLANs, err = readVoiceVLANs(v)
	case cdpVoiceQuery:
		if len(v) > cdpMaxList {
			return malformed("CDP query of %d bytes", len(v))
		}
		m.Query = string(v)
	case cdpPower:
		err = uint16Of(v, &m.Power)
	case cdpTrust:
		m.Trust, err = readByte(v)
	case cdpCoS:
		m.CoS, err = readByte(v)
	case cdpPowerRequest:
		m.PowerRequest, err = readPower(v)
	case cdpPowerAvailable:
		m.PowerAvailable, err = readPower(v)
	}
	return err
}

func readByte(v []byte) (*uint8, error) {
	if len(v) < 1 {
		return nil, malformed("CDP value without its byte")
	}
	b := v[0]
	return &b, nil
}

// readVoiceVLANs reads appliance and VLAN, again and again. Some switches send
// the VLAN alone.
func readVoiceVLANs(v []byte) ([]CDPVoiceVLAN, error) {
	if len(v) == 2 {
		return []CDPVoiceVLAN{{Appliance: appliancePhone, VLAN: binary.BigEndian.Uint16(v)}}, nil
	}
	if len(v) == 0 || len(v)%3 != 0 || len(v) > 3*cdpMaxList {
		return nil, malformed("CDP voice VLAN of %d bytes", len(v))
	}
	var list []CDPVoiceVLAN
	for ; len(v) > 0; v = v[3:] {
		list = append(list, CDPVoiceVLAN{Appliance: v[0], VLAN: binary.BigEndian.Uint16(v[1:])})
	}
	return list, nil
}

func readPower(v []byte) (*CDPPower, error) {
	if len(v) < 4 || len(v)%4 != 0 || len(v) > 4+4*cdpMaxList {
		return nil, malformed("CDP power of %d bytes", len(v))
	}
	p := &CDPPower{Request: binary.BigEndian.Uint16(v), Management: binary.BigEndian.Uint16(v[2:])}
	for v = v[4:]; len(v) > 0; v = v[4:] {
		p.Levels = append(p.Levels, binary.BigEndian.Uint32(v))
	}
	return p, nil
}

// readAddresses keeps the IPv4 addresses of a list: number, then for each the
// type, length and value of its protocol and the length and value of itself.
func readAddresses(v []byte) ([]netip.Addr, error) {
	if len(v) < 4 {
		return nil, malformed("CDP addresses of %d bytes", len(v))
	}
	number := binary.BigEndian.Uint32(v)
	var list []netip.Addr
	for v = v[4:]; number > 0; number-- {
		if len(v) < 2 || len(v) < 4+int(v[1]) {
			return nil, malformed("CDP address ends early")
		}
		head := 4 + int(v[1])
		n := int(binary.BigEndian.Uint16(v[head-2:]))
		if len(v) < head+n {
			return nil, malformed("CDP address of %d bytes in %d", n, len(v)-head)
		}
		if string(v[:head]) == cdpIPv4 && len(list) < cdpMaxList {
			list = append(list, netip.AddrFrom4([4]byte(v[head:head+n])))
		}
		v = v[head+n:]
	}
	return list, nil
}
