package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// TestCallWaitingFlow is figure B-6 (guide B-24): "Call Waiting", step by step.
func TestCallWaitingFlow(t *testing.T) {
	for name, ringback := range map[string]string{"silent": "0", "with call_hold_ringback": "1"} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				a, c := d.far("ada", "9"), d.far("cid", "10")
				a.calls("5551212") // 1 INVITE, 2 180
				d.press(view.KeyHandset)
				a.answered() // 3 200, 4 ACK
				c.calls("5551212")
				d.expect("incoming", "Call waiting: cid") // 5 INVITE, 6 180
				if d.heard().tone != tone.CallWaiting || d.heard().ring != "" {
					t.Errorf("tone %v, ring %q", d.heard().tone, d.heard().ring)
				}
				d.soft("Answer")
				a.held()     // 7 to 9
				c.answered() // 10, 11
				d.expect("connected", "From cid")
				d.press(view.KeyScrollUp)
				d.soft("Resume") // "User B switches back to User A"
				c.held()         // 12 to 14
				a.resumed()      // 15 to 17
				d.press(view.KeyHandset)
				a.left() // 18, 19
				d.expect("held", "Still on hold: cid")
				if d.heard().path != audio.PathNone || (d.heard().ring != "") != (ringback == "1") {
					t.Errorf("path %v, ring %q", d.heard().path, d.heard().ring)
				}
				d.press(view.KeyHandset) // "answers the notification"
				c.resumed()              // 20 to 22
				d.expect("connected", "From cid", "Connected")
				if d.heard().ring != "" || d.heard().path != audio.PathHandset {
					t.Errorf("ring %q, path %v", d.heard().ring, d.heard().path)
				}
			}, withFlags("call_hold_ringback", ringback))
		})
	}
}

func TestReminderOfAHeldCallDoesNotRingForEver(t *testing.T) {
	onDesk(t, func(d *desk) {
		a, c := d.far("ada", "9"), d.far("cid", "10")
		a.called()
		d.soft("Hold")
		a.held()
		d.soft("NewCall")
		c.called()
		d.press(view.KeySpeaker) // hangs up
		c.left()
		if d.heard().ring == "" {
			t.Error("does not ring")
		}
		d.wait(3 * time.Minute) // ring_timeout
		if d.expect("held", "Still on hold: ada"); d.heard().ring != "" {
			t.Error("rings on")
		}
		a.hangsUp()
		d.expect("idle")
	}, withFlags("call_hold_ringback", "3"))
}

func TestHandsetPutDownOnAHeldCallAloneGivesDialToneNext(t *testing.T) {
	onDesk(t, func(d *desk) {
		a := d.far("ada", "9")
		d.press(view.KeyHandset)
		a.called()
		d.soft("Hold")
		a.held()
		d.press(view.KeyHandset)
		d.expect("held", "On hold") // nothing was hung up
		d.press(view.KeyHandset)
		d.expect("offhook", "To ada")
	})
}

// TestEndingACallConnectsWithTheOther: guide 1-9, "they are automatically
// connected with the other call".
func TestEndingACallConnectsWithTheOther(t *testing.T) {
	onDesk(t, func(d *desk) {
		a, c := d.far("ada", "9"), d.far("cid", "10")
		a.called()
		c.calls("5551212")
		d.soft("Answer")
		a.held()
		c.answered()
		d.soft("EndCall")
		c.left()
		a.resumed()
		d.expect("connected", "To ada", "Connected")
		if d.heard().path != audio.PathSpeaker {
			t.Errorf("path %v", d.heard().path)
		}
		// Whom the far side leaves stays on hold with the other.
		c.calls("5551212")
		d.soft("Answer")
		a.held()
		c.answered()
		c.hangsUp()
		d.expect("held", "To ada", "On hold")
		a.Quiet(time.Second)
	})
}

