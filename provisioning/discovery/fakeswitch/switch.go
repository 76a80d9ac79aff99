// Package fakeswitch plays an access switch that gives phones a voice VLAN by
// CDP and LLDP-MED. The lab's simulated network stands on it, and so do tests;
// no free program sends the voice VLAN by CDP.
package fakeswitch

import (
	"context"
	"log/slog"
	"time"

	"deskset/provisioning/discovery"
	"deskset/provisioning/link"
)

// Switch is one port of the switch.
type Switch struct {
	// Wire is where the phone is.
	Wire link.Wire
	// VLAN for voice, 0 to 65535; 0 names none. CDP sends what does not fit into a VLAN id
	// as it is, for phones to refuse; LLDP-MED then names none.
	VLAN int
	// Priority (802.1p, 0 to 7) and DSCP (0 to 63) for voice by LLDP-MED.
	Priority, DSCP uint8
	// NoCDP and NoLLDP silence a protocol.
	NoCDP, NoLLDP bool
	Log           *slog.Logger // nil discards
}

// Name and Port are what the switch calls itself and its port.
const (
	Name = "lab-switch"
	Port = "FastEthernet0/1"
)

// Turns of a switch: CDP's, and msgTxInterval of LLDP (IEEE 802.1AB-2016,
// 9.2.5.7). One timer does for both.
const (
	turn     = 30 * time.Second
	cdpHold  = 180
	lldpHold = 121
)

const maxVLAN = 4095 // what 12 bits hold

// Run announces the voice VLAN now, at each turn, and whenever a phone asks,
// until ctx ends (its error is no failure of Run, whose result is nil then) or
// the wire is closed.
func (s Switch) Run(ctx context.Context) error {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	for {
		if err := s.announce(!s.NoCDP, !s.NoLLDP); err != nil {
			return err
		}
		if err := s.answer(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
	}
}

// answer answers the phones' questions for a turn.
func (s Switch) answer(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, turn)
	defer cancel()
	for {
		frame, err := s.Wire.Receive(wait)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return ctx.Err()
		case wait.Err() != nil:
			return nil
		default:
			return err
		}
		cdp, lldp := asks(frame)
		if cdp || lldp {
			s.Log.Debug("switch is asked for the voice VLAN", "cdp", cdp, "lldp", lldp)
		}
		if err := s.announce(cdp && !s.NoCDP, lldp && !s.NoLLDP); err != nil {
			return err
		}
	}
}

// asks tells whether a frame is a phone's question for the voice VLAN.
func asks(frame []byte) (cdp, lldp bool) {
	if m, err := discovery.ParseCDP(frame); err == nil {
		return m.Query != "", false
	}
	m, err := discovery.ParseLLDP(frame)
	return false, err == nil && m.TTL > 0 && m.MED != nil && m.MED.Class != discovery.MEDSwitch
}

func (s Switch) announce(cdp, lldp bool) error {
	if cdp {
		if err := s.send(s.cdp().Frame()); err != nil {
			return err
		}
	}
	if lldp {
		return s.send(s.lldp().Frame())
	}
	return nil
}

func (s Switch) send(frame []byte, err error) error {
	if err != nil {
		return err
	}
	return s.Wire.Send(frame)
}

func (s Switch) cdp() discovery.CDPMessage {
	trust, cos := uint8(0), uint8(0)
	m := discovery.CDPMessage{
		Source: s.Wire.MAC(), TTL: cdpHold,
		Device: Name, Port: Port, Version: "1", Platform: "Deskset lab",
		Capabilities: discovery.CDPSwitch,
		NativeVLAN:   1,
		Duplex:       discovery.FullDuplex,
		Trust:        &trust,
		CoS:          &cos,
	}
	if s.VLAN != 0 {
		const phone = 1
		m.VoiceVLANs = []discovery.CDPVoiceVLAN{{Appliance: phone, VLAN: uint16(s.VLAN)}}
	}
	return m
}

func (s Switch) lldp() discovery.LLDPMessage {
	mac := s.Wire.MAC()
	m := discovery.LLDPMessage{
		Source:     mac,
		Chassis:    discovery.LLDPID{Kind: discovery.ChassisMAC, Value: string(mac)},
		Port:       discovery.LLDPID{Kind: discovery.PortName, Value: Port},
		TTL:        lldpHold,
		SystemName: Name, SystemDescription: "Deskset lab",
		Capabilities: discovery.LLDPBridge,
		Enabled:      discovery.LLDPBridge,
		MAU:          discovery.MAU100TX,
		MED:          &discovery.MED{Capabilities: discovery.MEDCapabilities | discovery.MEDPolicy, Class: discovery.MEDSwitch},
	}
	if s.VLAN > 0 && s.VLAN <= maxVLAN {
		m.MED.Policies = []discovery.MEDNetworkPolicy{{
			Application: discovery.MEDVoice, Tagged: true, VLAN: uint16(s.VLAN), Priority: s.Priority, DSCP: s.DSCP,
		}}
	}
	return m
}
