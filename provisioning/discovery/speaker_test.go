package discovery_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"deskset/provisioning/discovery"
	"deskset/provisioning/discovery/fakeswitch"
	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"
)

var (
	phoneMAC  = net.HardwareAddr{0x00, 0x50, 0x3e, 0xff, 0xd8, 0x42}
	switchMAC = net.HardwareAddr{0x02, 0, 0, 0, 0, 0x51}
	otherMAC  = net.HardwareAddr{0x02, 0, 0, 0, 0, 0x52}
	phone     = discovery.Identity{MAC: phoneMAC, Device: "SIP00503EFFD842", Load: "P0S3-08-12-00", Platform: "Deskset 7960", Power: 6300}
	both      = discovery.Options{CDP: true, LLDP: true, Listen: 10 * time.Second}
)

// bench is a phone's wire on a segment, in virtual time.
type bench struct {
	*testing.T
	seg   *linktest.Segment
	wire  link.Wire
	start time.Time
}

func on(t *testing.T, run func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		seg := linktest.NewSegment()
		run(&bench{T: t, seg: seg, wire: seg.Wire(phoneMAC, 0), start: time.Now()})
	})
}

// plug runs a switch until the test ends.
func (b *bench) plug(s fakeswitch.Switch) {
	if s.Wire == nil {
		s.Wire = b.seg.Wire(switchMAC, 0)
	}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Errorf("switch: %v", err)
		}
	})
}

// say sends one message of a neighbor.
func (b *bench) say(m interface{ Frame() ([]byte, error) }) {
	frame, err := m.Frame()
	if err != nil {
		b.Fatal(err)
	}
	if err := b.seg.Wire(otherMAC, 0).Send(frame); err != nil {
		b.Error(err)
	}
}

func (b *bench) find(o discovery.Options) (discovery.Neighbor, error) {
	return discovery.NewSpeaker(phone, o).Find(b.Context(), b.wire)
}

// pause waits in virtual time.
func pause(d time.Duration) { <-time.After(d) }

// took fails unless the virtual time since the start is d.
func (b *bench) took(d time.Duration) {
	b.Helper()
	if got := time.Since(b.start); got != d {
		b.Errorf("took %v, want %v", got, d)
	}
}

func cdpOf(from net.HardwareAddr, vlan uint16) discovery.CDPMessage {
	return discovery.CDPMessage{Source: from, TTL: 180, Device: "other", Port: "1", Capabilities: discovery.CDPSwitch,
		VoiceVLANs: []discovery.CDPVoiceVLAN{{Appliance: 2, VLAN: 99}, {Appliance: 1, VLAN: vlan}}}
}

func TestFindLearnsTheVoiceVLANByCDPAtOnce(t *testing.T) {
	on(t, func(b *bench) {
		b.plug(fakeswitch.Switch{VLAN: 110, NoLLDP: true})
		synctest.Wait()
		n, err := b.find(discovery.Options{CDP: true, Listen: time.Minute})
		want := discovery.Neighbor{Protocol: discovery.CDP, Switch: fakeswitch.Name, Port: fakeswitch.Port, VLAN: 110, Priority: -1, DSCP: -1}
		if err != nil || n != want {
			b.Errorf("got %+v, %v", n, err)
		}
		b.took(0)
	})
}

func TestFindLearnsTheVoiceVLANByLLDPMED(t *testing.T) {
	on(t, func(b *bench) {
		b.plug(fakeswitch.Switch{VLAN: 110, Priority: 5, DSCP: 46, NoCDP: true})
		n, err := b.find(both)
		want := discovery.Neighbor{Protocol: discovery.LLDPMED, Switch: fakeswitch.Name, Port: fakeswitch.Port, VLAN: 110, Priority: 5, DSCP: 46}
		if err != nil || n != want {
			b.Errorf("got %+v, %v", n, err)
		}
		b.took(0)
	})
}

