package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

func TestCallThroughProxyFromRingToBye(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users = map[string]string{"1001": canary, "1002": canary}
		alice := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		bob := newPhone(t, n, peerAddr).set(account(1, "1002"))
		time.Sleep(time.Second)
		c := alice.dial("1002")
		time.Sleep(time.Second)
		if e := alice.last(); e.State != sipua.CallRingOut || e.Code != 180 {
			t.Fatalf("%+v", e)
		}
		if peer := bob.lastIncoming().Peer(); peer.Name != "Phone 1001" || peer.User != "1001" {
			t.Errorf("%+v", peer)
		}
		bob.answer()
		time.Sleep(time.Second)
		for _, p := range []*phone{alice, bob} {
			e := p.last()
			if e.State != sipua.CallConnected || e.Media == nil || !e.Changed || e.Media.Direction != audio.SendRecv || e.Media.EventSend != 101 {
				t.Errorf("%+v", e)
			}
		}
		if got := alice.last().Media.Remote.String(); got != "192.0.2.12:16384" {
			t.Error(got)
		}
		alice.do(c.Hangup)
		time.Sleep(time.Second)
		alice.wantEnd(200, false)
		bob.wantEnd(200, true)
		if got := n.Flow(phoneAddr, proxyAddr); !strings.HasSuffix(got, "INVITE 407 ACK INVITE 180 200 ACK BYE 200") {
			t.Error(got)
		}
	})
}

func TestTargetsThatAPersonDials(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewPeer(t, n, proxyAddr)
		direct := siptest.NewPeer(t, n, peerAddr)
		other := siptest.NewPeer(t, n, "192.0.2.12:5070")
		a := account(1, "1001")
		a.Register = false
		p := newPhone(t, n, phoneAddr).set(a)
		for _, c := range []struct {
			target, uri string
			to          *siptest.Peer
		}{
			{"1002", "sip:1002@192.0.2.1", proxy},
			{" #21# ", "sip:%2321%23@192.0.2.1", proxy},
			{"*72", "sip:*72@192.0.2.1", proxy},
			{"bob smith@192.0.2.12", "sip:bob%20smith@192.0.2.12", direct},
			{"bob@192.0.2.12:5070", "sip:bob@192.0.2.12:5070", other},
			{"sip:bob@192.0.2.12;x=1?Subject=evil", "sip:bob@192.0.2.12;x=1", direct},
			{"bob@192.0.2.1", "sip:bob@192.0.2.1", proxy},
			{"tel:+1-555-0123", "sip:+15550123@192.0.2.1", proxy},
		} {
			call := p.dial(c.target)
			m := c.to.Expect("INVITE")
			if m.RequestURI != c.uri {
				t.Errorf("%q: %s, want %s", c.target, m.RequestURI, c.uri)
			}
			c.to.Reply(m, 486)
			c.to.Expect("ACK")
			p.do(func() {
				if call.State() != sipua.CallEnded {
					t.Errorf("%q: state %d", c.target, call.State())
				}
			})
		}
		for _, target := range []string{"", "sip:", "sip:x@y@", "a@", "sip:a b@c", "x@h:99999"} {
			p.do(func() {
				if _, err := p.agent.Dial(1, target, media()); err == nil {
					t.Errorf("%q was dialled", target)
				}
			})
		}
		p.do(func() {
			if _, err := p.agent.Dial(6, "1", media()); err == nil || !strings.Contains(err.Error(), "line6_name") {
				t.Error(err)
			}
		})
		p.set(sipua.Account{Line: 2, User: "x"})
		p.do(func() {
			if _, err := p.agent.Dial(2, "1002", media()); err == nil || !strings.Contains(err.Error(), "proxy1_address") {
				t.Error(err)
			}
		})
	})
}

func TestFinalResponsesAreReportedAsTheyAre(t *testing.T) {
	for _, status := range []int{300, 400, 401, 403, 404, 408, 413, 480, 486, 487, 488, 491, 500, 503, 600, 603, 606, 699} {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			peer := siptest.NewPeer(t, n, peerAddr)
			p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
			p.dial("bob@192.0.2.12")
			invite := peer.Expect("INVITE")
			peer.Reply(invite, status, siptest.With("Retry-After", "30"), siptest.Without("Contact"))
			ack := peer.Expect("ACK")
			if ack.Header.Get("CSeq") != "1 ACK" || ack.To().Tag() != "peer" || ack.Via().Branch() != invite.Via().Branch() {
				t.Errorf("%s", ack.Encode())
			}
			p.wantEnd(status, true)
			if e := p.last(); e.RetryAfter != 30*time.Second {
				t.Errorf("%+v", e)
			}
			peer.Reply(invite, status) // our ACK was lost
			peer.Expect("ACK")
		})
	}
}

