package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/edit"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// inPanel opens the panel for the label of line 1.
func inPanel(t *testing.T, test func(*desk)) {
	t.Helper()
	onDesk(t, func(d *desk) {
		d.unlock()
		d.press(view.KeySettings, view.Key4, view.Key1)
		d.item("Shortname")
		d.soft("Edit")
		test(d)
	})
}

func (d *desk) edited() view.Editor { return d.view().Screen.Edit }

func TestKeyAgainWithinASecondIsTheNextLetter(t *testing.T) {
	inPanel(t, func(d *desk) {
		d.soft("Alpha")
		d.press(view.Key2)
		d.wait(edit.TapTime - time.Millisecond)
		d.press(view.Key2)
		if e := d.edited(); e.Text != "b" || !e.Pending {
			t.Errorf("within a second: %+v", e)
		}
		d.wait(edit.TapTime)
		if d.edited().Pending {
			t.Error("still pending after a second")
		}
		d.press(view.Key2)
		if e := d.edited(); e.Text != "ba" {
			t.Errorf("after a second: %+v", e)
		}
		d.soft("Number")
		d.press(view.Key2, view.Key2)
		if e := d.edited(); e.Text != "ba22" || e.Pending {
			t.Errorf("digits: %+v", e)
		}
	})
}

func TestScrollKeyMovesTheCursorAndHeldBackspaceGoesOn(t *testing.T) {
	inPanel(t, func(d *desk) {
		d.phone.Type("Ad lounge")
		for range 7 {
			d.press(view.KeyScrollUp)
		}
		d.phone.Type("a")
		if e := d.edited(); e.Text != "Ada lounge" || e.Cursor != 3 {
			t.Errorf("%+v", e)
		}
		for range 20 {
			d.press(view.KeyScrollDown)
		}
		d.phone.Press(view.KeySoft2)
		d.wait(repeatAfter + 20*repeatEvery)
		d.phone.Release(view.KeySoft2)
		if e := d.edited(); e.Text != "" {
			t.Errorf("%+v", e)
		}
	})
}

func TestKeyboardWritesIntoThePanel(t *testing.T) {
	inPanel(t, func(d *desk) {
		for _, s := range []string{"5", "*", "#", "é", "\b", "pasted \x1b[2J" + strings.Repeat("x", 600)} {
			d.phone.Type(s)
		}
		if e := d.edited(); !strings.HasPrefix(e.Text, "5*#pasted [2Jx") || len(e.Text) != 64 {
			t.Errorf("%q", e.Text)
		}
		d.phone.Type("\x1b")
		d.expect("menu.sip.line")
		d.phone.Type("\r")
		d.expect("menu.edit")
		d.phone.Type("Ada")
		d.phone.Type("\r")
		d.expect("menu.sip.line", "Shortname Ada")
	})
}

func TestHelpDoesNotLoseWhatIsEdited(t *testing.T) {
	inPanel(t, func(d *desk) {
		d.phone.Type("Ada")
		d.press(view.KeyInfo, view.Key5)
		d.expect("help")
		d.soft("Back")
		d.expect("menu.edit")
		if d.edited().Text != "Ada" {
			t.Errorf("%+v", d.edited())
		}
	})
}

func TestCallOfAnotherKeyLeavesThePanel(t *testing.T) {
	inPanel(t, func(d *desk) {
		d.phone.Type("Ada")
		d.press(view.KeySpeaker)
		d.expect("offhook")
		d.soft("EndCall")
		d.press(view.KeySettings, view.Key4, view.Key1)
		if strings.Contains(screenText(d.view().Screen), "Ada") {
			t.Error("a draft outlived its menu")
		}
	})
}

// byFileOnly are the parameters that the menus leave out: the image is the
// server's business (guide 3-21), another SIP port needs a new start.
var byFileOnly = map[string]bool{"image_version": true, "voip_control_port": true}

func TestEveryParameterIsInAMenuOnce(t *testing.T) {
	seen := map[string]int{}
	count := func(params []param.Param) {
		for _, prm := range params {
			seen[prm.Name]++
		}
	}
	for line := range param.NumLines {
		count(param.LineMenu(line + 1))
	}
	count(param.SIPMenu())
	count(param.NetworkMenu())
	for _, g := range groups {
		count(grouped(g.names))
		for _, name := range g.names {
			if _, ok := param.Lookup(strings.ReplaceAll(name, "*", "1")); !ok {
				t.Errorf("there is no parameter %s", name)
			}
		}
	}
	for _, prm := range param.All() {
		want := 1
		if byFileOnly[prm.Name] || prm.Local && prm.Menu == "" {
			want = 0
		}
		if seen[prm.Name] != want {
			t.Errorf("%s is in %d menus, want %d", prm.Name, seen[prm.Name], want)
		}
	}
}