func TestFindRepeatsItsQuestions(t *testing.T) {
	on(t, func(b *bench) {
		var cdp, lldp []time.Duration
		b.seg.Drop(func(f linktest.Frame) bool {
			if m, err := discovery.ParseCDP(f.Data); err == nil && m.Query == discovery.CDPTrigger {
				cdp = append(cdp, time.Since(b.start))
			}
			if m, err := discovery.ParseLLDP(f.Data); err == nil && m.MED.Policies[0].Unknown {
				lldp = append(lldp, time.Since(b.start))
			}
			return false
		})
		_, err := b.find(both)
		if !errors.Is(err, discovery.ErrNoNeighbor) {
			b.Errorf("error = %v, want ErrNoNeighbor", err)
		}
		want := []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 5 * time.Second, 9 * time.Second}
		if !slices.Equal(cdp, want) || !slices.Equal(lldp, want) {
			b.Errorf("asked at %v and %v, want %v", cdp, lldp, want)
		}
		b.took(both.Listen)
	})
}

// TestFindSurvivesLoss: with a fifth of all frames lost, 100 of 100 learn it.
func TestFindSurvivesLoss(t *testing.T) {
	for seed := range uint64(100) {
		on(t, func(b *bench) {
			b.seg.Drop(linktest.Loss(0.2, seed))
			b.plug(fakeswitch.Switch{VLAN: 110})
			if n, err := b.find(both); err != nil || n.VLAN != 110 {
				b.Errorf("seed %d: %+v, %v", seed, n, err)
			}
		})
	}
}

func TestFindPassesOddVLANsOn(t *testing.T) {
	for _, vlan := range []int{1, 4094, 4095, 4096, 65535} {
		on(t, func(b *bench) {
			b.plug(fakeswitch.Switch{VLAN: vlan, NoLLDP: true})
			if n, err := b.find(both); err != nil || n.VLAN != vlan {
				b.Errorf("VLAN %d: %+v, %v", vlan, n, err)
			}
		})
	}
}

func TestSwitchWithoutVoiceVLANIsToldAtTheEnd(t *testing.T) {
	on(t, func(b *bench) {
		b.plug(fakeswitch.Switch{VLAN: 0})
		n, err := b.find(both)
		if err != nil || n.Protocol != discovery.CDP || n.VLAN != 0 || n.Switch != fakeswitch.Name {
			b.Errorf("got %+v, %v", n, err)
		}
		b.took(both.Listen)
	})
}

func TestTheOneWithVLANWins(t *testing.T) {
	on(t, func(b *bench) {
		b.plug(fakeswitch.Switch{VLAN: 0})
		go func() {
			pause(2500 * time.Millisecond)
			b.say(cdpOf(otherMAC, 120))
		}()
		if n, err := b.find(both); err != nil || n.VLAN != 120 || n.Switch != "other" {
			b.Errorf("got %+v, %v", n, err)
		}
		b.took(2500 * time.Millisecond)
	})
}

