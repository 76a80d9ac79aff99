package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// reliable makes a response a reliable one (RFC 3262 section 3).
func reliable(rseq int) siptest.Option {
	return func(m *wire.Message) {
		m.Header.Set("Require", "100rel")
		m.Header.Set("RSeq", fmt.Sprint(rseq))
	}
}

// branch puts a response into a branch of a fork.
func branch(invite *wire.Message, tag string) siptest.Option {
	return siptest.With("To", invite.Header.Get("To")+";tag="+tag)
}

func sdpAt(port string, lines ...string) siptest.Option {
	return siptest.SDP(strings.Replace(peerSDP(lines...), "4000", port, 1))
}

func dialogs(d sipua.Dialogs) func(*sipua.Options) {
	return func(o *sipua.Options) { o.Dialogs = d }
}

func hasField(t *testing.T, m *wire.Message, name, want string) {
	t.Helper()
	if got := m.Header.Get(name); got != want {
		t.Errorf("%s %s: %q, want %q", siptest.Kind(m), name, got, want)
	}
}

// hasOptions checks how Supported begins.
func hasOptions(t *testing.T, m *wire.Message, want string) {
	t.Helper()
	if got := m.Header.Get("Supported"); !strings.HasPrefix(got, want) {
		t.Errorf("%s Supported: %q, want %q", siptest.Kind(m), got, want)
	}
}

func TestReliableRingingIsAcknowledgedInItsOrder(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		c := p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		hasOptions(t, invite, "100rel, 199, timer")
		hasField(t, invite, "Require", "")
		peer.Reply(invite, 180, reliable(776656))
		prack := peer.Expect("PRACK")
		hasField(t, prack, "RAck", "776656 1 INVITE")
		hasField(t, prack, "CSeq", "2 PRACK")
		if prack.To().Tag() != "peer" || prack.RequestURI != peer.URI("peer") {
			t.Errorf("%s", prack.Encode())
		}
		peer.Reply(prack, 200)
		peer.Reply(invite, 180, reliable(776656)) // comes again: nothing is said twice
		peer.Reply(invite, 183, reliable(776658)) // too early (section 4)
		peer.Quiet(time.Second)
		if e := p.last(); e.State != sipua.CallRingOut {
			t.Errorf("%+v", e)
		}
		peer.Reply(invite, 183, reliable(776657), siptest.SDP(peerSDP()))
		prack = peer.Expect("PRACK")
		hasField(t, prack, "RAck", "776657 1 INVITE")
		hasField(t, prack, "CSeq", "3 PRACK")
		peer.Reply(prack, 200)
		if e := p.last(); e.State != sipua.CallProgress || !e.Changed || e.Media.Remote.Port() != 4000 {
			t.Errorf("%+v", e)
		}
		// The 2xx adds nothing to the answer that stands; the next request in the
		// dialog goes on counting.
		peer.Reply(invite, 200, sdpAt("5000"))
		hasField(t, peer.Expect("ACK"), "CSeq", "1 ACK")
		time.Sleep(time.Second)
		if e := p.last(); e.State != sipua.CallConnected || e.Media.Remote.Port() != 4000 {
			t.Errorf("%+v", e)
		}
		p.do(c.Hangup)
		bye := peer.Expect("BYE")
		hasField(t, bye, "CSeq", "4 BYE")
		peer.Reply(bye, 200)
	})
}

func TestPrackIsRepeatedLikeAnyRequest(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		peer.Reply(peer.Expect("INVITE"), 180, reliable(1))
		time.Sleep(2 * time.Minute)
		wantSchedule(t, n, "PRACK", "0 0.5 1.5 3.5 7.5 11.5 15.5 19.5 23.5 27.5 31.5 35.5")
		peer.Drain()
	})
}

func TestWhoDoesNotKnowReliableResponsesTakesThemAsTheyCome(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		hasOptions(t, invite, "199, timer")
		peer.Reply(invite, 180, reliable(1))
		peer.Quiet(time.Second)
		if p.last().State != sipua.CallRingOut {
			t.Errorf("%+v", p.last())
		}
		other := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()), siptest.With("Require", "100rel"))
		peer.SendTo(phoneAddr, other)
		hasField(t, peer.Expect("420"), "Unsupported", "100rel")
	}, dialogs(sipua.Dialogs{Reliable: sipua.ReliableOff}))
}

