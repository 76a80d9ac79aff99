package lcd

import (
	"unicode"

	"deskset/assets/fonts"
)

// A typeface is a font with its fall-backs, asked in order.
type typeface struct {
	fonts []*font
	// capHeight is the height of a capital above the baseline.
	capHeight int
	// latin1 saves the look-up for the runes that most text is made of.
	latin1 [256]bearings
	// kerned has a bit for each pair of ASCII that kern parts: pages of text are
	// measured rune by rune for their line breaks.
	kerned [128][128 / 64]uint64
}

// bearings are the columns of a glyph of the first font: how far it moves the
// pen, and how many columns are free at its sides.
type bearings struct {
	advance, left, right int16
	known                bool
}

// The typefaces of the LCD. They are opened once and never change.
var (
	faceSmall  = newTypeface(fonts.HelvR10, fonts.Fixed, fonts.FixedWide)
	faceNormal = newTypeface(fonts.HelvR12, fonts.Fixed, fonts.FixedWide)
	faceBold   = newTypeface(fonts.HelvB12, fonts.FixedBold, fonts.Fixed, fonts.FixedWide)
	faceMiddle = newTypeface(fonts.HelvB14, fonts.FixedBold, fonts.Fixed, fonts.FixedWide)
	faceLarge  = newTypeface(fonts.HelvB18, fonts.FixedBold, fonts.Fixed, fonts.FixedWide)
)

var openFonts = map[string]*font{}

// newTypeface panics for bad data: it is embedded, so a test finds it first.
func newTypeface(chain ...string) *typeface {
	t := &typeface{}
	for _, data := range chain {
		f := openFonts[data]
		if f == nil {
			var err error
			if f, err = openFont(data); err != nil {
				panic(err)
			}
			openFonts[data] = f
		}
		t.fonts = append(t.fonts, f)
	}
	if h, ok := t.fonts[0].glyph('H'); ok {
		t.capHeight = h.top
	}
	for r := range t.latin1 {
		t.latin1[r] = t.find(rune(r))
	}
	for before := range rune(len(t.kerned)) {
		for r := range rune(len(t.kerned)) {
			t.kerned[before][r/64] |= uint64(t.part(before, r)) << (r % 64)
		}
	}
	return t
}

// bearings gives those of a rune; known is false if the first font lacks it.
func (t *typeface) bearings(r rune) bearings {
	if r >= 0 && int(r) < len(t.latin1) {
		return t.latin1[r]
	}
	return t.find(r)
}

func (t *typeface) find(r rune) bearings {
	g, ok := t.fonts[0].glyph(r)
	if !ok {
		return bearings{}
	}
	return bearings{
		advance: int16(g.advance), left: int16(g.left), right: int16(g.advance - g.left - g.width), known: true,
	}
}

// glyph gives the picture of a rune, ok false if no font has it.
func (t *typeface) glyph(r rune) (g glyph, ok bool) {
	for _, f := range t.fonts {
		if g, ok = f.glyph(r); ok {
			return g, true
		}
	}
	return glyph{}, false
}

// advance is how far a rune moves the pen: nothing for a combining mark, the
// width of the missing glyph's box for a rune that no font has.
func (t *typeface) advance(r rune) int {
	if r >= 0 && int(r) < len(t.latin1) && t.latin1[r].known {
		return int(t.latin1[r].advance)
	}
	if isMark(r) {
		return 0
	}
	if g, ok := t.glyph(r); ok {
		return g.advance
	}
	return t.boxWidth() + 2
}

// step is how far r moves the pen when it stands behind before, 0 for nothing.
func (t *typeface) step(before, r rune) int { return t.kern(before, r) + t.advance(r) }

// kern is the free column put between two glyphs of which some row would
// otherwise run together: the fonts set r and t so close that "Trnsfer" reads
// "Tmsfer".
func (t *typeface) kern(before, r rune) int {
	if uint32(before|r) < uint32(len(t.kerned)) {
		return int(t.kerned[before][r/64] >> (r % 64) & 1)
	}
	return t.part(before, r)
}

// part looks at the glyphs for kern.
func (t *typeface) part(before, r rune) int {
	if before == 0 || before == '_' || r == '_' {
		return 0
	}
	first, second := t.bearings(before), t.bearings(r)
	if !first.known || !second.known || first.right+second.left > 0 {
		return 0
	}
	left, _ := t.fonts[0].glyph(before)
	right, _ := t.fonts[0].glyph(r)
	if !touch(left, right) {
		return 0
	}
	return 1
}

// touch tells whether no column is free between two glyphs in some row.
func touch(left, right glyph) bool {
	from := max(-left.top, -right.top)
	to := min(left.height-left.top, right.height-right.top)
	for y := from; y < to; y++ {
		free := left.advance - left.left - 1 - left.lastInk(y+left.top)
		if free+right.left+right.firstInk(y+right.top) <= 0 {
			return true
		}
	}
	return false
}

// boxWidth is the width of the box drawn for a rune that no font has.
func (t *typeface) boxWidth() int { return t.capHeight*2/3 + 1 }

// isMark tells whether a rune is drawn over the one before it.
func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.Mn, r) }
