package faceplate

import (
	"encoding/json"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"deskset/faceplate/art"
)

// place is what the face remembers of its window.
type place struct {
	Width   float32 `json:"width"`
	Height  float32 `json:"height"`
	Compact bool    `json:"compact"`
	// Panel is true while the start-up is shown beside the face, which Width
	// does not count.
	Panel bool `json:"panel,omitempty"`
	// X and Y in the window system's own measure, if Placed.
	X      int  `json:"x"`
	Y      int  `json:"y"`
	Placed bool `json:"placed"`
}

// recall reads the remembered place; what cannot be right is forgotten.
func (w *Window) recall() place {
	var p place
	if w.opts.Store != nil {
		if err := json.Unmarshal(w.opts.Store.Get(), &p); err != nil {
			p = place{}
		}
	}
	w.compact = w.opts.Compact || p.Compact
	if w.opts.Width > 0 {
		p.Width, p.Height = w.opts.Width, 0
	}
	return p
}

// usualWidth is the window's width when nothing else is known: the LCD's
// pixels are then 2 x 2.
const usualWidth = 1060

// open gives the window its size, place and manners.
func (w *Window) open(p place) {
	screens, known := w.desktop()
	w.win.Resize(w.openingSize(p, screens, known))
	d, ok := w.win.(desktop.Window)
	if !ok {
		return
	}
	if w.opts.OnTop {
		d.RequestAlwaysOnTop()
	}
	if p.Placed && known && graspable(image.Pt(p.X, p.Y), screens) {
		d.RequestPosition(p.X, p.Y)
	}
}

// openingSize is the remembered size or the usual one, with the panel beside
// it, and never larger than the screens have room for.
func (w *Window) openingSize(p place, screens image.Rectangle, known bool) fyne.Size {
	box := art.ViewBox(w.compact)
	width, height := p.Width, p.Height
	if !(width >= 1 && width <= 4*usualWidth) {
		width, height = usualWidth*float32(box.W)/art.Width, 0
	}
	if !(height >= 1 && height <= 4*usualWidth) {
		height = width * float32(box.H/box.W)
	}
	side := w.face.panel.width()
	if !known {
		return fyne.NewSize(width+side, height)
	}
	ratio := w.win.Canvas().Scale()
	// The title bar and the desktop's own bars need some of the height.
	room := max(min((float32(screens.Dx())/ratio-side)/width, 0.9*float32(screens.Dy())/ratio/height, 1), 0)
	return fyne.NewSize(width*room+side, height*room)
}

// graspable tells whether enough of a window at this place is on the screens to
// take hold of it: a screen may have gone since.
func graspable(at image.Point, screens image.Rectangle) bool {
	const enough = 120
	return at.In(image.Rectangle{Min: screens.Min, Max: screens.Max.Sub(image.Pt(enough, enough))})
}

// remember stores the window's size and place if they have changed. It is
// called when the window closes, and when another window comes to the front,
// because a session may end without closing it.
func (w *Window) remember() {
	if w.opts.Store == nil || w.closed {
		return // a window that has closed no longer knows its place
	}
	size := w.win.Canvas().Size()
	side := w.face.panel.width()
	p := place{Width: size.Width - side, Height: size.Height, Compact: w.compact, Panel: side > 0}
	p.X, p.Y, p.Placed = nativePosition(w.win)
	if p == w.kept {
		return
	}
	w.kept = p
	if data, err := json.Marshal(p); err == nil {
		w.opts.Store.Put(data)
	}
}

// SetCompact shows the LCD, soft keys and line keys alone, or the whole face;
// the keys keep their size. Call it from the window's goroutine.
func (w *Window) SetCompact(compact bool) {
	if compact == w.compact {
		return
	}
	w.letGo()
	w.hideHint()
	w.focused = 0
	unit := float32(w.face.frame.Size.X) / w.face.ratio / float32(art.ViewBox(w.compact).W)
	w.compact = compact
	f := w.face
	f.drawn = art.Frame{}
	f.base.show(nil)
	f.populate()
	box := art.ViewBox(compact)
	w.win.Resize(fyne.NewSize(unit*float32(box.W)+f.panel.width(), unit*float32(box.H)))
	f.content.Refresh()
	f.Layout(nil, f.content.Size())
	w.refresh()
}

func (w *Window) toggleCompact() { w.SetCompact(!w.compact) }
