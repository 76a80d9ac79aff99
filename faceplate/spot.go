package faceplate

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"deskset/faceplate/art"
)

// spot is a place beside the face that can be clicked. Like a keycap it draws
// nothing and never takes the keyboard's focus. It acts when the pointer's
// button comes up over it.
type spot struct {
	widget.BaseWidget
	w                *Window
	name             string
	changed          func()
	act              func()
	hovered, pressed bool
}

var (
	_ desktop.Mouseable  = (*spot)(nil)
	_ desktop.Hoverable  = (*spot)(nil)
	_ desktop.Cursorable = (*spot)(nil)
	_ fyne.Accessible    = (*spot)(nil)
)

func newSpot(w *Window, name string, changed, act func()) *spot {
	s := &spot{w: w, name: name, changed: changed, act: act}
	s.ExtendBaseWidget(s)
	return s
}

// place puts the spot over a box of device-independent pixels.
func (s *spot) place(r art.Rect) {
	s.Move(fyne.NewPos(float32(r.X), float32(r.Y)))
	s.Resize(fyne.NewSize(float32(r.W), float32(r.H)))
}

func (s *spot) MouseDown(e *desktop.MouseEvent) {
	switch {
	case s.w.helpOpen:
		s.w.toggleHelp()
	case e.Button == desktop.MouseButtonPrimary:
		s.set(s.hovered, true)
	}
}

func (s *spot) MouseUp(*desktop.MouseEvent) {
	if s.pressed {
		s.set(s.hovered, false)
		s.act()
	}
}

func (s *spot) MouseIn(*desktop.MouseEvent)    { s.set(true, s.pressed) }
func (s *spot) MouseMoved(*desktop.MouseEvent) {}
func (s *spot) MouseOut()                      { s.set(false, false) }

func (s *spot) set(hovered, pressed bool) {
	if s.hovered != hovered || s.pressed != pressed {
		s.hovered, s.pressed = hovered, pressed
		s.changed()
	}
}

func (s *spot) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (s *spot) CreateRenderer() fyne.WidgetRenderer { return nothing{} }

func (s *spot) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (s *spot) AccessibilityLabel() string { return s.name }

// panelArea takes the wheel over the whole panel and tells assistive
// technology what stands there.
type panelArea struct {
	widget.BaseWidget
	p *panel
}

var (
	_ fyne.Scrollable = (*panelArea)(nil)
	_ fyne.Accessible = (*panelArea)(nil)
)

func newPanelArea(p *panel) *panelArea {
	a := &panelArea{p: p}
	a.ExtendBaseWidget(a)
	return a
}

func (a *panelArea) Scrolled(e *fyne.ScrollEvent) { a.p.scroll(float64(e.Scrolled.DY)) }

func (a *panelArea) CreateRenderer() fyne.WidgetRenderer { return nothing{} }

func (a *panelArea) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel reads the panel: how the start-up stands and what the
// selected stage did.
func (a *panelArea) AccessibilityLabel() string {
	t := a.p.timeline
	if t == nil {
		return ""
	}
	parts := []string{t.Title, t.Status}
	if i := a.p.model.Selected; i < len(t.Stages) {
		s := &t.Stages[i]
		parts = append(parts, s.Name, s.Badge, s.Time, s.Detail)
		parts = append(parts, s.Learned...)
		parts = append(append(parts, s.Messages...), s.Explanation)
	}
	return joinWords(parts)
}

// joinWords sets the parts that say something into one line.
func joinWords(parts []string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}
