package sipua_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/audio/codec"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// answering is a phone with line 1 at its own address and a scripted peer.
func answering(t *testing.T, f func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer), change ...func(*sipua.Options)) {
	t.Helper()
	virtual(t, func(t *testing.T, n *siptest.Network) {
		f(t, n, newPhone(t, n, phoneAddr, change...).set(plain(1, "1001")), siptest.NewPeer(t, n, peerAddr))
	})
}

const ourURI = "sip:1001@192.0.2.11"

func TestIncomingCallHasOneTagOnEveryResponse(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()), siptest.With("Alert-Info", "<http://x>"))
		peer.SendTo(phoneAddr, invite)
		ringing := peer.Expect("180")
		p.answer()
		ok := peer.Expect("200")
		tag := ringing.To().Tag()
		if tag == "" || ok.To().Tag() != tag || ok.Header.Get("Contact") != "<sip:1001@192.0.2.11:5060>" || !strings.Contains(ok.Header.Get("Allow"), "INVITE") {
			t.Errorf("%s\n%s", ringing.Encode(), ok.Encode())
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
		peer.Quiet(time.Minute)
		if e := p.last(); e.State != sipua.CallConnected || e.Media == nil || e.Media.Remote.String() != "192.0.2.12:4000" {
			t.Errorf("%+v", e)
		}
	})
}

func TestRetransmittedInviteIsAbsorbed(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
		for range 3 {
			peer.SendTo(phoneAddr, invite)
			peer.Expect("180")
		}
		p.do(func() { p.lastIncoming().Reject(486, "") })
		peer.Expect("486")
		peer.SendTo(phoneAddr, invite)
		peer.Expect("486")
		peer.SendTo(phoneAddr, ackFor(invite, "x"))
		peer.Quiet(time.Minute)
		if len(p.incoming) != 1 {
			t.Errorf("%d calls", len(p.incoming))
		}
		p.wantEnd(486, false)
	})
}

// ackFor is the ACK of a failure, within the transaction.
func ackFor(invite *wire.Message, tag string) *wire.Message {
	ack := wire.NewRequest("ACK", invite.RequestURI)
	for _, name := range []string{"Via", "From", "Call-ID"} {
		ack.Header.Add(name, invite.Header.Get(name))
	}
	ack.Header.Add("To", invite.Header.Get("To")+";tag="+tag)
	n, _ := invite.CSeq()
	ack.Header.Add("CSeq", fmt.Sprintf("%d ACK", n))
	return ack
}

// RFC 3261 section 17.2.1, timer G: T1, doubling up to T2, for 64*T1.
func TestFailureIsRepeatedUntilAck(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.ring = func(c *sipua.Call, _ sipua.Event) bool { c.Reject(603, "Nobody home"); return false }
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		time.Sleep(2 * time.Minute)
		wantSchedule(t, n, "603", "0 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5")
	})
}

// Section 13.3.1.4: the 2xx is repeated alike, then the call is given up.
func TestAnswerIsRepeatedUntilAckThenBye(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		peer.Expect("180")
		p.answer()
		peer.Reply(peer.Await("BYE"), 200)
		wantSchedule(t, n, "200", "0 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5")
		time.Sleep(time.Second)
		p.wantEnd(408, false)
	})
}

// wantSchedule checks when a message was sent by the phone, in seconds after
// the first time.
func wantSchedule(t *testing.T, n *siptest.Network, kind, want string) {
	t.Helper()
	var at []string
	var first time.Time
	for _, e := range n.Log() {
		if siptest.Kind(e.Message) != kind || e.From.String() != phoneAddr {
			continue
		}
		if first.IsZero() {
			first = e.At
		}
		at = append(at, fmt.Sprint(e.At.Sub(first).Seconds()))
	}
	if got := strings.Join(at, " "); got != want {
		t.Errorf("%s at %s, want %s", kind, got, want)
	}
}

func TestHangupBeforeAckWaitsForIt(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, invite)
		peer.Expect("180")
		c := p.answer()
		ok := peer.Expect("200")
		p.do(c.Hangup)
		peer.Quiet(400 * time.Millisecond)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
		peer.Reply(peer.Await("BYE"), 200)
		time.Sleep(time.Second)
		p.wantEnd(200, false)
	})
}

func TestOfferlessInviteIsAnsweredInAck(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI)
		peer.SendTo(phoneAddr, invite)
		peer.Expect("180")
		p.answer()
		ok := peer.Expect("200")
		if !strings.Contains(string(ok.Body), "m=audio 16384 RTP/AVP 0 8 101") {
			t.Errorf("%s", ok.Body)
		}
		time.Sleep(time.Millisecond)
		if e := p.last(); e.State != sipua.CallConnected || e.Media != nil {
			t.Errorf("%+v", e)
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK", siptest.SDP(peerSDP())))
		time.Sleep(time.Second)
		if e := p.last(); e.Media == nil || !e.Changed || e.Media.Send.Codec != codec.PCMU {
			t.Errorf("%+v", e)
		}
	})
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI)
		peer.SendTo(phoneAddr, invite)
		peer.Expect("180")
		p.answer()
		peer.SendTo(phoneAddr, peer.Within(invite, peer.Expect("200"), "ACK"))
		peer.Reply(peer.Await("BYE"), 200)
		time.Sleep(time.Second)
		p.wantEnd(488, false)
	})
}

