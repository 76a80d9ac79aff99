package sipua_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

// Two branches of a fork, each with a session and numbers of its own; what is
// heard is what has come last.
func TestForkedEarlyDialogsEachHaveTheirSession(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		for i, b := range []string{"a", "b"} {
			early := peer.Reply(invite, 183, branch(invite, b), reliable(10+i), sdpAt(fmt.Sprint(4000+i)), siptest.With("Allow", "INVITE, UPDATE"))
			prack := peer.Expect("PRACK")
			if prack.To().Tag() != b {
				t.Errorf("%s", prack.Encode())
			}
			hasField(t, prack, "RAck", fmt.Sprintf("%d 1 INVITE", 10+i))
			hasField(t, prack, "CSeq", "2 PRACK")
			peer.Reply(prack, 200)
			time.Sleep(time.Second)
			if e := p.last(); !e.Changed || e.Media.Remote.Port() != uint16(4000+i) {
				t.Errorf("%s: %+v", b, e)
			}
			if b == "a" {
				continue
			}
			// The peer offers anew in one of them (RFC 3311): answered by its session.
			peer.SendTo(phoneAddr, peer.Within(invite, early, "UPDATE", sdpAt("4444"), siptest.With("From", invite.Header.Get("To")+";tag=b")))
			if m := peer.Expect("200"); !strings.Contains(string(m.Body), "m=audio 16384 RTP/AVP 0 8") {
				t.Errorf("%s", m.Encode())
			}
			time.Sleep(time.Second)
			if e := p.last(); !e.Changed || e.Media.Remote.Port() != 4444 || e.State != sipua.CallProgress {
				t.Errorf("%+v", e)
			}
		}
		peer.Reply(invite, 200, branch(invite, "a"))
		peer.Expect("ACK")
		time.Sleep(time.Second)
		if e := p.last(); e.State != sipua.CallConnected || e.Media.Remote.Port() != 4000 {
			t.Errorf("%+v", e)
		}
		// The other branch was too late.
		peer.Reply(invite, 200, branch(invite, "b"))
		peer.Expect("ACK")
		bye := peer.Expect("BYE")
		hasField(t, bye, "Reason", `SIP;cause=200;text="Call completed elsewhere"`)
		hasField(t, bye, "CSeq", "3 BYE")
		peer.Reply(bye, 200)
	})
}

// RFC 6228: 199 ends one early dialog; another that plays takes its place.
func TestEarlyDialogThatHasEndedIsForgotten(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 183, branch(invite, "a"), sdpAt("4000"))
		peer.Reply(invite, 183, branch(invite, "b"), sdpAt("4002"))
		peer.Reply(invite, 199, branch(invite, "b"))
		time.Sleep(time.Second)
		if e := p.last(); e.State != sipua.CallProgress || !e.Changed || e.Media.Remote.Port() != 4000 {
			t.Errorf("%+v", e)
		}
		peer.Reply(invite, 199, branch(invite, "b"))
		peer.Reply(invite, 199, branch(invite, "unknown"))
		peer.Reply(invite, 180, branch(invite, "c"))
		time.Sleep(time.Second)
		if e := p.last(); e.State != sipua.CallRingOut {
			t.Errorf("%+v", e)
		}
	})
}

func TestEarlyDialogsAreBounded(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		for i := range 40 {
			peer.Reply(invite, 183, branch(invite, fmt.Sprint("t", i)), reliable(1))
		}
		time.Sleep(10 * time.Millisecond)
		pracks := 0
		for _, e := range n.Log() {
			if e.Message.Method == "PRACK" {
				pracks++
			}
		}
		if pracks != 32 {
			t.Errorf("%d early dialogs, want 32", pracks)
		}
		peer.Drain()
	})
}

// Before offer and answer have met there is nothing to change (RFC 3311 section
// 5.2): 491 where our offer waits, 500 with Retry-After where the peer's does.
func TestUpdateInAnEarlyDialogThatIsNotAgreed(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		early := peer.Reply(invite, 180)
		peer.SendTo(phoneAddr, peer.Within(invite, early, "UPDATE", siptest.SDP(peerSDP())))
		peer.Expect("491")
		peer.SendTo(phoneAddr, peer.Within(invite, early, "INVITE", siptest.SDP(peerSDP())))
		peer.Expect("491") // RFC 3261 section 14.2
		peer.SendTo(phoneAddr, peer.Within(invite, early, "UPDATE", siptest.With("Contact", "<sip:moved@192.0.2.12>")))
		peer.Expect("200")
		peer.SendTo(phoneAddr, peer.Within(invite, early, "BYE"))
		peer.Expect("481") // section 15: who is called cannot end an early dialog so
	})
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, invite)
		ringing := peer.Expect("180")
		peer.SendTo(phoneAddr, peer.Within(invite, ringing, "UPDATE", siptest.SDP(peerSDP())))
		hasField(t, peer.Expect("500"), "Retry-After", "5")
		peer.SendTo(phoneAddr, peer.Within(invite, ringing, "INVITE", siptest.SDP(peerSDP())))
		hasField(t, peer.Expect("500"), "Retry-After", "5")
		// The caller may end its early dialog by BYE (section 15).
		peer.SendTo(phoneAddr, peer.Within(invite, ringing, "BYE"))
		peer.Await("200")
		peer.Await("487")
		p.wantEnd(487, true)
	})
}

