package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

// What exchanges and gateways really send, where the RFCs alone leave a phone
// without an answer.

func TestAckThatWasOvertakenDoesNotRefuseTheNextOffer(t *testing.T) {
	for _, method := range []string{"INVITE", "UPDATE"} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
			peer.SendTo(phoneAddr, invite)
			peer.Expect("180")
			p.answer()
			ok := peer.Expect("200")
			again := peer.Within(invite, ok, method, siptest.SDP(peerSDP("a=sendonly")))
			peer.SendTo(phoneAddr, again) // direct media, at once
			held := peer.Expect("200")
			peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
			if method == "INVITE" {
				peer.SendTo(phoneAddr, peer.Within(again, held, "ACK"))
			}
			peer.Quiet(time.Minute)
			if e := p.last(); e.State != sipua.CallConnected || !e.Media.RemoteHold {
				t.Errorf("%s: %+v", method, e)
			}
		})
	}
}

func TestByeUnderTheNumberOfItsInvite(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		_, invite, ok := incomingCall(t, p, peer)
		seq, _ := invite.CSeq()
		bye := peer.Within(invite, ok, "BYE")
		bye.Header.Set("CSeq", strings.Replace(invite.Header.Get("CSeq"), "INVITE", "BYE", 1))
		peer.SendTo(phoneAddr, bye)
		if peer.Expect("200"); seq == 0 {
			t.Error(invite)
		}
		p.wantEnd(200, true)
	})
}

func TestAckWithoutAnswerLeavesTheSessionAsItWas(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, invite, ok := incomingCall(t, p, peer)
		again := peer.Within(invite, ok, "INVITE") // a refresh without an offer
		peer.SendTo(phoneAddr, again)
		offer := peer.Expect("200")
		if !strings.Contains(string(offer.Body), "m=audio 16384 RTP/AVP 0 8 101") {
			t.Errorf("%s", offer.Body)
		}
		peer.SendTo(phoneAddr, peer.Within(again, offer, "ACK"))
		peer.Quiet(time.Minute)
		if c.State() != sipua.CallConnected {
			p.wantEnd(0, false)
		}
	})
}

func TestAnswerUnderAnotherTagMayRelyOnEarlyMedia(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		early := peer.Reply(invite, 183, siptest.SDP(peerSDP()))
		peer.Reply(invite, 180) // without a description
		<-time.After(time.Second)
		if e := p.last(); e.State != sipua.CallRingOut || e.Changed {
			t.Errorf("%+v", e)
		}
		peer.Reply(invite, 200, siptest.With("To", strings.Replace(early.Header.Get("To"), "tag=peer", "tag=other", 1)))
		ack := peer.Expect("ACK")
		peer.Quiet(time.Minute)
		if e := p.last(); e.State != sipua.CallConnected || e.Media == nil || e.Media.Remote.Port() != 4000 || ack.To().Tag() != "other" {
			t.Errorf("%+v", e)
		}
	})
}

func TestContactThatNobodyCanResolveIsReachedTheWayItCame(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c := p.dial("sip:peer@192.0.2.12")
		peer.Reply(peer.Expect("INVITE"), 200, siptest.SDP(peerSDP()), siptest.With("Contact", "<sip:asterisk@pbx.internal>"))
		if ack := peer.Expect("ACK"); ack.RequestURI != "sip:asterisk@pbx.internal" {
			t.Errorf("%s", ack.Encode())
		}
		p.do(c.Hangup)
		peer.Reply(peer.Expect("BYE"), 200)
		<-time.After(time.Second)
	})
}

func TestContactOfTheServerWithoutTransportStaysOnTheConnection(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		server := siptest.NewPeer(t, n, proxyAddr)
		server.Network = "tcp"
		a := account(1, "1001")
		a.Network, a.Register = "tcp", false
		p := newPhone(t, n, phoneAddr).set(a)
		for contact, want := range map[string]string{"<sip:1002@192.0.2.1:5060>": "tcp", "<sip:1002@192.0.2.1;transport=udp>": "udp"} {
			c := p.dial("1002")
			server.Reply(server.Expect("INVITE"), 200, siptest.SDP(peerSDP()), siptest.With("Contact", contact))
			server.Expect("ACK")
			log := n.Log()
			if got := log[len(log)-1].Network; got != want {
				t.Errorf("%s: ACK by %s", contact, got)
			}
			p.do(c.Hangup)
			server.Reply(server.Expect("BYE"), 200)
			<-time.After(time.Second)
		}
	})
}

