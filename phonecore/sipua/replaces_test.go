package sipua_test

import (
	"fmt"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// TestReplacesTakesThePlaceOfACall: RFC 3891 section 3, each of its verdicts.
func TestReplacesTakesThePlaceOfACall(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p, peer := direct(t, n)
		target := siptest.NewPeer(t, n, targetAddr)
		_, first, ok := incomingCall(t, p, peer)
		value := func(invite, res *wire.Message, end string) string {
			return fmt.Sprintf("%s;to-tag=%s;from-tag=%s%s", invite.CallID(), res.To().Tag(), res.From().Tag(), end)
		}
		ask := func(value, want string) *wire.Message {
			t.Helper()
			m := target.Request("INVITE", "sip:1001@192.0.2.11", siptest.With("Replaces", value), siptest.With("Require", "replaces"), siptest.SDP(peerSDP()))
			target.SendTo(phoneAddr, m)
			if res := target.Next(); siptest.Kind(res) != want {
				t.Errorf("Replaces %q: %s, want %s", value, siptest.Kind(res), want)
			}
			return m
		}
		ask("nonsense", "400")
		ask("x;to-tag=1;from-tag=2", "481")
		ask(first.CallID()+";to-tag="+ok.From().Tag()+";from-tag="+ok.To().Tag(), "481") // the wrong way round
		ask(value(first, ok, ";early-only"), "486")

		// One that only rings was not begun by us.
		ringing := peer.Request("INVITE", "sip:1001@192.0.2.11", siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, ringing)
		ask(value(ringing, peer.Expect("180"), ""), "481")

		p.mu.Lock()
		p.ring = func(c *sipua.Call, e sipua.Event) bool {
			if e.Replaces != nil {
				if err := c.Answer(media()); err != nil {
					t.Error(err)
				}
				e.Replaces.Hangup()
			}
			return true
		}
		p.mu.Unlock()
		ask(value(first, ok, ""), "200")
		bye := peer.Expect("BYE")
		if bye.CallID() != first.CallID() {
			t.Errorf("BYE:\n%s", bye.Encode())
		}
		ask(value(first, ok, ""), "603") // it is ending
		peer.Reply(bye, 200)
	})
}

// TestReplacesOfACallThatRingsOut: an early dialog of our own making may be
// replaced; the INVITE behind it is given up.
func TestReplacesOfACallThatRingsOut(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p, peer := direct(t, n)
		target := siptest.NewPeer(t, n, targetAddr)
		p.ring = func(c *sipua.Call, e sipua.Event) bool {
			if err := c.Answer(media()); err != nil {
				t.Error(err)
			}
			e.Replaces.Hangup()
			return true
		}
		p.dial("sip:peer@192.0.2.12")
		invite := peer.Expect("INVITE")
		peer.Reply(invite, 180)
		time.Sleep(time.Second)
		target.SendTo(phoneAddr, target.Request("INVITE", "sip:1001@192.0.2.11", siptest.SDP(peerSDP()),
			siptest.With("Replaces", invite.CallID()+";from-tag=peer;early-only;to-tag="+invite.From().Tag())))
		target.Expect("200")
		cancel := peer.Expect("CANCEL")
		peer.Reply(cancel, 200)
		peer.Reply(invite, 487)
		peer.Expect("ACK")
	})
}
