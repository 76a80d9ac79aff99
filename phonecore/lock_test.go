package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// locked tells what the padlock of Network Configuration shows.
func (d *desk) locked() bool {
	d.t.Helper()
	d.press(view.KeySettings, view.Key3)
	d.expect("menu.network")
	defer d.press(view.KeySettings)
	return d.view().Screen.Status.Icon == view.IconLocked
}

// TestCodeUnlocksAndLocks: "Press **#. ... There is no indication an action has
// taken place" (guide 3-2).
func TestCodeUnlocksAndLocks(t *testing.T) {
	onDesk(t, func(d *desk) {
		if !d.locked() {
			t.Error("unlocked at first")
		}
		before := screenText(d.view().Screen)
		d.unlock()
		if after := screenText(d.view().Screen); after != before {
			t.Errorf("the screen tells of it:\n%s", after)
		}
		if d.locked() {
			t.Error("**# did not unlock")
		}
		d.unlock()
		if !d.locked() {
			t.Error("**# did not lock")
		}
		d.press(view.KeySettings, view.Key3)
		d.unlock()
		d.expect("menu.network", text.Get(text.SaveResets))
	})
}

func TestCodeWorksWithoutALine(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.unlock()
		if d.locked() {
			t.Error("**# did not unlock")
		}
	}, withFiles(files{}))
}

func TestCodeMeansNothingElsewhere(t *testing.T) {
	onDesk(t, func(d *desk) {
		for _, keys := range []string{"*#", "*5*#", "5**#", "#**", "**5#"} {
			d.dial(keys)
			for range 3 {
				d.phone.Type("\x1b") // what "#" has dialled
			}
			d.wait(time.Minute)
			d.expect("idle")
			if !d.locked() {
				t.Fatalf("%s unlocks", keys)
			}
		}
	})
}

func TestLockedMenusShowAndDoNotChange(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key3)
		d.expect("menu.network", text.Get(text.SettingsLocked), "Select|||Exit")
		d.soft("Select")
		d.expect("menu.network", text.Get(text.KeyNotActive))
		d.soft("Exit")
		d.expect("idle")
		d.press(view.KeySettings, view.Key4, view.Key1)
		d.expect("menu.sip.line", "5551212", "Select|||Back")
		d.soft("Select")
		d.expect("menu.sip.line", text.Get(text.KeyNotActive))
	})
}

func TestLockingKeepsADraftFromBeingSaved(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.openNetwork()
		d.dial("22")
		d.soft("Yes")
		d.unlock() // which locks
		d.on(func() { d.phone.menuAnswer(false); d.phone.menuSave() })
		d.expect("menu.network", text.Get(text.KeyNotActive), "Alternate TFTP Yes")
		d.wait(time.Minute)
		if d.param("alternate_tftp") != "0" || d.starts() != 1 {
			t.Error("a locked phone was changed")
		}
	})
}

func TestPasswordUnlocksAsInLaterReleases(t *testing.T) {
	onDesk(t, func(d *desk) {
		try := func(password string) {
			t.Helper()
			d.soft("<<")
			d.phone.Type(password)
			d.soft("Validate")
		}
		d.press(view.KeySettings, view.Key8)
		d.expect("menu.unlock", "phone_password")
		d.soft("<<")
		try("wrong")
		d.expect("menu.unlock", "Wrong password")
		for range 5 {
			d.press(view.KeySoft2)
		}
		try("canary")
		d.expect("menu.unlock", "wait 1s") // even the right one
		d.wait(time.Second)
		d.soft("Validate")
		d.expect("menu.settings", "Settings are unlocked", "Lock Configuration")
		d.press(view.Key8)
		d.expect("menu.settings", "Settings are locked", "Unlock Configuration")
	}, withFlags("phone_password", "canary"))
}

func TestWrongPasswordsCostMoreAndMore(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key8)
		d.phone.Type("x")
		for _, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
			d.soft("Validate")
			d.expect("menu.unlock", "Wrong password")
			d.wait(want*time.Second - time.Millisecond)
			d.soft("Validate")
			d.expect("menu.unlock", "wait")
			d.wait(time.Millisecond)
		}
	})
}
