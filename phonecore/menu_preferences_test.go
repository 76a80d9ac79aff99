package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// callFrom lets the peer call line 1 and waits for a status.
func (d *desk) callFrom(p *siptest.Peer, from, want string) {
	d.t.Helper()
	p.SendTo(phoneAddr, p.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.With("From", from+";tag=a1"), siptest.SDP(peerSDP)))
	p.Await(want)
}

func TestPreferencesCountAtOnceAndAreKept(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key6)
		d.expect("menu.preferences", "Do Not Disturb No", "Call Waiting Yes", "Block Anonymous Calls No")
		d.press(view.Key3)
		d.soft("Yes")
		d.expect("menu.preferences", "Block Anonymous Calls Yes")
		peer := d.peer()
		d.callFrom(peer, `"Anonymous" <sip:anonymous@anonymous.invalid>`, "433")
		d.callFrom(peer, "<sip:ada@192.0.2.9>", "180")
		d.wait(5 * time.Minute)
		d.press(view.KeySettings)
		d.soft("DND")
		d.expect("idle", "Do not disturb is on")
		d.on(func() { d.phone.restart(restartReset) })
		d.wait(time.Minute)
		d.expect("idle", "Do not disturb is on")
		d.callFrom(peer, "<sip:ada@192.0.2.9>", "486")
	}, withFlash(f))
}

// TestFileFixesAPreference: 2 and 3 are "off" and "on" for good (reference,
// section 3).
func TestFileFixesAPreference(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key6)
		d.soft("Yes")
		d.expect("menu.preferences", "Do Not Disturb No", text.Get(text.LockedByFile))
		d.press(view.Key2)
		d.soft("No")
		d.expect("menu.preferences", "Call Waiting Yes", text.Get(text.LockedByFile))
	}, withFlags("dnd_control", "2", "call_waiting", "3"))
}
