package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua/siptest"
)

// TestBeingTransferred: the far side tells us to call Carol, by REFER or by BYE
// with Also. Nobody is asked.
func TestBeingTransferred(t *testing.T) {
	for _, method := range []string{"REFER", "BYE"} {
		t.Run(method, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				ada, carol := d.peer(), d.carol()
				first, ok := d.talk(ada)
				field := map[string]string{"REFER": "Refer-To", "BYE": "Also"}[method]
				ada.SendTo(phoneAddr, ada.Within(first, ok, method, siptest.With(field, "<sip:carol@"+carolAddr+">")))
				invite := carol.Await("INVITE")
				d.expect("calling", "To carol", "You are being transferred")
				carol.Reply(invite, 180)
				d.wait(10 * time.Millisecond)
				d.expect("ringout", "To carol")
				carol.Reply(invite, 200, siptest.SDP(peerSDP))
				carol.Await("ACK")
				d.wait(10 * time.Millisecond)
				d.expect("connected", "To carol")
				if method == "REFER" { // who has sent us says goodbye, or is left
					d.wait(leaveTime)
					ada.Await("BYE")
				}
				d.wait(time.Second)
				if s := screenText(d.view().Screen); strings.Contains(s, "Ada") {
					t.Errorf("Ada is still there:\n%s", s)
				}
				if s := d.heard().streams[1].last(); s.Direction != audio.SendRecv {
					t.Errorf("direction %v", s.Direction)
				}
			})
		})
	}
}

// TestBeingTransferredToNobody: the call that the wish came in is there again.
func TestBeingTransferredToNobody(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		first, ok := d.talk(ada)
		ada.SendTo(phoneAddr, ada.Within(first, ok, "REFER", siptest.With("Refer-To", "<sip:carol@"+carolAddr+">")))
		invite := carol.Await("INVITE")
		carol.Reply(invite, 486)
		d.wait(10 * time.Millisecond)
		d.expect("connected", "From Ada", "Transfer failed", "Busy")
		if s := d.heard().streams[0].last(); s.Direction != audio.SendRecv {
			t.Errorf("direction %v", s.Direction)
		}
		ada.Await("NOTIFY")
	})
}

// TestACallTakesThePlaceOfOurs: who was consulted about us takes us over (RFC
// 3891); nothing rings, and the voice goes on.
func TestACallTakesThePlaceOfOurs(t *testing.T) {
	for _, held := range []bool{false, true} {
		onDesk(t, func(d *desk) {
			ada, carol := d.peer(), d.carol()
			first, ok := d.talk(ada)
			if held {
				d.soft("Hold")
				d.holds(ada, "sendonly")
			}
			path := d.heard().path
			invite := carol.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP), siptest.With("From", `"Carol" <sip:carol@192.0.2.13>;tag=c1`),
				siptest.With("Replaces", first.CallID()+";to-tag="+ok.To().Tag()+";from-tag="+ok.From().Tag()))
			carol.SendTo(phoneAddr, invite)
			res := carol.Next()
			if siptest.Kind(res) != "200" {
				t.Fatalf("answered %s", siptest.Kind(res))
			}
			carol.SendTo(phoneAddr, carol.Within(invite, res, "ACK"))
			ada.Reply(ada.Await("BYE"), 200)
			d.wait(10 * time.Millisecond)
			screen, direction := "connected", audio.SendRecv
			if held {
				screen, direction = "held", audio.Inactive
			}
			d.expect(screen, "From Carol")
			h := d.heard()
			if h.ring != "" || h.path != path || len(h.streams) != 2 || !h.streams[0].closed || h.streams[1].last().Direction != direction {
				t.Errorf("ring %q, path %v (%v before), streams %+v", h.ring, h.path, path, h.streams)
			}
		})
	}
}

// TestReferralsDoNotPileUp: who follows is not told again until it is done, and a
// conference is not taken apart.
func TestReferralsDoNotPileUp(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol := d.peer(), d.carol()
		first, ok := d.talk(ada)
		refer := func(want string) {
			t.Helper()
			ada.SendTo(phoneAddr, ada.Within(first, ok, "REFER", siptest.With("Refer-To", "<sip:carol@"+carolAddr+">"), siptest.With("Refer-Sub", "false")))
			ada.Await(want)
		}
		refer("202")
		for range 20 {
			refer("486")
		}
		carol.Reply(carol.Await("INVITE"), 486)
		d.wait(10 * time.Millisecond)
		d.expect("connected", "From Ada")
		refer("202")
	})
}

// TestBeingTransferredOnHold: a far side that we hold sends us on while we talk to
// somebody else. That goes on; the new call waits on hold.
func TestBeingTransferredOnHold(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada, carol, bob := d.peer(), d.carol(), siptest.NewPeer(d.t, d.net.Network, "192.0.2.14:5060")
		first, ok := d.talk(ada)
		d.soft("Hold")
		d.holds(ada, "sendonly")
		d.soft("NewCall")
		d.phone.Type("sip:bob@192.0.2.14")
		d.soft("Dial")
		bob.Reply(bob.Await("INVITE"), 200, siptest.SDP(peerSDP))
		bob.Await("ACK")
		ada.SendTo(phoneAddr, ada.Within(first, ok, "REFER", siptest.With("Refer-To", "<sip:carol@"+carolAddr+">")))
		carol.Reply(carol.Await("INVITE"), 200, siptest.SDP(peerSDP))
		carol.Await("ACK")
		d.holds(carol, "sendonly")
		d.expect("connected", "To bob", "To carol")
		ada.Await("202")
		ada.SendTo(phoneAddr, ada.Within(first, ok, "BYE"))
		d.wait(time.Second)
		if s := screenText(d.view().Screen); strings.Contains(s, "Ada") {
			t.Errorf("Ada is still there:\n%s", s)
		}
	})
}
