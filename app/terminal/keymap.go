package terminal

import (
	"maps"
	"unicode/utf8"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// Phone is what the terminal works: the same as any face's.
type Phone interface {
	// Press and Release are the two ends of one key stroke.
	Press(view.Key)
	Release(view.Key)
	// Type delivers typed or pasted text; "\r", "\b" and "\x1b" are Enter,
	// Backspace and Escape.
	Type(text string)
	// Control is a wish about the start-up.
	Control(view.Control)
}

// binding is what keys of the keyboard are for. The table below serves the
// keyboard and its help.
type binding struct {
	// shown is how the help writes them.
	shown string
	what  text.ID
	// The binding presses keys of the instrument, by keys of the keyboard or, while
	// nothing is being edited, by letters; or the phone takes a key as text. What
	// has none of these, the screen does by itself.
	keys    map[inputKey]view.Key
	letters map[rune]view.Key
	typed   map[inputKey]string
}

// bindings in the order in which a newcomer asks.
var bindings = []binding{
	{shown: "0-9*#", what: text.TermDial},
	{shown: "Enter", what: text.TermEnter, typed: map[inputKey]string{keyEnter: "\r"}},
	{shown: "Space", what: text.TermHandset, letters: map[rune]view.Key{' ': view.KeyHandset}},
	{shown: "F1-F4", what: text.CutSoft, keys: map[inputKey]view.Key{
		keyF1: view.KeySoft1, keyF2: view.KeySoft2, keyF3: view.KeySoft3, keyF4: view.KeySoft4,
	}},
	{shown: "Alt+1..6", what: text.CutLines},
	{shown: "↑↓", what: text.CutScroll, keys: map[inputKey]view.Key{keyUp: view.KeyScrollUp, keyDown: view.KeyScrollDown}},
	{shown: "Esc", what: text.TermBack, typed: map[inputKey]string{keyEscape: "\x1b"}},
	{shown: "Backspace", what: text.TermDelete, typed: map[inputKey]string{keyBackspace: "\b"}},
	{shown: "g", what: text.CutSettings, letters: map[rune]view.Key{'g': view.KeySettings}},
	{shown: "d", what: text.CutDirectories, letters: map[rune]view.Key{'d': view.KeyDirectories}},
	{shown: "v", what: text.CutMessages, letters: map[rune]view.Key{'v': view.KeyMessages}},
	{shown: "x", what: text.CutServices, letters: map[rune]view.Key{'x': view.KeyServices}},
	{shown: "i", what: text.TermInfo, letters: map[rune]view.Key{'i': view.KeyInfo}},
	{shown: "s", what: text.CutSpeaker, letters: map[rune]view.Key{'s': view.KeySpeaker}},
	{shown: "h", what: text.CutHeadset, letters: map[rune]view.Key{'h': view.KeyHeadset}},
	{shown: "m", what: text.CutMute, letters: map[rune]view.Key{'m': view.KeyMute}},
	{shown: "+- PgUp PgDn", what: text.TermVolume,
		letters: map[rune]view.Key{'+': view.KeyVolumeUp, '-': view.KeyVolumeDown},
		keys:    map[inputKey]view.Key{keyPageUp: view.KeyVolumeUp, keyPageDown: view.KeyVolumeDown}},
	{shown: ":startup", what: text.TermStages},
	{shown: "Ctrl+L", what: text.TermRedraw},
	{shown: "?", what: text.TermKeys},
	{shown: "Ctrl+C", what: text.TermQuit},
}

// shortHelp is what always stands there: the last two.
var shortHelp = bindings[len(bindings)-2:]

// letters, fixed and typed are what the bindings say.
var (
	letters = map[rune]view.Key{}
	fixed   = map[inputKey]view.Key{}
	typed   = map[inputKey]string{}
)

func init() {
	for _, b := range bindings {
		maps.Copy(letters, b.letters)
		maps.Copy(fixed, b.keys)
		maps.Copy(typed, b.typed)
	}
}

// ShortCut is what a key of the keyboard, or a few, are for.
type ShortCut struct{ Keys, What string }

// ShortCuts lists them all.
func ShortCuts() []ShortCut {
	list := make([]ShortCut, len(bindings))
	for i, b := range bindings {
		list[i] = ShortCut{b.shown, text.Get(b.what)}
	}
	return list
}

// action is what an input means on the present screen: a key to press, or text
// to type, or neither.
type action struct {
	key  view.Key
	text string
}

// meaning finds what an input does. While something is edited, letters and
// digits are text: the keyboard writes what it says.
func meaning(in input, editing bool) action {
	if key, ok := fixed[in.key]; ok {
		return action{key: key}
	}
	if text, ok := typed[in.key]; ok {
		return action{text: text}
	}
	switch in.key {
	case keyPaste:
		return action{text: in.text}
	case keyText:
		r, _ := utf8.DecodeRuneInString(in.text)
		if in.alt {
			return action{key: view.LineKey(int(r - '0'))}
		}
		if editing {
			return action{text: in.text}
		}
		if key := view.DigitKey(r); key != view.KeyNone {
			return action{key: key}
		}
		return action{key: letters[r]}
	}
	return action{}
}
