package discovery

import "encoding/binary"

// MED is the part of an LLDP message for media endpoints (ANSI/TIA-1057).
type MED struct {
	// Capabilities is which kinds of values the sender knows: MEDPolicy and so
	// on; Class is what it is: MEDPhone or MEDSwitch. Every sender of MED tells
	// both (10.2.1), so that they are sent always.
	Capabilities uint16
	Class        uint8
	Policies     []MEDNetworkPolicy
	Power        *MEDPowerViaMDI
	// The inventory (10.2.6): 32 bytes each.
	Hardware, Firmware, Software, Serial, Manufacturer, Model, Asset string
}

// MEDNetworkPolicy is the VLAN and the priorities for one application (10.2.3).
type MEDNetworkPolicy struct {
	Application uint8 // MEDVoice and so on
	// Unknown is set by an endpoint that asks; the rest is zero then.
	Unknown  bool
	Tagged   bool
	VLAN     uint16 // 12 bits
	Priority uint8  // 802.1p, 0 to 7
	DSCP     uint8  // 0 to 63
}

// MEDPowerViaMDI is what an endpoint draws or a switch offers (10.2.5).
type MEDPowerViaMDI struct {
	Type     uint8  // MEDPowerPSE or MEDPowerPD
	Source   uint8  // 0 unknown; of an endpoint: 1 the switch, 2 a local one
	Priority uint8  // 0 unknown, 1 critical, 2 high, 3 low
	Tenths   uint16 // of a watt
}

// Capabilities (10.2.2.1).
const (
	MEDCapabilities = 1 << 0
	MEDPolicy       = 1 << 1
	MEDPSE          = 1 << 3
	MEDPD           = 1 << 4
	MEDInventory    = 1 << 5
)

// Classes (10.2.2.2).
const (
	MEDPhone  = 3 // endpoint class III, communication device
	MEDSwitch = 4 // network connectivity
)

// MEDVoice is the application of a phone's voice (10.2.3.1).
const MEDVoice = 1

// Types of MEDPowerViaMDI (10.2.5.1).
const (
	MEDPowerPSE = 0
	MEDPowerPD  = 1
)

// Subtypes of the values of MED.
const (
	medCapabilities = 1
	medPolicy       = 2
	medPower        = 4
	medInventory    = 5 // the first of seven
)

const (
	// medMaxText bounds a value of the inventory (10.2.6).
	medMaxText = 32
	// medMaxPolicies is how many are kept; there are 8 applications.
	medMaxPolicies = 8
)

// inventory gives the fields in the order of their subtypes.
func (m *MED) inventory() [7]*string {
	return [...]*string{&m.Hardware, &m.Firmware, &m.Software, &m.Serial, &m.Manufacturer, &m.Model, &m.Asset}
}

// write adds the values. The capabilities come first (10.2.2).
func (m *MED) write(w *lldpWriter) {
	add := func(subtype byte, value ...byte) {
		w.add(lldpOrganisation, append(append([]byte(organisationMED), subtype), value...))
	}
	add(medCapabilities, byte(m.Capabilities>>8), byte(m.Capabilities), m.Class)
	for _, p := range m.Policies {
		if p.VLAN > 4095 || p.Priority > 7 || p.DSCP > 63 {
			w.fail("LLDP-MED policy with VLAN %d, priority %d, DSCP %d: too high", p.VLAN, p.Priority, p.DSCP)
		}
		add(medPolicy, p.bytes()...)
	}
	if p := m.Power; p != nil {
		if p.Type > 3 || p.Source > 3 || p.Priority > 15 {
			w.fail("LLDP-MED power of type %d, source %d, priority %d: too high", p.Type, p.Source, p.Priority)
		}
		add(medPower, p.Type<<6|p.Source<<4|p.Priority, byte(p.Tenths>>8), byte(p.Tenths))
	}
	for i, s := range m.inventory() {
		if len(*s) > medMaxText {
			w.fail("LLDP-MED inventory of %d bytes: want at most %d", len(*s), medMaxText)
		}
		if *s != "" {
			add(medInventory+byte(i), []byte(*s)...)
		}
	}
}

// bytes is the application, then 24 bits: unknown, tagged, reserved, VLAN,
// priority, DSCP (10.2.3).
func (p MEDNetworkPolicy) bytes() []byte {
	v := uint32(p.Application)<<24 | uint32(p.VLAN)<<9 | uint32(p.Priority)<<6 | uint32(p.DSCP)
	if p.Unknown {
		v |= 1 << 23
	}
	if p.Tagged {
		v |= 1 << 22
	}
	return binary.BigEndian.AppendUint32(nil, v)
}

// read takes one value in.
func (m *MED) read(subtype byte, v []byte) error {
	switch {
	case subtype == medCapabilities:
		if len(v) < 3 {
			return malformed("LLDP-MED capabilities of %d bytes", len(v))
		}
		m.Capabilities, m.Class = binary.BigEndian.Uint16(v), v[2]
	case subtype == medPolicy:
		if len(v) < 4 {
			return malformed("LLDP-MED policy of %d bytes", len(v))
		}
		if len(m.Policies) < medMaxPolicies {
			m.Policies = append(m.Policies, readPolicy(binary.BigEndian.Uint32(v)))
		}
	case subtype == medPower:
		if len(v) < 3 {
			return malformed("LLDP-MED power of %d bytes", len(v))
		}
		m.Power = &MEDPowerViaMDI{Type: v[0] >> 6, Source: v[0] >> 4 & 3, Priority: v[0] & 15, Tenths: binary.BigEndian.Uint16(v[1:])}
	case subtype >= medInventory && subtype < medInventory+byte(len(m.inventory())):
		*m.inventory()[subtype-medInventory] = text(v[:min(len(v), medMaxText)])
	}
	return nil
}

func readPolicy(v uint32) MEDNetworkPolicy {
	return MEDNetworkPolicy{
		Application: uint8(v >> 24),
		Unknown:     v>>23&1 == 1,
		Tagged:      v>>22&1 == 1,
		VLAN:        uint16(v >> 9 & 0xfff),
		Priority:    uint8(v >> 6 & 7),
		DSCP:        uint8(v & 63),
	}
}
