package lcd

import "image"

// scrollX is the left edge of the scroll bar; contentEdge is where the room
// beside it ends.
const (
	scrollX     = Width - margin - 5
	contentEdge = scrollX - 4
)

// scrollBar shows at the right edge of the pane which part of the whole is in
// view. It draws nothing if all is.
func (r *Renderer) scrollBar(first, visible, total int) {
	if total <= visible {
		return
	}
	const top, bottom = paneTop + barTop, paneBottom - 1
	thumb := max(8, (bottom-top)*visible/total)
	at := top + (bottom-top-thumb)*first/(total-visible)
	r.back.fill(image.Rect(scrollX+2, top, scrollX+3, bottom), greyDark)
	r.back.fillRound(image.Rect(scrollX, at, scrollX+5, at+thumb), greyFull)
}

// firstInView gives the first of the entries to show, so that selected is in
// view and no room is left empty at the end.
func firstInView(first, selected, visible, total int) int {
	if selected >= 0 && selected < total {
		if selected < first {
			first = selected
		}
		if selected-visible >= first {
			first = selected - visible + 1
		}
	}
	return max(0, min(first, total-visible))
}

// The arrows at the end of the prompt row, for a pane whose right edge belongs
// to the line labels.
const (
	arrowWidth  = 7
	arrowHeight = 4
	arrowsWidth = 2*arrowWidth + 4
)

// scrollArrows tells whether there is more above and below, and gives the
// column at which the room for the prompt ends.
func (r *Renderer) scrollArrows(above, below bool) int {
	if !above && !below {
		return Width - margin
	}
	x := Width - margin - arrowsWidth + 1
	r.arrow(x, promptBaseline-2, -1, above)
	r.arrow(x+arrowWidth+3, promptBaseline-2-arrowHeight+1, 1, below)
	return x - rightGap
}

// arrow draws a triangle from its broad side at y on, upwards or downwards.
func (r *Renderer) arrow(x, y, step int, live bool) {
	grey := greyLight
	if live {
		grey = greyFull
	}
	for i := range arrowHeight {
		r.back.fill(image.Rect(x+i, y+i*step, x+arrowWidth-i, y+i*step+1), grey)
	}
}
