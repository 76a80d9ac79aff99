package phonecore

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/boot"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
)

func TestDigitHeldBeyondTheEndOfItsCallIsHarmless(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		invite, ok := d.call(peer)
		d.phone.Press(view.Key5)
		d.wait(time.Second)
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "BYE"))
		d.wait(time.Second)
		d.expect("idle")
		d.phone.Release(view.Key5)
		d.wait(time.Second)
		d.expect("idle")
		if !strings.HasSuffix(d.heard().keys, "5.") {
			t.Errorf("the key's tone goes on: %q", d.heard().keys)
		}
	})
}

func TestASecondDigitEndsTheOneThatIsStillHeld(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.call(d.peer())
		d.phone.Press(view.Key1)
		d.phone.Press(view.Key2)
		d.phone.Release(view.Key1)
		d.wait(time.Second)
		if got := d.heard().streams[0].digits; got != "1.2" {
			t.Errorf("digits %q while 2 is held", got)
		}
		d.phone.Release(view.Key2)
		d.wait(time.Second)
		if got := d.heard().streams[0].digits; got != "1.2." {
			t.Errorf("digits %q at the end", got)
		}
	})
}

func TestStartUpThatEndsTooLateDoesNotWakeAPhoneThatIsSwitchedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opened := false
		d := newDesk(t, withPace(time.Minute), func(c *Config) {
			c.Transport = func(TransportConfig) (sipua.Transport, error) {
				opened = true
				return nil, errors.New("too late")
			}
		})
		d.on(func() {
			d.phone.powerOff()
			d.phone.finishStages(boot.Values{})
		})
		d.switchOff()
		if opened {
			t.Error("the SIP transport was opened after the phone had been switched off")
		}
	})
}

func TestKeysDoNothingWhileThePhoneSwitchesOff(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.on(func() {
			d.phone.powerOff()
			d.phone.press(view.KeySpeaker)
			d.phone.typed("5551212")
		})
		if d.heard().path != audio.PathNone {
			t.Errorf("path %v", d.heard().path)
		}
	})
}

func TestSubscriptionsEndWithThePhoneHoweverLateTheyCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.switchOff()
		for range 20 {
			late := d.phone.Subscribe()
			select {
			case _, open := <-late:
				if open {
					t.Fatal("a view came from a phone that has stopped")
				}
			case <-time.After(time.Second):
				t.Fatal("a subscription of a stopped phone stays open")
			}
		}
		for range d.views { // ends
		}
	})
}

func TestAFloodOfKeysDoesNotStopTheLoop(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.dial("5551299")
		gate := make(chan struct{})
		go d.phone.post(func() {
			<-gate
			d.phone.dialEntry()
			d.phone.endAllCalls() // posts to the loop, from the loop
		})
		for range 2 * inboxSize {
			go d.phone.Press(view.KeyVolumeUp)
		}
		synctest.Wait()
		close(gate)
		d.wait(time.Second)
		d.expect("idle")
	})
}

func TestMessagesKeyTakesThePlaceOfAnEntry(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeySpeaker, view.Key1)
		d.press(view.KeyMessages)
		d.wait(time.Second)
		d.expect("failed", "4000", "Not found")
		if d.view().Number != "4000" {
			t.Errorf("number %q", d.view().Number)
		}
	}, withFlags("messages_uri", "4000"))
}

func TestNewCallAndResumeStayOnTheVoicePathInUse(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.press(view.KeyHandset)
		d.call(peer)
		d.press(view.KeySpeaker) // the handset stays lifted
		d.press(view.KeyLine2)
		d.expect("offhook")
		if d.heard().path != audio.PathSpeaker {
			t.Errorf("new call on the %v, want the speaker", d.heard().path)
		}
		peer.Reply(peer.Await("INVITE"), 200, siptest.SDP(withDirection("recvonly")))
		peer.Await("ACK")
		d.press(view.KeyLine1)
		d.expect("connected")
		if d.heard().path != audio.PathSpeaker {
			t.Errorf("resumed on the %v, want the speaker", d.heard().path)
		}
	})
}

func TestIncomingCallTakesThePlaceOfAFailedOne(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeySpeaker)
		d.dial("5551299#")
		d.wait(time.Second)
		d.expect("failed")
		peer := d.peer()
		d.ring(peer)
		if d.heard().ring == "" || d.heard().tone != tone.None {
			t.Errorf("ring %q, tone %v", d.heard().ring, d.heard().tone)
		}
		d.press(view.KeyHandset)
		peer.Await("200")
		d.expect("connected")
	})
}

func TestRingSampleEndsThoughACallWaits(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.call(d.peer())
		d.press(view.KeySettings, view.Key2, view.Key1)
		d.soft("Play")
		bob := siptest.NewPeer(t, d.net.Network, "192.0.2.10:5060")
		bob.SendTo(phoneAddr, bob.Request("INVITE", "sip:5551213@"+phoneAddr, siptest.SDP(peerSDP)))
		bob.Await("180")
		d.wait(2 * sampleTime)
		if d.heard().ring != "" {
			t.Error("the sample rings on")
		}
	})
}

func TestIncomingCallShowsOnAMenu(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings)
		peer := d.peer()
		peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.With("From", `"Ada" <sip:ada@192.0.2.9>;tag=a1`), siptest.SDP(peerSDP)))
		peer.Await("180")
		d.expect("menu.settings", "Call from Ada")
		d.press(view.KeyInfo)
		d.expect("menu.settings", "Press the key")
		d.press(view.KeyInfo, view.KeyLine1)
		d.expect("connected")
	})
}

