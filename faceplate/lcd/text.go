package lcd

import "image"

const ellipsis = '…'

// A setting says how a line of text is set within its box.
type setting struct {
	face *typeface
	grey uint8
	// baseline is the row of pixels on which letters stand.
	baseline int
	align    alignment
	// keepEnd shortens a long text at its beginning: the last digits dialled
	// are the ones a person looks at.
	keepEnd bool
}

type alignment uint8

const (
	alignLeft alignment = iota
	alignCentre
	alignRight
)

// text sets one line into box, shortened with an ellipsis if it is too long,
// and gives the columns that it takes. Nothing is drawn outside the box's
// columns.
func (r *Renderer) text(box image.Rectangle, s string, how setting) (from, to int) {
	room := box.Dx()
	if s == "" || room <= 0 {
		return box.Min.X, box.Min.X
	}
	runes, width := r.fit(s, how.face, room, how.keepEnd)
	from = box.Min.X
	switch how.align {
	case alignCentre:
		from += (room - width) / 2
	case alignRight:
		from += room - width
	}
	r.drawRunes(box, runes, from, how)
	return from, from + width
}

// width measures a line, without shortening it.
func (r *Renderer) width(s string, face *typeface) int {
	return runesWidth(r.clean(s, false), face)
}

func runesWidth(runes []rune, face *typeface) int {
	width := 0
	before := rune(0)
	for _, c := range runes {
		width += face.step(before, c)
		before = c
	}
	return width
}

// fit gives the runes of s, in the order of drawing, and their width, which is
// no more than room.
func (r *Renderer) fit(s string, face *typeface, room int, keepEnd bool) ([]rune, int) {
	runes := r.clean(s, keepEnd)
	width := runesWidth(runes, face)
	if width > room {
		if r.shortened != nil {
			r.shortened(s)
		}
		if keepEnd {
			runes, width = dropBeginning(runes, width, face, room)
		} else {
			runes, width = dropEnd(runes, width, face, room)
		}
	}
	order(runes)
	return runes, width
}

func dropEnd(runes []rune, width int, face *typeface, room int) ([]rune, int) {
	dots := face.advance(ellipsis)
	n := len(runes)
	for n > 0 && (width+dots > room || runes[n-1] == ' ') {
		n--
		width -= face.step(runeBefore(runes, n), runes[n])
	}
	if width+dots > room {
		return nil, 0
	}
	// The ellipsis touches nothing, so it needs no kerning. A rune was dropped, so its place is free for the ellipsis.
	runes = runes[:n+1]
	runes[n] = ellipsis
	return runes, width + dots
}

func dropBeginning(runes []rune, width int, face *typeface, room int) ([]rune, int) {
	dots := face.advance(ellipsis)
	n := 0
	for n < len(runes) && (width+dots > room || runes[n] == ' ') {
		width -= face.step(runeBefore(runes, n), runes[n])
		n++
	}
	if width+dots > room {
		return nil, 0
	}
	runes = runes[n-1:]
	runes[0] = ellipsis
	return runes, runesWidth(runes, face)
}

func runeBefore(runes []rune, n int) rune {
	if n == 0 {
		return 0
	}
	return runes[n-1]
}

// drawRunes draws runes from x on, clipped to the columns of box.
func (r *Renderer) drawRunes(box image.Rectangle, runes []rune, x int, how setting) {
	before := rune(0)
	last := 0 // advance of that rune, over which a mark is drawn
	for _, c := range runes {
		g, ok := how.face.glyph(c)
		switch {
		case isMark(c):
			if ok {
				r.glyph(box, g, x-(last+g.advance)/2, how)
			}
			continue
		case ok:
			x += how.face.kern(before, c)
			r.glyph(box, g, x, how)
		default:
			r.missing(x, how)
		}
		before, last = c, how.face.advance(c)
		x += last
	}
}

func (r *Renderer) glyph(box image.Rectangle, g glyph, x int, how setting) {
	r.back.stamp(box, x+g.left, how.baseline-g.top, g.width, g.height, g.bits, how.grey)
}

// missing draws the box for a rune that no font has.
func (r *Renderer) missing(x int, how setting) {
	r.back.frame(image.Rect(x+1, how.baseline-how.face.capHeight, x+1+how.face.boxWidth(), how.baseline), how.grey)
}