func TestCallsGoToTheServerInUseAndNeedNoDNS(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		second := siptest.NewPeer(t, n, "192.0.2.2:5060")
		names := siptest.Names{"pbx.example.com": {proxyAddr, "192.0.2.2:5060"}}
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) { o.Resolver = names })
		a := account(1, "1001")
		a.Proxy = "pbx.example.com" // the first is dead
		p.set(a)
		second.Reply(second.Expect("REGISTER"), 200)
		<-time.After(time.Second)
		for range 2 {
			p.dial("1002")
			second.Reply(second.Expect("INVITE"), 486)
			second.Expect("ACK")
			<-time.After(time.Second)
			delete(names, "pbx.example.com") // DNS is gone
		}
	})
}

func TestHuntingProxyMayComeAgainForAnotherLine(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.set(plain(2, "1002"))
		first := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, first)
		peer.Expect("180")
		p.do(func() { p.lastIncoming().Reject(486, "") })
		refused := peer.Expect("486")
		peer.SendTo(phoneAddr, ackFor(first, refused.To().Tag()))
		second := peer.Request("INVITE", "sip:1002@192.0.2.11", siptest.SDP(peerSDP()),
			siptest.With("Call-ID", first.CallID()), siptest.With("CSeq", first.Header.Get("CSeq")), siptest.With("To", first.Header.Get("To")))
		peer.SendTo(phoneAddr, second)
		peer.Expect("180")
		if got := p.lastIncoming().Line(); got != 2 {
			t.Errorf("line %d rings", got)
		}
		p.do(func() { p.lastIncoming().Reject(486, "") })
	})
}

func TestEarlyMediaMayChangeUnderOneTag(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c := p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		for i, port := range []string{"4000", "4000", "4002"} {
			peer.Reply(invite, 183, siptest.SDP(strings.Replace(peerSDP(), "4000", port, 1)))
			<-time.After(time.Second)
			if e := p.last(); e.Changed == (i == 1) || e.Changed && e.Media.Remote.String() != "192.0.2.12:"+port {
				t.Errorf("%d: %+v", i, e)
			}
		}
		p.do(c.Hangup)
		peer.Reply(peer.Expect("CANCEL"), 200)
		peer.Reply(invite, 487)
		peer.Expect("ACK")
	})
}

func TestCallsTakeTheRouteThatTheRegistrarNames(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		server := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		server.Reply(server.Expect("REGISTER"), 200, siptest.With("Service-Route", "<sip:a@192.0.2.5;lr>, rubbish, <sip:strict@192.0.2.6>"), siptest.And("Service-Route", "<sip:b@192.0.2.7;lr;x=1>"))
		<-time.After(time.Second)
		for target, want := range map[string]string{"1002": "<sip:a@192.0.2.5;lr> <sip:b@192.0.2.7;lr;x=1>", "x@192.0.2.12": ""} {
			to := server
			if want == "" {
				to = siptest.NewPeer(t, n, peerAddr)
			}
			p.dial(target)
			m := to.Expect("INVITE")
			if got := strings.Join(m.Header.All("Route"), " "); got != want {
				t.Errorf("%s: %s", target, got)
			}
			to.Reply(m, 486)
			to.Expect("ACK")
		}
		server.Quiet(time.Minute)
	})
}

func TestRealmThatTheServerHasLeftIsForgotten(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		server := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		for _, realm := range []string{"old", "new"} {
			server.Reply(server.Expect("REGISTER"), 401, siptest.With("WWW-Authenticate", `Digest realm="`+realm+`", nonce="n"`))
			m := server.Expect("REGISTER")
			if all := m.Header.All("Authorization"); len(all) != 1 || !strings.Contains(all[0], `realm="`+realm+`"`) {
				t.Errorf("%q", all)
			}
			server.Reply(m, 200)
			<-time.After(time.Second)
			p.do(func() { p.agent.Register(1) })
		}
		server.Reply(server.Expect("REGISTER"), 200)
		<-time.After(time.Second)
	})
}

func TestOfferThatWaitsForTheAckIsMadeWithoutIt(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, invite)
		peer.Expect("180")
		c := p.answer()
		ok := peer.Expect("200")
		hold := media()
		hold.Direction = audio.SendOnly
		p.do(func() {
			if err := c.Update(hold); err != nil {
				t.Error(err)
			}
		})
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "UPDATE", siptest.SDP(peerSDP())))
		peer.Expect("200")
		m := peer.Expect("INVITE")
		if !strings.Contains(string(m.Body), "a=sendonly") {
			t.Errorf("%s", m.Encode())
		}
		peer.Reply(m, 200, siptest.SDP(peerSDP("a=recvonly")))
		peer.Expect("ACK")
	})
}
