package phonecore

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
)

// TestRandomUseKeepsThePhoneInOrder lets keys, text, calls, peers and time
// happen at random, and checks after each what must hold at all times.
func TestRandomUseKeepsThePhoneInOrder(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3, 4} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			onDesk(t, func(d *desk) {
				m := newMonkey(d, seed)
				for m.step = range monkeySteps / 4 {
					m.act()
					d.on(func() { m.check(d.phone) })
					if t.Failed() {
						t.Fatalf("in step %d: %s", m.step, m.did)
					}
				}
				m.tidyUp()
			}, withFlags("messages_uri", "5551213"), func(c *Config) {
				c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			if strings.Contains(log.String(), "canary") {
				t.Error("a password is in the log")
			}
		})
	}
}

type monkey struct {
	d    *desk
	peer *siptest.Peer
	r    *rand.Rand
	step int
	did  string

	mu    sync.Mutex
	inbox []*wire.Message
	// callees are the INVITEs of the peer that wait for an answer, callers
	// those of the phone; talks are the dialogs to hang up in.
	callers, callees []*wire.Message
	talks            []dialogOf
}

type dialogOf struct{ invite, ok *wire.Message }

func newMonkey(d *desk, seed uint64) *monkey {
	m := &monkey{d: d, peer: d.peer(), r: rand.New(rand.NewPCG(seed, 7960))}
	m.peer.Start(m)
	return m
}

// Receive implements transport.Receiver.
func (m *monkey) Receive(p transport.Packet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p.Message != nil {
		m.inbox = append(m.inbox, p.Message)
	}
}

// Closed implements transport.Receiver.
func (m *monkey) Closed(transport.Destination, error) {}

// Trouble implements transport.Receiver.
func (m *monkey) Trouble(error) {}

func (m *monkey) next() *wire.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.inbox) == 0 {
		return nil
	}
	first := m.inbox[0]
	m.inbox = m.inbox[1:]
	return first
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// take removes one at random; the zero value if there is none.
func take[T any](r *rand.Rand, list *[]T) (one T, ok bool) {
	if len(*list) == 0 {
		return one, false
	}
	i := r.IntN(len(*list))
	one = (*list)[i]
	*list = slices.Delete(*list, i, i+1)
	return one, true
}

var monkeyTexts = []string{
	"\r", "\r", "\x1b", "\x1b", "\b", "5", "#", "+", "a", "5551212", "5551213", "5551299",
	"sip:ada@" + peerAddr, "sip:ada@" + peerAddr, "tel:+49 721 5550123", "<>\x00\u202e", strings.Repeat("9", 300), "",
}

// monkeyKeys are pressed more often than others, so that calls come about and
// last: answer, hold and resume, lines.
var monkeyKeys = []view.Key{view.KeySoft1, view.KeySoft1, view.KeySoft1, view.KeyLine1, view.KeyLine2}

func (m *monkey) act() {
	d, r := m.d, m.r
	switch n := r.IntN(100); {
	case n < 10:
		k := pick(r, monkeyKeys)
		m.did = "press " + k.String()
		d.press(k)
	case n < 30:
		k := pick(r, view.Keys())
		m.did = "press " + k.String()
		d.phone.Press(k)
		if r.IntN(8) > 0 {
			d.phone.Release(k)
		}
	case n < 33:
		k := pick(r, view.Keys())
		m.did = "release " + k.String()
		d.phone.Release(k)
	case n < 43:
		s := pick(r, monkeyTexts)
		m.did = fmt.Sprintf("type %.20q", s)
		d.phone.Type(s)
	case n < 46:
		m.did = "incoming call"
		m.invite()
	case n < 84:
		m.did = "peer"
		m.answer()
	case n < 99:
		m.did = "time"
		d.wait(time.Duration(r.IntN(3000)) * time.Millisecond)
	default:
		m.did = "long time"
		d.wait(time.Duration(r.IntN(240)) * time.Second)
	}
}

// invite calls the phone.
func (m *monkey) invite() {
	invite := m.peer.Request("INVITE", "sip:"+pick(m.r, []string{"5551212", "5551213"})+"@"+phoneAddr, siptest.SDP(peerSDP), m.choosy())
	m.peer.SendTo(phoneAddr, invite)
	m.callees = append(m.callees, invite)
}

