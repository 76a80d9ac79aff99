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
