package faceplate

import "deskset/phonecore/view"

// pointerDown presses a key with the pointer.
func (w *Window) pointerDown(k view.Key) {
	w.hideHint()
	if w.helpOpen {
		w.toggleHelp()
		return
	}
	w.pointerUp()
	w.focused = view.KeyNone
	w.pointed = k
	w.input.press(k)
}

// pointerUp lets go of the key that the pointer holds. The window system sends
// the button's release to whatever is then under the pointer, so any keycap
// may report it.
func (w *Window) pointerUp() {
	if k := w.pointed; k != view.KeyNone {
		w.pointed = view.KeyNone
		w.input.release(k)
	}
}

// pointerOver says which key the pointer is on, KeyNone for none. A key that is
// left is let go.
func (w *Window) pointerOver(k view.Key) {
	if w.pointed != view.KeyNone && w.pointed != k {
		w.pointerUp()
	}
	if w.under == k {
		return
	}
	w.under = k
	w.refresh()
	w.hideHint()
	if k != view.KeyNone {
		w.hint.arm(func() { w.showHint(k) })
	}
}

// letGo releases every key: the window has lost the keyboard, or is closing.
func (w *Window) letGo() {
	w.keyboard.releaseAll()
	w.pointerOver(view.KeyNone)
	w.pointerUp()
}
