package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

// The timers of the guide's Table 3-1 on the wire: every instant at which a
// message is sent, for each kind of transaction, by UDP and by a stream.

// setting is one phone's timers.
type setting struct {
	name string
	sipua.Timers
}

var (
	guideTimers = setting{"guide", sipua.Timers{T1: 500 * time.Millisecond, T2: 4 * time.Second, Retx: 11, InviteRetx: 7}}
	quickTimers = setting{"quick", sipua.Timers{T1: 100 * time.Millisecond, T2: 400 * time.Millisecond, Retx: 4, InviteRetx: 2}}
	slowTimers  = setting{"slow", sipua.Timers{T1: 2 * time.Second, T2: 3 * time.Second, Retx: 1, InviteRetx: 1}}
)

func (s setting) set(o *sipua.Options) { o.Timers = s.Timers }

// sentAt is when a phone has sent a kind of message under a CSeq, in seconds
// after the first time.
func sentAt(n *siptest.Network, from, kind, cseq string) string {
	var at []string
	var first time.Time
	for _, e := range n.Log() {
		if siptest.Kind(e.Message) != kind || e.From.String() != from || e.Message.Header.Get("CSeq") != cseq {
			continue
		}
		if first.IsZero() {
			first = e.At
		}
		at = append(at, fmt.Sprint(e.At.Sub(first).Round(time.Millisecond).Seconds()))
	}
	return strings.Join(at, " ")
}

func wantSent(t *testing.T, n *siptest.Network, kind, cseq, want string) {
	t.Helper()
	if got := sentAt(n, phoneAddr, kind, cseq); got != want {
		t.Errorf("%s %s at %q, want %q", kind, cseq, got, want)
	}
}

// schedules are what each setting comes to. An INVITE doubles T1 without bound,
// other requests up to T2 (RFC 3261 sections 17.1.1.2 and 17.1.2.2), as often as
// sip_invite_retx and sip_retx say; responses are repeated for 64*T1 (17.2.1,
// 13.3.1.4). A stream repeats nothing but a 2xx.
var schedules = []struct {
	setting
	invite, request, response string
	// inviteEnd and requestEnd are when a silent peer is given up by UDP, streamEnd
	// by a stream.
	inviteEnd, requestEnd, streamEnd time.Duration
}{
	{guideTimers, "0 0.5 1.5 3.5 7.5 15.5 31.5 63.5", "0 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5 35.5",
		"0 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5", 95500 * time.Millisecond, 39500 * time.Millisecond, 32 * time.Second},
	{quickTimers, "0 0.1 0.3", "0 0.1 0.3 0.7 1.1",
		"0 0.1 0.3 0.7 1.1 1.5 1.9 2.3 2.7 3.1 3.5 3.9 4.3 4.7 5.1 5.5 5.9 6.3", 500 * time.Millisecond, 1500 * time.Millisecond, 6400 * time.Millisecond},
	{slowTimers, "0 2", "0 2", "0 2 5 8 11 14 17 20 23 26 29 32 35 38 41 44 47 50 53 56 59 62 65 68 71 74 77 80 83 86 89 92 95 98 101 104 107 110 113 116 119 122 125",
		4 * time.Second, 4 * time.Second, 128 * time.Second},
}

var networks = []string{"udp", "tcp", "tls"}

// pick is a schedule by UDP, once by a stream.
func pick(network, schedule string) string {
	if network == "udp" {
		return schedule
	}
	return "0"
}

// served is a phone whose line's server is a scripted peer that is reached over
// a network.
func served(t *testing.T, network string, change func(*sipua.Options), f func(n *siptest.Network, p *phone, server *siptest.Peer)) {
	t.Helper()
	virtual(t, func(t *testing.T, n *siptest.Network) {
		server := siptest.NewPeer(t, n, map[string]string{"udp": proxyAddr, "tcp": proxyAddr, "tls": "192.0.2.1:5061"}[network])
		server.Network = network
		a := account(1, "1001")
		a.Network, a.Register = network, false
		f(n, newPhone(t, n, phoneAddr, change).set(a), server)
	})
}

func TestTimersOfAnInviteToASilentPeer(t *testing.T) {
	for _, s := range schedules {
		for _, network := range networks {
			served(t, network, s.set, func(n *siptest.Network, p *phone, server *siptest.Peer) {
				began, ended := time.Now(), time.Time{}
				p.heard = func(_ *sipua.Call, e sipua.Event) { ended = time.Now() }
				p.dial("1002")
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				wantSent(t, n, "INVITE", "1 INVITE", pick(network, s.invite))
				want := s.streamEnd
				if network == "udp" {
					want = s.inviteEnd
				}
				if p.wantEnd(408, false); ended.Sub(began) != want {
					t.Errorf("%s %s: given up after %v, want %v", s.name, network, ended.Sub(began), want)
				}
				server.Drain()
			})
		}
	}
}