// TestFindPassesOver what is not a switch's word to this phone.
func TestFindPassesOver(t *testing.T) {
	voice := []discovery.MEDNetworkPolicy{{Application: discovery.MEDVoice, Tagged: true, VLAN: 66}}
	lldp := func(class uint8, p []discovery.MEDNetworkPolicy) discovery.LLDPMessage {
		return discovery.LLDPMessage{Source: otherMAC, Chassis: discovery.LLDPID{Kind: discovery.ChassisLocal, Value: "x"}, Port: discovery.LLDPID{Kind: discovery.PortName, Value: "y"},
			TTL: 100, Enabled: discovery.LLDPBridge, MED: &discovery.MED{Class: class, Policies: p}}
	}
	broken, _ := cdpOf(otherMAC, 66).Frame()
	broken[30] ^= 1
	dead := cdpOf(otherMAC, 66)
	dead.TTL = 0
	for name, m := range map[string]interface{ Frame() ([]byte, error) }{
		"own address":          cdpOf(phoneMAC, 66),
		"broken":               raw(broken),
		"short":                raw(broken[:14]),
		"another phone, CDP":   discovery.CDPMessage{Source: otherMAC, TTL: 180, Device: "SEP", Capabilities: discovery.CDPHost | discovery.CDPPhone, Query: discovery.CDPTrigger},
		"another phone, LLDP":  lldp(discovery.MEDPhone, voice),
		"a message taken back": dead,
	} {
		on(t, func(b *bench) {
			go func() {
				pause(time.Second)
				b.say(m)
			}()
			if n, err := b.find(both); !errors.Is(err, discovery.ErrNoNeighbor) {
				b.Errorf("%s: %+v, %v, want ErrNoNeighbor", name, n, err)
			}
		})
	}
	for name, p := range map[string][]discovery.MEDNetworkPolicy{
		"unknown":   {{Application: discovery.MEDVoice, Unknown: true, VLAN: 66, Tagged: true}},
		"untagged":  {{Application: discovery.MEDVoice, VLAN: 66}},
		"signaling": {{Application: 2, Tagged: true, VLAN: 66}},
	} {
		on(t, func(b *bench) {
			go func() {
				pause(time.Second)
				b.say(lldp(discovery.MEDSwitch, p))
			}()
			if n, err := b.find(both); err != nil || n.VLAN != 0 || n.Protocol != discovery.LLDPMED {
				b.Errorf("policy %s: %+v, %v, want no VLAN", name, n, err)
			}
		})
	}
}

type raw []byte

func (r raw) Frame() ([]byte, error) { return r, nil }

// TestFindEndsInAFlood: frames without end neither stop the clock nor the
// questions. (In virtual time a flood takes no time; one frame a millisecond.)
func TestFindEndsInAFlood(t *testing.T) {
	on(t, func(b *bench) {
		other := b.seg.Wire(otherMAC, 0)
		go func() {
			for i := range int(both.Listen / time.Millisecond) {
				m := cdpOf(otherMAC, 0)
				m.Device = string(rune('A' + i%5000))
				frame, _ := m.Frame()
				other.Send(frame)
				pause(time.Millisecond)
			}
		}()
		if n, err := b.find(both); err != nil || n.VLAN != 0 {
			b.Errorf("got %+v, %v", n, err)
		}
		b.took(both.Listen)
	})
}

func TestFindEndsWithContextAndWire(t *testing.T) {
	on(t, func(b *bench) {
		ctx, cancel := context.WithTimeout(b.Context(), 1500*time.Millisecond)
		defer cancel()
		if _, err := discovery.NewSpeaker(phone, both).Find(ctx, b.wire); !errors.Is(err, context.DeadlineExceeded) {
			b.Errorf("error = %v, want the context's", err)
		}
		b.took(1500 * time.Millisecond)
		go func() {
			pause(time.Second)
			b.wire.Close()
		}()
		if _, err := b.find(both); !errors.Is(err, link.ErrClosed) {
			b.Errorf("error = %v, want ErrClosed", err)
		}
		if _, err := b.find(discovery.Options{}); !errors.Is(err, discovery.ErrNoNeighbor) {
			b.Errorf("error with no protocol = %v, want ErrNoNeighbor", err)
		}
	})
}

// announced is what a phone sent.
type announced struct {
	at   time.Duration
	cdp  *discovery.CDPMessage
	lldp *discovery.LLDPMessage
}