// The phone has another address while the far one rings: UPDATE where the
// dialog takes it, else an INVITE after the answer.
func TestOurOfferInAnEarlyDialog(t *testing.T) {
	for _, settled := range []bool{true, false} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			c := p.dial("sip:peer@192.0.2.12")
			invite := peer.Expect("INVITE")
			if settled {
				peer.Reply(invite, 183, reliable(1), siptest.SDP(peerSDP()), siptest.With("Allow", "INVITE, UPDATE"))
				peer.Reply(peer.Expect("PRACK"), 200)
			} else {
				peer.Reply(invite, 180)
			}
			time.Sleep(time.Second)
			moved := media()
			moved.Addr = netip.MustParseAddr("192.0.2.99")
			p.do(func() {
				if err := c.Update(moved); err != nil {
					t.Error(err)
				}
			})
			change := func(method string) {
				m := peer.Expect(method)
				if !strings.Contains(string(m.Body), "c=IN IP4 192.0.2.99") || m.Header.Has("Session-Expires") {
					t.Errorf("%s", m.Encode())
				}
				peer.Reply(m, 200, sdpAt("4004"))
			}
			if settled {
				change("UPDATE")
				peer.Reply(invite, 200)
				peer.Expect("ACK")
			} else {
				peer.Quiet(time.Second)
				peer.Reply(invite, 200, siptest.SDP(peerSDP()))
				peer.Expect("ACK")
				change("INVITE")
				peer.Expect("ACK")
			}
			peer.Quiet(time.Minute)
			if e := p.last(); e.State != sipua.CallConnected || e.Media.Remote.Port() != 4004 {
				t.Errorf("%v: %+v", settled, e)
			}
		})
	}
}

// The answer overtakes that of our UPDATE: nothing new begins before it.
func TestAnswerDuringOurEarlyUpdate(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c := p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 183, reliable(1), siptest.SDP(peerSDP()), siptest.With("Allow", "UPDATE"))
		peer.Reply(peer.Expect("PRACK"), 200)
		time.Sleep(time.Second)
		p.do(func() { _ = c.Update(hold()) })
		update := peer.Expect("UPDATE")
		peer.Reply(invite, 200)
		peer.Expect("ACK")
		peer.Quiet(400 * time.Millisecond)
		peer.Reply(update, 491)
		again := peer.Expect("INVITE") // what is wanted still
		if !strings.Contains(string(again.Body), "a=sendonly") {
			t.Errorf("%s", again.Encode())
		}
		peer.Reply(again, 200, siptest.SDP(peerSDP("a=recvonly")))
		peer.Expect("ACK")
		peer.Quiet(time.Minute)
	})
}

// RFC 3261 section 14.1: exact times, by who owns the Call-ID, for every tenth
// of the range; the second try is the same offer.
func TestGlareWaitsExactly(t *testing.T) {
	for _, ours := range []bool{true, false} {
		for tenth := range 10 {
			share := float64(tenth) / 10
			want := time.Duration(int(share*200)) * 10 * time.Millisecond
			if ours {
				want = 2100*time.Millisecond + time.Duration(int(share*190))*10*time.Millisecond
			}
			answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
				var c *sipua.Call
				if ours {
					c, _, _ = directCall(t, p, peer)
				} else {
					c, _, _ = incomingCall(t, p, peer)
				}
				p.do(func() { _ = c.Update(hold()) })
				m := peer.Expect("INVITE")
				refused := time.Now()
				peer.Reply(m, 491)
				peer.Expect("ACK")
				again := peer.Expect("INVITE")
				if got := time.Since(refused) - 2*siptest.DefaultDelay; got.Round(time.Millisecond) != want {
					t.Errorf("ours %v, %v: again after %v, want %v", ours, share, got, want)
				}
				if !strings.Contains(string(again.Body), "a=sendonly") {
					t.Errorf("%s", again.Body)
				}
				peer.Reply(again, 200, siptest.SDP(peerSDP("a=recvonly")))
				peer.Expect("ACK")
			}, func(o *sipua.Options) { o.Rand = func() float64 { return share } })
		}
	}
}

func TestWhatExpiresSaysWhy(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 180)
		cancel := peer.Expect("CANCEL")
		hasField(t, cancel, "Reason", `SIP;cause=408;text="Request Timeout"`)
		peer.Reply(cancel, 200)
		peer.Reply(invite, 487)
		peer.Expect("ACK")
	})
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		peer.Expect("180")
		p.answer()
		bye := peer.Await("BYE")
		hasField(t, bye, "Reason", `SIP;cause=408;text="Request Timeout"`)
		peer.Reply(bye, 200)
	})
}
