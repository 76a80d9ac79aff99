package art

import (
	"math"

	"deskset/phonecore/view"
)

// PanelWidth is the width of the panel beside the face, in device-independent
// pixels; its height is the window's.
const PanelWidth = 380

// Panel is the column beside the face that shows the start-up: a row for each
// stage, what the selected one did, and the buttons. Its units are
// device-independent pixels; it keeps its size when the face grows.
type Panel struct {
	Width, Height float64
	Timeline      *view.Timeline
	// Selected is the row whose stage is told below the rows.
	Selected int
	// Scroll is how far that text is scrolled up.
	Scroll float64
	// Hovered and Pressed are the spots under the pointer, NoSpot for none.
	Hovered, Pressed Spot
}

// Spot is a place of the panel that can be clicked: a row by its index, or a
// button by ButtonSpot.
type Spot int

// NoSpot is no place at all.
const NoSpot Spot = -1

// buttonSpots is where the buttons' numbers begin.
const buttonSpots Spot = 1000

// ButtonSpot gives the spot of the button at an index of Timeline.Controls.
func ButtonSpot(i int) Spot { return buttonSpots + Spot(i) }

// button gives the index of a button; ok is false for a row.
func (s Spot) button() (i int, ok bool) { return int(s - buttonSpots), s >= buttonSpots }

// The panel's measures.
const (
	panelMargin  = 10 // around the card
	panelPad     = 14 // within it
	panelHead    = 58
	panelFoot    = 52
	panelRow     = 30
	panelRowLow  = 20 // in a low window
	panelText    = 90 // least height of the text, as far as there is room
	buttonHeight = 30
	buttonGap    = 6
)

func (p Panel) card() Rect {
	return Rect{panelMargin, panelMargin, math.Max(p.Width-2*panelMargin, 1), math.Max(p.Height-2*panelMargin, 1)}
}

// rowHeight is as comfortable as the window's height lets it be.
func (p Panel) rowHeight() float64 {
	room := p.card().H - panelHead - panelFoot - panelText
	return min(panelRow, max(panelRowLow, math.Floor(room/float64(max(len(p.Timeline.Stages), 1)))))
}

func (p Panel) row(i int) Rect {
	c, h := p.card(), p.rowHeight()
	return Rect{c.X + 6, c.Y + panelHead + float64(i)*h, c.W - 12, h}
}

// text is where the selected stage is told.
func (p Panel) text() Rect {
	c := p.card()
	top := p.row(len(p.Timeline.Stages)).Y + 14
	return Rect{c.X + panelPad, top, c.W - 2*panelPad, max(c.Y+c.H-panelFoot-8-top, 0)}
}

func (p Panel) button(i int) Rect {
	c, n := p.card(), float64(len(p.Timeline.Controls))
	w := (c.W - 2*panelPad - (n-1)*buttonGap) / n
	return Rect{c.X + panelPad + float64(i)*(w+buttonGap), c.Y + c.H - panelFoot + (panelFoot-buttonHeight)/2, w, buttonHeight}
}

// Box gives where a spot lies.
func (p Panel) Box(s Spot) Rect {
	if i, ok := s.button(); ok {
		return p.button(i)
	}
	return p.row(int(s))
}

// MaxScroll is how far the text can be scrolled.
func (p Panel) MaxScroll() float64 {
	lines := p.lines()
	if len(lines) == 0 {
		return 0
	}
	last := lines[len(lines)-1]
	return max(last.y+last.style.height-p.text().H, 0)
}

// textStyle is how a paragraph of the text is set.
type textStyle struct {
	face         *typeface
	size, height float64
	colour       string
	before       float64 // free above the paragraph
	mark         string
}

var (
	styleNow      = textStyle{medium, 13, 18, "#9cc4f0", 4, ""}
	styleLearned  = textStyle{medium, 13, 18, "#eef1f3", 4, "\u2022"}
	styleMessage  = textStyle{medium, 13, 18, "#c9d1d8", 4, "\u2013"}
	styleTrouble  = textStyle{medium, 13, 18, "#f2c35c", 4, "\u2013"}
	styleExplains = textStyle{medium, 13, 18, "#b4bcc4", 10, ""}
	stylePacket   = textStyle{medium, 12, 16, "#8e9aa5", 2, ""}
)

// panelLine is one set line of the text; y is its top within the text.
type panelLine struct {
	text  string
	style textStyle
	y     float64
	first bool // of its paragraph
}

// lines sets what is to be said of the selected stage.
func (p Panel) lines() []panelLine {
	if p.Selected < 0 || p.Selected >= len(p.Timeline.Stages) {
		return nil
	}
	s := &p.Timeline.Stages[p.Selected]
	var lines []panelLine
	y := 0.0
	add := func(style textStyle, texts ...string) {
		for _, t := range texts {
			if t == "" {
				continue
			}
			if y > 0 {
				y += style.before
			}
			for i, part := range style.face.wrap(t, style.size, p.text().W-indentOf(style)-scrollBarRoom) {
				lines = append(lines, panelLine{part, style, y, i == 0})
				y += style.height
			}
		}
	}
	add(styleNow, s.Detail)
	add(styleLearned, s.Learned...)
	if s.State == view.StageFailed {
		add(styleTrouble, s.Messages...)
	} else {
		add(styleMessage, s.Messages...)
	}
	add(styleExplains, s.Explanation)
	add(stylePacket, s.Packets...)
	return lines
}

// scrollBarRoom is kept free at the right of the text.
const scrollBarRoom = 8

func indentOf(s textStyle) float64 {
	if s.mark == "" {
		return 0
	}
	return 14
}
