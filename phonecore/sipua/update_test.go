package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/siptest"
)

func hold() sdp.Local {
	l := media()
	l.Direction = audio.SendOnly
	return l
}

func TestHoldAndResumeByReinvite(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := directCall(t, p, peer)
		var err error
		p.do(func() { err = c.Update(hold()) })
		m := peer.Expect("INVITE")
		if err != nil || m.To().Tag() != "peer" || m.Header.Get("CSeq") != "2 INVITE" || m.RequestURI != peer.URI("peer") ||
			!strings.Contains(string(m.Body), "a=sendonly") || !strings.Contains(string(m.Body), " 2 IN IP4 192.0.2.11") {
			t.Errorf("%v\n%s", err, m.Encode())
		}
		peer.Reply(m, 200, siptest.SDP(peerSDP("a=recvonly")))
		if ack := peer.Expect("ACK"); ack.Header.Get("CSeq") != "2 ACK" {
			t.Errorf("%s", ack.Encode())
		}
		time.Sleep(time.Millisecond)
		if e := p.last(); e.Media == nil || e.Media.Direction != audio.SendOnly || e.Media.RemoteHold {
			t.Errorf("%+v", e)
		}
		p.do(func() { err = c.Update(media()) })
		m = peer.Expect("INVITE")
		peer.Reply(m, 200, siptest.SDP(peerSDP()))
		peer.Expect("ACK")
		peer.Reply(m, 200, siptest.SDP(peerSDP())) // our ACK was lost
		peer.Expect("ACK")
		time.Sleep(time.Millisecond)
		if e := p.last(); e.Media == nil || e.Media.Direction != audio.SendRecv {
			t.Errorf("%+v", e)
		}
	})
}

func TestPeersHoldOfBothStyles(t *testing.T) {
	for name, c := range map[string]struct{ from, to, answer string }{
		"sendonly":  {"\r\n", "\r\na=sendonly\r\n", "a=recvonly"},
		"inactive":  {"\r\n", "\r\na=inactive\r\n", "a=inactive"},
		"c=0.0.0.0": {"c=IN IP4 192.0.2.12", "c=IN IP4 0.0.0.0", "a=recvonly"},
	} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			_, invite, ok := incomingCall(t, p, peer)
			body := peerSDP()
			if name == "c=0.0.0.0" {
				body = strings.Replace(body, c.from, c.to, 1)
			} else {
				body += "a=" + name + "\r\n"
			}
			again := peer.Within(invite, ok, "INVITE", siptest.SDP(body))
			peer.SendTo(phoneAddr, again)
			answer := peer.Expect("200")
			if !strings.Contains(string(answer.Body), c.answer) || answer.To().Tag() != ok.To().Tag() {
				t.Errorf("%s: %s", name, answer.Encode())
			}
			peer.SendTo(phoneAddr, peer.Within(again, answer, "ACK"))
			time.Sleep(time.Second)
			if e := p.last(); e.Media == nil || !e.Media.RemoteHold || !e.Changed {
				t.Errorf("%s: %+v", name, e)
			}
			// And back: by an INVITE without an offer.
			again = peer.Within(invite, ok, "INVITE")
			peer.SendTo(phoneAddr, again)
			offer := peer.Expect("200")
			if !strings.Contains(string(offer.Body), "a=sendrecv") {
				t.Errorf("%s: %s", name, offer.Body)
			}
			peer.SendTo(phoneAddr, peer.Within(again, offer, "ACK", siptest.SDP(peerSDP())))
			time.Sleep(time.Second)
			if e := p.last(); e.Media == nil || e.Media.RemoteHold || e.Media.Direction != audio.SendRecv {
				t.Errorf("%s: %+v", name, e)
			}
		})
	}
}

func TestAnswerInMidCallNamesOurAddress(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		_, invite, ok := directCall(t, p, peer)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "INVITE", siptest.SDP(peerSDP())))
		answer := string(peer.Expect("200").Body)
		if !strings.Contains(answer, "c=IN IP4 192.0.2.11") || !strings.Contains(answer, " 2 IN IP4 192.0.2.11") {
			t.Error(answer)
		}
	})
}

// RFC 3261 section 14.1: who owns the Call-ID waits 2.1 to 4 s.
func TestGlareIsSolvedByWaiting(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, invite, ok := directCall(t, p, peer)
		p.do(func() { _ = c.Update(hold()) })
		ours := peer.Expect("INVITE")
		theirs := peer.Within(invite, ok, "INVITE", siptest.SDP(peerSDP("a=sendonly")))
		peer.SendTo(phoneAddr, theirs)
		refused := peer.Expect("491")
		peer.SendTo(phoneAddr, ackFor(theirs, refused.To().Tag()))
		peer.Reply(ours, 491)
		peer.Expect("ACK")
		peer.Quiet(2100 * time.Millisecond)
		m := peer.Expect("INVITE")
		if !strings.Contains(string(m.Body), "a=sendonly") {
			t.Errorf("%s", m.Body)
		}
		peer.Reply(m, 200, siptest.SDP(peerSDP("a=recvonly")))
		peer.Expect("ACK")
	})
}

