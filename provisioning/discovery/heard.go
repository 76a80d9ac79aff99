package discovery

import (
	"slices"
	"time"
)

// heard is what one message of a switch says to a phone.
type heard struct {
	Neighbor
	until time.Time // in the past if it was taken back
}

// heard tells what the message means to a phone; false if it is not a switch's.
// Switches that know nothing of CDP pass other phones' messages on.
func (m CDPMessage) heard() (heard, bool) {
	h := heard{
		Neighbor: Neighbor{Protocol: CDP, Switch: m.Device, Port: m.Port, Priority: -1, DSCP: -1},
		until:    time.Now().Add(time.Duration(m.TTL) * time.Second),
	}
	for i, v := range m.VoiceVLANs {
		if i == 0 || v.Appliance == appliancePhone {
			h.VLAN = int(v.VLAN)
		}
		if v.Appliance == appliancePhone {
			break
		}
	}
	return h, len(m.VoiceVLANs) > 0 || m.Capabilities&(CDPSwitch|CDPBridge|CDPRouter) != 0
}

// heard tells what the message means to a phone; false if it is not a switch's.
// A policy counts if the sender is one by MED's class, too, and not another
// phone that tells the policy it uses.
func (m LLDPMessage) heard() (heard, bool) {
	h := heard{
		Neighbor: Neighbor{Protocol: LLDPMED, Switch: m.SystemName, Port: m.Port.String(), Priority: -1, DSCP: -1},
		until:    time.Now().Add(time.Duration(m.TTL) * time.Second),
	}
	if h.Switch == "" {
		h.Switch = m.Chassis.String()
	}
	if m.MED == nil || m.MED.Class != MEDSwitch {
		return h, (m.MED == nil || m.MED.Class == 0) && m.Enabled&(LLDPBridge|LLDPRouter) != 0
	}
	for _, p := range m.MED.Policies {
		if p.Application == MEDVoice && !p.Unknown {
			if p.Tagged {
				h.VLAN = int(p.VLAN)
			}
			h.Priority, h.DSCP = int(p.Priority), int(p.DSCP)
			break
		}
	}
	return h, true
}

// neighbors are the switches heard, the first one first; each is there once for
// each protocol.
type neighbors []heard

// maxNeighbors bounds the switches. More than two on one port are odd.
const maxNeighbors = 16

// add takes a message in. It tells whether it is the first of that switch.
func (t *neighbors) add(h heard) (fresh bool) {
	now := time.Now()
	*t = slices.DeleteFunc(*t, func(old heard) bool { return !now.Before(old.until) })
	i := slices.IndexFunc(*t, func(old heard) bool {
		return old.Protocol == h.Protocol && old.Switch == h.Switch && old.Port == h.Port
	})
	switch {
	case i >= 0:
		(*t)[i] = h
	case len(*t) < maxNeighbors && now.Before(h.until):
		*t = append(*t, h)
		return true
	}
	return false
}

// best is the switch to follow: one that names a VLAN before one that does not,
// CDP before LLDP-MED, the first heard before others. It is the zero Neighbor
// if there is none.
func (t neighbors) best(now time.Time) (best Neighbor) {
	rank := func(n Neighbor) int {
		switch {
		case n.Protocol == None:
			return 0
		case n.VLAN == 0:
			return 1
		case n.Protocol == LLDPMED:
			return 2
		}
		return 3
	}
	for _, h := range t {
		if now.Before(h.until) && rank(h.Neighbor) > rank(best) {
			best = h.Neighbor
		}
	}
	return best
}
