package phonecore

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/view"
)

// moving is a phone that is given other addresses while calls are going on.
type moving struct {
	*desk
	robot *robot
	m     *monkey // knows what must hold at all times
	move  func(string)
	addr  string
	moves int
	// offered counts the calls that were offered anew, met the sets of states in
	// which the changes found the phone.
	offered int
	met     map[string]bool
}

// states bring one call into a state that a call can have, whatever else goes
// on at the phone. Where the phone has no key for it now, nothing happens.
var states = []struct {
	name  string
	bring func(*moving)
}{
	{"entry", func(m *moving) { m.newCall(); m.dial("5") }},
	{"calling", func(m *moving) { m.place("silent") }},
	{"ring out", func(m *moving) { m.place("ring") }},
	{"early media", func(m *moving) { m.place("early") }},
	{"failed", func(m *moving) { m.place("busy") }},
	{"connected", func(m *moving) { m.place("answer") }},
	{"held", func(m *moving) { m.place("answer"); m.try("Hold") }},
	{"held by peer", func(m *moving) { m.place("answer"); m.robot.each("INVITE", "sendonly") }},
	{"ring in", func(m *moving) { m.robot.call("5551212", m.addr) }},
	{"answered", func(m *moving) { m.robot.call("5551213", m.addr); m.wait(time.Second); m.try("Answer") }},
	{"conference", func(m *moving) { m.place("answer"); m.try("Confrn"); m.place("answer"); m.try("Confrn") }},
	{"transfer", func(m *moving) { m.place("answer"); m.try("Trnsfer"); m.place("ring") }},
	{"blind transfer", func(m *moving) { m.place("answer"); m.try("BlndXfr"); m.dial("5") }},
}

// TestEveryPairOfCallStatesSurvivesANetworkChange brings two calls into every
// pair of states, ten times each; the host's address changes, what is up is
// offered anew from the new address, and everything can be ended in good order.
func TestEveryPairOfCallStatesSurvivesANetworkChange(t *testing.T) {
	for _, first := range states {
		t.Run(first.name, func(t *testing.T) {
			t.Parallel()
			movable(t, func(d *desk, move func(string)) {
				m := &moving{desk: d, robot: newRobot(d), move: move, addr: phoneAddr, m: &monkey{d: d}}
				for _, second := range states {
					for round := range pairRounds {
						m.did("%s, %s, round %d", first.name, second.name, round)
						first.bring(m)
						m.wait(time.Second)
						second.bring(m)
						m.wait(time.Second)
						m.changeNetwork()
						m.endAll()
						if d.t.Failed() {
							d.t.Fatalf("after %s", m.m.did)
						}
					}
				}
				t.Logf("%d changes met %d sets of states, %d calls were offered anew", m.moves, len(m.met), m.offered)
				if len(m.met) < 4 || m.offered < 3 {
					t.Errorf("the pairs are not what they should be: %v", m.met)
				}
			}, withFlags("only_from_servers", "0"))
		})
	}
}

func (m *moving) did(format string, args ...any) { m.m.did = fmt.Sprintf(format, args...) }

// try presses a soft key if there is one with that label.
func (m *moving) try(label string) {
	for range 3 {
		s := m.screen()
		if i := slices.Index(s.Soft[:], label); i >= 0 {
			m.press(view.SoftKey(i + 1))
			break
		}
		if s.Soft[3] != "more" {
			break
		}
		m.press(view.KeySoft4)
	}
	m.wait(100 * time.Millisecond)
}

// screen is what the phone has shown last, without its making a new view.
func (m *moving) screen() (s view.Screen) {
	m.on(func() { s = m.phone.last.Screen })
	return s
}

// newCall opens the entry, on another line if need be.
func (m *moving) newCall() {
	for _, key := range []view.Key{view.KeyLine1, view.KeyLine2} {
		if name := m.screen().Name; name != "offhook" && name != "dialling" {
			m.press(key)
		}
	}
}

// place dials a user of the robot.
func (m *moving) place(user string) {
	if !strings.HasPrefix(m.screen().Name, "offhook") {
		m.newCall()
	}
	m.phone.Type("sip:" + user + "@" + peerAddr)
	m.try("Dial")
	m.wait(500 * time.Millisecond)
}

// changeNetwork gives the host another address and checks that every call that
// is up is offered from there within five seconds.
func (m *moving) changeNetwork() {
	m.moves++
	host := fmt.Sprintf("192.0.2.%d", 100+m.moves%100)
	m.meet()
	_, before := m.robot.offers(0, host)
	live := m.robot.live()
	m.addr = host + ":5060"
	m.move(m.addr)
	m.wait(5 * time.Second)
	if got := m.net.proxy.Registered("5551212"); !strings.Contains(got, host) {
		m.t.Errorf("registered at %s after the move to %s", got, host)
	}
	offered, _ := m.robot.offers(before, host)
	for _, id := range live {
		m.offered++
		if !offered[id] && slices.Contains(m.robot.live(), id) {
			m.t.Errorf("call %s was not offered from %s", id, host)
		}
	}
	m.on(func() { m.m.check(m.phone) })
}

// meet notes the states of all calls.
func (m *moving) meet() {
	m.on(func() {
		var names []string
		for _, c := range m.phone.calls.All() {
			names = append(names, fmt.Sprint(c.State))
		}
		slices.Sort(names)
		if m.met == nil {
			m.met = map[string]bool{}
		}
		m.met[strings.Join(names, " ")] = true
	})
}

// endAll ends everything as a person would, the far end helping; nothing may
// be left.
func (m *moving) endAll() {
	m.robot.each("BYE", "")
	m.wait(time.Second)
	for range 40 {
		s := m.view().Screen
		if s.Name == "idle" {
			break
		}
		m.phone.Type("\x1b")
		for _, label := range []string{"Reject", "EndCall"} {
			m.try(label)
		}
	}
	m.wait(3 * time.Minute) // an INVITE that nothing answers takes one (guide Table 3-1)
	m.expect("idle")
	m.on(func() { m.m.check(m.phone) })
	if v := m.heard(); v.path != audio.PathNone || v.tone != tone.None || v.ring != "" || len(v.streams) != 0 {
		m.t.Errorf("path %v, tone %v, ring %q, %d streams are left", v.path, v.tone, v.ring, len(v.streams))
	}
	m.on(func() {
		if calls, _ := m.phone.agent.Pending(); calls != 0 || m.phone.calls.Len() != 0 {
			m.t.Errorf("%d calls are left in the signalling, %d on the phone", calls, m.phone.calls.Len())
		}
	})
	if n := m.robot.up(); n != 0 {
		m.t.Errorf("the far end is still in %d calls", n)
	}
}

// size is how much there is of the phone.
func (m *moving) size() (goroutines int, heap uint64) {
	m.net.Forget()
	m.robot.mu.Lock()
	m.robot.asked = nil
	m.robot.mu.Unlock()
	for range 3 {
		runtime.GC()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return runtime.NumGoroutine(), stats.HeapAlloc
}
