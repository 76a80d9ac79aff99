package faceplate

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"

	"deskset/faceplate/art"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// panel is the column beside the face that shows the start-up, with the handle
// that opens it. It draws again only when something in it has changed.
type panel struct {
	w     *Window
	open  bool
	layer *layer
	tab   *layer
	// content holds the picture and, above it, what takes the pointer.
	content *fyne.Container
	area    *panelArea
	rows    []*spot
	buttons []*spot
	handle  *spot

	// chosen is the row that a person picked, -1 for the one of interest.
	chosen   int
	timeline *view.Timeline
	model    art.Panel
	drawn    panelLook
	tabLook  tabLook
	tabAt    image.Rectangle // in pixels of the window
}

// panelLook and tabLook are all that the two pictures depend on.
type panelLook struct {
	model      art.Panel
	scale      float32
	background color.RGBA
}

type tabLook struct {
	size          image.Point
	open, hovered bool
	background    color.RGBA
}

func newPanel(w *Window) *panel {
	p := &panel{w: w, chosen: -1, layer: newLayer(w.redrawn), tab: newLayer(w.redrawn)}
	p.model.Hovered, p.model.Pressed = art.NoSpot, art.NoSpot
	p.area = newPanelArea(p)
	p.handle = newSpot(w, text.Get(text.FaceStartUpPanel), p.handleChanged, func() { w.SetPanel(!p.open) })
	p.content = &fyne.Container{Objects: []fyne.CanvasObject{p.layer.raster, p.area}}
	p.content.Hide()
	return p
}

// minPanelHeight leaves room for what a stage did.
const minPanelHeight = 380

// width is what the panel takes of the window, in device-independent pixels.
func (p *panel) width() float32 {
	if p.open {
		return art.PanelWidth
	}
	return 0
}

// SetPanel shows the start-up beside the face, or the face alone. The window
// gets wider by the panel as far as the screens have room; else the face gets
// smaller. Call it from the window's goroutine.
func (w *Window) SetPanel(open bool) {
	p := w.face.panel
	if open == p.open {
		return
	}
	w.letGo()
	w.hideHint()
	size := w.win.Canvas().Size()
	size.Width -= p.width()
	p.open = open
	size.Width += p.width()
	if screens, known := w.desktop(); known {
		size.Width = min(size.Width, float32(screens.Dx())/w.win.Canvas().Scale())
	}
	p.setVisible()
	w.win.Resize(size)
	w.face.room = image.Point{} // all of it needs a place
	w.face.content.Refresh()
	w.face.Layout(nil, w.face.content.Size())
}

func (p *panel) setVisible() {
	if p.open {
		p.content.Show()
	} else {
		p.content.Hide()
	}
}

// place lays the panel out at the right of the window. Room and side are in
// pixels of the window; face is where the face lies.
func (p *panel) place(room image.Point, side int, ratio float32, frame art.Frame, face image.Point) {
	if p.open {
		box := image.Rect(room.X-side, 0, room.X, room.Y)
		p.content.Move(fyne.NewPos(float32(box.Min.X)/ratio, 0))
		p.content.Resize(fyne.NewSize(float32(side)/ratio, float32(room.Y)/ratio))
		p.layer.place(box.Sub(box.Min), ratio)
		p.model.Width, p.model.Height = float64(side)/float64(ratio), float64(room.Y)/float64(ratio)
		p.area.Resize(p.content.Size())
	}
	p.placeTab(ratio, frame, face)
	p.draw()
}

// tabSize is the handle's size in units of the face, which leaves that much
// free at its right edge.
const (
	tabWidth  = 10
	tabHeight = 76
)

func (p *panel) placeTab(ratio float32, frame art.Frame, face image.Point) {
	box := art.ViewBox(frame.Compact)
	at := art.Rect{X: box.X + box.W - tabWidth - 1, Y: box.Y + (box.H-tabHeight)/2, W: tabWidth, H: tabHeight}
	px := frame.Pixels(at).Add(face)
	p.tab.place(px, ratio)
	reach := px.Inset(-int(3 * ratio))
	p.handle.Move(fyne.NewPos(float32(reach.Min.X)/ratio, float32(reach.Min.Y)/ratio))
	p.handle.Resize(fyne.NewSize(float32(reach.Dx())/ratio, float32(reach.Dy())/ratio))
	p.tabAt = px
	p.tabLook.size = px.Size()
	p.tab.img = nil
	p.drawTab()
}

// handleChanged shows the pointer on the handle, and after a while its name.
func (p *panel) handleChanged() {
	p.drawTab()
	p.w.hideHint()
	if p.handle.hovered && !p.handle.pressed {
		p.w.hint.arm(func() { p.w.showTip(p.handle.name, byName[nameKey{fyne.KeyT, true}].shown, p.tabAt) })
	}
}

