package faceplate

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// binding is what one key of the computer's keyboard, or a few, stands for. The
// table below serves the keyboard, the tool tips and the short-cut overlay.
type binding struct {
	// shown is how the overlay and the tips write it.
	shown string
	// names and runes arrive from the window system. Runes are used where the
	// character counts and not its place on the keyboard: '*' may be shift+8.
	names []fyne.KeyName
	runes string
	// ctrl asks for Control (Command on macOS) to be down.
	ctrl bool
	// shortcut is for what the window system knows by itself: Control's key may
	// be another one there.
	shortcut fyne.Shortcut
	// The binding presses a key of the phone, types text or acts on the face.
	key  view.Key
	text string
	act  action
	// what it does, in the overlay. Neighbours that do the same share a line.
	what text.ID
}

// action is what a binding does to the face itself.
type action uint8

const (
	noAction action = iota
	focusKey
	pasteNumber
	copyNumber
	compactFace
	startUpPanel
	pauseStartUp
	stepStartUp
	replayStartUp
	shortCuts
)

func (w *Window) act(a action) {
	switch a {
	case focusKey:
		w.focusNext()
	case pasteNumber:
		w.paste()
	case copyNumber:
		w.copyNumber()
	case compactFace:
		w.toggleCompact()
	case startUpPanel:
		w.SetPanel(!w.face.panel.open)
	case pauseStartUp:
		w.togglePause()
	case stepStartUp:
		w.phone.Control(view.ControlStep)
	case replayStartUp:
		w.phone.Control(view.ControlReplay)
	case shortCuts:
		w.toggleHelp()
	}
}

var bindings = []binding{
	{shown: "0-9 * #", runes: "0123456789*#", what: text.CutDial},
	{shown: "Enter", names: []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter}, text: "\r", what: text.CutEnter},
	{shown: "Esc", names: []fyne.KeyName{fyne.KeyEscape}, text: "\x1b", what: text.CutEscape},
	{shown: "Backspace", names: []fyne.KeyName{fyne.KeyBackspace}, text: "\b", what: text.CutDelete},
	{shown: "F1", names: []fyne.KeyName{fyne.KeyF1}, key: view.KeySoft1, what: text.CutSoft},
	{shown: "F2", names: []fyne.KeyName{fyne.KeyF2}, key: view.KeySoft2, what: text.CutSoft},
	{shown: "F3", names: []fyne.KeyName{fyne.KeyF3}, key: view.KeySoft3, what: text.CutSoft},
	{shown: "F4", names: []fyne.KeyName{fyne.KeyF4}, key: view.KeySoft4, what: text.CutSoft},
	{shown: "Ctrl+1", names: []fyne.KeyName{fyne.Key1}, ctrl: true, key: view.KeyLine1, what: text.CutLines},
	{shown: "Ctrl+2", names: []fyne.KeyName{fyne.Key2}, ctrl: true, key: view.KeyLine2, what: text.CutLines},
	{shown: "Ctrl+3", names: []fyne.KeyName{fyne.Key3}, ctrl: true, key: view.KeyLine3, what: text.CutLines},
	{shown: "Ctrl+4", names: []fyne.KeyName{fyne.Key4}, ctrl: true, key: view.KeyLine4, what: text.CutLines},
	{shown: "Ctrl+5", names: []fyne.KeyName{fyne.Key5}, ctrl: true, key: view.KeyLine5, what: text.CutLines},
	{shown: "Ctrl+6", names: []fyne.KeyName{fyne.Key6}, ctrl: true, key: view.KeyLine6, what: text.CutLines},
	{shown: "Up", names: []fyne.KeyName{fyne.KeyUp}, key: view.KeyScrollUp, what: text.CutScroll},
	{shown: "Down", names: []fyne.KeyName{fyne.KeyDown}, key: view.KeyScrollDown, what: text.CutScroll},
	{shown: "+", names: []fyne.KeyName{fyne.KeyPageUp}, runes: "+", key: view.KeyVolumeUp, what: text.CutVolume},
	{shown: "-", names: []fyne.KeyName{fyne.KeyPageDown}, runes: "-", key: view.KeyVolumeDown, what: text.CutVolume},
	{shown: "F5", names: []fyne.KeyName{fyne.KeyF5}, key: view.KeyMessages, what: text.CutMessages},
	{shown: "F6", names: []fyne.KeyName{fyne.KeyF6}, key: view.KeyDirectories, what: text.CutDirectories},
	{shown: "F7", names: []fyne.KeyName{fyne.KeyF7}, key: view.KeyServices, what: text.CutServices},
	{shown: "F8", names: []fyne.KeyName{fyne.KeyF8}, key: view.KeySettings, what: text.CutSettings},
	{shown: "F9", names: []fyne.KeyName{fyne.KeyF9}, key: view.KeyInfo, what: text.CutHelp},
	{shown: "Space", runes: " ", key: view.KeyHandset, what: text.CutHandset},
	{shown: "H", runes: "hH", key: view.KeyHeadset, what: text.CutHeadset},
	{shown: "M", runes: "mM", key: view.KeyMute, what: text.CutMute},
	{shown: "S", runes: "sS", key: view.KeySpeaker, what: text.CutSpeaker},
	{shown: "Tab", names: []fyne.KeyName{fyne.KeyTab}, act: focusKey, what: text.CutFocus},
	{shown: "Ctrl+V", shortcut: &fyne.ShortcutPaste{}, act: pasteNumber, what: text.CutPaste},
	{shown: "Ctrl+C", shortcut: &fyne.ShortcutCopy{}, act: copyNumber, what: text.CutCopy},
	{shown: "Ctrl+K", names: []fyne.KeyName{fyne.KeyK}, ctrl: true, act: compactFace, what: text.CutCompact},
	{shown: "Ctrl+T", names: []fyne.KeyName{fyne.KeyT}, ctrl: true, act: startUpPanel, what: text.CutPanel},
	{shown: "Ctrl+P", names: []fyne.KeyName{fyne.KeyP}, ctrl: true, act: pauseStartUp, what: text.CutPause},
	{shown: "Ctrl+N", names: []fyne.KeyName{fyne.KeyN}, ctrl: true, act: stepStartUp, what: text.CutStep},
	{shown: "Ctrl+R", names: []fyne.KeyName{fyne.KeyR}, ctrl: true, act: replayStartUp, what: text.CutReplay},
	{shown: "?", runes: "?", act: shortCuts, what: text.CutThese},
}

