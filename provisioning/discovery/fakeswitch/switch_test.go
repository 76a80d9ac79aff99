package fakeswitch_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"deskset/provisioning/discovery"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"
)

var (
	phoneMAC  = net.HardwareAddr{0, 0x50, 0x3e, 0xff, 0xd8, 0x42}
	switchMAC = net.HardwareAddr{2, 0, 0, 0, 0, 0x51}
)

// said is what the switch told in d: for CDP the voice VLAN, for LLDP-MED the
// policy's, -1 if none.
func said(t *testing.T, w link.Wire, d time.Duration) (cdp, lldp []int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	for {
		frame, err := w.Receive(ctx)
		if err != nil {
			return cdp, lldp
		}
		vlan := -1
		if m, err := discovery.ParseCDP(frame); err == nil {
			if len(m.VoiceVLANs) > 0 {
				vlan = int(m.VoiceVLANs[0].VLAN)
			}
			cdp = append(cdp, vlan)
		} else if m, err := discovery.ParseLLDP(frame); err == nil {
			if len(m.MED.Policies) > 0 {
				vlan = int(m.MED.Policies[0].VLAN)
			}
			lldp = append(lldp, vlan)
		} else {
			t.Errorf("neither CDP nor LLDP: %x", frame)
		}
	}
}

// run starts a switch and gives the phone's wire and what ends the switch.
func run(t *testing.T, s fakeswitch.Switch) (w link.Wire, end func() error) {
	seg := linktest.NewSegment()
	w = seg.Wire(phoneMAC, 0)
	s.Wire = seg.Wire(switchMAC, 0)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	return w, func() error { cancel(); return <-done }
}

func TestSwitchAnnouncesAndAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		s         fakeswitch.Switch
		cdp, lldp int // the VLANs told; 0 for silence
	}{
		"both":          {fakeswitch.Switch{VLAN: 110}, 110, 110},
		"CDP only":      {fakeswitch.Switch{VLAN: 110, NoLLDP: true}, 110, 0},
		"LLDP only":     {fakeswitch.Switch{VLAN: 110, NoCDP: true}, 0, 110},
		"no VLAN":       {fakeswitch.Switch{}, -1, -1},
		"too high":      {fakeswitch.Switch{VLAN: 5000}, 5000, -1},
		"reserved":      {fakeswitch.Switch{VLAN: 4095}, 4095, 4095},
		"sixteen bits":  {fakeswitch.Switch{VLAN: 65535}, 65535, -1},
		"with priority": {fakeswitch.Switch{VLAN: 1, Priority: 7, DSCP: 63}, 1, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, end := run(t, c.s)
			check := func(when string, times int, d time.Duration) {
				cdp, lldp := said(t, w, d)
				for _, p := range []struct {
					got  []int
					want int
				}{{cdp, c.cdp}, {lldp, c.lldp}} {
					if p.want == 0 && len(p.got) > 0 || p.want != 0 && (len(p.got) != times || p.got[0] != p.want) {
						t.Errorf("%s, %s: CDP %v, LLDP %v", name, when, cdp, lldp)
					}
				}
			}
			check("in 100 s", 4, 100*time.Second) // 0, 30, 60, 90
			id := discovery.LLDPID{Kind: discovery.PortLocal, Value: "x"}
			for _, m := range []interface{ Frame() ([]byte, error) }{
				discovery.CDPMessage{Source: phoneMAC, TTL: 180, Query: discovery.CDPTrigger},
				discovery.LLDPMessage{Source: phoneMAC, Chassis: id, Port: id, TTL: 120, MED: &discovery.MED{Class: discovery.MEDPhone}},
				discovery.CDPMessage{Source: phoneMAC, TTL: 180},
				discovery.LLDPMessage{Source: phoneMAC, Chassis: id, Port: id, MED: &discovery.MED{Class: discovery.MEDPhone}},
			} { // the last two ask for nothing
				frame, err := m.Frame()
				if err == nil {
					err = w.Send(frame)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			check("asked", 1, time.Second)
			if err := end(); err != nil {
				t.Errorf("%s: Run = %v", name, err)
			}
		})
	}
}

func TestSwitchEndsWithItsWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := linktest.NewSegment().Wire(switchMAC, 0)
		go func() {
			<-time.After(time.Minute)
			w.Close()
		}()
		if err := (fakeswitch.Switch{Wire: w}).Run(t.Context()); !errors.Is(err, link.ErrClosed) {
			t.Errorf("Run = %v, want ErrClosed", err)
		}
	})
}
