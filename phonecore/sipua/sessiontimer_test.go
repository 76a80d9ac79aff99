package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

const halfHour = 30 * time.Minute

func timed(d time.Duration) func(*sipua.Options) { return dialogs(sipua.Dialogs{SessionExpires: d}) }

// late expects a message after a long time.
func late(peer *siptest.Peer, after time.Duration, what string) *wire.Message {
	peer.Quiet(after)
	return peer.Expect(what)
}

// connectWith makes a call whose 2xx has some fields.
func connectWith(p *phone, peer *siptest.Peer, options ...siptest.Option) *sipua.Call {
	c := p.dial("sip:peer@192.0.2.12")
	peer.Reply(peer.Expect("INVITE"), 200, append([]siptest.Option{siptest.SDP(peerSDP())}, options...)...)
	peer.Expect("ACK")
	return c
}

// RFC 4028 section 10: the refresher speaks at half time, again and again; by
// UPDATE if the peer takes it, else by INVITE with the offer as it was.
func TestWeRefreshASessionAtHalfTime(t *testing.T) {
	for method, allow := range map[string]string{"UPDATE": "INVITE, ACK, BYE, UPDATE", "INVITE": "INVITE, ACK, BYE"} {
		for _, refresher := range []string{";refresher=uac", "", ";x=y;refresher = uac"} {
			answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
				c := connectWith(p, peer, siptest.With("Session-Expires", "1800"+refresher), siptest.With("Allow", allow))
				last := time.Now()
				for range 3 {
					m := late(peer, 14*time.Minute, method)
					if d := time.Since(last); d.Round(10*time.Millisecond) != 15*time.Minute {
						t.Errorf("%s after %v", method, d)
					}
					hasField(t, m, "Session-Expires", "1800;refresher=uac")
					hasOptions(t, m, "100rel, 199, timer")
					answer := []siptest.Option{siptest.With("Session-Expires", "1800;refresher=uac")}
					if method == "INVITE" {
						if !strings.Contains(string(m.Body), " 1 IN IP4 192.0.2.11") {
							t.Errorf("the version of the offer has grown: %s", m.Body)
						}
						answer = append(answer, siptest.SDP(peerSDP()))
					} else if len(m.Body) != 0 {
						t.Errorf("%s", m.Encode())
					}
					peer.Reply(m, 200, answer...)
					last = time.Now()
					if method == "INVITE" {
						peer.Expect("ACK")
					}
				}
				p.do(c.Hangup)
				peer.Reply(peer.Expect("BYE"), 200)
				peer.Quiet(time.Hour)
			}, timed(halfHour))
		}
	}
}

// A refresher that falls silent: BYE the smaller of 32 s and a third before the
// end.
func TestSessionThatNobodyRefreshesEnds(t *testing.T) {
	for expires, after := range map[string]time.Duration{"1800": 1768 * time.Second, "90": 60 * time.Second, "96": 64 * time.Second} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			connectWith(p, peer, siptest.With("Session-Expires", expires+";refresher=uas"), siptest.With("Require", "timer"))
			began := time.Now()
			bye := late(peer, after-time.Second, "BYE")
			if d := time.Since(began); d.Round(10*time.Millisecond) != after {
				t.Errorf("%s: BYE after %v, want %v", expires, d, after)
			}
			hasField(t, bye, "Reason", `SIP;cause=408;text="Request Timeout"`)
			peer.Reply(bye, 200)
			p.wantEnd(408, false)
		}, timed(halfHour))
	}
}

func TestPeersRefreshKeepsASession(t *testing.T) {
	for _, method := range []string{"UPDATE", "INVITE"} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			c := p.dial("sip:peer@192.0.2.12")
			invite := peer.Expect("INVITE")
			hasField(t, invite, "Session-Expires", "1800")
			ok := peer.Reply(invite, 200, siptest.SDP(peerSDP()), siptest.With("Session-Expires", "1800;refresher=uas"))
			peer.Expect("ACK")
			for range 4 {
				peer.Quiet(15 * time.Minute)
				m := peer.Within(invite, ok, method, siptest.With("Session-Expires", "1800;refresher=uac"), siptest.With("Supported", "timer"))
				if method == "INVITE" {
					m.SetBody("application/sdp", []byte(peerSDP()))
				}
				peer.SendTo(phoneAddr, m)
				answer := peer.Expect("200")
				hasField(t, answer, "Session-Expires", "1800;refresher=uac")
				hasField(t, answer, "Require", "timer")
				if method == "INVITE" {
					peer.SendTo(phoneAddr, peer.Within(m, answer, "ACK"))
				}
			}
			if c.State() != sipua.CallConnected {
				t.Errorf("%s: state %d", method, c.State())
			}
			p.do(c.Hangup)
			peer.Reply(peer.Expect("BYE"), 200)
		}, timed(halfHour))
	}
}

// Section 7.2: a 2xx without Session-Expires wants none.
func TestPeerWithoutSessionTimerIsLeftAlone(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c := connectWith(p, peer)
		peer.Quiet(48 * time.Hour)
		p.do(c.Hangup)
		peer.Reply(peer.Expect("BYE"), 200)
	}, timed(halfHour))
}