type nameKey struct {
	name fyne.KeyName
	ctrl bool
}

var (
	byName  = map[nameKey]*binding{}
	byRune  = map[rune]*binding{}
	byPhone = map[view.Key]*binding{}
)

func init() {
	for i := range bindings {
		b := &bindings[i]
		for _, n := range b.names {
			byName[nameKey{n, b.ctrl}] = b
		}
		for _, r := range b.runes {
			byRune[r] = b
		}
		if b.key != view.KeyNone {
			byPhone[b.key] = b
		}
	}
}

// shortCut names the keyboard's way to press a key, empty if there is none.
func shortCut(k view.Key) string {
	if d := k.Digit(); d != 0 {
		return string(rune(d))
	}
	if b := byPhone[k]; b != nil {
		return b.shown
	}
	return ""
}

// keyboard turns the events of the keyboard into key strokes of the phone. A
// rune follows the key that made it; a key that is held repeats its rune but
// not its going down.
type keyboard struct {
	w *Window
	// fresh is true between a key's going down and the rune it makes, and down
	// is that key's scan code.
	fresh bool
	down  int
	// held are the phone's keys that are down, by scan code.
	held map[int]view.Key
}

func (b *keyboard) keyDown(e *fyne.KeyEvent) {
	if isModifier(e.Name) {
		return
	}
	b.down, b.fresh = e.Physical.ScanCode, true
	b.w.hideHint()
	mods := b.w.modifiers()
	ctrl := mods&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0
	if mods&fyne.KeyModifierAlt != 0 {
		return
	}
	if b.w.dismissHelp(e.Name) || b.worksFocus(e.Name, mods) {
		b.fresh = false
		return
	}
	if act := byName[nameKey{e.Name, ctrl}]; act != nil && e.Name != fyne.KeyBackspace {
		b.run(act)
	}
}

// typedKey serves the one key whose repetition counts.
func (b *keyboard) typedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyBackspace {
		b.w.phone.Type("\b")
	}
}

func (b *keyboard) typedRune(r rune) {
	fresh := b.fresh
	b.fresh = false
	if b.w.editing() {
		b.w.phone.Type(string(r))
		return
	}
	act := byRune[r]
	switch {
	case act == nil && fresh:
		b.w.phone.Type(string(r))
	case act == nil, !fresh && b.repeats(r):
	case !fresh: // an input method or a screen keyboard: there is no key to wait for
		b.tap(keyOfRune(act, r), act)
	case keyOfRune(act, r) != view.KeyNone:
		b.hold(keyOfRune(act, r))
	default:
		b.run(act)
	}
}

func keyOfRune(act *binding, r rune) view.Key {
	if k := view.DigitKey(r); k != view.KeyNone {
		return k
	}
	return act.key
}

// repeats tells whether a rune comes from a key that is still held.
func (b *keyboard) repeats(r rune) bool {
	_, held := b.held[b.down]
	return held || byRune[r].act != noAction
}

func (b *keyboard) run(act *binding) {
	switch {
	case act.act != noAction:
		b.w.act(act.act)
	case act.text != "":
		b.w.phone.Type(act.text)
	case act.key != view.KeyNone:
		b.hold(act.key)
	}
}

func (b *keyboard) tap(k view.Key, act *binding) {
	if k == view.KeyNone {
		b.run(act)
		return
	}
	b.w.input.press(k)
	b.w.input.release(k)
}

func (b *keyboard) hold(k view.Key) {
	if _, held := b.held[b.down]; held {
		return
	}
	b.held[b.down] = k
	b.w.input.press(k)
}

func (b *keyboard) keyUp(e *fyne.KeyEvent) {
	if k, held := b.held[e.Physical.ScanCode]; held {
		delete(b.held, e.Physical.ScanCode)
		b.w.input.release(k)
	}
}

// worksFocus lets Enter and Space press the key that the ring marks, and Escape
// take the ring away.
func (b *keyboard) worksFocus(name fyne.KeyName, mods fyne.KeyModifier) bool {
	k := b.w.focused
	if k == view.KeyNone || mods != 0 {
		return false
	}
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.hold(k)
		return true
	case fyne.KeyEscape:
		b.w.focus(view.KeyNone)
		return true
	}
	return false
}

// releaseAll lets go of everything: the window no longer gets key-up events.
func (b *keyboard) releaseAll() {
	for code, k := range b.held {
		delete(b.held, code)
		b.w.input.release(k)
	}
}

func isModifier(name fyne.KeyName) bool {
	switch name {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight, desktop.KeyCapsLock:
		return true
	}
	return false
}