// answer lets the peer do the next thing: read a message, answer a call, hang
// up, cancel.
func (m *monkey) answer() {
	for message := m.next(); message != nil; message = m.next() {
		m.read(message)
	}
	switch m.r.IntN(8) {
	case 6, 7:
		if len(m.talks) > 0 {
			m.poke(pick(m.r, m.talks))
		}
	case 0:
		if talk, ok := take(m.r, &m.talks); ok {
			m.did = "peer hangs up"
			m.peer.SendTo(phoneAddr, m.peer.Within(talk.invite, talk.ok, "BYE"))
		}
	case 1:
		if invite, ok := take(m.r, &m.callees); ok {
			m.did = "peer cancels"
			m.peer.SendTo(phoneAddr, cancelOf(m.peer, invite))
		}
	default:
		if invite, ok := take(m.r, &m.callers); ok {
			m.respond(invite)
		}
	}
}

func cancelOf(p *siptest.Peer, invite *wire.Message) *wire.Message {
	h := invite.Header
	return p.Request("CANCEL", invite.RequestURI, siptest.With("Via", h.Get("Via")), siptest.With("From", h.Get("From")),
		siptest.With("To", h.Get("To")), siptest.With("Call-ID", h.Get("Call-ID")),
		siptest.With("CSeq", strings.Replace(h.Get("CSeq"), "INVITE", "CANCEL", 1)))
}

func (m *monkey) read(message *wire.Message) {
	_, method := message.CSeq()
	sameCall := func(other *wire.Message) bool { return other.CallID() == message.CallID() }
	switch {
	case message.Method == "INVITE" && slices.ContainsFunc(m.callers, sameCall): // retransmitted
	case message.Method == "INVITE":
		m.callers = append(m.callers, message)
	case message.Method == "CANCEL":
		m.peer.Reply(message, 200)
		if i := slices.IndexFunc(m.callers, sameCall); i >= 0 {
			m.peer.Reply(m.callers[i], 487)
			m.callers = slices.Delete(m.callers, i, i+1)
		}
	case message.Method == "BYE":
		if m.r.IntN(5) > 0 {
			m.peer.Reply(message, 200)
		}
	case message.IsRequest() && message.Method != "ACK":
		if m.r.IntN(5) > 0 {
			m.peer.Reply(message, pick(m.r, []int{200, 200, 202, 405, 481, 491}))
		}
	case message.Status == 200 && method == "INVITE" && m.again(message):
	case message.Status == 200 && method == "INVITE":
		if i := slices.IndexFunc(m.callees, sameCall); i >= 0 {
			m.peer.SendTo(phoneAddr, m.peer.Within(m.callees[i], message, "ACK"))
			m.talks = append(m.talks, dialogOf{m.callees[i], message})
			m.callees = slices.Delete(m.callees, i, i+1)
		}
	}
}

// respond answers an INVITE of the phone, be it the first or a later one.
func (m *monkey) respond(invite *wire.Message) {
	status := pick(m.r, []int{0, 180, 180, 182, 183, 199, 200, 200, 200, 302, 404, 422, 484, 486, 488, 491, 500, 603})
	m.did = fmt.Sprint("peer answers ", status)
	switch {
	case status == 0:
	case status < 200:
		m.peer.Reply(invite, status, siptest.SDP(peerSDP), m.reliably())
		m.callers = append(m.callers, invite)
	case status == 422:
		m.peer.Reply(invite, 422, siptest.With("Min-SE", fmt.Sprint(90+m.r.IntN(4000))))
	case status == 200:
		ok := m.peer.Reply(invite, 200, m.timed(), siptest.SDP(withDirection(pick(m.r, []string{"sendrecv", "recvonly", "sendonly", "inactive"}))))
		m.talks = append(m.talks, dialogOf{invite, ok})
	case status == 302:
		m.peer.Reply(invite, 302, siptest.With("Contact", "<sip:bob@"+peerAddr+">"))
	default:
		m.peer.Reply(invite, status)
	}
}

