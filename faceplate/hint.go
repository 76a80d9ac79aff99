package faceplate

import (
	"image"
	"time"

	"fyne.io/fyne/v2"

	"deskset/faceplate/art"
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
	f := w.face
	img := art.Hint(keyLabel(k, w.shown), shortCut(k), float64(f.ratio))
	key := f.onWindow(f.frame.Pixels(art.ForKey(k).Rect))
	size := img.Rect.Size()
	at := image.Pt((key.Min.X+key.Max.X-size.X)/2, key.Max.Y+int(8*f.ratio))
	if k == view.KeyHandset {
		at.Y = key.Min.Y + key.Dy()/2
	}
	if at.Y+size.Y > f.room.Y {
		at.Y = key.Min.Y - size.Y - int(4*f.ratio)
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
	f.help.show(art.Help("Keyboard", helpLines(), f.room.X, f.room.Y))
}

// dismissHelp closes the overlay on any key and tells whether it was open.
func (w *Window) dismissHelp(fyne.KeyName) bool {
	if !w.helpOpen {
		return false
	}
	w.toggleHelp()
	return true
}

func helpLines() []art.HelpLine {
	var lines []art.HelpLine
	for _, b := range bindings {
		if b.what != "" {
			lines = append(lines, art.HelpLine{Keys: b.shown, What: b.what})
		}
	}
	return lines
}
