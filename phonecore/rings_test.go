package phonecore

import (
	"testing"

	"deskset/audio"
	"deskset/phonecore/flash"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// ringFor is the ring of a call to a user.
func (d *desk) ringFor(user, from string) string {
	d.t.Helper()
	peer := siptest.NewPeer(d.t, d.net.Network, from)
	peer.SendTo(phoneAddr, peer.Request("INVITE", "sip:"+user+"@"+phoneAddr, siptest.SDP(peerSDP)))
	peer.Await("180")
	ring := d.heard().ring
	d.on(func() { d.phone.endAllCalls() })
	return ring
}

func TestEachLineHasItsRing(t *testing.T) {
	memory := flash.Memory()
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key2)
		d.expect("menu.ringtype.lines", "Default Ring Chirp 1", "Line 1: 5551212 Default Ring", "Line 2: 5551213 Default Ring")
		d.press(view.Key3)
		d.expect("menu.ringtype", "Line 2: 5551213", "Default Ring", "Chirp 1", "Chirp 2")
		d.press(view.Key3)
		d.soft("Play")
		if got := d.heard().ring; got != "Chirp 2" {
			t.Errorf("plays %q", got)
		}
		d.soft("Save")
		d.expect("menu.ringtype.lines", "Saved", "Line 2: 5551213 Chirp 2", "Line 1: 5551212 Default Ring")
		if got := d.heard().ring; got != "" {
			t.Errorf("%q still plays", got)
		}
		d.soft("Back")
		d.soft("Exit")
	}, withFlash(memory))
	onDesk(t, func(d *desk) { // after power-up as well
		if got := d.ringFor("5551212", "192.0.2.21:5060"); got != "Chirp 1" {
			t.Errorf("line 1 rings %q", got)
		}
		if got := d.ringFor("5551213", "192.0.2.22:5060"); got != "Chirp 2" {
			t.Errorf("line 2 rings %q", got)
		}
		// Back to the default, which changes with it.
		d.press(view.KeySettings, view.Key2, view.Key3, view.Key1)
		d.soft("Save")
		d.press(view.Key1, view.Key2)
		d.soft("Save")
		d.soft("Back")
		d.soft("Exit")
		for i, user := range []string{"5551212", "5551213"} {
			if got := d.ringFor(user, [...]string{"192.0.2.23:5060", "192.0.2.24:5060"}[i]); got != "Chirp 2" {
				t.Errorf("%s rings %q", user, got)
			}
		}
	}, withFlash(memory))
}

func TestPhoneWithOneLineAsksForTheRingOnly(t *testing.T) {
	f := twoLines.with("")
	f["SIP00503EFFD842.cnf"] = "line1_name: 5551212\n"
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key2)
		d.expect("menu.ringtype", "Ring Type", "Chirp 1")
		d.press(view.Key2)
		d.soft("Cancel")
		d.soft("Exit")
		if got := d.ringFor("5551212", "192.0.2.21:5060"); got != "Chirp 1" {
			t.Errorf("rings %q after Cancel", got)
		}
	}, withFiles(f))
}

func TestRingOfTheOnlyLineCanBeChanged(t *testing.T) {
	f := twoLines.with("")
	f["SIP00503EFFD842.cnf"] = "line1_name: 5551212\n"
	onDesk(t, func(d *desk) {
		d.on(func() { d.phone.rings.lines[0] = "Chirp 2" }) // from when there were two
		d.press(view.KeySettings, view.Key2)
		if items := d.view().Screen.Items; items[1].Icon != view.IconConnected {
			t.Errorf("%+v", items)
		}
		d.press(view.Key1)
		d.soft("Save")
		d.soft("Exit")
		if got := d.ringFor("5551212", "192.0.2.21:5060"); got != "Chirp 1" {
			t.Errorf("rings %q", got)
		}
	}, withFiles(f))
}

func TestRingThatIsGoneGivesWayToTheDefault(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.phone.rings = ringChoice{all: "Chirp 2", lines: [view.NumLines]string{"Bell of old"}} })
		if got := d.ringFor("5551212", "192.0.2.21:5060"); got != "Chirp 2" {
			t.Errorf("rings %q", got)
		}
		d.on(func() { d.phone.rings.all = "Gone too" })
		if got := d.ringFor("5551212", "192.0.2.22:5060"); got != "Chirp 1" {
			t.Errorf("rings %q", got)
		}
	})
}

func TestPreferencesOfAnEarlierReleaseAreRead(t *testing.T) {
	memory := flash.Memory()
	if err := memory.Put(blobPreferences, []byte(`{"volumes":[1,2,3,4],"contrast":7,"ring":"Chirp 2"}`)); err != nil {
		t.Fatal(err)
	}
	onDesk(t, func(d *desk) {
		if got := d.ringFor("5551213", "192.0.2.21:5060"); got != "Chirp 2" {
			t.Errorf("rings %q", got)
		}
		if v := d.heard().volumes; v != [audio.NumRoles]int{1, 2, 3, 4} || d.view().Contrast != 7 {
			t.Errorf("volumes %v, contrast %d", v, d.view().Contrast)
		}
	}, withFlash(memory))
}

func TestVolumeKeyFollowsTheContextAndIsKept(t *testing.T) {
	memory := flash.Memory()
	onDesk(t, func(d *desk) {
		d.press(view.KeyVolumeUp) // on hook: the ringer
		d.expect("idle", "ringer")
		d.press(view.KeySpeaker, view.KeyVolumeDown)
		d.press(view.KeyHeadset, view.KeyVolumeUp, view.KeyVolumeUp)
		d.press(view.KeySettings, view.KeyVolumeUp) // in a menu, too
		d.press(view.KeySettings, view.KeyHeadset)
		d.press(view.KeyHandset, view.KeyVolumeDown, view.KeyVolumeDown, view.KeyHandset)
		for range 40 {
			d.press(view.KeyVolumeUp)
		}
		if v := d.heard().volumes; v != [audio.NumRoles]int{8, 13, 9, audio.MaxVolume} {
			t.Errorf("volumes %v", v)
		}
	}, withFlash(memory))
	onDesk(t, func(d *desk) {
		if v := d.heard().volumes; v != [audio.NumRoles]int{8, 13, 9, audio.MaxVolume} {
			t.Errorf("after power-up: %v", v)
		}
	}, withFlash(memory))
}