func TestCancelGets200And487(t *testing.T) {
	for reason, elsewhere := range map[string]bool{"": false, `SIP;cause=200;text="Call completed elsewhere"`: true, "Q.850;cause=26": true,
		`Q.850;cause=16, SIP ;cause=200`: true, "Q.850;cause=16": false, "SIP;cause=603": false, "SIP": false, ";": false} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
			peer.SendTo(phoneAddr, invite)
			ringing := peer.Expect("180")
			cancel := ackFor(invite, "")
			cancel.Method = "CANCEL"
			cancel.Header.Set("To", invite.Header.Get("To"))
			cancel.Header.Set("CSeq", "1 CANCEL")
			cancel.Header.Set("Reason", reason)
			peer.SendTo(phoneAddr, cancel)
			ok, gone := peer.Expect("200"), peer.Expect("487")
			if tag := ringing.To().Tag(); ok.To().Tag() != tag || gone.To().Tag() != tag {
				t.Error("three To tags")
			}
			peer.SendTo(phoneAddr, ackFor(invite, gone.To().Tag()))
			peer.Quiet(time.Minute)
			p.wantEnd(487, true)
			if p.last().AcceptedElsewhere != elsewhere {
				t.Errorf("%q: %+v", reason, p.last())
			}
		})
	}
}

func TestAckToNothingIsIgnored(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		peer.SendTo(phoneAddr, peer.Request("ACK", ourURI))
		peer.Quiet(time.Minute)
	})
}

// No cookie in the branch, or none at all, no tags, no rport.
func TestCallerOfRFC2543(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		old := []siptest.Option{siptest.With("Via", "SIP/2.0/UDP 192.0.2.12"), siptest.With("From", "<sip:old@192.0.2.12>"),
			siptest.Without("Max-Forwards"), siptest.With("Call-ID", "1@old")}
		invite := peer.Request("INVITE", ourURI, append(old, siptest.SDP(peerSDP()))...)
		peer.SendTo(phoneAddr, invite)
		peer.SendTo(phoneAddr, invite)
		peer.Expect("180")
		peer.Expect("180")
		p.answer()
		ok := peer.Expect("200")
		ack := peer.Within(invite, ok, "ACK", siptest.With("Via", "SIP/2.0/UDP 192.0.2.12"))
		peer.SendTo(phoneAddr, ack)
		peer.Quiet(5 * time.Second) // the ACK was matched
		bye := peer.Within(invite, ok, "BYE", append(old, siptest.With("To", ok.Header.Get("To")))...)
		peer.SendTo(phoneAddr, bye)
		peer.Expect("200")
		p.wantEnd(200, true)
		if len(p.incoming) != 1 {
			t.Errorf("%d calls", len(p.incoming))
		}
	})
}

func TestLineIsFoundByContactRequestURIAndTo(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr)
		two := plain(2, "1001")
		three := plain(3, "1003")
		three.CallUser = "callme"
		p.set(plain(1, "1001"), two, three)
		peer := siptest.NewPeer(t, n, peerAddr)
		for _, c := range []struct {
			uri, to string
			line    int
		}{
			{"sip:1001@192.0.2.11", "sip:1001@x", 1},
			{"sip:1001-2@192.0.2.11:5060", "sip:1001@x", 2}, // our own Contact
			{"sip:1003@192.0.2.11", "sip:1001@x", 3},
			{"sip:callme@192.0.2.11", "sip:x@x", 3},
			{"sip:192.0.2.11", "sip:1003@x", 3},
			{"sip:unknown@192.0.2.11", "sip:1003@x", 3},
		} {
			peer.SendTo(phoneAddr, peer.Request("INVITE", c.uri, siptest.With("To", "<"+c.to+">"), siptest.SDP(peerSDP())))
			peer.Expect("180")
			call := p.lastIncoming()
			if call.Line() != c.line {
				t.Errorf("%s to %s: line %d, want %d", c.uri, c.to, call.Line(), c.line)
			}
			p.do(func() { call.Reject(486, "") })
			time.Sleep(time.Minute)
			peer.Drain()
		}
	})
}

func TestRingingEndsWithTheCallersTimeAndIsRefreshed(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()), siptest.With("Expires", "90")))
		peer.Expect("180")
		peer.Quiet(59 * time.Second)
		peer.Expect("180") // section 13.3.1.1: proxies would give up
		peer.Quiet(29 * time.Second)
		peer.Expect("487")
		p.wantEnd(487, true)
	})
}

func TestHandlerThatRefusesAndSaysNothing(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.ring = func(*sipua.Call, sipua.Event) bool { return false }
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		peer.Expect("480")
	})
}

func TestHandlerThatAnswersAtOnce(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.ring = func(c *sipua.Call, _ sipua.Event) bool { return c.Answer(media()) == nil }
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		peer.Expect("200")
	})
}

func TestDescriptionHiddenInMultipart(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		body := "--b\r\nContent-Type: application/isup\r\n\r\n\x01\x02\r\n--b\r\nContent-Type: application/sdp\r\n\r\n" + peerSDP() + "\r\n--b--\r\n"
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(body), siptest.With("Content-Type", `multipart/mixed;boundary=b`)))
		peer.Expect("180")
		p.answer()
		if ok := peer.Expect("200"); !strings.Contains(string(ok.Body), "a=sendrecv") {
			t.Errorf("%s", ok.Body)
		}
	})
}

func TestAnswerWithoutAWayIsRefusedInForm(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(strings.Replace(peerSDP(), "0 8", "8", 1))))
		peer.Expect("180")
		var err error
		p.do(func() { err = p.lastIncoming().Answer(media(codec.PCMU)) })
		peer.Expect("488")
		if !errors.Is(err, sdp.ErrNoCodec) {
			t.Error(err)
		}
		p.do(func() { err = p.lastIncoming().Answer(media()) })
		if err == nil {
			t.Error("a call that is over was answered")
		}
	})
}