// Who refreshes an incoming call (section 9, table 2), and what is too short.
func TestSessionTimerOfIncomingCalls(t *testing.T) {
	for _, c := range []struct{ expires, supported, want, require string }{
		{"1800", "timer", "1800;refresher=uas", ""},
		{"1800;refresher=uac", "timer", "1800;refresher=uac", "timer"},
		{"1800;refresher=uas", "timer", "1800;refresher=uas", ""},
		{"1800", "", "1800;refresher=uas", ""},
		{"60", "", "60;refresher=uas", ""}, // who does not know 422
		{"", "timer", "", ""},
		{"rubbish", "timer", "", ""},
		{"90000000000", "timer", "86400;refresher=uas", ""},
	} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			call, _, ok := incomingCall(t, p, peer, siptest.With("Session-Expires", c.expires), siptest.With("Supported", c.supported))
			hasField(t, ok, "Session-Expires", c.want)
			hasField(t, ok, "Require", c.require)
			p.do(call.Hangup)
			peer.Reply(peer.Expect("BYE"), 200)
		})
	}
	for least, want := range map[time.Duration]string{0: "90", 10 * time.Minute: "600"} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()), siptest.With("Session-Expires", "60"), siptest.With("Supported", "timer")))
			hasField(t, peer.Expect("422"), "Min-SE", want)
			if len(p.incoming) != 0 {
				t.Error("it rang")
			}
		}, dialogs(sipua.Dialogs{MinSE: least}))
	}
}

// Section 7.3: 422 is followed with the time that it names, for as long as that
// grows, three times at most.
func TestSessionTimeIsRaisedAsTheServerWants(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		peer.Reply(peer.Expect("INVITE"), 422, siptest.With("Min-SE", "3600"))
		peer.Expect("ACK")
		again := peer.Expect("INVITE")
		hasField(t, again, "Session-Expires", "3600")
		hasField(t, again, "Min-SE", "3600")
		hasField(t, again, "CSeq", "2 INVITE")
		peer.Reply(again, 422, siptest.With("Min-SE", "3600"))
		peer.Expect("ACK")
		p.wantEnd(422, true)
	}, timed(halfHour))
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		for _, least := range []string{"2000", "3000", "4000", "5000"} {
			peer.Reply(peer.Expect("INVITE"), 422, siptest.With("Min-SE", least))
			peer.Expect("ACK")
		}
		p.wantEnd(422, true)
		peer.Quiet(time.Hour)
	}, timed(halfHour))
	// In mid-call.
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		connectWith(p, peer, siptest.With("Session-Expires", "1800;refresher=uac"), siptest.With("Allow", "UPDATE"))
		peer.Reply(late(peer, 14*time.Minute, "UPDATE"), 422, siptest.With("Min-SE", "2400"))
		again := peer.Expect("UPDATE")
		hasField(t, again, "Session-Expires", "2400;refresher=uac")
		peer.Reply(again, 200, siptest.With("Session-Expires", "2400;refresher=uac"))
		began := time.Now()
		late(peer, 19*time.Minute, "UPDATE")
		if d := time.Since(began); d.Round(10*time.Millisecond) != 20*time.Minute {
			t.Errorf("refreshed after %v", d)
		}
	}, timed(halfHour))
}

func TestRefreshThatIsRefused(t *testing.T) {
	for status, next := range map[int]string{481: "BYE", 408: "BYE", 405: "INVITE", 501: "INVITE", 491: "UPDATE", 500: "UPDATE"} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			connectWith(p, peer, siptest.With("Session-Expires", "1800;refresher=uac"), siptest.With("Allow", "UPDATE"))
			peer.Reply(late(peer, 14*time.Minute, "UPDATE"), status)
			m := peer.Next()
			if siptest.Kind(m) != next {
				t.Errorf("%d: then %s, want %s", status, siptest.Kind(m), next)
			}
			switch next {
			case "BYE":
				peer.Reply(m, 200)
				p.wantEnd(408, false)
			case "UPDATE":
				peer.Reply(m, 200, siptest.With("Session-Expires", "1800;refresher=uac"))
			}
		}, timed(halfHour))
	}
	// By INVITE: the owner hears nothing of it, and holds nothing for its sake.
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		connectWith(p, peer, siptest.With("Session-Expires", "1800;refresher=uac"))
		peer.Quiet(14 * time.Minute)
		for _, status := range []int{500, 488, 491} {
			m := late(peer, time.Second, "INVITE")
			peer.Reply(m, status)
			peer.Expect("ACK")
		}
		peer.Reply(peer.Expect("INVITE"), 200, siptest.SDP(peerSDP()))
		peer.Expect("ACK")
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, e := range p.events {
			if e.Code != 200 {
				t.Errorf("%+v", e)
			}
		}
	}, timed(halfHour))
	// Refused for ever, the session ends in its time.
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		connectWith(p, peer, siptest.With("Session-Expires", "1800;refresher=uac"), siptest.With("Allow", "UPDATE"))
		began, asked := time.Now(), 0
		peer.Quiet(14 * time.Minute)
		for {
			m := peer.Next()
			if m.Method == "BYE" {
				peer.Reply(m, 200)
				break
			}
			asked++
			peer.Reply(m, 500)
		}
		if d := time.Since(began); d.Round(10*time.Millisecond) != 1768*time.Second || asked < 2 || asked > 200 {
			t.Errorf("BYE after %v and %d tries", d, asked)
		}
	}, timed(halfHour))
}

// A dead peer: the repetitions of the UPDATE end, then the call.
func TestDeadPeerIsFoundByTheRefresh(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		connectWith(p, peer, siptest.With("Session-Expires", "1800;refresher=uac"), siptest.With("Allow", "UPDATE"))
		peer.SetDown(true)
		time.Sleep(17 * time.Minute)
		p.wantEnd(408, false)
		wantSchedule(t, n, "UPDATE", "0 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5 35.5")
	}, timed(halfHour))
}