// announce lets the phone announce for d and gives what it sent and told.
func (b *bench) announce(s *discovery.Speaker, d time.Duration) (sent []announced, told []discovery.Neighbor) {
	start := time.Now()
	b.seg.Drop(func(f linktest.Frame) bool {
		if !bytes.Equal(f.From, phoneMAC) {
			return false
		}
		a := announced{at: time.Since(start)}
		if m, err := discovery.ParseCDP(f.Data); err == nil {
			a.cdp = &m
		} else if m, err := discovery.ParseLLDP(f.Data); err == nil {
			a.lldp = &m
		} else {
			b.Errorf("phone sent %x", f.Data)
		}
		sent = append(sent, a)
		return false
	})
	ctx, cancel := context.WithTimeout(b.Context(), d)
	defer cancel()
	who := phone
	who.Addr = netip.MustParseAddr("10.10.110.7")
	s.Announce(ctx, b.wire, func() discovery.Identity { return who }, func(n discovery.Neighbor) { told = append(told, n) })
	return sent, told
}

func TestAnnounceKeepsTheTurns(t *testing.T) {
	on(t, func(b *bench) {
		sent, _ := b.announce(discovery.NewSpeaker(phone, both), 125*time.Second)
		var cdp, lldp []time.Duration
		for _, a := range sent {
			if a.cdp != nil {
				cdp = append(cdp, a.at/time.Second)
				if a.cdp.TTL != 180 || len(a.cdp.Addresses) != 1 {
					b.Errorf("CDP %+v", a.cdp)
				}
			} else {
				lldp = append(lldp, a.at/time.Second)
			}
		}
		if !slices.Equal(cdp, []time.Duration{0, 60, 120}) || !slices.Equal(lldp, []time.Duration{0, 30, 60, 90, 120, 125}) {
			b.Errorf("CDP at %d, LLDP at %d", cdp, lldp)
		}
		if last := sent[len(sent)-1].lldp; last == nil || last.TTL != 0 || last.MED != nil {
			b.Errorf("last message %+v, want the LLDP announcement taken back", last)
		}
	})
}

func TestAnnounceTellsOfChanges(t *testing.T) {
	on(t, func(b *bench) {
		s := discovery.NewSpeaker(phone, both)
		go func() {
			pause(5 * time.Second)
			b.say(cdpOf(otherMAC, 110))
			pause(60 * time.Second)
			b.say(cdpOf(otherMAC, 110)) // no news
			pause(60 * time.Second)
			b.say(cdpOf(otherMAC, 120))
			pause(60 * time.Second)
			m := cdpOf(otherMAC, 0)
			m.VoiceVLANs = nil
			b.say(m)
		}()
		_, told := b.announce(s, 300*time.Second)
		if len(told) != 3 || told[0].VLAN != 110 || told[1].VLAN != 120 || told[2].VLAN != 0 {
			b.Errorf("told %+v", told)
		}
	})
}

func TestAnnounceTellsNothingThatFindToldAlready(t *testing.T) {
	on(t, func(b *bench) {
		b.plug(fakeswitch.Switch{VLAN: 110})
		s := discovery.NewSpeaker(phone, both)
		if n, err := s.Find(b.Context(), b.wire); err != nil || n.VLAN != 110 {
			b.Fatal(n, err)
		}
		sent, told := b.announce(s, 100*time.Second)
		if len(told) != 0 {
			b.Errorf("told %+v, want nothing", told)
		}
		for _, a := range sent[:2] {
			if a.lldp != nil && a.lldp.MED.Policies[0].VLAN != 110 {
				b.Errorf("policy %+v, want the VLAN confirmed", a.lldp.MED.Policies)
			}
		}
	})
}

func TestNewSwitchStartsFastLLDP(t *testing.T) {
	on(t, func(b *bench) {
		go func() {
			pause(10 * time.Second)
			b.plug(fakeswitch.Switch{VLAN: 110, NoCDP: true})
		}()
		sent, told := b.announce(discovery.NewSpeaker(phone, discovery.Options{LLDP: true}), 42*time.Second)
		var at []time.Duration
		for _, a := range sent {
			at = append(at, a.at/time.Second)
		}
		if !slices.Equal(at, []time.Duration{0, 10, 11, 12, 13, 42}) || len(told) != 1 {
			b.Errorf("LLDP at %d; told %+v", at, told)
		}
	})
}