func TestEarlyMediaIsAgreedBeforeTheAnswer(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		p.dial("bob@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 100)
		peer.Reply(invite, 183, siptest.SDP(peerSDP()))
		time.Sleep(time.Second)
		if e := p.last(); e.State != sipua.CallProgress || e.Media == nil || !e.Changed {
			t.Errorf("%+v", e)
		}
		// A 2xx without a description of its own confirms the early one.
		peer.Reply(invite, 200)
		peer.Expect("ACK")
		time.Sleep(time.Second)
		if e := p.last(); e.State != sipua.CallConnected || e.Media == nil {
			t.Errorf("%+v", e)
		}
	})
}

func TestLostAckIsRepeatedForEach2xx(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		_, invite, _ := directCall(t, p, peer)
		for range 3 {
			peer.Reply(invite, 200, siptest.SDP(peerSDP()))
			if ack := peer.Expect("ACK"); ack.RequestURI != "sip:peer@192.0.2.12:5060" || ack.Header.Get("CSeq") != "1 ACK" {
				t.Errorf("%s", ack.Encode())
			}
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.events) != 1 {
			t.Errorf("%+v", p.events)
		}
	})
}

func TestLosingBranchOfAForkGetsAckAndBye(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		p.dial("bob@192.0.2.12")
		invite := peer.Expect("INVITE")
		tag := func(tag string) siptest.Option {
			return siptest.With("To", invite.Header.Get("To")+";tag="+tag)
		}
		peer.Reply(invite, 180, tag("a"))
		peer.Reply(invite, 180, tag("b"))
		peer.Reply(invite, 200, tag("b"), siptest.SDP(peerSDP()))
		if ack := peer.Expect("ACK"); ack.To().Tag() != "b" {
			t.Errorf("%s", ack.Encode())
		}
		peer.Reply(invite, 200, tag("a"), siptest.SDP(peerSDP()))
		if ack := peer.Expect("ACK"); ack.To().Tag() != "a" {
			t.Errorf("%s", ack.Encode())
		}
		bye := peer.Expect("BYE")
		if bye.To().Tag() != "a" {
			t.Errorf("%s", bye.Encode())
		}
		peer.Reply(bye, 200)
		time.Sleep(time.Second)
		if p.last().State != sipua.CallConnected {
			t.Errorf("%+v", p.last())
		}
	})
}

// RFC 3261 section 9.1: CANCEL waits for a 1xx.
func TestCancelWaitsForAProvisionalResponse(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		c := p.dial("bob@192.0.2.12")
		invite := peer.Expect("INVITE")
		p.do(c.Hangup)
		time.Sleep(time.Millisecond)
		p.wantEnd(487, false)
		peer.Quiet(490 * time.Millisecond)
		peer.Expect("INVITE") // repeated, for want of an answer
		peer.Reply(invite, 100)
		cancel := peer.Expect("CANCEL")
		if cancel.Via().Branch() != invite.Via().Branch() || cancel.Header.Get("CSeq") != "1 CANCEL" ||
			cancel.Header.Has("Contact") || cancel.RequestURI != invite.RequestURI || cancel.To().Tag() != "" {
			t.Errorf("%s", cancel.Encode())
		}
		peer.Reply(cancel, 200)
		peer.Reply(invite, 487)
		peer.Expect("ACK")
		peer.Quiet(time.Minute)
	})
}

func TestAnswerThatCrossesCancelGetsAckAndBye(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		c := p.dial("bob@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 180)
		time.Sleep(time.Second)
		p.do(c.Hangup)
		peer.Expect("CANCEL")
		peer.Reply(invite, 200, siptest.SDP(peerSDP()))
		peer.Expect("ACK")
		peer.Reply(peer.Await("BYE"), 200)
		time.Sleep(time.Second)
		p.wantEnd(487, false)
	})
}

func TestUnansweredCallExpires(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) { o.Timers.InviteExpires = 20 * time.Second }).set(plain(1, "1001"))
		start := time.Now()
		p.dial("bob@192.0.2.12")
		invite := peer.Expect("INVITE")
		if invite.Header.Get("Expires") != "20" {
			t.Errorf("Expires %q", invite.Header.Get("Expires"))
		}
		peer.Reply(invite, 180)
		peer.Expect("CANCEL")
		if d := time.Since(start); d != 20*time.Second+siptest.DefaultDelay {
			t.Error(d)
		}
		peer.Reply(invite, 487)
		peer.Await("ACK")
		p.wantEnd(408, false)
	})
}

