package faceplate

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"deskset/faceplate/art"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// down sends what the window system sends when a key goes down: the key, then
// the rune it makes, if any.
func (b *bench) down(name fyne.KeyName, code int, runes string) {
	e := &fyne.KeyEvent{Name: name, Physical: fyne.HardwareKey{ScanCode: code}}
	b.keyboard.keyDown(e)
	b.repeat(name, code, runes)
}

// repeat sends what comes while a key is held.
func (b *bench) repeat(name fyne.KeyName, code int, runes string) {
	b.keyboard.typedKey(&fyne.KeyEvent{Name: name, Physical: fyne.HardwareKey{ScanCode: code}})
	for _, r := range runes {
		b.keyboard.typedRune(r)
	}
}

func (b *bench) up(name fyne.KeyName, code int) {
	b.keyboard.keyUp(&fyne.KeyEvent{Name: name, Physical: fyne.HardwareKey{ScanCode: code}})
}

func (b *bench) stroke(name fyne.KeyName, code int, runes string) {
	b.down(name, code, runes)
	b.up(name, code)
}

func TestShortCuts(t *testing.T) {
	b := newBench(t, 480, Options{})
	for _, c := range []struct {
		name  fyne.KeyName
		runes string
		mods  fyne.KeyModifier
		want  string
	}{
		{fyne.Key5, "5", 0, "+5 -5"},
		{fyne.Key8, "*", fyne.KeyModifierShift, "+star -star"},
		{fyne.Key3, "#", fyne.KeyModifierShift, "+pound -pound"},
		{fyne.KeyAsterisk, "*", 0, "+star -star"},
		{fyne.KeyF1, "", 0, "+soft1 -soft1"},
		{fyne.KeyF4, "", 0, "+soft4 -soft4"},
		{fyne.Key1, "", fyne.KeyModifierControl, "+line1 -line1"},
		{fyne.Key6, "", fyne.KeyModifierSuper, "+line6 -line6"},
		{fyne.KeyUp, "", 0, "+scroll.up -scroll.up"},
		{fyne.KeyDown, "", 0, "+scroll.down -scroll.down"},
		{fyne.KeyPlus, "+", fyne.KeyModifierShift, "+volume.up -volume.up"},
		{fyne.KeyMinus, "-", 0, "+volume.down -volume.down"},
		{fyne.KeyPageUp, "", 0, "+volume.up -volume.up"},
		{fyne.KeyM, "m", 0, "+mute -mute"},
		{fyne.KeyS, "S", fyne.KeyModifierShift, "+speaker -speaker"},
		{fyne.KeyH, "h", 0, "+headset -headset"},
		{fyne.KeySpace, " ", 0, "+handset -handset"},
		{fyne.KeyF5, "", 0, "+messages -messages"},
		{fyne.KeyF8, "", 0, "+settings -settings"},
		{fyne.KeyF9, "", 0, "+info -info"},
		{fyne.KeyReturn, "", 0, `type "\r"`},
		{fyne.KeyEnter, "", 0, `type "\r"`},
		{fyne.KeyEscape, "", 0, `type "\x1b"`},
		{fyne.KeyBackspace, "", 0, `type "\b"`},
		{fyne.KeyA, "a", 0, `type "a"`},
		{desktop.KeyShiftLeft, "", 0, ""},
		{fyne.KeyF1, "", fyne.KeyModifierAlt, ""},
	} {
		b.mods = c.mods
		b.stroke(c.name, 40, c.runes)
		if got := strings.Join(b.phone.take(), " "); got != c.want {
			t.Errorf("%v %q: %s, want %s", c.name, c.runes, got, c.want)
		}
	}
}

func TestEveryKeyOfThePhoneCanBeReachedByKeyboard(t *testing.T) {
	for _, k := range view.Keys() {
		if shortCut(k) == "" {
			t.Errorf("%v has no short cut", k)
		}
	}
}

// TestTheOverlaySaysWhatTheKeysDo: nothing is bound that the overlay does not
// tell, and nothing stands there twice or does nothing.
func TestTheOverlaySaysWhatTheKeysDo(t *testing.T) {
	told := map[string]bool{}
	for _, l := range ShortCuts() {
		if l.Keys == "" || l.What == "" || told[l.Keys] || told[l.What] {
			t.Errorf("the overlay says %q: %q, which is empty or there already", l.Keys, l.What)
		}
		told[l.Keys], told[l.What] = true, true
	}
	taken := map[any]string{}
	for _, c := range bindings {
		if !told[text.Get(c.what)] {
			t.Errorf("%s stands not in the overlay", c.shown)
		}
		for _, n := range c.names {
			k := nameKey{n, c.ctrl}
			if taken[k] != "" {
				t.Errorf("%s and %s are one key", taken[k], c.shown)
			}
			taken[k] = c.shown
		}
		for _, r := range c.runes {
			if taken[r] != "" {
				t.Errorf("%s and %s are one character", taken[r], c.shown)
			}
			taken[r] = c.shown
			if keyOfRune(&c, r) == view.KeyNone && c.act == noAction {
				t.Errorf("%q does nothing", r)
			}
		}
		if len(c.names) > 0 && c.key == view.KeyNone && c.text == "" && c.act == noAction || c.shortcut != nil && c.act == noAction {
			t.Errorf("%s does nothing", c.shown)
		}
		if len(c.names)+len(c.runes) == 0 && c.shortcut == nil {
			t.Errorf("no key does what %s says", c.shown)
		}
	}
}

