package edit

import (
	"slices"
	"strings"
	"unicode/utf8"

	"deskset/phonecore/view"
)

// keptStars is what stands for a secret that was there before, whatever its
// length.
const keptStars = 8

// Field is the text being edited. The value that was there before is replaced
// as a whole by the first key, or deleted by the first <<, unless the cursor
// was moved into it.
type Field struct {
	rules  Rules
	mode   Mode
	text   []rune
	cursor int // 0 to len(text)
	// fresh: nothing was pressed yet.
	fresh bool
	// kept: a secret was there before and is not touched; it is not in text.
	kept    bool
	changed bool
	// pending: the rune before the cursor is number tap of key's cycle, and
	// the key pressed again brings the next.
	pending bool
	key     byte
	tap     int
}

// New begins editing. Of a secret, value only tells whether there was one.
func New(value string, rules Rules) *Field {
	f := &Field{rules: rules, fresh: true}
	if rules.Secret {
		f.kept = value != ""
		return f
	}
	f.text = []rune(value)
	f.cursor = len(f.text)
	return f
}

// Mode is what the dial pad writes now.
func (f *Field) Mode() Mode { return f.mode }

// Letters tells whether the field has the mode Alpha.
func (f *Field) Letters() bool { return f.rules.Letters }

// SetMode changes the mode; a field without letters stays in Number.
func (f *Field) SetMode(m Mode) {
	f.Settle()
	if f.rules.Letters {
		f.mode = m
	}
}

// Press is a key of the dial pad, '0' to '9', '*' or '#'. It reports whether
// the key pressed again would change the character: then Settle is due after
// TapTime.
func (f *Field) Press(key byte) (pending bool) {
	cycle := f.cycle(key)
	if len(cycle) == 0 {
		return f.pending
	}
	if f.pending && key == f.key {
		f.tap = (f.tap + 1) % len(cycle)
		f.text[f.cursor-1] = cycle[f.tap]
		return true
	}
	f.Settle()
	if f.insert(cycle[0]) {
		f.key, f.tap, f.pending = key, 0, len(cycle) > 1
	}
	return f.pending
}

// cycle is what a key can write here.
func (f *Field) cycle(key byte) []rune {
	return slices.DeleteFunc([]rune(cycles[f.mode][key]), func(r rune) bool { return !f.rules.Takes(r) })
}

// Settle ends the choice of a character: the next key writes a new one.
func (f *Field) Settle() { f.pending = false }

// Insert is text from a keyboard or the clipboard. What the field does not
// take is left out, a star becomes a dot where the field takes no star, and
// the text ends where the field is full.
func (f *Field) Insert(s string) {
	f.Settle()
	for _, r := range strings.TrimRight(s, "\r\n") {
		if r == '*' && !f.rules.Takes(r) {
			r = '.'
		}
		if f.rules.Takes(r) && r != utf8.RuneError && !f.insert(r) {
			return
		}
	}
}

// insert puts a rune before the cursor; it is false if the field is full.
func (f *Field) insert(r rune) bool {
	if f.fresh {
		f.clear()
	}
	if len(f.text) >= f.rules.Max {
		return false
	}
	f.text = slices.Insert(f.text, f.cursor, r)
	f.cursor++
	f.changed = true
	return true
}

func (f *Field) clear() {
	f.changed = f.changed || len(f.text) > 0 || f.kept
	f.fresh, f.kept = false, false
	f.text, f.cursor = nil, 0
}

// Backspace is <<. It reports whether there is more to delete.
func (f *Field) Backspace() (more bool) {
	f.Settle()
	switch {
	case f.fresh:
		f.clear()
	case f.cursor > 0:
		f.cursor--
		f.text = slices.Delete(f.text, f.cursor, f.cursor+1)
		f.changed = true
	}
	return f.cursor > 0
}

// Move moves the cursor by steps to the right; it stops at the ends.
func (f *Field) Move(steps int) {
	f.Settle()
	if f.kept {
		return // there is no text to move in
	}
	f.fresh = false
	f.cursor = min(max(f.cursor+steps, 0), len(f.text))
}

// Value is the text, and whether it was touched: an untouched secret is empty
// here and stays as it was.
func (f *Field) Value() (text string, changed bool) { return string(f.text), f.changed }

// View is what the panel shows.
func (f *Field) View() view.Editor {
	e := view.Editor{Text: string(f.text), Cursor: f.cursor, Pending: f.pending}
	switch {
	case f.kept:
		e.Text, e.Cursor = strings.Repeat("*", keptStars), keptStars
	case f.rules.Secret:
		e.Text = strings.Repeat("*", len(f.text))
	}
	return e
}

// Fresh tells that the next key replaces the whole value.
func (f *Field) Fresh() bool { return f.fresh && (f.kept || len(f.text) > 0) }
