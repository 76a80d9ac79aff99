package terminal

import (
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

// letters are the keys of the instrument that have a letter of their own while
// nothing is being edited.
var letters = map[rune]view.Key{
	' ': view.KeyHandset, 'h': view.KeyHeadset, 's': view.KeySpeaker, 'm': view.KeyMute,
	'v': view.KeyMessages, 'd': view.KeyDirectories, 'x': view.KeyServices, 'g': view.KeySettings,
	'i': view.KeyInfo, '+': view.KeyVolumeUp, '-': view.KeyVolumeDown,
}

// fixed are the keys of the keyboard that are keys of the instrument.
var fixed = map[inputKey]view.Key{
	keyF1: view.KeySoft1, keyF2: view.KeySoft2, keyF3: view.KeySoft3, keyF4: view.KeySoft4,
	keyUp: view.KeyScrollUp, keyDown: view.KeyScrollDown,
	keyPageUp: view.KeyVolumeUp, keyPageDown: view.KeyVolumeDown,
}

// typed are the keys of the keyboard that the phone takes as text.
var typed = map[inputKey]string{keyEnter: "\r", keyEscape: "\x1b", keyBackspace: "\b"}

// help tells the keys in the order in which a newcomer asks.
var help = []helpItem{
	{"0-9*#", text.TermDial}, {"Enter", text.TermEnter}, {"Space", text.TermHandset}, {"F1-F4", text.CutSoft},
	{"Alt+1..6", text.CutLines}, {"↑↓", text.CutScroll}, {"Esc", text.TermBack}, {"g", text.CutSettings},
	{"d", text.CutDirectories}, {"v", text.CutMessages}, {"x", text.CutServices}, {"i", text.TermInfo},
	{"s", text.CutSpeaker}, {"h", text.CutHeadset}, {"m", text.CutMute}, {"+-", text.TermVolume},
	{":startup", text.TermStages}, {"?", text.TermKeys}, {"Ctrl+C", text.TermQuit},
}

// shortHelp is what always stands there: the last two.
var shortHelp = help[len(help)-2:]

// helpItem is keys of the keyboard and what they do.
type helpItem struct {
	keys string
	what text.ID
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
