package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
	"deskset/provisioning/dialplan"
)

// ring lets the peer call line 1 and waits until the phone rings.
func (d *desk) ring(peer *siptest.Peer) *wire.Message {
	d.t.Helper()
	invite := peer.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.With("From", `"Ada" <sip:ada@192.0.2.9>;tag=a1`), siptest.SDP(peerSDP))
	peer.SendTo(phoneAddr, invite)
	peer.Await("180")
	d.expect("incoming", "From Ada", "Call from Ada")
	return invite
}

// call dials the peer from the phone and lets it answer.
func (d *desk) call(peer *siptest.Peer) (invite, ok *wire.Message) {
	d.t.Helper()
	d.phone.Type("sip:ada@" + peerAddr)
	d.soft("Dial")
	invite = peer.Await("INVITE")
	peer.Reply(invite, 180)
	d.wait(100 * time.Millisecond)
	d.expect("ringout", "Ring out")
	if d.heard().tone != tone.Ringback {
		d.t.Errorf("tone %v while the far phone rings", d.heard().tone)
	}
	ok = peer.Reply(invite, 200, siptest.SDP(peerSDP))
	peer.Await("ACK")
	d.expect("connected", "Connected")
	return invite, ok
}

func TestLinesRegisterAndShowIt(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.expect("idle", "5551212", "5551213")
		lines := d.view().Screen.Lines
		for i, l := range lines[:2] {
			if l.Icon != view.IconOnHook {
				t.Errorf("line %d shows icon %d, want on hook", i+1, l.Icon)
			}
		}
		for _, user := range []string{"5551212", "5551213"} {
			if d.net.proxy.Registered(user) == "" {
				t.Errorf("%s is not registered", user)
			}
		}
		d.expectStatus("Line 1: registered at 192.0.2.1:5060")
	})
}

func TestWrongPasswordIsSaidAndTriedThreeTimesOnly(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Hour)
		d.expect("idle", "Line 1: wrong name or password (401)")
		if l := d.view().Screen.Lines[0]; l.Icon != view.IconNotRegistered {
			t.Errorf("line 1 shows icon %d", l.Icon)
		}
		refused := 0
		for _, e := range d.net.Log() {
			h := e.Message.Header
			if e.Message.Method == "REGISTER" && strings.Contains(h.Get("To"), "5551212") && h.Get("Authorization") != "" {
				refused++
			}
		}
		if refused != 3 {
			t.Errorf("%d attempts with the wrong password, want 3", refused)
		}
	}, withFlags("line1_password", "wrong"))
}

func TestDialByKeysTalkAndHangUpByHandset(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.press(view.KeyHandset)
		d.expect("offhook", "Enter number")
		if d.heard().tone != tone.Dial || d.heard().path != audio.PathHandset || !d.view().HandsetLifted {
			t.Errorf("tone %v, path %v", d.heard().tone, d.heard().path)
		}
		d.call(peer)
		if len(d.heard().streams) != 1 || d.heard().tone != tone.None {
			t.Fatalf("%d streams, tone %v", len(d.heard().streams), d.heard().tone)
		}
		s := func() *stream { return d.heard().streams[0] }
		if p := s().last(); p.Remote.String() != "192.0.2.9:40000" || p.Send.Codec != "PCMU" || p.EventSend != 101 || p.Direction != audio.SendRecv || p.DSCP != 40 {
			t.Errorf("media %+v", p)
		}
		d.wait(65 * time.Second)
		d.expect("connected", "1:05")
		d.phone.Press(view.Key5)
		d.wait(time.Second)
		if s().digits != "5" {
			t.Errorf("digits %q while 5 is held", s().digits)
		}
		d.phone.Release(view.Key5)
		d.press(view.KeyPound)
		if s().digits != "5.#." || !strings.HasSuffix(d.heard().keys, "5.#.") {
			t.Errorf("digits %q, heard %q", s().digits, d.heard().keys)
		}
		d.press(view.KeyHandset)
		bye := peer.Await("BYE")
		peer.Reply(bye, 200)
		d.wait(time.Second)
		d.expect("idle")
		if !s().closed || d.heard().path != audio.PathNone {
			t.Errorf("stream closed %v, path %v", s().closed, d.heard().path)
		}
	})
}

