package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// byDefault undoes what the tests' desk allows.
var byDefault = withFlags("only_from_servers", "1")

func TestStrangersDoNotRingThePhoneByDefault(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		stranger := d.peer()
		stranger.SendTo(phoneAddr, stranger.Request("INVITE", "sip:5551212@192.0.2.44", siptest.SDP(peerSDP)))
		stranger.Expect("403")
		d.wait(time.Second)
		d.expect("idle")
		d.press(view.KeySettings, view.Key5, view.Key2)
		d.expect("menu.status.network", "SIP unreadable 0\n", "SIP refused 1\n", "SIP dropped 0\n")
	}, byDefault)
}

// With every server dead, the screen says what still works, and it does: a call
// to an address, one from an address, and the dial plan's emergency route.
func TestDirectAndEmergencyCallsWorkWhileNoServerAnswers(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada := d.peer()
		help := siptest.NewPeer(t, d.net.Network, "192.0.2.99:5070")
		d.wait(time.Second)
		d.net.proxy.Transport().SetDown(true)
		d.wait(10 * time.Minute)
		d.expect("idle", "No server: only direct and emergency calls", "Line 1: no answer from "+proxyAddr)
		if got := d.icons(); got != [2]view.Icon{view.IconNotRegistered, view.IconNotRegistered} {
			t.Errorf("icons %v", got)
		}

		d.press(view.KeySpeaker)
		d.phone.Type("sip:ada@192.0.2.9\r")
		invite := ada.Expect("INVITE")
		ok := ada.Reply(invite, 200, siptest.SDP(peerSDP))
		ada.Expect("ACK")
		d.wait(time.Second)
		d.expect("connected")
		ada.SendTo(phoneAddr, ada.Within(invite, ok, "BYE"))
		ada.Expect("200")
		d.wait(time.Second)
		d.expect("idle")

		call := ada.Request("INVITE", "sip:5551212@192.0.2.44", siptest.SDP(peerSDP))
		ada.SendTo(phoneAddr, call)
		ada.Expect("180")
		d.expect("incoming")
		d.soft("Answer")
		ok = ada.Expect("200")
		ada.SendTo(phoneAddr, ada.Within(call, ok, "ACK"))
		d.wait(time.Second)
		d.expect("connected")
		ada.SendTo(phoneAddr, ada.Within(call, ok, "BYE"))
		ada.Expect("200")
		d.wait(time.Second)

		d.press(view.KeySpeaker)
		d.dial("112")
		if m := help.Expect("INVITE"); m.RequestURI != "sip:112@192.0.2.99:5070;user=phone" {
			t.Errorf("the emergency call goes to %s", m.RequestURI)
		} else {
			help.Reply(m, 200, siptest.SDP(peerSDP))
		}
		help.Expect("ACK")
		d.wait(time.Second)
		d.expect("connected")
		d.press(view.KeySpeaker)
		help.Reply(help.Expect("BYE"), 200)

		d.net.proxy.Transport().SetDown(false)
		d.wait(6 * time.Minute)
		d.expect("idle")
		if s := screenText(d.view().Screen); d.view().Screen.Lines[0].Icon == view.IconNotRegistered || len(s) == 0 {
			t.Errorf("the lines are not back:\n%s", s)
		}
		ada.Drain()
		ada.SendTo(phoneAddr, ada.Request("INVITE", "sip:5551212@192.0.2.44", siptest.SDP(peerSDP)))
		ada.Expect("403")
	}, byDefault, withPlan(`MATCH="112" TIMEOUT="0" ROUTE="emergency" USER="phone"`),
		withFlags("proxy_emergency", "192.0.2.99", "proxy_emergency_port", "5070", "timer_register_expires", "60"))
}