func TestRequiredReliabilityIsGivenUpForWhoDoesNotKnowIt(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		hasField(t, invite, "Require", "100rel")
		peer.Reply(invite, 420, siptest.With("Unsupported", "100rel"))
		peer.Expect("ACK")
		again := peer.Expect("INVITE")
		hasField(t, again, "Require", "")
		hasField(t, again, "CSeq", "2 INVITE")
		peer.Reply(again, 420, siptest.With("Unsupported", "x"))
		peer.Expect("ACK")
		p.wantEnd(420, true)
	}, dialogs(sipua.Dialogs{Reliable: sipua.ReliableRequired}))
}

func TestPeersOfferInReliableResponseIsAnsweredByPrack(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		if len(invite.Body) != 0 {
			t.Errorf("%s", invite.Encode())
		}
		peer.Reply(invite, 183, reliable(1), siptest.SDP(peerSDP()))
		prack := peer.Expect("PRACK")
		if !strings.Contains(string(prack.Body), "m=audio 16384 RTP/AVP 0 8") {
			t.Errorf("%s", prack.Encode())
		}
		peer.Reply(prack, 200)
		peer.Reply(invite, 200)
		if ack := peer.Expect("ACK"); len(ack.Body) != 0 {
			t.Errorf("%s", ack.Encode())
		}
		time.Sleep(time.Second)
		if e := p.last(); e.State != sipua.CallConnected || e.Media.Remote.Port() != 4000 {
			t.Errorf("%+v", e)
		}
	}, dialogs(sipua.Dialogs{DelayedOffer: true}))
}

func TestPeersOfferInTheAnswerIsAnsweredByAck(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 180, siptest.SDP(peerSDP())) // cannot be answered yet
		peer.Reply(invite, 200, siptest.SDP(peerSDP()))
		for range 2 {
			if ack := peer.Expect("ACK"); !strings.Contains(string(ack.Body), "m=audio 16384 RTP/AVP 0 8") {
				t.Errorf("%s", ack.Encode())
			}
			peer.Reply(invite, 200, siptest.SDP(peerSDP())) // our ACK was lost
		}
		peer.Expect("ACK")
		if e := p.last(); e.State != sipua.CallConnected || e.Media.Remote.Port() != 4000 {
			t.Errorf("%+v", e)
		}
	}, dialogs(sipua.Dialogs{DelayedOffer: true}))
	// An offer that we have nothing in common with: ACK, then BYE.
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		p.dial("sip:peer@192.0.2.12")
		peer.Reply(peer.Expect("INVITE"), 200, siptest.SDP(strings.Replace(peerSDP(), "0 8", "18", 1)))
		peer.Expect("ACK")
		bye := peer.Expect("BYE")
		hasField(t, bye, "Reason", `SIP;cause=488;text="Not Acceptable Here"`)
		peer.Reply(bye, 200)
		p.wantEnd(488, false)
	}, dialogs(sipua.Dialogs{DelayedOffer: true}))
}

// requiring is an INVITE of a caller who wants reliable ringing.
func requiring(peer *siptest.Peer, options ...siptest.Option) *wire.Message {
	return peer.Request("INVITE", ourURI, append([]siptest.Option{siptest.With("Require", "100rel"), siptest.With("Supported", "100rel, timer")}, options...)...)
}

func prackOf(peer *siptest.Peer, invite, res *wire.Message, options ...siptest.Option) *wire.Message {
	n, _ := invite.CSeq()
	rack := fmt.Sprintf("%s %d INVITE", res.Header.Get("RSeq"), n)
	return peer.Within(invite, res, "PRACK", append([]siptest.Option{siptest.With("RAck", rack)}, options...)...)
}