// A 1xx ends the repetitions of an INVITE (section 17.1.1.2); CANCEL then has a
// schedule of its own, and what is silent after it ends after 64*T1 (9.1).
func TestTimersOfACancel(t *testing.T) {
	for _, s := range schedules {
		for _, network := range networks {
			served(t, network, s.set, func(n *siptest.Network, p *phone, server *siptest.Peer) {
				c := p.dial("1002")
				server.Reply(server.Expect("INVITE"), 180)
				time.Sleep(time.Minute)
				p.do(c.Hangup)
				time.Sleep(10 * time.Minute)
				wantSent(t, n, "INVITE", "1 INVITE", "0")
				wantSent(t, n, "CANCEL", "1 CANCEL", pick(network, s.request))
				p.wantEnd(487, false)
				server.Drain()
			})
		}
	}
}

func TestTimersOfABye(t *testing.T) {
	for _, s := range schedules {
		for _, network := range networks {
			served(t, network, s.set, func(n *siptest.Network, p *phone, server *siptest.Peer) {
				c := p.dial("1002")
				server.Reply(server.Expect("INVITE"), 200, siptest.SDP(peerSDP()))
				server.Expect("ACK")
				p.do(c.Hangup)
				time.Sleep(10 * time.Minute)
				wantSent(t, n, "BYE", "2 BYE", pick(network, s.request))
				server.Drain()
			})
		}
	}
}

// A 1xx slows the repetitions of a request down to T2 at once (17.1.2.2).
func TestTimersOfABusyRequest(t *testing.T) {
	for name, want := range map[string]string{"guide": "0 0.5 4.5 8.5 12.5 16.5 20.5 24.5 28.5 32.5 36.5 40.5", "quick": "0 0.1 0.5 0.9 1.3"} {
		s := map[string]setting{"guide": guideTimers, "quick": quickTimers}[name]
		served(t, "udp", s.set, func(n *siptest.Network, p *phone, server *siptest.Peer) {
			c := p.dial("1002")
			server.Reply(server.Expect("INVITE"), 200, siptest.SDP(peerSDP()))
			server.Expect("ACK")
			p.do(c.Hangup)
			server.Reply(server.Expect("BYE"), 100)
			time.Sleep(10 * time.Minute)
			wantSent(t, n, "BYE", "2 BYE", want)
			server.Drain()
		})
	}
}

// An ACK has no timer: one for each final response that comes.
func TestAcksFollowTheResponses(t *testing.T) {
	for _, network := range networks {
		for _, status := range []int{200, 486} {
			served(t, network, guideTimers.set, func(n *siptest.Network, p *phone, server *siptest.Peer) {
				p.dial("1002")
				invite := server.Expect("INVITE")
				for range 3 {
					server.Reply(invite, status, siptest.SDP(peerSDP()))
					time.Sleep(time.Second)
				}
				time.Sleep(10 * time.Minute)
				want := "0 1 2"
				if network != "udp" && status != 200 { // nothing is lost there (17.1.1.2, timer D is 0)
					want = "0"
				}
				wantSent(t, n, "ACK", "1 ACK", want)
				server.Drain()
			})
		}
	}
}

// The server's side: a failure is repeated by UDP only, a 2xx over any
// transport; the answer to another request when that comes again, for 64*T1
// (17.2.2).
func TestTimersOfResponses(t *testing.T) {
	for _, s := range schedules {
		for _, network := range networks {
			served(t, network, s.set, func(n *siptest.Network, p *phone, server *siptest.Peer) {
				refused := server.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
				server.SendTo(phoneAddr, refused)
				server.Await("180")
				p.do(func() { p.lastIncoming().Reject(486, "") })
				time.Sleep(10 * time.Minute)
				wantSent(t, n, "486", "1 INVITE", pick(network, s.response))
				server.Drain()

				taken := server.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
				server.SendTo(phoneAddr, taken)
				server.Await("180")
				p.answer()
				time.Sleep(10 * time.Minute)
				wantSent(t, n, "200", "2 INVITE", s.response)
				p.wantEnd(408, false)
				server.Drain()

				options := server.Request("OPTIONS", ourURI)
				for range 3 {
					server.SendTo(phoneAddr, options)
					time.Sleep(10 * time.Millisecond)
				}
				wantSent(t, n, "200", "3 OPTIONS", "0 0.01 0.02")
			})
		}
	}
}

