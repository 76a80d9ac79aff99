package lcd

import "deskset/phonecore/view"

// The columns of a menu.
const (
	numberEdge = 17 // numbers are flush right before it
	itemX      = 22
	// valueGap is kept free between a label and its value.
	valueGap = 8
)

// menu draws a list of items with its highlight bar.
func (r *Renderer) menu(s *view.Screen) {
	r.titleRow(s)
	total := len(s.Items)
	first := firstInView(s.First, s.Selected, view.NumRows, total)
	edge := Width - margin
	if total > view.NumRows {
		edge = contentEdge
	}
	from := itemX
	if !numbered(s.Items) {
		from = margin + 2
	}
	for i := first; i < min(first+view.NumRows, total); i++ {
		r.item(&s.Items[i], paneTop+(i-first)*rowHeight, from, edge, i == s.Selected)
	}
	r.scrollBar(first, view.NumRows, total)
	r.prompt(s, Width-margin)
	r.softKeys(&s.Soft)
}

func numbered(items []view.Item) bool {
	for i := range items {
		if items[i].Number > 0 {
			return true
		}
	}
	return false
}

// item draws one entry: number, icon, label and, flush right, its value.
func (r *Renderer) item(item *view.Item, top, from, edge int, selected bool) {
	how := setting{face: faceNormal, grey: greyFull, baseline: top + rowBaseline}
	if selected {
		r.bar(edge, top, top, false)
		how.grey = greyNone
	}
	r.number(item.Number, how)
	if item.Icon != view.IconNone {
		r.icon(columns(0, edge), from, top+rowIconTop, item.Icon, selected)
		from += iconIndent
	}
	edge -= 2
	if item.Bar.Shown {
		r.barAt(edge-itemBar, how.baseline-1, edge, item.Bar, how.grey)
		edge -= itemBar + valueGap
	} else if item.Value != "" {
		value := how
		value.align = alignRight
		left, _ := r.text(columns(edge-r.valueRoom(item, edge-from), edge), item.Value, value)
		edge = left - valueGap
	}
	r.text(columns(from, edge), item.Label, how)
}

// valueRoom is what a value may take: all that the label leaves, at least half.
func (r *Renderer) valueRoom(item *view.Item, room int) int {
	return max(room/2, room-valueGap-r.width(item.Label, faceNormal))
}

// number draws an item's number, 1 to 999; others have none.
func (r *Renderer) number(n int, how setting) {
	if n <= 0 || n > 999 {
		return
	}
	x := numberEdge
	for ; n > 0; n /= 10 {
		g, _ := how.face.glyph(rune('0' + n%10))
		x -= g.advance
		r.glyph(glass, g, x, how)
	}
}
