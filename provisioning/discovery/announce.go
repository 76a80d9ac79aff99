package discovery

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"net/netip"

	"deskset/provisioning/link"
)

// phonePort is the name of the phone's port: the other one is for a PC.
const phonePort = "Port 1"

// What a phone asks to be told of the power, as the instrument numbers it.
const (
	powerRequest    = 1
	powerManagement = 3
)

// Priority and DSCP of voice, where the switch tells none: 802.1p 5, expedited
// forwarding (RFC 3246).
const (
	voicePriority = 5
	voiceDSCP     = 46
)

// manufacturer in the inventory.
const manufacturer = "Deskset"

// send announces the phone by the protocols asked for. The error is that of the
// wire, of both protocols if both failed.
func (s *Speaker) send(wire link.Wire, who Identity, cdp, lldp bool) error {
	var failed error
	try := func(name string, frame []byte, err error) {
		if err == nil {
			err = wire.Send(frame)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", name, err))
			s.o.Log.Warn("announcement not sent", "protocol", name, "error", err)
		}
	}
	if cdp {
		frame, err := who.cdp().Frame()
		try("CDP", frame, err)
	}
	if lldp {
		frame, err := who.lldp(s.best()).Frame()
		try("LLDP", frame, err)
	}
	return failed
}

// withdraw takes the LLDP announcement back: a message with what every message
// has and a TTL of 0 (IEEE 802.1AB-2016, 9.2.7.8, shutdown).
func (s *Speaker) withdraw(wire link.Wire, who Identity) {
	m := who.lldp(Neighbor{})
	frame, err := LLDPMessage{Source: m.Source, Chassis: m.Chassis, Port: m.Port}.Frame()
	if err == nil {
		err = wire.Send(frame)
	}
	if err != nil && !errors.Is(err, link.ErrClosed) {
		s.o.Log.Warn("announcement not taken back", "protocol", "LLDP", "error", err)
	}
}

// milliwatts is the power as CDP counts it.
func (i Identity) milliwatts() uint16 { return uint16(min(max(i.Power, 0), math.MaxUint16)) }

// cdp is the phone's announcement by CDP.
func (i Identity) cdp() CDPMessage {
	m := CDPMessage{
		Source:       i.MAC,
		TTL:          cdpHold,
		Device:       clip(i.Device, lldpMaxText),
		Port:         phonePort,
		Version:      clip(i.Load, lldpMaxText),
		Platform:     clip(i.Platform, lldpMaxText),
		Capabilities: CDPHost | CDPPhone | CDPTwoPort,
		Duplex:       FullDuplex,
		Query:        CDPTrigger,
		Power:        i.milliwatts(),
	}
	if i.Addr.Is4() {
		m.Addresses = []netip.Addr{i.Addr}
	}
	if m.Power > 0 {
		m.PowerRequest = &CDPPower{Request: powerRequest, Management: powerManagement, Levels: []uint32{uint32(m.Power)}}
	}
	return m
}

// lldp is the phone's announcement by LLDP-MED. The chassis is named by its
// hardware address also when it has an address of IP (ANSI/TIA-1057, 10.2.2,
// would rather have that), so that the switch sees one phone all the time.
func (i Identity) lldp(n Neighbor) LLDPMessage {
	m := LLDPMessage{
		Source:            i.MAC,
		Chassis:           LLDPID{Kind: ChassisMAC, Value: string(i.MAC)},
		Port:              LLDPID{Kind: PortMAC, Value: string(i.MAC)},
		TTL:               lldpHold,
		PortDescription:   phonePort,
		SystemName:        clip(i.Device, lldpMaxText),
		SystemDescription: clip(i.Platform+", "+i.Load, lldpMaxText),
		Capabilities:      LLDPTelephone,
		Enabled:           LLDPTelephone,
		Management:        i.Addr,
		MAU:               MAU100TX,
	}
	m.MED = &MED{
		Capabilities: MEDCapabilities | MEDPolicy | MEDPD | MEDInventory,
		Class:        MEDPhone,
		Policies:     []MEDNetworkPolicy{policy(n)},
		Firmware:     clip(i.Load, medMaxText),
		Software:     clip(i.Load, medMaxText),
		Serial:       clip(i.Serial, medMaxText),
		Manufacturer: manufacturer,
		Model:        clip(i.Platform, medMaxText),
	}
	if tenths := i.milliwatts() / 100; tenths > 0 {
		m.MED.Power = &MEDPowerViaMDI{Type: MEDPowerPD, Source: 1, Priority: 2, Tenths: tenths}
	}
	return m
}

// policy asks for the voice VLAN, or confirms the one that n told.
func policy(n Neighbor) MEDNetworkPolicy {
	if n.VLAN < 1 || link.CheckVLAN(n.VLAN) != nil {
		return MEDNetworkPolicy{Application: MEDVoice, Unknown: true}
	}
	p := MEDNetworkPolicy{Application: MEDVoice, Tagged: true, VLAN: uint16(n.VLAN), Priority: voicePriority, DSCP: voiceDSCP}
	if n.Priority >= 0 {
		p.Priority = uint8(n.Priority)
	}
	if n.DSCP >= 0 {
		p.DSCP = uint8(n.DSCP)
	}
	return p
}

// hear takes a frame in. It tells of which protocol it is, None if it is not
// one of a switch, and whether it is the first of that switch.
func (s *Speaker) hear(frame []byte, wire link.Wire) (by Protocol, fresh bool) {
	if len(frame) < lldpStart {
		return None, false
	}
	if from := source(frame); bytes.Equal(from, s.who.MAC) || bytes.Equal(from, wire.MAC()) {
		return None, false
	}
	h, ok, err := s.read(frame)
	if err != nil {
		s.o.Log.Debug("frame of a neighbor passed over", "from", source(frame), "error", err)
	}
	if !ok {
		return None, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.Protocol, s.table.add(h)
}

// read tells what a frame says, if it is of a protocol that is on and a switch.
func (s *Speaker) read(frame []byte) (heard, bool, error) {
	switch {
	case s.o.CDP && string(frame[:6]) == link.CDPGroup:
		m, err := ParseCDP(frame)
		if err != nil {
			return heard{}, false, err
		}
		h, ok := m.heard()
		return h, ok, nil
	case s.o.LLDP && frame[addressesLength] == link.EtherLLDP>>8 && frame[addressesLength+1] == link.EtherLLDP&0xff:
		m, err := ParseLLDP(frame)
		if err != nil {
			return heard{}, false, err
		}
		h, ok := m.heard()
		return h, ok, nil
	}
	return heard{}, false, nil
}