func TestAHeldDigitIsOnePressUntilItsKeyGoesUp(t *testing.T) {
	b := newBench(t, 480, Options{})
	b.down(fyne.Key5, 14, "5")
	b.repeat(fyne.Key5, 14, "5")
	b.repeat(fyne.Key5, 14, "5")
	wantEvents(t, b.phone.take(), "+5")
	b.up(fyne.Key6, 15)
	wantEvents(t, b.phone.take())
	b.up(fyne.Key5, 14)
	wantEvents(t, b.phone.take(), "-5")
}

func TestRolledDigitsArePairedByScanCode(t *testing.T) {
	b := newBench(t, 480, Options{})
	b.down(fyne.Key1, 10, "1")
	b.down(fyne.Key2, 11, "2")
	b.up(fyne.Key1, 10)
	b.up(fyne.Key2, 11)
	wantEvents(t, b.phone.take(), "+1", "+2", "-1", "-2")
}

func TestShiftLetGoBeforeStarStillReleasesStar(t *testing.T) {
	b := newBench(t, 480, Options{})
	b.down(desktop.KeyShiftLeft, 50, "")
	b.down(fyne.Key8, 17, "*")
	b.up(desktop.KeyShiftLeft, 50)
	b.up(fyne.Key8, 17)
	wantEvents(t, b.phone.take(), "+star", "-star")
}

func TestPointerAndKeyboardOnOneKeyAreOnePress(t *testing.T) {
	b := newBench(t, 480, Options{})
	b.pointerDown(view.Key5)
	b.down(fyne.Key5, 14, "5")
	b.pointerUp()
	wantEvents(t, b.phone.take(), "+5")
	b.up(fyne.Key5, 14)
	wantEvents(t, b.phone.take(), "-5")
}

func TestLosingTheKeyboardReleasesWhatIsHeld(t *testing.T) {
	b := newBench(t, 480, Options{})
	b.down(fyne.Key5, 14, "5")
	b.pointerDown(view.KeySoft1)
	b.phone.take()
	b.letGo()
	got := b.phone.take()
	if len(got) != 2 || b.state.Pressed != 0 {
		t.Errorf("%v, still pressed %b", got, b.state.Pressed)
	}
	b.up(fyne.Key5, 14)
	wantEvents(t, b.phone.take())
}

func TestTextGoesToTheEditor(t *testing.T) {
	b := newBench(t, 480, Options{})
	v := idleView()
	v.Screen.Layout = view.LayoutEditor
	b.Show(v)
	b.stroke(fyne.KeyM, 40, "m")
	b.stroke(fyne.Key5, 41, "5")
	b.stroke(fyne.KeySpace, 42, " ")
	b.down(fyne.KeyA, 43, "a")
	b.repeat(fyne.KeyA, 43, "a")
	b.stroke(fyne.KeyF4, 44, "")
	wantEvents(t, b.phone.take(), `type "m"`, `type "5"`, `type " "`, `type "a"`, `type "a"`, "+soft4", "-soft4")
}

func TestBackspaceRepeats(t *testing.T) {
	b := newBench(t, 480, Options{})
	b.down(fyne.KeyBackspace, 22, "")
	b.repeat(fyne.KeyBackspace, 22, "")
	wantEvents(t, b.phone.take(), `type "\b"`, `type "\b"`)
}

func TestDigitsOfAnInputMethodAreStrokes(t *testing.T) {
	b := newBench(t, 480, Options{})
	b.keyboard.typedRune('7')
	wantEvents(t, b.phone.take(), "+7", "-7")
}