func TestDigitsAreDialledByPoundAndByTime(t *testing.T) {
	for name, finish := range map[string]func(*desk){
		"pound":      func(d *desk) { d.press(view.KeyPound) },
		"time":       func(d *desk) { d.wait(dialplan.DefaultTimeout) },
		"Dial":       func(d *desk) { d.soft("Dial") },
		"Enter":      func(d *desk) { d.phone.Type("\r") },
		"line key 2": func(d *desk) { d.press(view.KeyLine2) },
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				d.wait(time.Second)
				d.press(view.KeySpeaker)
				d.dial("5551299")
				d.expect("dialling", "5551299")
				finish(d)
				d.wait(time.Second)
				d.expect("failed", "Not found")
				if d.heard().tone != tone.Reorder {
					t.Errorf("tone %v", d.heard().tone)
				}
				d.soft("EndCall")
				d.expect("idle")
			})
		})
	}
}

func TestBusyGivesBusyToneUntilDismissed(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		peer.Reply(peer.Await("INVITE"), 486)
		d.wait(time.Second)
		d.expect("failed", "Busy", "ada")
		if d.heard().tone != tone.Busy {
			t.Errorf("tone %v", d.heard().tone)
		}
		d.wait(failedTime)
		d.expect("idle")
		if d.heard().tone != tone.None || d.heard().path != audio.PathNone {
			t.Errorf("tone %v, path %v", d.heard().tone, d.heard().path)
		}
	})
}

func TestEndCallWhileRingingOutCancels(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		invite := peer.Await("INVITE")
		peer.Reply(invite, 180)
		d.wait(100 * time.Millisecond)
		d.soft("EndCall")
		cancel := peer.Await("CANCEL")
		peer.Reply(cancel, 200)
		peer.Reply(invite, 487)
		peer.Await("ACK")
		d.expect("idle")
	})
}

func TestIncomingCallRingsAndIsAnsweredByAnyWay(t *testing.T) {
	for name, way := range map[string]struct {
		do   func(*desk)
		path audio.Path
	}{
		"soft key": {func(d *desk) { d.soft("Answer") }, audio.PathSpeaker},
		"handset":  {func(d *desk) { d.press(view.KeyHandset) }, audio.PathHandset},
		"headset":  {func(d *desk) { d.press(view.KeyHeadset) }, audio.PathHeadset},
		"line key": {func(d *desk) { d.press(view.KeyLine1) }, audio.PathSpeaker},
		"Enter":    {func(d *desk) { d.phone.Type("\r") }, audio.PathSpeaker},
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				peer := d.peer()
				invite := d.ring(peer)
				if v := d.view(); d.heard().ring == "" || v.Lamps[view.LampMessage] != view.LampBlinking || !v.Screen.Lines[0].Blink {
					t.Errorf("ring %q, lamps %v", d.heard().ring, v.Lamps)
				}
				way.do(d)
				ok := peer.Await("200")
				peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
				d.wait(100 * time.Millisecond)
				d.expect("connected")
				if d.heard().ring != "" || d.heard().path != way.path {
					t.Errorf("ring %q, path %v, want %v", d.heard().ring, d.heard().path, way.path)
				}
				peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE"))
				d.wait(time.Second)
				d.expect("idle")
			})
		})
	}
}

func TestRejectedCallIsNotMissedButAnUnansweredOneIs(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.ring(peer)
		d.soft("Reject")
		peer.Await("486")
		d.expect("idle")
		if strings.Contains(screenText(d.view().Screen), "missed") {
			t.Error("a rejected call was counted as missed")
		}
		d.wait(40 * time.Second)
		peer.Drain()
		invite := d.ring(peer)
		cancel := peer.Request("CANCEL", "sip:5551212@"+phoneAddr,
			siptest.With("Via", invite.Header.Get("Via")), siptest.With("From", invite.Header.Get("From")),
			siptest.With("To", invite.Header.Get("To")), siptest.With("Call-ID", invite.Header.Get("Call-ID")),
			siptest.With("CSeq", strings.Replace(invite.Header.Get("CSeq"), "INVITE", "CANCEL", 1)))
		peer.SendTo(phoneAddr, cancel)
		d.wait(time.Second)
		d.expect("idle", "1 missed call")
		if d.heard().ring != "" {
			t.Error("it still rings")
		}
	})
}

func TestRingingEndsByItself(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.ring(peer)
		d.wait(3 * time.Minute)
		peer.Await("480")
		d.expect("idle", "1 missed call")
	})
}