func (p *panel) drawTab() {
	look := tabLook{p.tabLook.size, p.open, p.handle.hovered, p.w.background()}
	if look == p.tabLook && p.tab.img != nil {
		return
	}
	p.tabLook = look
	p.tab.show(art.PanelTab(look.size.X, look.size.Y, look.open, look.hovered, look.background))
}

// show takes the timeline of a new view.
func (p *panel) show(t *view.Timeline) {
	if t == p.timeline {
		return
	}
	before := p.timeline
	p.timeline = t
	if t != nil && (before == nil || begins(before, t)) {
		p.chosen = -1
	}
	p.draw()
}

// begins tells whether another start-up or a replay has begun.
func begins(before, now *view.Timeline) bool {
	return now.Running && !before.Running || now.Replaying && !before.Replaying
}

// draw shows what is new of the panel.
func (p *panel) draw() {
	if !p.open || p.model.Width == 0 {
		return
	}
	m := &p.model
	if m.Timeline = p.timeline; m.Timeline == nil {
		m.Timeline = &noTimeline
	}
	if i := p.interesting(); i != m.Selected {
		m.Selected, m.Scroll = i, 0
	}
	p.placeSpots()
	look := panelLook{*m, p.w.face.ratio, p.w.background()}
	if look == p.drawn && p.layer.img != nil {
		return
	}
	p.drawn = look
	p.layer.show(m.Draw(float64(look.scale), look.background))
}

// noTimeline is what a phone without one has to show.
var noTimeline view.Timeline

// interesting is the row whose stage is told: the one that was picked, else
// the one that runs or is waited for, else the first that failed, else the
// last.
func (p *panel) interesting() int {
	t := p.model.Timeline
	if p.chosen >= 0 && p.chosen < len(t.Stages) {
		return p.chosen
	}
	failed := -1
	for i := range t.Stages {
		switch t.Stages[i].State {
		case view.StageRunning:
			return i
		case view.StageFailed:
			if failed < 0 {
				failed = i
			}
		}
	}
	switch {
	case t.Paused && t.Next < len(t.Stages):
		return t.Next
	case failed >= 0 && !t.Running && !t.Replaying:
		return failed
	}
	return max(t.Next-1, 0)
}

// placeSpots puts a spot on each row and button.
func (p *panel) placeSpots() {
	t := p.model.Timeline
	if len(p.rows) != len(t.Stages) || len(p.buttons) != len(t.Controls) {
		p.makeSpots(len(t.Stages), len(t.Controls))
	}
	for i, s := range p.rows {
		s.name = t.Stages[i].Name + ": " + t.Stages[i].Time
		s.place(p.model.Box(art.Spot(i)))
	}
	for i, s := range p.buttons {
		s.name = t.Controls[i].Label
		s.place(p.model.Box(art.ButtonSpot(i)))
	}
}

func (p *panel) makeSpots(rows, buttons int) {
	p.rows, p.buttons = nil, nil
	p.content.Objects = p.content.Objects[:2:2]
	for i := range rows {
		p.rows = append(p.rows, p.newSpot(art.Spot(i), func() { p.choose(i) }))
	}
	for i := range buttons {
		p.buttons = append(p.buttons, p.newSpot(art.ButtonSpot(i), func() { p.push(i) }))
	}
	p.content.Refresh()
}

func (p *panel) newSpot(at art.Spot, act func()) *spot {
	var s *spot
	s = newSpot(p.w, "", func() {
		p.model.Hovered, p.model.Pressed = art.NoSpot, art.NoSpot
		if s.hovered {
			p.model.Hovered = at
		}
		if s.pressed {
			p.model.Pressed = at
		}
		p.draw()
	}, act)
	p.content.Objects = append(p.content.Objects, s)
	return s
}

// choose tells of another stage; choosing it again follows the start-up.
func (p *panel) choose(i int) {
	if p.chosen == i {
		i = -1
	}
	p.chosen = i
	p.draw()
}

// push works a button. The phone decides what it does.
func (p *panel) push(i int) {
	if t := p.timeline; t != nil && i < len(t.Controls) && t.Controls[i].Enabled {
		p.w.phone.Control(t.Controls[i].Control)
	}
}

func (p *panel) scroll(by float64) {
	p.model.Scroll = min(max(p.model.Scroll-by, 0), p.model.MaxScroll())
	p.draw()
}

// togglePause is the keyboard's one key for pausing and going on.
func (w *Window) togglePause() {
	c := view.ControlPause
	if t := w.shown.Timeline; t != nil && t.Paused {
		c = view.ControlContinue
	}
	w.phone.Control(c)
}
