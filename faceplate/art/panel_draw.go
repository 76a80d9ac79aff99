package art

import (
	"image"
	"image/color"
	"math"

	"deskset/phonecore/view"
)

// Draw paints the panel at a scale in pixels per device-independent pixel,
// upon the desk's colour.
func (p Panel) Draw(scale float64, background color.RGBA) *image.RGBA {
	w, h := int(math.Round(p.Width*scale)), int(math.Round(p.Height*scale))
	img := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	c := newPen(img, scaling(scale))
	c.fill(rounded(Rect{-1, -1, p.Width + 2, p.Height + 2}, 0), solid(background))
	card := p.card()
	c.shadow(rounded(card.Shift(0, 2), 16), 3, flat("#000000", 0.35))
	c.fill(rounded(card, 16), flat("#262b30", 1))
	c.fill(ring(card, 16, 1), flat("#ffffff", 0.14))
	c.clipped(rounded(card, 16), func() {
		p.drawHead(c)
		for i := range p.Timeline.Stages {
			p.drawRow(c, i)
		}
		p.drawText(c)
		for i := range p.Timeline.Controls {
			p.drawButton(c, i)
		}
	})
	return img
}

func (p Panel) drawHead(c *pen) {
	card, t := p.card(), p.Timeline
	x := card.X + panelPad
	c.fill(bold.text(t.Title, 17, x, card.Y+27, atStart), flat("#ffffff", 1))
	colour := "#b4bcc4"
	switch {
	case t.Paused:
		colour = "#f2c35c"
	case t.Replaying:
		colour = "#9cc4f0"
	}
	status := medium.shorten(t.Status, 13, card.W-2*panelPad)
	c.fill(medium.text(status, 13, x, card.Y+47, atStart), flat(colour, 1))
}

// The columns of a row, from its right edge.
const (
	timeColumn  = 62
	badgeColumn = 84
)

func (p Panel) drawRow(c *pen, i int) {
	box, s := p.row(i), &p.Timeline.Stages[i]
	switch {
	case i == p.Selected:
		c.fill(rounded(box, 7), flat("#ffffff", 0.13))
	case p.Hovered == Spot(i):
		c.fill(rounded(box, 7), flat("#ffffff", 0.06))
	}
	middle := box.Y + box.H/2
	drawMark(c, s.State, box.X+18, middle)
	name, quiet := "#eef1f3", "#c3cad1"
	if s.State == view.StagePending || s.State == view.StageSkipped {
		name, quiet = "#98a1a9", "#98a1a9"
	}
	label := medium.shorten(s.Name, 14, box.W-34-timeColumn-badgeColumn)
	c.fill(medium.text(label, 14, box.X+34, middle+5, atStart), flat(name, 1))
	right := box.X + box.W - 8
	c.fill(medium.text(s.Time, 13, right, middle+4.7, atEnd), flat(quiet, 1))
	if s.Badge != "" {
		drawBadge(c, s, right-timeColumn, middle)
	}
}

// badges are the three provenances, told apart by colour, by fill and by word.
var badges = map[view.Realness]struct {
	fill, text string
	hollow     bool
}{
	view.RealnessReal:      {fill: "#2fae73", text: "#07140d"},
	view.RealnessHost:      {fill: "#e3b04b", text: "#1b1304"},
	view.RealnessSimulated: {fill: "#a99be0", text: "#c9bff2", hollow: true},
}

// drawBadge draws a badge that ends at right.
func drawBadge(c *pen, s *view.TimelineStage, right, middle float64) {
	look, ok := badges[s.Real]
	if !ok {
		look = badges[view.RealnessSimulated]
	}
	const size, height = 10, 16
	w := bold.width(s.Badge, size) + 12
	box := Rect{right - w, middle - height/2, w, height}
	if look.hollow {
		c.fill(ring(box, height/2, 1.2), flat(look.fill, 1))
	} else {
		c.fill(rounded(box, height/2), flat(look.fill, 1))
	}
	c.fill(bold.text(s.Badge, size, right-w/2, middle+3.6, atMiddle), flat(look.text, 1))
}

