package phonecore

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// menuPhones is how many phones the random presses are divided among.
const menuPhones = 4

// TestLockedPhoneChangesNothing walks the menus of locked phones at random: no
// parameter and nothing of the settings in flash changes.
func TestLockedPhoneChangesNothing(t *testing.T) {
	seen := walks(t, func(d *desk, w *menuWalk, f *flash.Flash) {
		before, values := d.stored(f), d.values()
		w.locked = true
		for range 10 {
			w.walk(monkeySteps / 2 / menuPhones / 10)
			if after := d.stored(f); !maps.Equal(before, after) {
				d.t.Fatalf("flash has changed: %v; before: %v", after, w.did)
			}
			if w.seen["startup"] {
				d.t.Fatalf("the phone has reset; before: %v", w.did)
			}
			for name, value := range d.values() {
				if value != values[name] {
					d.t.Errorf("%s has changed from %q to %q; before: %v", name, values[name], value, w.did)
				}
			}
		}
	})
	expectSeen(t, seen, "menu.network", "menu.sip", "menu.sip.line", "menu.sip.group", "menu.status.network", "menu.status.messages",
		"menu.unlock", "menu.preferences", "menu.audio", "menu.about", "menu.contrast", "help")
}

// TestUnlockedMenusStayInOrder lets keys change whatever they like, with the
// resets that this leads to.
func TestUnlockedMenusStayInOrder(t *testing.T) {
	seen := walks(t, func(d *desk, w *menuWalk, _ *flash.Flash) {
		const steps = 200 // between two looks at the lock
		for range monkeySteps / 2 / menuPhones / steps {
			d.wait(10 * time.Second) // after a reset
			w.leave()
			d.on(func() { d.phone.lock.unlocked = true })
			w.walk(steps)
		}
	}, withFiles(noPhoneFile), withFlags("line1_name", "5551212", "line1_password", "s3cret-canary"))
	want := []string{"menu.edit", "menu.sip.line", "menu.sip.group", "menu.network"}
	if monkeySteps > 50_000 { // under the race detector the walks are too short to be sure of a reset
		want = append(want, "startup")
	}
	expectSeen(t, seen, want...)
}

// values are all parameters as they count now.
func (d *desk) values() map[string]string {
	all := map[string]string{}
	d.on(func() {
		for _, p := range param.All() {
			all[p.Name] = d.phone.params.Text(p.Name)
		}
	})
	return all
}

// walks runs a test with some phones and gives the names of the screens that
// were seen on any.
func walks(t *testing.T, test func(*desk, *menuWalk, *flash.Flash), setups ...setup) map[string]bool {
	all := make([]map[string]bool, menuPhones)
	t.Run("phones", func(t *testing.T) {
		for i := range all {
			t.Run(fmt.Sprint("seed ", i), func(t *testing.T) {
				t.Parallel()
				f := flash.Memory()
				onDesk(t, func(d *desk) {
					w := &menuWalk{d: d, r: rand.New(rand.NewPCG(uint64(i), 81)), seen: map[string]bool{}}
					test(d, w, f)
					d.wait(time.Minute)
					w.leave()
					all[i] = w.seen
				}, append([]setup{withFlash(f), withFlags("phone_password", "unguessed-canary", "messages_uri", "5550100")}, setups...)...)
			})
		}
	})
	seen := map[string]bool{}
	for _, s := range all {
		maps.Copy(seen, s)
	}
	return seen
}

func expectSeen(t *testing.T, seen map[string]bool, names ...string) {
	t.Helper()
	for _, name := range names {
		if !seen[name] {
			t.Errorf("the walks did not come to %s, but to %v", name, slices.Sorted(maps.Keys(seen)))
		}
	}
}

// menuWalk presses keys at random, mostly those that lead through menus, and
// looks at each screen.
type menuWalk struct {
	d      *desk
	r      *rand.Rand
	locked bool // the walk does not know the code **#
	seen   map[string]bool
	did    []string // of late
}

// menuKeys are pressed more often, so that the walk leads far into the menus.
var menuKeys = []view.Key{
	view.KeySoft1, view.KeySoft1, view.KeySoft1, view.KeySoft2, view.KeySoft3, view.KeySoft4,
	view.KeyScrollDown, view.KeyScrollDown, view.KeyScrollDown, view.KeyScrollUp, view.Key3, view.Key4, view.Key8,
}

// menuTexts are typed and pasted; none holds the code.
var menuTexts = []string{
	"\r", "\r", "\r", "\x1b", "\b", "5", "x", "*", "192.0.2.5", "255.255.255.0", "0", "sip:ada@" + peerAddr, "tel:+49 721 5550123",
	"<>\x00\u202e\x1b[2J", strings.Repeat("w", 300), "line\r\nend", "ä漢",
}

