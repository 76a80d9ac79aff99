package lcd

import (
	"image"

	"deskset/phonecore/view"
)

// The editing panel and the hints below it.
const (
	panelTop      = paneTop + 5
	panelHeight   = 26
	panelX        = 8
	panelPad      = 6
	panelBaseline = panelTop + 18
	underline     = 4 // below the baseline, clear of letters such as g
	hintX         = panelX + 2
	hintTop       = panelTop + panelHeight + 5
	hintRows      = (paneBottom - hintTop) / textPitch
)

// editor draws the line being edited in its panel.
func (r *Renderer) editor(s *view.Screen) {
	r.titleRow(s)
	r.back.frame(image.Rect(panelX, panelTop, Width-panelX, panelTop+panelHeight), greyFull)
	r.edit(&s.Edit)
	r.spans = appendSpans(r.spans[:0], s.Text, faceNormal, Width-2*hintX)
	r.lines(s.Text, 0, hintRows, image.Pt(hintX, hintTop), Width-2*hintX)
	r.prompt(s, Width-margin)
	r.softKeys(&s.Soft)
}

// edit draws text and cursor. Text longer than the panel moves to the left, so
// that the cursor and the rune before it are in view.
func (r *Renderer) edit(e *view.Editor) {
	how := setting{face: faceMiddle, grey: greyFull, baseline: panelBaseline}
	before, after := splitAt(e.Text, e.Cursor)
	box := columns(panelX+panelPad, Width-panelX-panelPad)

	room := box.Dx() - caretRoom(how.face)
	runes, left := r.fit(before, how.face, room, true)
	r.drawRunes(box, runes, box.Min.X, how)
	pending := 0
	if n := len(runes); n > 0 {
		pending = how.face.advance(runes[n-1])
	}
	caret := box.Min.X + left
	r.text(image.Rect(caret, 0, box.Max.X, Height), after, how)
	r.caret(e, caret, pending, how)
}

// caret shows where the next rune goes: a bar between two runes, a wide one
// below the line at the end; while multi-tap is at work the rune before it is
// underlined instead.
func (r *Renderer) caret(e *view.Editor, x, pending int, how setting) {
	switch {
	case e.Pending && pending > 0:
		under := how.baseline + underline
		r.back.fill(image.Rect(x-pending, under, x, under+2), how.grey)
	case !r.blinkOn:
	case atEnd(e):
		r.back.fill(image.Rect(x+1, how.baseline-1, x+caretRoom(how.face)-1, how.baseline+1), how.grey)
	default:
		r.back.fill(image.Rect(x-1, how.baseline-how.face.capHeight-2, x, how.baseline+3), how.grey)
	}
}

func caretRoom(face *typeface) int { return face.advance('0') + 1 }

// splitAt divides text at a cursor counted in runes.
func splitAt(s string, cursor int) (before, after string) {
	n := 0
	for at := range s {
		if n >= cursor {
			return s[:at], s[at:]
		}
		n++
	}
	return s, ""
}

func atEnd(e *view.Editor) bool {
	_, after := splitAt(e.Text, e.Cursor)
	return after == ""
}