func TestDoNotDisturbTurnsCallsAway(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.soft("DND")
		d.expect("idle", "Do not disturb")
		peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP)))
		peer.Await("486")
		d.expect("idle")
	})
}

func TestMuteHoldsForOneCallOnly(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeyMute)
		d.expect("idle", "That key is not active here")
		peer := d.peer()
		d.call(peer)
		d.press(view.KeyMute)
		if v := d.view(); !d.heard().muted || v.Lamps[view.LampMute] != view.LampOn {
			t.Error("mute key: not muted")
		}
		d.press(view.KeySpeaker)
		peer.Reply(peer.Await("BYE"), 200)
		if v := d.view(); d.heard().muted || v.Lamps[view.LampMute] != view.LampOff {
			t.Error("mute outlived its call")
		}
	})
}

func TestHoldAndResumeByReINVITE(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.call(peer)
		s := func() *stream { return d.heard().streams[0] }
		d.soft("Hold")
		d.expect("held", "On hold")
		if s().last().Direction != audio.Inactive {
			t.Errorf("direction %v at once", s().last().Direction)
		}
		invite := peer.Await("INVITE")
		if !strings.Contains(string(invite.Body), "a=sendonly") {
			t.Errorf("hold offers:\n%s", invite.Body)
		}
		peer.Reply(invite, 200, siptest.SDP(withDirection("recvonly")))
		peer.Await("ACK")
		d.expect("held")
		d.soft("Resume")
		invite = peer.Await("INVITE")
		peer.Reply(invite, 200, siptest.SDP(withDirection("sendrecv")))
		peer.Await("ACK")
		d.expect("connected")
		if s().last().Direction != audio.SendRecv {
			t.Errorf("direction %v after resume", s().last().Direction)
		}
		d.soft("EndCall")
		peer.Reply(peer.Await("BYE"), 200)
	})
}

func TestCallWaitingAnswersTheSecondAndHoldsTheFirst(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.call(peer)
		second := siptest.NewPeer(t, d.net.Network, "192.0.2.10:5060")
		invite := second.Request("INVITE", "sip:5551213@"+phoneAddr,
			siptest.With("From", `"Bob" <sip:bob@192.0.2.10>;tag=b1`), siptest.SDP(peerSDP))
		second.SendTo(phoneAddr, invite)
		second.Await("180")
		d.expect("incoming", "From Bob", "Call waiting: Bob")
		if d.heard().tone != tone.CallWaiting || d.heard().ring != "" {
			t.Errorf("tone %v, ring %q", d.heard().tone, d.heard().ring)
		}
		d.press(view.KeyLine2)
		hold := peer.Await("INVITE")
		peer.Reply(hold, 200, siptest.SDP(withDirection("recvonly")))
		ok := second.Await("200")
		second.SendTo(phoneAddr, second.Within(invite, ok, "ACK"))
		d.wait(100 * time.Millisecond)
		d.expect("connected", "From Bob")
		if len(d.heard().streams) != 2 || d.heard().streams[0].last().Direction != audio.Inactive || d.heard().streams[1].last().Direction != audio.SendRecv {
			t.Error("the first call should be silent, the second should talk")
		}
		second.SendTo(phoneAddr, second.Within(invite, ok, "BYE"))
		d.wait(time.Second)
		d.expect("held", "ada")
		d.press(view.KeyLine1)
		back := peer.Await("INVITE")
		peer.Reply(back, 200, siptest.SDP(withDirection("sendrecv")))
		d.wait(time.Second)
		d.expect("connected")
		d.soft("EndCall")
		peer.Reply(peer.Await("BYE"), 200)
	})
}

func TestNoFreePortIsSaid(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.voice.full = true })
		d.dial("5551299")
		d.soft("Dial")
		d.expect("failed")
		d.expectStatus("no port free")
		d.soft("EndCall")
		peer := d.peer()
		d.ring(peer)
		d.soft("Answer")
		peer.Await("500")
		d.expect("idle")
	})
}

func TestRedialSurvivesPowerOff(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.soft("Redial")
		d.expect("idle", "No number has been dialled yet")
		d.dial("5551299")
		d.soft("Dial")
		d.wait(time.Second)
		d.soft("EndCall")
		again := New(d.phone.cfg)
		again.loadFlash()
		if again.redial != "5551299" {
			t.Errorf("redial %q after a restart", again.redial)
		}
	})
}
