package phonecore

import (
	"maps"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// noPhoneFile is a server with a default file only: the phone is managed by
// hand (guide 3-13).
var noPhoneFile = files{"OS79XX.TXT": Load, "SIPDefault.cnf": "proxy1_address: 192.0.2.1\nproxy_register: 1\nimage_version: " + Load + "\n"}

// item highlights the item with a label.
func (d *desk) item(label string) {
	d.t.Helper()
	for range 40 {
		s := d.view().Screen
		if s.Selected >= 0 && s.Selected < len(s.Items) && s.Items[s.Selected].Label == label {
			return
		}
		d.press(view.KeyScrollDown)
	}
	d.t.Fatalf("no item %q on %q", label, d.view().Screen.Name)
}

// set edits the parameter with a label from the keyboard.
func (d *desk) set(label, value string) {
	d.t.Helper()
	d.item(label)
	d.soft("Edit")
	d.expect("menu.edit", label)
	d.soft("<<")
	d.phone.Type(value)
	d.soft("Validate")
}

func (d *desk) unlock() { d.dial("**#") }

// stored is what the parameters in flash are now.
func (d *desk) stored(f *flash.Flash) map[string]string {
	d.t.Helper()
	d.on(func() {})
	values, err := f.Load()
	if err != nil {
		d.t.Fatal(err)
	}
	return values
}

// TestLineIsSetUpByHand is "Modifying the SIP Parameters Manually" (guide
// 3-13), with the keys of the phone.
func TestLineIsSetUpByHand(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		d.unlock()
		d.press(view.KeySettings, view.Key4)
		d.expect("menu.sip", "Line 1 Settings", text.Get(text.SaveApplies))
		d.soft("Select")
		d.expect("menu.sip.line", "Line 1 Configuration")
		d.soft("Edit")
		d.dial("5551212")
		d.soft("Validate")
		d.expect("menu.sip.line", "5551212")
		d.set("Authentication Name", "5551212")
		d.set("Authentication Password", "s3cret-canary")
		d.soft("Back")
		d.expect("menu.sip")
		d.soft("Save")
		d.wait(time.Second)
		d.expect("menu.settings", text.Get(text.SettingsSaved))
		d.press(view.KeySettings)
		d.expect("idle", "5551212")
		d.expectStatus("Line 1: registered at 192.0.2.1")
		stored := d.stored(f)
		if stored["line1_name"] != "5551212" || stored["line1_password"] != "s3cret-canary" {
			t.Errorf("in flash: %q", stored)
		}
		if d.starts() != 1 {
			t.Error("the phone was reset; the guide does not ask for that")
		}
		d.on(func() { d.phone.restart(restartReset) })
		d.wait(time.Minute)
		d.expect("idle", "5551212")
	}, withFiles(noPhoneFile), withFlash(f))
}

func TestEditHoldsUntilTheRestartWithAPhoneFile(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		before := d.stored(f)
		d.unlock()
		d.press(view.KeySettings, view.Key4)
		d.expect("menu.sip", text.Get(text.HoldsUntilRestart))
		d.press(view.Key1)
		d.set("Shortname", "Ada")
		d.press(view.Key8)
		d.expect("menu.sip.line") // a parameter's number only highlights it
		d.soft("Back")
		d.item("Preferred Codec")
		d.soft("Change")
		d.soft("Change")
		d.soft("Save")
		d.wait(time.Second)
		if got := d.param("preferred_codec"); got != "g729a" {
			t.Errorf("codec %q", got)
		}
		d.press(view.KeySettings)
		d.expect("idle", "Ada")
		if after := d.stored(f); !maps.Equal(before, after) {
			t.Errorf("flash changed: %q", after)
		}
		d.on(func() { d.phone.restart(restartRestart) })
		d.wait(time.Minute)
		if got := d.param("preferred_codec"); got != "g711ulaw" {
			t.Errorf("after the restart: codec %q", got)
		}
	}, withFlash(f))
}

