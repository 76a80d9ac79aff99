package faceplate

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// keycap is the place of one key in the window: it takes the pointer and tells
// assistive technology what is there. It draws nothing and never takes the
// keyboard's focus, so that the canvas gets all keys.
type keycap struct {
	widget.BaseWidget
	w   *Window
	key view.Key
}

var (
	_ desktop.Mouseable  = (*keycap)(nil)
	_ desktop.Hoverable  = (*keycap)(nil)
	_ desktop.Cursorable = (*keycap)(nil)
	_ fyne.Accessible    = (*keycap)(nil)
)

func newKeycap(w *Window, k view.Key) *keycap {
	c := &keycap{w: w, key: k}
	c.ExtendBaseWidget(c)
	return c
}

// box is where on the face the keycap lies, in units.
func (c *keycap) box() art.Rect {
	if c.key == view.KeyHandset {
		return art.HandsetReach()
	}
	return art.ForKey(c.key).Rect
}

// hit tells whether a point within the widget is on the key itself and not
// beside its round corner.
func (c *keycap) hit(p fyne.Position) bool {
	x, y := c.w.units(c.Position().Add(p))
	if c.key == view.KeyHandset {
		return art.HitHandset(x, y, c.w.state.Lifted)
	}
	return art.ForKey(c.key).Hit(x, y)
}

func (c *keycap) MouseDown(e *desktop.MouseEvent) {
	if e.Button == desktop.MouseButtonPrimary && c.hit(e.Position) {
		c.w.pointerDown(c.key)
	}
}

func (c *keycap) MouseUp(*desktop.MouseEvent) { c.w.pointerUp() }

func (c *keycap) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

func (c *keycap) MouseMoved(e *desktop.MouseEvent) {
	if c.hit(e.Position) {
		c.w.pointerOver(c.key)
	} else {
		c.w.pointerOver(view.KeyNone)
	}
}

func (c *keycap) MouseOut() { c.w.pointerOver(view.KeyNone) }

func (c *keycap) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (c *keycap) CreateRenderer() fyne.WidgetRenderer { return nothing{} }

func (c *keycap) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (c *keycap) AccessibilityLabel() string { return keyLabel(c.key, c.w.shown) }

// display tells assistive technology what the LCD says.
type display struct {
	widget.BaseWidget
	w *Window
}

var _ fyne.Accessible = (*display)(nil)

func newDisplay(w *Window) *display {
	d := &display{w: w}
	d.ExtendBaseWidget(d)
	return d
}

func (d *display) CreateRenderer() fyne.WidgetRenderer { return nothing{} }

func (d *display) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (d *display) AccessibilityLabel() string { return screenText(d.w.shown) }

// nothing renders a widget that only has a place.
type nothing struct{}

func (nothing) Destroy()                     {}
func (nothing) Layout(fyne.Size)             {}
func (nothing) MinSize() fyne.Size           { return fyne.Size{} }
func (nothing) Objects() []fyne.CanvasObject { return nil }
func (nothing) Refresh()                     {}