// timer_invite_expires: what Expires says, and the instant of CANCEL.
func TestInviteExpiresOnTheWire(t *testing.T) {
	for _, after := range []time.Duration{time.Second, 20 * time.Second, 180 * time.Second, 24 * time.Hour} {
		served(t, "udp", func(o *sipua.Options) { o.Timers.InviteExpires = after }, func(n *siptest.Network, p *phone, server *siptest.Peer) {
			began := time.Now()
			p.dial("1002")
			invite := server.Expect("INVITE")
			hasField(t, invite, "Expires", fmt.Sprint(after.Seconds()))
			server.Reply(invite, 180)
			time.Sleep(after + time.Second)
			server.Reply(server.Expect("CANCEL"), 200)
			server.Reply(invite, 487)
			server.Await("ACK")
			for _, e := range n.Log() {
				if e.Message.Method != "CANCEL" {
					continue
				}
				if e.At.Sub(began) != after {
					t.Errorf("CANCEL after %v, want %v", e.At.Sub(began), after)
				}
				break
			}
			p.wantEnd(408, false)
		})
	}
}

// timer_register_expires and timer_register_delta: what is asked for, and when
// it is refreshed; not before half of what was granted.
func TestRegistrationTimersOnTheWire(t *testing.T) {
	for _, c := range []struct{ expires, granted, delta, want time.Duration }{
		{time.Hour, time.Hour, 5 * time.Second, time.Hour - 5*time.Second},
		{time.Hour, 10 * time.Minute, 60 * time.Second, 9 * time.Minute},
		{80 * time.Second, 80 * time.Second, 30 * time.Second, 50 * time.Second},
		{60 * time.Second, 60 * time.Second, 120 * time.Second, 30 * time.Second},
		{2 * time.Hour, 3 * time.Hour, 5 * time.Second, 3*time.Hour - 5*time.Second},
	} {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			server := siptest.NewPeer(t, n, proxyAddr)
			p := newPhone(t, n, phoneAddr, func(o *sipua.Options) { o.Timers.RegisterDelta = c.delta })
			a := account(1, "1001")
			a.Expires = c.expires
			p.set(a)
			var last time.Time
			for i := range 3 {
				m := server.Expect("REGISTER")
				hasField(t, m, "Expires", fmt.Sprint(c.expires.Seconds()))
				if d := time.Since(last) - 2*siptest.DefaultDelay; i > 0 && d.Round(10*time.Millisecond) != c.want {
					t.Errorf("%+v: refreshed after %v", c, d)
				}
				server.Reply(m, 200, siptest.With("Expires", fmt.Sprint(c.granted.Seconds())))
				last = time.Now()
				if i < 2 {
					server.Quiet(c.want - time.Second)
				}
			}
		})
	}
}

// The timers of a REGISTER and of a SUBSCRIBE are those of any request.
func TestTimersOfARegister(t *testing.T) {
	for _, s := range schedules {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			server := siptest.NewPeer(t, n, proxyAddr)
			newPhone(t, n, phoneAddr, s.set).set(account(1, "1001"))
			time.Sleep(s.requestEnd)
			wantSent(t, n, "REGISTER", "1 REGISTER", s.request)
			server.Drain()
		})
	}
}

// Two phones in one process, each with its own timers, and one whose timers
// change between two calls.
func TestTimersBelongToThePhone(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		const otherAddr = "192.0.2.21:5060"
		first := newPhone(t, n, phoneAddr, guideTimers.set).set(plain(1, "1001"))
		second := newPhone(t, n, otherAddr, quickTimers.set).set(plain(1, "1002"))
		first.dial("x@192.0.2.98")
		second.dial("x@192.0.2.99")
		time.Sleep(10 * time.Minute)
		for addr, want := range map[string]string{phoneAddr: schedules[0].invite, otherAddr: schedules[1].invite} {
			if got := sentAt(n, addr, "INVITE", "1 INVITE"); got != want {
				t.Errorf("%s: %s, want %s", addr, got, want)
			}
		}
		first.wantEnd(408, false)
		second.wantEnd(408, false)
		first.do(func() { first.agent.SetTimers(slowTimers.Timers) })
		from := len(n.Log())
		first.dial("x@192.0.2.98")
		time.Sleep(10 * time.Minute)
		if got := n.Log()[from:]; len(got) != 2 || got[1].At.Sub(got[0].At) != 2*time.Second {
			t.Errorf("after the change: %v", got)
		}
	})
}
