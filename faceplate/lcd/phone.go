package lcd

import (
	"image"

	"deskset/phonecore/view"
)

// The columns of the phone's layout.
const (
	labelIconX = Width - margin - iconSize + 1
	labelEdge  = labelIconX - 3
	// maxLabel is the most that a line label may take.
	maxLabel = 112
	// paneGap is kept free between rows and labels.
	paneGap = 8
	// iconIndent is how far text moves when rows have icons.
	iconIndent = iconSize + 3
	// rightGap is kept free between a row's text and what is flush right.
	rightGap = 6
)

// phone draws the idle and call screen.
func (r *Renderer) phone(s *view.Screen) {
	r.statusRow(&s.Status)
	var p pane
	for i := range s.Lines {
		p.left[i] = r.lineLabel(i, &s.Lines[i])
	}
	p.measure()
	first := firstRow(s)
	next := r.rows(s.Rows, first, &p)
	r.prompt(s, r.scrollArrows(first > 0, next < len(s.Rows)))
	r.softKeys(&s.Soft)
}

// lineLabel draws the label beside a line key and gives its left edge.
func (r *Renderer) lineLabel(line int, label *view.LineLabel) int {
	top := paneTop + line*rowHeight
	edge := Width - margin
	if label.Icon != view.IconNone && label.Icon < view.NumIcons {
		if !label.Blink || r.blinkOn || pictures[label.Icon][1] != nil {
			r.icon(glass, labelIconX, top+rowIconTop, label.Icon, false)
		}
		edge = labelIconX
	}
	if label.Text == "" {
		return edge
	}
	face := faceNormal
	if label.Selected {
		face = faceBold
	}
	left, _ := r.text(columns(labelEdge-maxLabel, labelEdge), label.Text, setting{
		face: face, grey: greyFull, baseline: top + rowBaseline, align: alignRight,
	})
	return left
}

// A pane is the room at the left of the line labels.
type pane struct {
	// left is the left edge of each label.
	left [view.NumRows]int
	// edge is where rows end, if they can: left of every label.
	edge int
}

func (p *pane) measure() {
	p.edge = Width - margin
	for _, left := range p.left {
		if left < Width-margin {
			p.edge = min(p.edge, left-paneGap)
		}
	}
}

// room gives the edge of a row in the slots from to to: beyond the common one
// if its text, which ends at end, asks for that and the labels beside it leave
// room.
func (p *pane) room(from, to, end int) int {
	edge := Width - margin
	for _, left := range p.left[from:to] {
		if left < Width-margin {
			edge = min(edge, left-paneGap)
		}
	}
	return min(edge, max(p.edge, end+margin))
}

// slots is how many of the pane's rows a row takes.
func slots(row *view.Row) int {
	if row.Style == view.StyleLarge {
		return 2
	}
	return 1
}

// rows draws the rows from first on, as many as there is room for, and gives
// the first that is out of view. The text below a row with an icon is set flush
// with that row's text.
func (r *Renderer) rows(rows []view.Row, first int, p *pane) (next int) {
	slot, indent := 0, margin
	for i := first; i < len(rows); i++ {
		row := &rows[i]
		if slot+slots(row) > view.NumRows {
			return i
		}
		if row.Icon != view.IconNone {
			indent = margin + iconIndent
		}
		joined := i > first && row.Highlight && rows[i-1].Highlight
		r.row(row, slot, indent, p, joined)
		slot += slots(row)
	}
	return len(rows)
}

// firstRow scrolls only as far as the selected row asks for.
func firstRow(s *view.Screen) int {
	total := len(s.Rows)
	first := max(0, min(s.First, total-1))
	if s.Selected < 0 || s.Selected >= total {
		return min(first, max(0, total-view.NumRows))
	}
	first = min(first, s.Selected)
	taken := 0
	for i := s.Selected; i >= first; i-- {
		taken += slots(&s.Rows[i])
		if taken > view.NumRows {
			return i + 1
		}
	}
	return first
}

// row draws one row into the slots from slot on, its text from indent on.
// Joined says that the bar of the row above goes on in this one.
func (r *Renderer) row(row *view.Row, slot, indent int, p *pane, joined bool) {
	high := slots(row)
	top := paneTop + slot*rowHeight
	how := r.rowSetting(row, top)
	end := indent + r.width(row.Text, how.face)
	if row.Right != "" {
		end += rightGap + r.width(row.Right, faceNormal)
	}
	edge := p.room(slot, slot+high, end)
	if row.Highlight {
		r.bar(edge, top, top+(high-1)*rowHeight, joined)
		how.grey = greyNone
	}
	if row.Icon != view.IconNone {
		r.icon(columns(0, edge), margin, top+rowIconTop+(high-1)*rowHeight/2, row.Icon, row.Highlight)
	}
	r.rowText(row, indent, edge, how)
}

// bar draws the highlight of a row that takes the slots from top to last, by
// their upper edges. Joined fills the gap to the bar of the row above.
func (r *Renderer) bar(edge, top, last int, joined bool) {
	box := image.Rect(1, top+barTop, edge+1, last+barBottom)
	r.back.fillRound(box, greyFull)
	if joined {
		box.Min.Y, box.Max.Y = top-rowHeight+barBottom-1, top+barTop+1
		r.back.fill(box, greyFull)
	}
}

func (r *Renderer) rowSetting(row *view.Row, top int) setting {
	how := setting{face: faceNormal, grey: greyFull, baseline: top + rowBaseline, keepEnd: row.Cursor}
	switch row.Style {
	case view.StyleBold:
		how.face = faceBold
	case view.StyleLarge:
		how.face = faceLarge
		how.baseline = top + largeBaseline
	case view.StyleFaint:
		how.grey = greyDark
	}
	return how
}

// largeBaseline is that of a large row, within its two slots.
const largeBaseline = 25

// rowText sets what is flush right, then the text into the room left of it,
// then the cursor.
func (r *Renderer) rowText(row *view.Row, from, edge int, how setting) {
	edge -= 2
	if row.Right != "" {
		right := how
		right.face, right.align, right.keepEnd = faceNormal, alignRight, false
		left, _ := r.text(columns(from+(edge-from)/3, edge), row.Right, right)
		edge = left - rightGap
	}
	cursor := 0
	if row.Cursor {
		cursor = cursorWidth(how.face)
	}
	if row.Style == view.StyleLarge {
		how.face = r.largest(row.Text, edge-from-cursor)
	}
	_, end := r.text(columns(from, edge-cursor), row.Text, how)
	if row.Cursor && r.blinkOn {
		r.back.fill(image.Rect(end+1, how.baseline, end+cursor-1, how.baseline+2), how.grey)
	}
}

// largest finds the largest face in which s fits; the smallest of them if none
// does.
func (r *Renderer) largest(s string, room int) *typeface {
	for _, face := range [...]*typeface{faceLarge, faceMiddle} {
		if r.width(s, face) <= room {
			return face
		}
	}
	return faceBold
}

// cursorWidth is that of a digit with its gaps.
func cursorWidth(face *typeface) int { return face.advance('0') + 2 }