// check is what must hold at all times. It runs on the phone's loop.
func (m *monkey) check(p *Phone) {
	t := m.d.t
	v := p.compose()
	if strings.Join(v.Screen.Soft[:], "") == "" {
		t.Errorf("no soft key on %q", v.Screen.Name)
	}
	if s := fmt.Sprint(v, p.status.entries); strings.Contains(s, "canary") {
		t.Errorf("a password is shown: %s", s)
	}
	if page := p.pages.Top(); page != nil && page.Items != nil && (page.Selected < 0 || page.Selected >= max(len(page.Items()), 1)) {
		t.Errorf("item %d of %d is selected", page.Selected, len(page.Items()))
	}
	active, parties := 0, 0
	for _, c := range p.calls.All() {
		if c.State != call.RingIn && c.State != call.Held && !c.Background {
			active++
			if p.conf.has(c) {
				parties++
			}
		}
		if p.legs[c] == nil {
			t.Errorf("a call without a leg: %+v", c)
		}
	}
	if active > 1 && (parties != active || parties != len(p.conf.bridged)) || parties > maxParties || len(p.legs) != p.calls.Len() {
		t.Errorf("%d active calls, %d calls, %d legs", active, p.calls.Len(), len(p.legs))
	}
	if p.calls.Len() > 0 && !slices.Contains(p.calls.All(), p.calls.Selected()) {
		t.Error("a call that has gone is selected")
	}
	m.checkVoice(p, active > 0 || p.entry.open && p.entry.offHook)
	m.checkStreams(p)
}

func (m *monkey) checkVoice(p *Phone, busy bool) {
	t, v := m.d.t, m.d.voice
	if (v.path != audio.PathNone) != busy || v.path != p.hook.path {
		t.Errorf("voice path %v, the phone thinks %v, in use: %v", v.path, p.hook.path, busy)
	}
	if !busy && (v.tone != tone.None || v.muted) {
		t.Errorf("on hook with tone %v, muted %v", v.tone, v.muted)
	}
	waiting := p.calls.First(call.RingIn) != nil || p.reminder.rings
	if rings := v.ring != ""; rings != (waiting && !busy) && p.sample == nil {
		t.Errorf("rings: %v; a call waits: %v, busy: %v", rings, waiting, busy)
	}
	if !p.entry.open && p.entry.t != nil {
		t.Error("a closed entry has a timer")
	}
}

func (m *monkey) checkStreams(p *Phone) {
	used := map[audio.Stream]bool{}
	for _, l := range p.legs {
		used[l.stream] = true
	}
	open := m.d.voice.streams[:0]
	for _, s := range m.d.voice.streams {
		if s.closed == used[s] {
			m.d.t.Errorf("stream of port %d: closed %v, in use %v", s.port, s.closed, used[s])
		}
		if !s.closed {
			open = append(open, s)
		}
	}
	m.d.voice.streams = open // the others have been seen
}

// tidyUp cancels all that goes on, as a person would; then the phone must be
// idle, on hook and silent.
func (m *monkey) tidyUp() {
	d := m.d
	for _, k := range view.Keys() {
		d.phone.Release(k)
	}
	for range 100 {
		d.phone.Type("\x1b")
		s := d.view().Screen
		for _, label := range []string{"Reject", "EndCall"} {
			if i := slices.Index(s.Soft[:], label); i >= 0 {
				d.press(view.SoftKey(i + 1))
			}
		}
	}
	if d.view().HandsetLifted {
		d.press(view.KeyHandset, view.KeyHandset, view.KeyHandset)
	}
	d.expect("idle")
	d.on(func() { m.check(d.phone) })
	v := d.heard()
	if v.path != audio.PathNone || v.tone != tone.None || v.ring != "" || len(v.streams) != 0 || d.view().HandsetLifted {
		d.t.Errorf("after all: path %v, tone %v, ring %q, %d streams", v.path, v.tone, v.ring, len(v.streams))
	}
	d.wait(10 * time.Minute)
	d.on(func() {
		if calls, _ := d.phone.agent.Pending(); calls != 0 || d.phone.calls.Len() != 0 {
			d.t.Errorf("%d calls are left in the signalling, %d on the phone", calls, d.phone.calls.Len())
		}
	})
}