// drawMark draws how far a stage is; each state has a shape of its own.
func drawMark(c *pen, s view.StageState, x, y float64) {
	at := func(pts ...float64) *Path {
		p := &Path{}
		p.MoveTo(x+pts[0], y+pts[1])
		for i := 2; i < len(pts); i += 2 {
			p.LineTo(x+pts[i], y+pts[i+1])
		}
		return p
	}
	switch s {
	case view.StagePending:
		c.fill(ring(Rect{x - 5, y - 5, 10, 10}, 5, 1.4), flat("#7d868e", 1))
	case view.StageRunning:
		p := at(-4, -5.5, 5.5, 0, -4, 5.5)
		p.Close()
		c.fill(p, flat("#9cc4f0", 1))
	case view.StageDone:
		c.fill(at(-5.5, 0.5, -1.5, 4.5, 5.5, -4.5).stroked(2.2), flat("#5fd39a", 1))
	case view.StageFailed:
		c.fill(at(-4.5, -4.5, 4.5, 4.5).stroked(2.4), flat("#ff8a7a", 1))
		c.fill(at(-4.5, 4.5, 4.5, -4.5).stroked(2.4), flat("#ff8a7a", 1))
	case view.StageSkipped:
		c.fill(at(-5, 0, 5, 0).stroked(2), flat("#7d868e", 1))
	}
}

// drawText tells of the selected stage, as far as it is scrolled into view.
func (p Panel) drawText(c *pen) {
	box := p.text()
	if box.H < styleNow.height {
		return
	}
	c.fill(rounded(Rect{box.X, box.Y - 8, box.W, 1}, 0), flat("#ffffff", 0.14))
	most := p.MaxScroll()
	scroll := min(max(p.Scroll, 0), most)
	for _, l := range p.lines() {
		top := box.Y + l.y - scroll
		if top < box.Y-1 || top+l.style.height > box.Y+box.H+1 {
			continue // whole lines only
		}
		base := top + l.style.height - 5
		if l.first && l.style.mark != "" {
			c.fill(l.style.face.text(l.style.mark, l.style.size, box.X+1, base, atStart), flat(l.style.colour, 1))
		}
		c.fill(l.style.face.text(l.text, l.style.size, box.X+indentOf(l.style), base, atStart), flat(l.style.colour, 1))
	}
	if most > 0 {
		length := box.H * box.H / (box.H + most)
		bar := Rect{box.X + box.W - 3, box.Y + (box.H-length)*scroll/most, 3, length}
		c.fill(rounded(bar, 1.5), flat("#ffffff", 0.35))
	}
}

func (p Panel) drawButton(c *pen, i int) {
	box, b := p.button(i), &p.Timeline.Controls[i]
	x, y := box.Centre()
	if !b.Enabled {
		c.fill(ring(box, 7, 1), flat("#ffffff", 0.1))
		c.fill(medium.text(b.Label, 13, x, y+4.7, atMiddle), flat("#7d868e", 1))
		return
	}
	fill := 0.14
	switch ButtonSpot(i) {
	case p.Pressed:
		fill = 0.06
	case p.Hovered:
		fill = 0.24
	}
	c.fill(rounded(box, 7), flat("#ffffff", fill))
	c.fill(ring(box, 7, 1), flat("#ffffff", 0.25))
	c.fill(medium.text(b.Label, 13, x, y+4.7, atMiddle), flat("#ffffff", 1))
}

// PanelTab draws the handle at the window's edge that opens and closes the
// panel: w x h pixels, an arrow to the right when it opens. The desk's colour
// decides whether the arrow is dark or light.
func PanelTab(w, h int, open, hovered bool, background color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	c := newPen(img, scaling(1))
	box := Rect{0, 0, float64(w), float64(h)}
	tint := 0.28
	if hovered {
		tint = 0.5
	}
	c.fill(rounded(box, box.W/2), flat("#7a838b", tint))
	x, y := box.Centre()
	d := box.W / 5
	if open {
		d = -d
	}
	arrow := &Path{}
	arrow.MoveTo(x-d, y-2*math.Abs(d))
	arrow.LineTo(x+d, y)
	arrow.LineTo(x-d, y+2*math.Abs(d))
	colour := "#4c545c"
	if background.G < 128 {
		colour = "#c9d1d8"
	}
	c.fill(arrow.stroked(math.Max(1.4, math.Abs(d)*0.7)), flat(colour, 1))
	return img
}