// TestTwoCallsInEveryPairOfStates ends, swaps and answers with two calls on two
// lines, and looks what is left.
func TestTwoCallsInEveryPairOfStates(t *testing.T) {
	type both struct{ a, c *far }
	begin := map[string]func(d *desk, b both){
		"connected": func(d *desk, b both) { b.a.called() },
		"held":      func(d *desk, b both) { b.a.called(); d.soft("Hold"); b.a.held() },
		"calling": func(d *desk, b both) {
			d.phone.Type("sip:ada@" + b.a.addr)
			d.soft("Dial")
			b.a.invite = b.a.Await("INVITE")
		},
		"ringing out": func(d *desk, b both) {
			d.phone.Type("sip:ada@" + b.a.addr)
			d.soft("Dial")
			b.a.invite = b.a.Await("INVITE")
			b.a.Reply(b.a.invite, 180)
			d.wait(10 * time.Millisecond)
		},
		"failed": func(d *desk, b both) {
			d.phone.Type("sip:ada@" + b.a.addr)
			d.soft("Dial")
			b.a.Reply(b.a.Await("INVITE"), 486)
			d.wait(10 * time.Millisecond)
		},
		"ringing": func(d *desk, b both) { b.a.calls("5551212") },
	}
	settled := map[string]func(d *desk, b both, first string){
		"second answered": func(d *desk, b both, first string) {
			d.press(view.KeyLine2)
			b.c.answered()
			d.expect("connected", "From cid")
			if d.heard().path == audio.PathNone || d.heard().ring != "" {
				t.Errorf("path %v, ring %q", d.heard().path, d.heard().ring)
			}
			switch first {
			case "connected":
				b.a.held()
				d.press(view.KeyLine1) // swap
				b.c.held()
				b.a.resumed()
				d.expect("connected", "To ada")
				d.press(view.KeyLine2)
				b.a.held()
				b.c.resumed()
			case "calling", "ringing out": // goes on behind, and waits on hold
				b.a.Reply(b.a.invite, 200, siptest.SDP(peerSDP))
				b.a.held()
			}
			d.soft("EndCall")
			b.c.left()
			switch first {
			case "connected", "held", "calling", "ringing out":
				b.a.resumed()
				d.expect("connected", "To ada")
			case "failed": // it has given way
				d.expect("idle")
			case "ringing":
				d.expect("incoming", "Call from ada")
				if d.heard().ring == "" {
					t.Error("does not ring")
				}
			}
		},
		"second rejected": func(d *desk, b both, first string) {
			for d.view().Screen.Name != "incoming" || !strings.Contains(d.view().Screen.Prompt, "cid") {
				d.press(view.KeyScrollDown)
			}
			d.soft("Reject")
			b.c.Await("486")
			d.expect(map[string]string{
				"connected": "connected", "held": "held", "calling": "calling", "ringing out": "ringout", "failed": "idle", "ringing": "incoming",
			}[first])
		},
		"second gives up": func(d *desk, b both, first string) {
			b.c.SendTo(phoneAddr, b.c.Request("CANCEL", "sip:5551213@"+phoneAddr,
				siptest.With("Via", b.c.invite.Header.Get("Via")), siptest.With("From", b.c.invite.Header.Get("From")),
				siptest.With("To", b.c.invite.Header.Get("To")), siptest.With("Call-ID", b.c.invite.CallID()),
				siptest.With("CSeq", strings.Replace(b.c.invite.Header.Get("CSeq"), "INVITE", "CANCEL", 1))))
			b.c.Await("487")
			d.wait(10 * time.Millisecond)
			d.on(func() {
				if d.phone.missed != 1 {
					t.Errorf("%d missed calls", d.phone.missed)
				}
			})
			if first == "failed" {
				d.expect("idle", "1 missed call")
			}
		},
	}
	for first, f := range begin {
		for then, g := range settled {
			t.Run(first+", "+then, func(t *testing.T) {
				onDesk(t, func(d *desk) {
					b := both{d.far("ada", "9"), d.far("cid", "10")}
					f(d, b)
					b.c.calls("5551213")
					g(d, b, first)
				})
			})
		}
	}
}

func TestWithoutCallWaitingTheSecondCallFindsUsBusy(t *testing.T) {
	for value, refused := range map[string]bool{"0": true, "1": false, "2": true, "3": false} {
		onDesk(t, func(d *desk) {
			a, c := d.far("ada", "9"), d.far("cid", "10")
			c.invite = c.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP))
			d.press(view.KeySpeaker) // dialling is busy, too
			if refused {
				c.SendTo(phoneAddr, c.invite)
				c.Await("486")
			}
			a.called()
			if !refused {
				c.calls("5551212")
				return
			}
			c.SendTo(phoneAddr, c.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP)))
			c.Await("486")
			d.expect("connected")
			d.soft("EndCall")
			a.left()
			d.expect("idle", "2 missed calls")
			c.calls("5551212") // idle again
			// The forms 2 and 3 are not for the person to change.
			d.on(func() { d.phone.setFeature(featureCallWaiting, true) })
			d.on(func() {
				if d.phone.feature(featureCallWaiting) != (value == "0") {
					t.Errorf("call_waiting %s, chosen on: %v", value, d.phone.feature(featureCallWaiting))
				}
			})
		}, withFlags("call_waiting", value))
	}
}