func TestSilentPeerEndsTheCallWithTimeout(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		start := time.Now()
		p.dial("bob@192.0.2.99")
		time.Sleep(10 * time.Minute)
		p.wantEnd(408, false)
		// sip_invite_retx 7: seven retransmissions after the first INVITE.
		var got []string
		for _, e := range n.Log() {
			got = append(got, fmt.Sprint(e.Message.Method, " ", e.At.Sub(start)))
		}
		want := "[INVITE 0s INVITE 500ms INVITE 1.5s INVITE 3.5s INVITE 7.5s INVITE 15.5s INVITE 31.5s INVITE 1m3.5s]"
		if fmt.Sprint(got) != want {
			t.Error(got)
		}
	})
}

func TestChallengeToACallIsAnsweredOnceAndOnlyForOurServer(t *testing.T) {
	challenge := siptest.With("Proxy-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewPeer(t, n, proxyAddr)
		a := account(1, "1001")
		a.Register, a.CallAuthName, a.CallPassword, a.CallUser = false, "callname", "other", "callme"
		p := newPhone(t, n, phoneAddr).set(a)
		p.dial("1002")
		first := proxy.Expect("INVITE")
		if first.From().URI != "sip:callme@192.0.2.1" {
			t.Error(first.From())
		}
		proxy.Reply(first, 407, challenge)
		proxy.Expect("ACK")
		second := proxy.Expect("INVITE")
		if !strings.Contains(second.Header.Get("Proxy-Authorization"), `username="callname"`) ||
			second.CallID() != first.CallID() || second.From().Tag() != first.From().Tag() || second.Header.Get("CSeq") != "2 INVITE" {
			t.Errorf("%s", second.Encode())
		}
		proxy.Reply(second, 407, challenge)
		proxy.Expect("ACK")
		proxy.Quiet(time.Minute)
		p.wantEnd(407, true)
	})
	virtual(t, func(t *testing.T, n *siptest.Network) {
		stranger := siptest.NewPeer(t, n, peerAddr)
		a := account(1, "1001")
		a.Register = false
		p := newPhone(t, n, phoneAddr).set(a)
		p.dial("bob@192.0.2.12")
		stranger.Reply(stranger.Expect("INVITE"), 407, challenge)
		stranger.Expect("ACK")
		stranger.Quiet(time.Minute)
		p.wantEnd(407, true)
	})
}

func TestAckRepeatsTheCredentialsOfItsInvite(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewPeer(t, n, proxyAddr)
		a := account(1, "1001")
		a.Register = false
		p := newPhone(t, n, phoneAddr).set(a)
		c := p.dial("1002")
		proxy.Reply(proxy.Expect("INVITE"), 407, siptest.With("Proxy-Authenticate", `Digest realm="r", nonce="n", qop="auth"`))
		proxy.Expect("ACK")
		invite := proxy.Expect("INVITE")
		proxy.Reply(invite, 200, siptest.SDP(peerSDP()), siptest.With("Contact", "<sip:1002@192.0.2.1>"))
		ack := proxy.Expect("ACK")
		if ack.Header.Get("Proxy-Authorization") != invite.Header.Get("Proxy-Authorization") {
			t.Errorf("%s", ack.Encode())
		}
		// The next request uses the nonce a second time.
		p.do(c.Hangup)
		bye := proxy.Expect("BYE")
		if !strings.Contains(bye.Header.Get("Proxy-Authorization"), "nc=00000002") {
			t.Errorf("%s", bye.Encode())
		}
		proxy.Reply(bye, 200)
		time.Sleep(time.Second)
	})
}

func TestRedirectionFollowsThePreferenceAndTheLimit(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		p.dial("bob@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 302, siptest.With("Contact",
			`<sip:low@192.0.2.12>;q=0.1, "Hi" <sip:high@192.0.2.12>;q=0.9, <mailto:x@y>, <sip:bob@192.0.2.12>`))
		peer.Expect("ACK")
		high := peer.Expect("INVITE")
		if high.RequestURI != "sip:high@192.0.2.12" || high.CallID() != invite.CallID() ||
			high.Header.Get("To") != invite.Header.Get("To") || high.Header.Get("CSeq") != "2 INVITE" {
			t.Errorf("%s", high.Encode())
		}
		time.Sleep(time.Millisecond)
		if e := p.last(); !e.Redirected || e.Code != 302 || e.State != sipua.CallCalling {
			t.Errorf("%+v", e)
		}
		peer.Reply(high, 486)
		peer.Expect("ACK")
		low := peer.Expect("INVITE")
		if low.RequestURI != "sip:low@192.0.2.12" {
			t.Errorf("%s", low.Encode())
		}
		m := low
		for i := range 10 { // round and round
			peer.Reply(m, 301, siptest.With("Contact", fmt.Sprintf("<sip:x%d@192.0.2.12>", i)))
			peer.Expect("ACK")
			time.Sleep(10 * time.Millisecond)
			if p.last().State == sipua.CallEnded {
				if i != 3 {
					t.Errorf("%d redirections were followed", i+2)
				}
				break
			}
			m = peer.Expect("INVITE")
		}
		p.wantEnd(301, true)
	})
}

