package lcd

import (
	"image"

	"golang.org/x/text/unicode/norm"

	"deskset/phonecore/view"
)

// Renderer draws views. It keeps its working memory, so that drawing needs no
// allocation; it must not be used by two goroutines at once.
type Renderer struct {
	back     Bitmap
	blinkOn  bool
	runes    []rune
	composer norm.Iter
	spans    []span
	// shortened is told of each text that does not fit; nil on the way to a
	// glass.
	shortened func(string)
}

// New makes a Renderer.
func New() *Renderer {
	return &Renderer{
		runes: make([]rune, 0, maxBytes+1),
		spans: make([]span, 0, maxLines),
	}
}

// Draw draws v into dst and tells whether any pixel of dst changed. The view
// is only read. Whatever it holds, drawing ends in bounded time and does not
// fail: numbers out of range count as the nearest that make sense, text too
// long is shortened, a layout that is not known leaves the glass empty.
func (r *Renderer) Draw(dst *Bitmap, v *view.View) (changed bool) {
	r.back.fill(glass, greyNone)
	s := &v.Screen
	// In a list an icon says what an entry is; nothing rings there.
	r.blinkOn = v.BlinkOn || s.Layout == view.LayoutMenu
	switch s.Layout {
	case view.LayoutStartUp:
		r.startUp(s)
	case view.LayoutPhone:
		r.phone(s)
	case view.LayoutMenu:
		r.menu(s)
	case view.LayoutText:
		r.page(s)
	case view.LayoutEditor:
		r.editor(s)
	case view.LayoutImage:
		r.imagePage(s)
	}
	if *dst == r.back {
		return false
	}
	*dst = r.back
	return true
}

// The rows of the glass: see design/screens.md.
const (
	margin = 3 // free columns at both edges

	statusBaseline = 12
	ruleY          = 15

	paneTop     = 16
	rowHeight   = 18
	rowBaseline = 13 // within the row
	rowIconTop  = 3
	barTop      = 1
	barBottom   = 17
	paneBottom  = paneTop + view.NumRows*rowHeight

	promptBaseline = 136

	softTop      = 140
	softBaseline = 152
	softPitch    = Width / view.NumSoftKeys
	softGap      = 2 // free columns at both edges of a cell
)

// columns makes a box of the whole height: what is set into it is limited in
// its width alone.
func columns(from, to int) image.Rectangle { return image.Rect(from, 0, to, Height) }

// rule draws the line under the top row.
func (r *Renderer) rule() {
	r.back.fill(image.Rect(0, ruleY, Width, ruleY+1), greyDark)
}

// statusRow draws time and date at the left, the label at the right and the
// padlock at its end.
func (r *Renderer) statusRow(s *view.StatusRow) {
	r.rule()
	edge := r.cornerIcon(s.Icon)
	how := setting{face: faceBold, grey: greyFull, baseline: statusBaseline, align: alignRight}
	// The label may take what the time leaves, but never less than half.
	room := max((edge-margin)/2, edge-margin-r.width(s.Left, faceBold)-8)
	from, _ := r.text(columns(edge-room, edge), s.Right, how)
	how.align = alignLeft
	r.text(columns(margin, from-8), s.Left, how)
}

// titleRow heads every layout but the phone's own.
func (r *Renderer) titleRow(s *view.Screen) {
	r.rule()
	edge := r.cornerIcon(s.Status.Icon)
	title := s.Title
	if title == "" {
		title = s.Status.Left
	}
	r.text(columns(margin, edge-4), title, setting{face: faceBold, grey: greyFull, baseline: statusBaseline})
}

// cornerIcon draws an icon at the end of the top row and gives the column at
// which the room for text ends.
func (r *Renderer) cornerIcon(icon view.Icon) int {
	edge := Width - margin
	if icon == view.IconNone || icon >= view.NumIcons {
		return edge
	}
	r.icon(glass, edge-iconSize+1, statusBaseline-iconSize+1, icon, false)
	return edge - iconSize - 3
}

// prompt draws the row above the soft keys, its text limited to edge.
func (r *Renderer) prompt(s *view.Screen, edge int) {
	if s.Layout == view.LayoutMenu && s.Progress.Shown {
		r.barAt(edge-promptBar, promptBaseline, edge, s.Progress, greyFull)
		edge -= promptBar + valueGap
	}
	r.text(columns(margin, edge), s.Prompt, setting{face: faceBold, grey: greyFull, baseline: promptBaseline})
}

// The bars of menus: how wide one is in the prompt's row and in an item's, how
// high, and how wide its segments are.
const (
	promptBar  = 84
	itemBar    = 120
	barHeight  = 8
	barSegment = 4
)

// barAt draws a bar of segments, whose full ones show how far it has come, on a
// baseline.
func (r *Renderer) barAt(from, baseline, to int, p view.Progress, ink byte) {
	segments := (to - from) / barSegment
	full := segments * max(0, min(p.Done, 1000)) / 1000
	for i := range segments {
		x := from + i*barSegment
		box := image.Rect(x, baseline-barHeight, x+barSegment-1, baseline)
		if i >= full {
			box.Min.Y = box.Max.Y - 1
		}
		r.back.fill(box, ink)
	}
}

func (r *Renderer) softKeys(labels *[view.NumSoftKeys]string) {
	for i, label := range labels {
		cell := image.Rect(i*softPitch+softGap, softTop, (i+1)*softPitch-softGap, Height)
		if label == "" {
			r.back.frame(cell, greyLight)
			continue
		}
		r.back.fillRound(cell, greyFull)
		r.text(columns(cell.Min.X+2, cell.Max.X-2), label, setting{
			face: faceBold, grey: greyNone, baseline: softBaseline, align: alignCentre,
		})
	}
}