func TestPasteGivesTheFirstLineWithoutControlCharacters(t *testing.T) {
	b := newBench(t, 480, Options{})
	for text, want := range map[string]string{
		" +1 555 0199 \n":           `type "+1 555 0199"`,
		"sip:ada@example.com\r\n99": `type "sip:ada@example.com"`,
		"55\x1b5\x00\b1":            `type "5551"`,
		"":                          "",
		"\n\n":                      "",
		strings.Repeat("5", 10000):  `type "` + strings.Repeat("5", maxPaste) + `"`,
	} {
		b.app.Clipboard().SetContent(text)
		b.paste()
		if got := strings.Join(b.phone.take(), " "); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestCopyTakesTheNumberOnTheScreen(t *testing.T) {
	b := newBench(t, 480, Options{})
	v := idleView()
	v.Number = "5550199"
	b.Show(v)
	b.copyNumber()
	if got := b.app.Clipboard().Content(); got != "5550199" {
		t.Errorf("copied %q", got)
	}
	b.Show(idleView())
	b.copyNumber()
	if got := b.app.Clipboard().Content(); got != "5550199" {
		t.Errorf("no number wiped the clipboard: %q", got)
	}
}

func TestALinkDroppedOnTheFaceIsDialled(t *testing.T) {
	b := newBench(t, 480, Options{})
	for item, want := range map[string]string{
		"sip:ada@example.com":         `type "sip:ada@example.com"`,
		"tel:+15550199":               `type "tel:+15550199"`,
		"TEL:+15550199":               `type "TEL:+15550199"`,
		"/sips:ada@example.com":       `type "sips:ada@example.com"`,
		"/home/ada/tel.txt":           "",
		"https://example.com/sip:ada": "",
	} {
		b.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI(item)})
		if got := strings.Join(b.phone.take(), " "); got != want {
			t.Errorf("%s: %s, want %s", item, got, want)
		}
	}
}

func TestTabGoesRoundTheKeysAndEnterPressesOne(t *testing.T) {
	b := newBench(t, 480, Options{})
	seen := map[view.Key]bool{}
	for range view.Keys() {
		b.stroke(fyne.KeyTab, 23, "")
		seen[b.focused] = true
		b.stroke(fyne.KeyReturn, 36, "")
		wantEvents(t, b.phone.take(), "+"+b.focused.String(), "-"+b.focused.String())
		if !b.state.Focused.Has(b.focused) {
			t.Errorf("%v has no ring", b.focused)
		}
	}
	if len(seen) != len(view.Keys()) {
		t.Errorf("Tab reached %d of %d keys", len(seen), len(view.Keys()))
	}
	b.stroke(fyne.KeyTab, 23, "")
	if b.focused != view.KeyNone || b.state.Focused != 0 {
		t.Error("the ring does not go after the last key")
	}
	b.mods = fyne.KeyModifierShift
	b.stroke(fyne.KeyTab, 23, "")
	last := b.face.caps[len(b.face.caps)-1].key
	if b.focused != last {
		t.Errorf("Shift+Tab goes to %v, want %v", b.focused, last)
	}
	b.mods = 0
	b.stroke(fyne.KeySpace, 65, " ")
	wantEvents(t, b.phone.take(), "+"+last.String(), "-"+last.String())
	b.stroke(fyne.KeyEscape, 9, "")
	wantEvents(t, b.phone.take())
	if b.focused != view.KeyNone {
		t.Error("Escape leaves the ring")
	}
}

func TestTheOverlayOfShortCutsOpensAndAnyKeyClosesIt(t *testing.T) {
	b := newBench(t, 1060, Options{})
	b.stroke(fyne.KeySlash, 61, "?")
	if !b.helpOpen || b.face.help.img == nil {
		t.Fatal("no overlay")
	}
	b.stroke(fyne.Key5, 14, "5")
	if b.helpOpen || b.face.help.img != nil {
		t.Error("the overlay stays")
	}
	b.stroke(fyne.KeySlash, 61, "?")
	b.stroke(fyne.KeySlash, 61, "?")
	if b.helpOpen {
		t.Error("? does not close the overlay")
	}
	b.phone.take()
	b.toggleHelp()
	b.pointerDown(view.Key5)
	wantEvents(t, b.phone.take())
	if b.helpOpen {
		t.Error("a click does not close the overlay")
	}
}

func TestATipComesWhenThePointerRests(t *testing.T) {
	b := newBench(t, 1060, Options{})
	for _, k := range view.Keys() {
		c, e := b.under(b.position(art.ForKey(k).Centre()))
		c.MouseIn(e)
		b.clock.advance(hintDelay - 1)
		if b.face.hint.img != nil {
			t.Fatalf("%v: the tip comes at once", k)
		}
		b.clock.advance(2)
		hint := b.face.hint
		if hint.img == nil {
			t.Fatalf("%v: no tip", k)
		}
		p, s := hint.raster.Position(), hint.raster.Size()
		if p.X < 0 || p.Y < 0 || p.X+s.Width > 1060 || p.Y+s.Height > 840 {
			t.Errorf("%v: the tip at %v, %v leaves the window", k, p, s)
		}
		c.MouseOut()
		if b.face.hint.img != nil {
			t.Errorf("%v: the tip stays", k)
		}
	}
}
