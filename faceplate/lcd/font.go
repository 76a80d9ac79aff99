package lcd

import (
	"fmt"
	"sort"
	"unicode"
)

// The format of assets/fonts/README.md: a header, an index of eight bytes for
// each glyph, then the glyphs.
const (
	fontMagic       = "DSF1"
	fontHeaderSize  = 12
	fontIndexEntry  = 8
	glyphHeaderSize = 5
)

// A font reads glyphs straight from embedded data.
type font struct {
	index, pictures string
	count           int
	// latin1 saves the search for the runes below U+0100: 1 + place in the
	// index, 0 for none.
	latin1 [256]uint16
}

// A glyph is one picture of a font. left and top are the place of its upper
// left pixel, seen from the pen on the baseline: top is positive above it.
type glyph struct {
	advance       int
	left, top     int
	width, height int
	bits          string // rows padded to bytes, left pixel in the highest bit
}

// firstInk gives the leftmost set column of a row, width if there is none.
func (g *glyph) firstInk(row int) int {
	for x := range g.width {
		if g.ink(x, row) {
			return x
		}
	}
	return g.width
}

// lastInk gives the rightmost set column of a row, -width if there is none.
func (g *glyph) lastInk(row int) int {
	for x := g.width - 1; x >= 0; x-- {
		if g.ink(x, row) {
			return x
		}
	}
	return -g.width
}

func (g *glyph) ink(x, row int) bool {
	return g.bits[row*((g.width+7)/8)+x>>3]&(0x80>>(x&7)) != 0
}

// openFont checks data once, so that glyph need not.
func openFont(data string) (*font, error) {
	if len(data) < fontHeaderSize || data[:4] != fontMagic {
		return nil, fmt.Errorf("lcd: not a font: want %q at its start", fontMagic)
	}
	f := &font{count: int(be32(data[8:]))}
	rest := data[fontHeaderSize:]
	if f.count > len(rest)/fontIndexEntry {
		return nil, fmt.Errorf("lcd: font ends within its index of %d glyphs", f.count)
	}
	f.index, f.pictures = rest[:f.count*fontIndexEntry], rest[f.count*fontIndexEntry:]
	for i := range f.count {
		if err := f.check(i); err != nil {
			return nil, err
		}
		if r := f.runeAt(i); r < 256 && i < 0xffff {
			f.latin1[r] = uint16(i + 1)
		}
	}
	return f, nil
}

func (f *font) check(i int) error {
	if r := f.runeAt(i); r < 0 || r > unicode.MaxRune {
		return fmt.Errorf("lcd: font's index holds %#x, which is no rune", uint32(r))
	}
	if i > 0 && f.runeAt(i) <= f.runeAt(i-1) {
		return fmt.Errorf("lcd: font's index is not in order at %U", f.runeAt(i))
	}
	at := uint64(be32(f.index[i*fontIndexEntry+4:]))
	if at+glyphHeaderSize > uint64(len(f.pictures)) {
		return fmt.Errorf("lcd: font ends before glyph %U", f.runeAt(i))
	}
	width, height := int(f.pictures[at+3]), int(f.pictures[at+4])
	if at+glyphHeaderSize+uint64((width+7)/8*height) > uint64(len(f.pictures)) {
		return fmt.Errorf("lcd: font ends within glyph %U", f.runeAt(i))
	}
	return nil
}

func (f *font) runeAt(i int) rune { return rune(be32(f.index[i*fontIndexEntry:])) }

// glyph finds the picture of a rune.
func (f *font) glyph(r rune) (g glyph, ok bool) {
	i := f.find(r)
	if i < 0 {
		return glyph{}, false
	}
	p := f.pictures[be32(f.index[i*fontIndexEntry+4:]):]
	g = glyph{
		advance: int(p[0]), left: int(int8(p[1])), top: int(int8(p[2])),
		width: int(p[3]), height: int(p[4]),
	}
	g.bits = p[glyphHeaderSize : glyphHeaderSize+(g.width+7)/8*g.height]
	return g, true
}

func (f *font) find(r rune) int {
	if r >= 0 && r < 256 {
		return int(f.latin1[r]) - 1
	}
	i := sort.Search(f.count, func(i int) bool { return f.runeAt(i) >= r })
	if i < f.count && f.runeAt(i) == r {
		return i
	}
	return -1
}

func be32(s string) uint32 {
	return uint32(s[0])<<24 | uint32(s[1])<<16 | uint32(s[2])<<8 | uint32(s[3])
}