func TestRecordRouteIsFollowedLooseAndStrict(t *testing.T) {
	for _, c := range []struct {
		routes         []string
		uri, route, to string
	}{
		{[]string{"<sip:192.0.2.13;lr>", "<sip:192.0.2.12;lr>"}, "sip:peer@192.0.2.12:5060", "<sip:192.0.2.12;lr> <sip:192.0.2.13;lr>", peerAddr},
		{[]string{"<sip:192.0.2.13>, <sip:strict@192.0.2.12;x=1>"}, "sip:strict@192.0.2.12;x=1", "<sip:192.0.2.13> <sip:peer@192.0.2.12:5060>", peerAddr},
		{nil, "sip:peer@192.0.2.12:5060", "", peerAddr},
	} {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			peer := siptest.NewPeer(t, n, peerAddr)
			p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
			p.dial("bob@192.0.2.12")
			invite := peer.Expect("INVITE")
			options := []siptest.Option{siptest.SDP(peerSDP())}
			for _, r := range c.routes {
				options = append(options, siptest.And("Record-Route", r))
			}
			peer.Reply(invite, 200, options...)
			ack := peer.Expect("ACK")
			if got := strings.Join(ack.Header.All("Route"), " "); ack.RequestURI != c.uri || got != c.route {
				t.Errorf("%s %q, want %s %q", ack.RequestURI, got, c.uri, c.route)
			}
		})
	}
}

func TestUselessAnswerEndsTheCallInForm(t *testing.T) {
	for _, body := range []string{"", "rubbish", strings.Replace(peerSDP(), "RTP/AVP 0 8", "RTP/AVP 18", 1), strings.Replace(peerSDP(), "4000", "0", 1)} {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			peer := siptest.NewPeer(t, n, peerAddr)
			p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
			p.dial("bob@192.0.2.12")
			peer.Reply(peer.Expect("INVITE"), 200, siptest.SDP(body))
			peer.Expect("ACK")
			peer.Reply(peer.Expect("BYE"), 200)
			time.Sleep(time.Second)
			p.wantEnd(488, false)
		})
	}
}

// Peers of RFC 2543 need not tag To, and may put no Contact.
func TestAnswerOfAnOldPeerWithoutTagAndContact(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		p.dial("bob@192.0.2.12")
		invite := peer.Expect("INVITE")
		ok := peer.Reply(invite, 200, siptest.SDP(peerSDP()), siptest.With("To", "<sip:bob@192.0.2.12>"), siptest.Without("Contact"))
		ack := peer.Expect("ACK")
		if ack.RequestURI != invite.RequestURI || ack.To().Tag() != "" {
			t.Errorf("%s", ack.Encode())
		}
		bye := peer.Within(invite, ok, "BYE", siptest.With("Via", "SIP/2.0/UDP 192.0.2.12"))
		bye.RequestURI = "sip:1001@192.0.2.11"
		peer.SendTo(phoneAddr, bye)
		peer.Expect("200")
		p.wantEnd(200, true)
	})
}

func TestLongRequestGoesByTCPAndFallsBackToUDP(t *testing.T) {
	for _, tcp := range []bool{true, false} {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			peer := siptest.NewPeer(t, n, peerAddr)
			if !tcp {
				peer.OnlyUDP()
			}
			a := plain(1, "1001")
			a.DisplayName = strings.Repeat("long ", 250)
			p := newPhone(t, n, phoneAddr).set(a)
			for range 2 {
				p.dial("bob@192.0.2.12")
				m := peer.Expect("INVITE")
				if got := m.Via().Transport; (got == "TCP") != tcp {
					t.Errorf("tcp %v: Via %s", tcp, got)
				}
				peer.Reply(m, 486)
				peer.Drain()
			}
			time.Sleep(time.Second)
			p.wantEnd(486, true)
			tries := 0
			for _, e := range n.Log() {
				if e.Network == "tcp" && e.Message.Method == "INVITE" {
					tries++
				}
			}
			if want := map[bool]int{true: 2, false: 1}[tcp]; tries != want {
				t.Errorf("%d tries by TCP, want %d: what was refused is remembered", tries, want)
			}
		})
	}
}
