package faceplate

import (
	"image"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"deskset/faceplate/art"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// hintDelay is how long the pointer rests on a key before its tip appears.
const hintDelay = 700 * time.Millisecond

// hinter waits for the pointer to rest.
type hinter struct {
	later  func(time.Duration, func()) (cancel func())
	cancel func()
}

func (h *hinter) arm(show func()) {
	h.disarm()
	h.cancel = h.later(hintDelay, show)
}

func (h *hinter) disarm() {
	if h.cancel != nil {
		h.cancel()
		h.cancel = nil
	}
}

// showHint puts the tool tip of a key beside it, within the window.
func (w *Window) showHint(k view.Key) {
	box := w.face.onWindow(w.face.frame.Pixels(art.ForKey(k).Rect))
	if k == view.KeyHandset {
		box.Max.Y = box.Min.Y + box.Dy()/2 - int(8*w.face.ratio)
	}
	w.showTip(keyLabel(k, w.shown), shortCut(k), box)
}

// showTip puts a tool tip below a box of the window's pixels, or above it where
// there is no room.
func (w *Window) showTip(label, shortCut string, box image.Rectangle) {
	f := w.face
	img := art.Hint(label, shortCut, float64(f.ratio))
	size := img.Rect.Size()
	at := image.Pt((box.Min.X+box.Max.X-size.X)/2, box.Max.Y+int(8*f.ratio))
	if at.Y+size.Y > f.room.Y {
		at.Y = box.Min.Y - size.Y - int(4*f.ratio)
	}
	at.X = min(max(at.X, 0), max(f.room.X-size.X, 0))
	at.Y = min(max(at.Y, 0), max(f.room.Y-size.Y, 0))
	f.hint.place(image.Rectangle{Min: at, Max: at.Add(size)}, f.ratio)
	f.hint.show(img)
}

func (w *Window) hideHint() {
	w.hint.disarm()
	w.face.hint.show(nil)
}

// toggleHelp opens or closes the overlay of short cuts.
func (w *Window) toggleHelp() {
	w.helpOpen = !w.helpOpen
	if !w.helpOpen {
		w.face.help.show(nil)
		return
	}
	w.hideHint()
	w.face.drawHelp()
}

func (f *face) drawHelp() {
	f.help.show(art.Help(text.Get(text.FaceKeyboard), ShortCuts(), f.room.X, f.room.Y))
}

// dismissHelp closes the overlay on any key and tells whether it was open.
func (w *Window) dismissHelp(fyne.KeyName) bool {
	if !w.helpOpen {
		return false
	}
	w.toggleHelp()
	return true
}

// ShortCuts are the lines of the overlay: every binding, those of one purpose on
// one line.
func ShortCuts() []art.HelpLine {
	var lines []art.HelpLine
	for i := 0; i < len(bindings); {
		n := i + 1
		for n < len(bindings) && bindings[n].what == bindings[i].what {
			n++
		}
		lines = append(lines, art.HelpLine{Keys: together(bindings[i:n]), What: text.Get(bindings[i].what)})
		i = n
	}
	return lines
}

// together writes the keys of a line: one, a pair, or the first and the last.
func together(list []binding) string {
	first, last := list[0].shown, list[len(list)-1].shown
	switch len(list) {
	case 1:
		return first
	case 2:
		return first + "  " + last
	}
	if modifier, _, ok := strings.Cut(first, "+"); ok {
		last = strings.TrimPrefix(last, modifier+"+")
	}
	return first + " - " + last
}