// walk makes steps, and leads home every now and then.
func (w *menuWalk) walk(steps int) {
	for i := range steps {
		w.note(w.step())
		v := w.d.view()
		w.seen[v.Screen.Name] = true
		w.check(v)
		if i%50 == 49 {
			w.leave()
		}
		if w.d.t.Failed() {
			w.d.t.Fatalf("after: %s", strings.Join(w.did, ", "))
		}
	}
}

func (w *menuWalk) note(what string) {
	if w.did = append(w.did, what); len(w.did) > 40 {
		w.did = w.did[1:]
	}
}

// step does one thing and says what.
func (w *menuWalk) step() string {
	d, r := w.d, w.r
	switch n := r.IntN(100); {
	case n < 5:
		s := pick(r, menuTexts)
		d.phone.Type(s)
		return fmt.Sprintf("type %.20q", s)
	case n < 8:
		t := time.Duration(r.IntN(4000)) * time.Millisecond
		d.wait(t)
		return fmt.Sprint("wait ", t)
	case n < 9:
		t := time.Duration(r.IntN(300)) * time.Second
		d.wait(t)
		return fmt.Sprint("wait ", t)
	case n < 20:
		return w.press(pick(r, view.Keys()), 1)
	case n < 30 && w.home():
		return w.press(view.KeySettings, 1)
	}
	k, times := pick(r, menuKeys), 1
	if k == view.KeyScrollDown {
		times += r.IntN(16)
	}
	return w.press(k, times)
}

func (w *menuWalk) press(k view.Key, times int) string {
	if w.locked && k == view.KeyPound {
		return "nothing"
	}
	for range times {
		w.d.phone.Press(k)
		if w.r.IntN(20) > 0 {
			w.d.phone.Release(k)
		}
	}
	return fmt.Sprintf("%d x %v", times, k)
}

// home tells that no page is open.
func (w *menuWalk) home() (home bool) {
	w.d.on(func() { home = len(w.d.phone.pages) == 0 && !w.d.phone.helping })
	return home
}

// leave goes home from wherever the phone is, within ten presses: by Exit and
// the soft keys that lead to it, or by the settings key.
func (w *menuWalk) leave() {
	d := w.d
	d.t.Helper()
	bySettings := w.r.IntN(2) == 0
	for range 10 {
		if w.home() {
			return
		}
		d.press(w.wayOut(bySettings))
	}
	d.t.Fatalf("no way home from %q", d.view().Screen.Name)
}

func (w *menuWalk) wayOut(bySettings bool) view.Key {
	for i, label := range w.d.view().Screen.Soft {
		leads := label == text.Get(text.SoftExit) || label == text.Get(text.SoftBack) || label == text.Get(text.SoftCancel)
		if leads && !bySettings {
			return view.SoftKey(i + 1)
		}
	}
	return view.KeySettings
}

// check is what must hold on every screen.
func (w *menuWalk) check(v view.View) {
	t, s := w.d.t, v.Screen
	if strings.Contains(fmt.Sprint(v), "canary") {
		t.Errorf("%q shows a password", s.Name)
	}
	switch s.Layout {
	case view.LayoutOff:
		if s.Name != "off" && s.Name != "startup" {
			t.Errorf("%q is dark", s.Name)
		}
		return
	case view.LayoutStartUp:
		return
	case view.LayoutMenu:
		if len(s.Items) == 0 && s.Prompt == "" {
			t.Errorf("%q is empty and does not say so", s.Name)
		}
		if len(s.Items) > 0 && (s.Selected < s.First || s.Selected >= s.First+view.NumRows || s.Selected >= len(s.Items)) {
			t.Errorf("%q: item %d of %d is highlighted, %d is the first in view", s.Name, s.Selected, len(s.Items), s.First)
		}
	case view.LayoutText:
		if strings.TrimSpace(strings.Join(s.Text, "")) == "" {
			t.Errorf("%q has no text", s.Name)
		}
	case view.LayoutEditor:
		if n := len([]rune(s.Edit.Text)); s.Edit.Cursor < 0 || s.Edit.Cursor > n {
			t.Errorf("%q: the cursor is at %d of %d", s.Name, s.Edit.Cursor, n)
		}
	}
	if s.Layout != view.LayoutPhone && strings.TrimSpace(s.Title) == "" {
		t.Errorf("%q has no title", s.Name)
	}
	if strings.Join(s.Soft[:], "") == "" {
		t.Errorf("%q has no soft key", s.Name)
	}
}
