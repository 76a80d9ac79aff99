package sipua_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio/codec"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

const (
	proxyAddr = "192.0.2.1:5060"
	phoneAddr = "192.0.2.11:5060"
	peerAddr  = "192.0.2.12:5060"
	canary    = "canary-password"
)

// phone is an agent with a loop and a handler that keeps what it hears.
type phone struct {
	t     *testing.T
	loop  *siptest.Loop
	agent *sipua.Agent

	mu       sync.Mutex
	regs     []sipua.Registration
	events   []sipua.Event
	incoming []*sipua.Call
	trouble  []error
	// ring decides on incoming calls; nil lets them ring.
	ring func(*sipua.Call, sipua.Event) bool
	// heard is called with every event of a call.
	heard func(*sipua.Call, sipua.Event)
}

// newPhone starts an agent on a network; it is shut down with the test.
func newPhone(t *testing.T, n *siptest.Network, addr string, change ...func(*sipua.Options)) *phone {
	p := &phone{t: t, loop: siptest.NewLoop(t)}
	o := sipua.Options{
		Post: p.loop.Post, Handler: p, Transport: n.Transport(addr), UserAgent: "Deskset/test",
		Rand: func() float64 { return 0.5 }, Resolver: siptest.Names{"pbx.example.com": {proxyAddr}},
	}
	for _, c := range change {
		c(&o)
	}
	p.loop.Do(func() { p.agent = sipua.New(o) })
	t.Cleanup(p.shutdown)
	return p
}

func (p *phone) shutdown() {
	done := make(chan struct{})
	p.loop.Do(func() { p.agent.Shutdown(func() { close(done) }) })
	<-done
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, err := range p.trouble {
		p.t.Errorf("trouble: %v", err)
	}
}

func (p *phone) Registration(r sipua.Registration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.regs = append(p.regs, r)
}

func (p *phone) Incoming(c *sipua.Call, e sipua.Event) bool {
	p.mu.Lock()
	p.incoming = append(p.incoming, c)
	ring := p.ring
	p.mu.Unlock()
	return ring == nil || ring(c, e)
}

func (p *phone) Call(c *sipua.Call, e sipua.Event) {
	p.mu.Lock()
	p.events = append(p.events, e)
	heard := p.heard
	p.mu.Unlock()
	if heard != nil {
		heard(c, e)
	}
}

func (p *phone) Trouble(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = append(p.trouble, err)
}

func account(line int, user string) sipua.Account {
	return sipua.Account{Line: line, User: user, DisplayName: "Phone " + user, AuthName: user, Password: canary, Proxy: "192.0.2.1", Register: true, Expires: time.Hour}
}

// plain is an account without a server, for direct calls.
func plain(line int, user string) sipua.Account {
	return sipua.Account{Line: line, User: user, Domain: "192.0.2.11"}
}

func (p *phone) set(accounts ...sipua.Account) *phone {
	p.loop.Do(func() {
		for _, a := range accounts {
			p.agent.SetAccount(a)
		}
	})
	return p
}

func media(names ...codec.Name) sdp.Local {
	if names == nil {
		names = []codec.Name{codec.PCMU, codec.PCMA}
	}
	return sdp.Local{Port: 16384, Codecs: names, EventPayloadType: 101}
}

func (p *phone) dial(target string) *sipua.Call {
	p.t.Helper()
	var c *sipua.Call
	var err error
	p.loop.Do(func() { c, err = p.agent.Dial(1, target, media()) })
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// answer takes the last incoming call.
func (p *phone) answer() *sipua.Call {
	p.t.Helper()
	var err error
	c := p.lastIncoming()
	p.loop.Do(func() { err = c.Answer(media()) })
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

func (p *phone) lastIncoming() *sipua.Call {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.incoming) == 0 {
		p.t.Fatal("no call has come in")
	}
	return p.incoming[len(p.incoming)-1]
}

// last is the last event, empty if there is none.
func (p *phone) last() sipua.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.events) == 0 {
		return sipua.Event{}
	}
	return p.events[len(p.events)-1]
}

// wantEnd checks the last event.
func (p *phone) wantEnd(code int, byPeer bool) {
	p.t.Helper()
	if e := p.last(); e.State != sipua.CallEnded || e.Code != code || e.ByPeer != byPeer {
		p.t.Errorf("last event %+v, want an end with %d, by peer %v", e, code, byPeer)
	}
}

func (p *phone) reg() sipua.Registration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.regs) == 0 {
		return sipua.Registration{}
	}
	return p.regs[len(p.regs)-1]
}

// regStates are the states that a line has gone through.
func (p *phone) regStates(line int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var s []string
	for _, r := range p.regs {
		if r.Line == line {
			s = append(s, fmt.Sprintf("%s %d", [...]string{"none", "trying", "ok", "failed", "rejected"}[r.State], r.Code))
		}
	}
	return strings.Join(s, ", ")
}

func (p *phone) do(f func()) { p.loop.Do(f) }

// virtual runs a test in a bubble.
func virtual(t *testing.T, f func(t *testing.T, n *siptest.Network)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, siptest.NewNetwork()) })
}

// peerSDP is what the scripted peer speaks.
func peerSDP(lines ...string) string {
	return "v=0\r\no=- 1 1 IN IP4 192.0.2.12\r\ns=-\r\nc=IN IP4 192.0.2.12\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n" +
		strings.Join(append(lines, ""), "\r\n")
}

// directCall makes a connected call from the phone to the peer.
func directCall(t *testing.T, p *phone, peer *siptest.Peer) (c *sipua.Call, invite, ok *wire.Message) {
	t.Helper()
	c = p.dial("sip:peer@192.0.2.12")
	invite = peer.Expect("INVITE")
	ok = peer.Reply(invite, 200, siptest.SDP(peerSDP()))
	peer.Expect("ACK")
	return c, invite, ok
}

// incomingCall makes a connected call from the peer to the phone.
func incomingCall(t *testing.T, p *phone, peer *siptest.Peer, options ...siptest.Option) (c *sipua.Call, invite, ok *wire.Message) {
	t.Helper()
	invite = peer.Request("INVITE", "sip:1001@192.0.2.11", append([]siptest.Option{siptest.SDP(peerSDP())}, options...)...)
	peer.SendTo(phoneAddr, invite)
	peer.Expect("180")
	c = p.answer()
	ok = peer.Expect("200")
	peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
	time.Sleep(10 * time.Millisecond)
	return c, invite, ok
}