func TestRefusedUpdateLeavesTheCallAsItWas(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, invite, ok := directCall(t, p, peer)
		p.do(func() { _ = c.Update(hold()) })
		peer.Reply(peer.Expect("INVITE"), 488)
		peer.Expect("ACK")
		if e := p.last(); e.State != sipua.CallConnected || e.Code != 488 || e.Changed {
			t.Errorf("%+v", e)
		}
		// What holds is the session before: sendrecv.
		again := peer.Within(invite, ok, "INVITE", siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, again)
		answer := peer.Expect("200")
		if !strings.Contains(string(answer.Body), "a=sendrecv") {
			t.Errorf("%s", answer.Body)
		}
		peer.SendTo(phoneAddr, peer.Within(again, answer, "ACK"))
		time.Sleep(time.Second)
	})
}

func TestUpdateToAVanishedPeerEndsTheCall(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := directCall(t, p, peer)
		p.do(func() { _ = c.Update(hold()) })
		peer.Reply(peer.Expect("INVITE"), 481)
		peer.Expect("ACK")
		peer.Reply(peer.Expect("BYE"), 481)
		p.wantEnd(481, true)
	})
}

func TestUpdatesThatCannotBeSentYetWaitAndTheLastCounts(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := directCall(t, p, peer)
		p.do(func() {
			_ = c.Update(hold())
			_ = c.Update(media())
			_ = c.Update(hold())
		})
		first := peer.Expect("INVITE")
		peer.Reply(first, 200, siptest.SDP(peerSDP("a=recvonly")))
		peer.Expect("ACK")
		second := peer.Expect("INVITE")
		if !strings.Contains(string(second.Body), "a=sendonly") {
			t.Errorf("%s", second.Body)
		}
		peer.Reply(second, 200, siptest.SDP(peerSDP("a=recvonly")))
		peer.Expect("ACK")
		peer.Quiet(time.Minute)
	})
}

func TestHangupDuringAnUpdate(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := directCall(t, p, peer)
		p.do(func() { _ = c.Update(hold()) })
		m := peer.Expect("INVITE")
		p.do(c.Hangup)
		bye := peer.Expect("BYE")
		peer.Reply(m, 200, siptest.SDP(peerSDP("a=recvonly")))
		peer.Expect("ACK")
		peer.Reply(bye, 200)
		peer.Quiet(time.Minute)
		p.wantEnd(200, false)
	})
}

// TestUpdateThatIsNeverAnsweredEndsAfterTheCall: a peer that says 100 to our
// re-INVITE, ends the call and is silent then leaves nothing behind (RFC 3261
// section 9.1).
func TestUpdateThatIsNeverAnsweredEndsAfterTheCall(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, invite, ok := incomingCall(t, p, peer)
		p.do(func() { _ = c.Update(hold()) })
		peer.Reply(peer.Expect("INVITE"), 100)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE"))
		peer.Expect("200")
		time.Sleep(4 * time.Minute)
		peer.Reply(peer.Expect("CANCEL"), 200)
		p.wantEnd(200, true)
	})
}

// TestAnswerUnderAnotherTagBlocksNothing: some exchanges change their tag in
// mid-call. Hold must not wait for another answer for ever.
func TestAnswerUnderAnotherTagBlocksNothing(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := directCall(t, p, peer)
		p.do(func() { _ = c.Update(hold()) })
		other := siptest.With("To", "<sip:peer@192.0.2.12>;tag=other")
		peer.Reply(peer.Expect("INVITE"), 200, siptest.SDP(peerSDP("a=recvonly")), other)
		peer.Expect("ACK")
		p.do(func() { _ = c.Update(media()) })
		peer.Reply(peer.Expect("INVITE"), 200, siptest.SDP(peerSDP()))
		peer.Expect("ACK")
		p.do(c.Hangup)
		peer.Reply(peer.Expect("BYE"), 200)
	})
}

func TestUpdateRequestOfThePeer(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, invite, ok := incomingCall(t, p, peer)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "UPDATE", siptest.SDP(peerSDP("a=sendonly"))))
		if m := peer.Expect("200"); !strings.Contains(string(m.Body), "a=recvonly") {
			t.Errorf("%s", m.Body)
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "UPDATE", siptest.With("Contact", "<sip:moved@192.0.2.12>")))
		peer.Expect("200")
		if e := p.last(); e.Media == nil || !e.Media.RemoteHold {
			t.Errorf("%+v", e)
		}
		p.do(c.Hangup)
		if bye := peer.Expect("BYE"); bye.RequestURI != "sip:moved@192.0.2.12" {
			t.Errorf("%s", bye.Encode())
		}
	})
}

func TestNumbersInADialogMustGrow(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		_, invite, ok := incomingCall(t, p, peer)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "OPTIONS", siptest.With("CSeq", "100 OPTIONS")))
		peer.Expect("200")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "OPTIONS", siptest.With("CSeq", "99 OPTIONS")))
		peer.Expect("500")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "MESSAGE", siptest.With("CSeq", "101 MESSAGE")))
		peer.Expect("405")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE", siptest.With("CSeq", "102 BYE")))
		peer.Expect("200")
		p.wantEnd(200, true)
	})
}

func TestCrossingByesBothGet200(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, invite, ok := incomingCall(t, p, peer)
		p.do(c.Hangup)
		ours := peer.Expect("BYE")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE"))
		peer.Expect("200")
		peer.Reply(ours, 200)
		peer.Quiet(time.Minute)
		p.wantEnd(200, false)
	})
}

// sip_retx 11: eleven retransmissions of BYE, T1 doubling to T2.
func TestByeIsRepeatedAsTheGuideSays(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c, _, _ := directCall(t, p, peer)
		peer.SetDown(true)
		p.do(c.Hangup)
		time.Sleep(5 * time.Minute)
		wantSchedule(t, n, "BYE", "0 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5 35.5")
	})
}
