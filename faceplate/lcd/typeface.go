package lcd

import (
	"unicode"

	"deskset/assets/fonts"
)

// A typeface is a font with its fall-backs, asked in order.
type typeface struct {
	fonts []*font
	// capHeight is the height of a capital above the baseline, descent how
	// far letters such as g go below it.
	capHeight, descent int
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
	t.descent = t.fonts[0].descent
	return t
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
	if isMark(r) {
		return 0
	}
	if g, ok := t.glyph(r); ok {
		return g.advance
	}
	return t.boxWidth() + 2
}

// boxWidth is the width of the box drawn for a rune that no font has.
func (t *typeface) boxWidth() int { return t.capHeight*2/3 + 1 }

// isMark tells whether a rune is drawn over the one before it.
func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.Mn, r) }
