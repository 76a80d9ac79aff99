package sipua_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Bounds of one script, so that none takes long.
const (
	maxScript = 16 << 10
	maxSteps  = 24
	maxAnswer = 8 // messages that one datagram may cause at once
)

// script plays the far side, and the person at the phone, from a text of steps
// between lines of "==". A step that begins with ! is what the person does, any
// other a datagram, in which
//
//	%N is the head of a request that begins a dialog, %D of one within the
//	latest, %R of a response to the phone's latest request, %I to its latest
//	INVITE, %S a session description, and %C, %T, %P are the latest dialog's
//	Call-ID, the phone's tag and the peer's.
type script struct {
	t    *testing.T
	n    *siptest.Network
	p    *phone
	peer *siptest.Transport
	seq  int
	call *sipua.Call
	subs []*sipua.Subscription

	mu          sync.Mutex
	request     *wire.Message // the phone's latest
	invite      *wire.Message
	callID, tag string
	states      map[*sipua.Call]sipua.CallState
	sent        int
}

// FuzzAgent plays scripts in and out of dialogs. Whatever happens, one datagram
// makes a few at most, no call goes back in its states, the agent answers
// afterwards and has forgotten everything when all timers have run out.
func FuzzAgent(f *testing.F) {
	for _, s := range slices.Concat(scripts, transferScripts) {
		f.Add([]byte(s))
	}
	files, _ := filepath.Glob("testdata/rfc*/*.dat")
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > maxScript {
			return
		}
		synctest.Test(t, func(t *testing.T) { play(t, string(data)) })
	})
}

func play(t *testing.T, text string) {
	n := siptest.NewNetwork()
	s := &script{t: t, n: n, peer: n.Transport(peerAddr), states: map[*sipua.Call]sipua.CallState{}}
	s.peer.Start(s)
	s.p = newPhone(t, n, phoneAddr)
	s.p.heard = s.heard
	s.p.ring = func(c *sipua.Call, e sipua.Event) bool {
		s.heard(c, e)
		return e.Replaces == nil || c.Answer(media()) != nil
	}
	a := account(1, "1001")
	a.Proxy = "192.0.2.12"
	s.p.set(a)
	for i, step := range strings.Split(text, "\n==\n") {
		if i == maxSteps {
			break
		}
		s.step(step)
	}
	s.finish()
}

func (s *script) step(step string) {
	if action, ok := strings.CutPrefix(step, "!"); ok {
		s.act(strings.TrimSpace(action))
		time.Sleep(20 * time.Millisecond)
		return
	}
	before := s.count()
	to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phoneAddr)}
	if err := s.peer.SendRaw(to, []byte(s.expand(step)), nil); err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond)
	if made := s.count() - before; made > maxAnswer {
		s.t.Errorf("one datagram made %d", made)
	}
}

// act is what a person does.
func (s *script) act(action string) {
	switch action {
	case "wait":
		time.Sleep(time.Second)
		return
	case "long":
		time.Sleep(40 * time.Second)
		return
	}
	s.p.do(func() {
		switch action {
		case "dial":
			if c, err := s.p.agent.Dial(1, "sip:peer@192.0.2.12", media()); err == nil {
				s.call = c
			}
		case "be strict":
			s.p.agent.SetDialogs(sipua.Dialogs{Reliable: sipua.ReliableRequired, SessionExpires: 90 * time.Second, DelayedOffer: true})
		case "nat":
			s.p.agent.SetNAT(sipua.NAT{Received: true, KeepAlive: "options", KeepAliveEvery: 20 * time.Second})
		case "moved":
			s.p.agent.Moved()
		case "register":
			s.p.agent.Register(1)
		case "subscribe":
			if len(s.subs) < 4 {
				s.subs = append(s.subs, s.p.agent.Subscribe(sipua.SubscribeOptions{Line: 1, Event: "message-summary", Accept: summary, Notify: func([]byte) {}}))
			}
		}
		s.p.mu.Lock()
		if n := len(s.p.incoming); n > 0 && s.p.incoming[n-1].State() != sipua.CallEnded {
			s.call = s.p.incoming[n-1]
		}
		s.p.mu.Unlock()
		if s.call == nil {
			return
		}
		// What does not fit the call's state gives an error, and nothing else.
		switch action {
		case "answer":
			_ = s.call.Answer(media())
		case "reject":
			s.call.Reject(486, "")
		case "hangup":
			s.call.Hangup()
		case "hold":
			_ = s.call.Update(hold())
		case "resume":
			_ = s.call.Update(media())
		case "offer":
			_ = s.call.Offer(media())
		case "forward":
			_ = s.call.Forward("sip:else@192.0.2.12", "unconditional")
		case "transfer":
			_ = s.call.Transfer("sip:third@192.0.2.12")
		case "leave":
			_ = s.call.LeaveFor("sip:third@192.0.2.12")
		}
		if other := s.other(); other != nil {
			switch action {
			case "transfer to the other":
				_ = s.call.TransferTo(other)
			case "leave for the other":
				_ = s.call.LeaveForParty(other)
			}
		}
	})
}

