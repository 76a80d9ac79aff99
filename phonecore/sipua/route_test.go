package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

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

// At another port of the server's machine somebody else listens.
func TestAnotherPortOfTheServersMachineIsSomebodyElse(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy, other := siptest.NewPeer(t, n, proxyAddr), siptest.NewPeer(t, n, "192.0.2.1:5070")
		a := account(1, "1001")
		a.Register = false
		p := newPhone(t, n, phoneAddr).set(a)
		p.dial("112@192.0.2.1:5070")
		other.Reply(other.Expect("INVITE"), 486)
		other.Expect("ACK")
		p.dial("1002@192.0.2.1:5060")
		proxy.Reply(proxy.Expect("INVITE"), 486)
		proxy.Expect("ACK")
	})
}