// TestErasedValueIsTheDefaultAgain is "Erasing the Locally-Defined SIP
// Settings" (guide 3-17): <<, Validate, Save; the phone programs flash and
// resets.
func TestErasedValueIsTheDefaultAgain(t *testing.T) {
	f := flash.Memory()
	if err := f.Save(map[string]string{"line1_name": "5551212", "timer_register_expires": "60"}, nil); err != nil {
		t.Fatal(err)
	}
	onDesk(t, func(d *desk) {
		d.unlock()
		d.press(view.KeySettings, view.Key4)
		d.item("Register Expires")
		d.soft("Edit")
		d.expect("menu.edit", "Now: 60")
		d.soft("<<")
		d.soft("Validate")
		d.expect("menu.sip", "Register Expires 3600")
		d.soft("Save")
		d.wait(time.Minute)
		if _, there := d.stored(f)["timer_register_expires"]; there || d.param("timer_register_expires") != "3600" {
			t.Errorf("expires %s, in flash: %v", d.param("timer_register_expires"), d.stored(f))
		}
		if d.starts() != 2 {
			t.Errorf("started %d times, want a reset", d.starts())
		}
	}, withFiles(noPhoneFile), withFlash(f))
}

func TestErasedLineIsTakenAwayUntilTheRestart(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.unlock()
		d.press(view.KeySettings, view.Key4, view.Key2)
		d.set("Name", "")
		d.soft("Back")
		d.soft("Save")
		d.wait(time.Minute)
		d.press(view.KeySettings)
		v := d.view()
		if v.Screen.Lines[1].Text != "" || v.Screen.Lines[0].Text != "5551212" || d.starts() != 1 {
			t.Errorf("lines %v, started %d times", v.Screen.Lines, d.starts())
		}
	})
}

func TestCancelForgetsTheChanges(t *testing.T) {
	onDesk(t, func(d *desk) {
		before := d.param("proxy_register")
		d.unlock()
		d.press(view.KeySettings, view.Key4)
		d.item("Register with Proxy")
		d.soft("No")
		d.expect("menu.sip", "Register with Proxy No")
		d.soft("Cancel")
		d.expect("menu.settings")
		d.press(view.Key4)
		d.expect("menu.sip", "Register with Proxy Yes")
		if d.param("proxy_register") != before {
			t.Error("the parameter has changed")
		}
	})
}

func TestBadValueStaysInThePanel(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.unlock()
		d.press(view.KeySettings, view.Key4, view.Key1)
		d.set("Proxy Port", "70000")
		d.expect("menu.edit", "want a number from 1 to 65535")
		d.soft("Cancel")
		d.expect("menu.sip.line", "Proxy Port 5060")
	})
}

func TestWhatAFlagSaysGivesWayToTheMenu(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.unlock()
		d.press(view.KeySettings, view.Key4)
		d.item("Messages URI")
		d.soft("Edit")
		d.expect("menu.edit", "Now: 8500", "flags")
		d.soft("<<")
		d.press(view.KeyStar, view.KeyStar, view.Key9, view.Key8) // the star's second character
		d.soft("Validate")
		d.soft("Save")
		d.wait(time.Second)
		if got := d.param("messages_uri"); got != "*98" {
			t.Errorf("messages_uri %q", got)
		}
	}, withFlags("messages_uri", "8500"))
}

func TestSIPSettingsAreNotSavedDuringACall(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.unlock()
		d.dial("5551213")
		d.soft("Dial")
		d.press(view.KeySettings, view.Key4)
		d.item("Register with Proxy")
		d.soft("No")
		d.soft("Save")
		d.expect("menu.sip", text.Get(text.NotDuringCall))
	})
}

func TestPasswordsNeverLeaveThePanel(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.unlock()
		d.press(view.KeySettings, view.Key4, view.Key1)
		d.item("Authentication Password")
		d.soft("Edit")
		look := func(when string) {
			t.Helper()
			s := d.view().Screen
			if s.Name != "menu.edit" || strings.Contains(screenText(s)+s.Edit.Text, "canary") || strings.Trim(s.Edit.Text, "*") != "" {
				t.Errorf("%s: %q shows %q and %q", when, s.Name, s.Edit.Text, s.Text)
			}
		}
		look("at first")
		for _, r := range "canary" {
			d.phone.Type(string(r))
			look("while typing")
		}
		d.soft("Validate")
		if s := screenText(d.view().Screen); strings.Contains(s, "canary") {
			t.Errorf("the list shows %s", s)
		}
		d.soft("Back")
		d.soft("Save")
		d.wait(time.Second)
		if d.param("line1_password") != "canary" {
			t.Error("the password was not taken")
		}
	})
}