// other is another call than the latest, if there is one.
func (s *script) other() *sipua.Call {
	for c, state := range s.states {
		if c != s.call && state != sipua.CallEnded {
			return c
		}
	}
	return nil
}

// finish ends everything and looks for what is left.
func (s *script) finish() {
	peer := siptest.NewPeer(s.t, s.n, "192.0.2.77:5060")
	peer.SendTo(phoneAddr, peer.Request("OPTIONS", "sip:192.0.2.11"))
	peer.Await("200")
	s.p.do(func() {
		for _, sub := range s.subs {
			sub.Unsubscribe()
		}
		s.p.agent.SetAccount(sipua.Account{Line: 1})
		s.p.mu.Lock()
		calls := s.p.incoming
		s.p.mu.Unlock()
		for _, c := range calls {
			c.Hangup()
		}
		for c := range s.states {
			c.Hangup()
		}
		if s.call != nil {
			s.call.Hangup()
		}
	})
	time.Sleep(20 * time.Minute)
	s.p.do(func() {
		if calls, transactions := s.p.agent.Pending(); calls+transactions != 0 {
			s.t.Errorf("%d calls and %d transactions are left", calls, transactions)
		}
	})
}

// heard checks the order of a call's states. It runs on the phone's loop.
func (s *script) heard(c *sipua.Call, e sipua.Event) {
	before, known := s.states[c]
	if known && before == sipua.CallEnded {
		s.t.Errorf("event %+v after the end", e)
	}
	if known && before == sipua.CallConnected && e.State < before {
		s.t.Errorf("a connected call became %v", e.State)
	}
	s.states[c] = e.State
	if e.Referral != nil {
		if next, err := e.Referral.Follow(media()); err == nil {
			s.call = next
		}
	}
}

// Receive implements transport.Receiver.
func (s *script) Receive(p transport.Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	m := p.Message
	if m == nil {
		s.t.Errorf("the phone sent what is no message: %q", p.Raw)
		return
	}
	_, method := m.CSeq()
	switch {
	case !m.IsRequest():
		if method == "INVITE" && m.Status > 100 && m.To().Tag() != "" {
			s.callID, s.tag = m.CallID(), m.To().Tag()
		}
		return
	case m.Method == "ACK":
		return
	case m.Method == "INVITE":
		s.invite = m
		s.callID, s.tag = m.CallID(), m.From().Tag()
	}
	s.request = m
}

// Closed implements transport.Receiver.
func (s *script) Closed(transport.Destination, error) {}

// Trouble implements transport.Receiver.
func (s *script) Trouble(error) {}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

func (s *script) expand(step string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	method, _, _ := strings.Cut(step, " ")
	via := fmt.Sprintf("Via: SIP/2.0/UDP 192.0.2.12;rport;branch=z9hG4bKf%d\nMax-Forwards: 70\nContact: <sip:peer@192.0.2.12>\nCSeq: %d %s\nFrom: <sip:peer@192.0.2.12>;tag=peer\n", s.seq, s.seq, method)
	for token, text := range map[string]string{
		"%N": via + fmt.Sprintf("To: <sip:1001@192.0.2.11>\nCall-ID: new%d", s.seq),
		"%D": via + "To: <sip:1001@192.0.2.11>;tag=" + s.tag + "\nCall-ID: " + s.callID,
		"%R": responseHead(s.request), "%I": responseHead(s.invite),
	} {
		step = strings.Replace(step, token, text, 1)
	}
	body := strings.ReplaceAll(peerSDP(), "\r\n", "\n")
	step = strings.Replace(step, "%S", "Content-Type: application/sdp\n\n"+body, 1)
	for token, text := range map[string]string{"%C": s.callID, "%T": s.tag, "%P": "peer"} {
		step = strings.Replace(step, token, text, 4)
	}
	return step
}

// responseHead is what a response repeats of a request, with the peer's tag.
func responseHead(m *wire.Message) string {
	if m == nil {
		return ""
	}
	head := ""
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		value := m.Header.Get(name)
		if name == "To" && m.To().Tag() == "" {
			value += ";tag=peer"
		}
		head += name + ": " + value + "\n"
	}
	return head + "Contact: <sip:peer@192.0.2.12>"
}