func TestRingingIsReliableForWhoRequiresIt(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := requiring(peer, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, invite)
		ringing := peer.Expect("180")
		hasField(t, ringing, "Require", "100rel")
		hasField(t, ringing, "RSeq", "536870913")
		if !strings.Contains(ringing.Header.Get("Allow"), "PRACK") || ringing.Header.Get("Contact") == "" || len(ringing.Body) != 0 {
			t.Errorf("%s", ringing.Encode())
		}
		peer.Expect("180")
		peer.SendTo(phoneAddr, prackOf(peer, invite, ringing, siptest.With("RAck", "1 1 INVITE")))
		peer.Expect("481")
		prack := prackOf(peer, invite, ringing)
		peer.SendTo(phoneAddr, prack)
		peer.Expect("200")
		peer.SendTo(phoneAddr, prack) // its answer was lost
		peer.Expect("200")
		peer.Quiet(50 * time.Second)
		again := peer.Expect("180") // against proxies that give up, under its own number
		hasField(t, again, "RSeq", "536870914")
		peer.SendTo(phoneAddr, prackOf(peer, invite, again))
		peer.Expect("200")
		p.answer()
		ok := peer.Expect("200")
		if !strings.Contains(string(ok.Body), "m=audio") || ok.Header.Has("RSeq") {
			t.Errorf("%s", ok.Encode())
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
		peer.Quiet(time.Minute)
	})
}

// RFC 3262 section 3: T1, doubling without an upper bound, until 64*T1.
func TestReliableRingingIsRepeatedThenTheCallIsRefused(t *testing.T) {
	for network, want := range map[string]string{"udp": "0 0.5 1.5 3.5 7.5 15.5 31.5", "tcp": "0 0.5 1.5 3.5 7.5 15.5 31.5"} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			peer.Network = network
			began := time.Now()
			peer.SendTo(phoneAddr, requiring(peer, siptest.SDP(peerSDP())))
			peer.Await("504")
			if d := time.Since(began); d != 32*time.Second+2*siptest.DefaultDelay {
				t.Errorf("%s: given up after %v", network, d)
			}
			wantSchedule(t, n, "180", want)
			p.wantEnd(504, false)
			time.Sleep(time.Minute)
			peer.Drain()
		})
	}
}

func TestAnswerNeedNotWaitForPrack(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := requiring(peer, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, invite)
		ringing := peer.Expect("180")
		p.answer()
		ok := peer.Expect("200")
		peer.SendTo(phoneAddr, prackOf(peer, invite, ringing)) // late, and right
		peer.Expect("200")
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
		peer.Quiet(time.Minute)
	})
}

func TestOfferlessInviteWithReliableRingingIsMadeTheOfferThere(t *testing.T) {
	for _, early := range []bool{false, true} { // answered before the PRACK
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			p.ring = func(c *sipua.Call, e sipua.Event) bool {
				if !e.WantsOffer || c.Offer(media()) != nil {
					t.Errorf("%+v", e)
				}
				return true
			}
			invite := requiring(peer)
			peer.SendTo(phoneAddr, invite)
			ringing := peer.Expect("180")
			if !strings.Contains(string(ringing.Body), "m=audio 16384") {
				t.Errorf("%s", ringing.Encode())
			}
			if early {
				p.answer()
				peer.Quiet(400 * time.Millisecond) // section 3: not before the PRACK
			}
			peer.SendTo(phoneAddr, prackOf(peer, invite, ringing, siptest.SDP(peerSDP())))
			if m := peer.Await("200"); m.Header.Get("CSeq") != "2 PRACK" {
				t.Errorf("%s", m.Encode())
			}
			if !early {
				peer.SendTo(phoneAddr, peer.Within(invite, ringing, "UPDATE", sdpAt("4400")))
				if m := peer.Expect("200"); !strings.Contains(string(m.Body), "m=audio 16384") {
					t.Errorf("%s", m.Encode())
				}
				p.answer()
			}
			ok := peer.Expect("200")
			if hasField(t, ok, "CSeq", "1 INVITE"); len(ok.Body) != 0 {
				t.Errorf("%s", ok.Encode())
			}
			peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
			peer.Quiet(time.Minute)
			if e := p.last(); e.State != sipua.CallConnected || e.Media == nil || e.Media.Remote.Port() != map[bool]uint16{true: 4000, false: 4400}[early] {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestCancelEndsReliableRinging(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := requiring(peer, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, invite)
		peer.Expect("180")
		cancel := ackFor(invite, "")
		cancel.Method = "CANCEL"
		cancel.Header.Set("To", invite.Header.Get("To"))
		cancel.Header.Set("CSeq", "1 CANCEL")
		peer.SendTo(phoneAddr, cancel)
		peer.Expect("200")
		gone := peer.Expect("487")
		peer.SendTo(phoneAddr, ackFor(invite, gone.To().Tag()))
		peer.Quiet(time.Minute)
	})
}
