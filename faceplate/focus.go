package faceplate

import (
	"fyne.io/fyne/v2"

	"deskset/phonecore/view"
)

// focusNext moves the ring to the next key, with Shift to the one before: the
// whole face can be worked with Tab and Enter alone.
func (w *Window) focusNext() {
	step := 1
	if w.modifiers()&fyne.KeyModifierShift != 0 {
		step = -1
	}
	caps := w.face.caps
	at := -1
	if step < 0 {
		at = len(caps)
	}
	for i, c := range caps {
		if c.key == w.focused {
			at = i
		}
	}
	at += step
	if at < 0 || at >= len(caps) {
		w.focus(view.KeyNone)
		return
	}
	w.focus(caps[at].key)
}

// focus puts the ring round a key, or takes it away for KeyNone.
func (w *Window) focus(k view.Key) {
	if w.focused != k {
		w.focused = k
		w.refresh()
	}
}