// TestServerPortIsLeftToTheTransport: 5061 for TLS and the ports of SRV records
// (RFC 3263 section 4.2) count unless a port is set.
func TestServerPortIsLeftToTheTransport(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() {
			if a := d.phone.account(1); a.ProxyPort != 0 || a.Proxy != "192.0.2.1" {
				t.Errorf("line 1: %s port %d, want none", a.Proxy, a.ProxyPort)
			}
			if a := d.phone.account(2); a.ProxyPort != 5080 || a.Proxy != "192.0.2.8" {
				t.Errorf("line 2: %s port %d", a.Proxy, a.ProxyPort)
			}
		})
	}, withFlags("proxy2_address", "192.0.2.8", "proxy2_port", "5080"))
}

func TestTextOfTheNetworkIsBoundedAndPlain(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		long := strings.Repeat("A\u202e", 3000)
		peer := d.peer()
		peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:5551212@"+phoneAddr,
			siptest.With("From", `"`+long+`" <sip:`+strings.Repeat("5", 5000)+`@192.0.2.9>;tag=a1`), siptest.SDP(peerSDP)))
		peer.Await("180")
		for _, s := range []string{d.view().Title, d.view().Number, d.view().Screen.Prompt, d.view().Screen.Rows[0].Text} {
			if len(s) > 2*120 || strings.ContainsRune(s, '\u202e') {
				t.Errorf("%d bytes: %.80q", len(s), s)
			}
		}
		d.soft("Reject")
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		refused := peer.Await("INVITE")
		peer.Reply(refused, 499, func(m *wire.Message) { m.Reason = long })
		d.wait(time.Second)
		d.expect("failed")
		for _, s := range append(d.statusTexts(), screenText(d.view().Screen)) {
			if len(s) > 8*120 || strings.ContainsRune(s, '\u202e') {
				t.Errorf("%d bytes: %.80q", len(s), s)
			}
		}
	})
}

func TestADeadServerDoesNotFillTheStatusList(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.net.proxy.Transport().SetDown(true)
		d.wait(24 * time.Hour)
		d.expectStatus("Line 1: no answer from 192.0.2.1:5060")
		if n := len(d.statusTexts()); n > 20 {
			t.Errorf("%d messages after a day", n)
		}
		d.net.proxy.Transport().SetDown(false)
		d.wait(time.Hour)
		d.expectStatus("Line 1: registered")
	})
}

func TestNumbersAreTypedAndPastedInParts(t *testing.T) {
	onDesk(t, func(d *desk) {
		for _, part := range []string{"+", "4", "9", " (721) 555-0123"} {
			d.phone.Type(part)
		}
		d.expect("dialling", "+497215550123")
		d.phone.Type("\x1b")
		for _, part := range []string{"sip:ada", ".", "b", "-", "c", "@x"} {
			d.phone.Type(part)
		}
		d.expect("dialling", "sip:ada.b-c@x")
		d.press(view.KeySettings)
		d.phone.Type("\b")
		d.press(view.KeySettings)
		d.expect("dialling", "sip:ada.b-c@x")
	})
}

func TestPasteAfterAFailedCallBeginsAnother(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.phone.Type("5551299")
		d.soft("Dial")
		d.wait(time.Second)
		d.expect("failed")
		d.phone.Type("tel:5551213")
		d.expect("dialling", "5551213")
	})
}

func TestLineThatIsEmptiedAgainTimesOut(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySpeaker, view.Key1)
		d.soft("<<")
		d.expect("offhook")
		d.wait(firstDigitTime + time.Second)
		if d.heard().tone != tone.Reorder {
			t.Errorf("tone %v, want reorder", d.heard().tone)
		}
	})
}

func TestNoSIPTransportIsSaidOnTheIdleScreen(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.expect("idle", "every port is taken")
		if l := d.view().Screen.Lines[0]; l.Icon != view.IconNotRegistered {
			t.Errorf("line 1 shows icon %d", l.Icon)
		}
		d.dial("5551299")
		d.soft("Dial")
		d.expect("idle", "SIP: every port is taken")
	}, func(c *Config) {
		c.Transport = func(TransportConfig) (sipua.Transport, error) { return nil, errors.New("every port is taken") }
	})
}

func TestLinePageIsInTheGuidesOrderAndHidesPasswords(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key4, view.Key1)
		d.expect("menu.sip.line", "5551212", "********")
		var labels []string
		for _, i := range d.view().Screen.Items {
			if i.Label != "Display Name" { // not in the guide's release
				labels = append(labels, i.Label)
			}
			if strings.Contains(i.Value, "canary") {
				t.Errorf("%s shows %q", i.Label, i.Value)
			}
		}
		want := []string{ // guide 3-14
			"Name", "Shortname", "Authentication Name", "Authentication Password", "User Name",
			"User Authentication Name", "User Password", "Proxy Address", "Proxy Port",
		}
		if !slices.Equal(labels, want) {
			t.Errorf("items %q, want %q", labels, want)
		}
	})
}

func TestNoFreePortIsNotCalledABadAddress(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.voice.full = true })
		d.dial("5551299")
		d.soft("Dial")
		d.expect("failed", "No RTP port is free")
	})
}
