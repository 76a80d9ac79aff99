package main

import (
	"encoding/binary"
	"fmt"
)

// encode writes the format described in ../README.md: a header, an index by
// rune and the glyphs, rows padded to bytes with the left pixel in the highest
// bit. Empty rows and columns round a picture are cut off.
func encode(f *face, skip map[rune]bool) ([]byte, error) {
	var index, pictures []byte
	count := 0
	for _, g := range f.glyphs {
		if !wanted(g.r) || skip[g.r] {
			continue
		}
		g = trim(g)
		if !fits(g) {
			return nil, fmt.Errorf("glyph %U does not fit into the format", g.r)
		}
		index = binary.BigEndian.AppendUint32(index, uint32(g.r))
		index = binary.BigEndian.AppendUint32(index, uint32(len(pictures)))
		pictures = append(pictures, byte(g.advance), byte(int8(g.left)), byte(int8(g.top)), byte(g.width), byte(g.height))
		pictures = appendRows(pictures, g)
		count++
	}
	out := []byte{'D', 'S', 'F', '1', byte(f.ascent), byte(f.descent), 0, 0}
	out = binary.BigEndian.AppendUint32(out, uint32(count))
	out = append(out, index...)
	return append(out, pictures...), nil
}

// wanted leaves out the control codes and the private use area, which some of
// the fonts fill with pictures of their own.
func wanted(r rune) bool {
	return r >= ' ' && (r < 0x7f || r >= 0xa0) && (r < 0xe000 || r > 0xf8ff)
}

func fits(g glyph) bool {
	return g.advance >= 0 && g.advance < 256 && g.width < 256 && g.height < 256 &&
		g.left >= -128 && g.left < 128 && g.top >= -128 && g.top < 128
}

func trim(g glyph) glyph {
	for len(g.rows) > 0 && blank(g.rows[0]) {
		g.rows, g.top = g.rows[1:], g.top-1
	}
	for len(g.rows) > 0 && blank(g.rows[len(g.rows)-1]) {
		g.rows = g.rows[:len(g.rows)-1]
	}
	g.height = len(g.rows)
	if g.height == 0 {
		g.width, g.left, g.top = 0, 0, 0
		return g
	}
	from, to := g.width, 0
	for _, row := range g.rows {
		for x, set := range row {
			if set {
				from, to = min(from, x), max(to, x+1)
			}
		}
	}
	rows := make([][]bool, len(g.rows)) // two runes may share one picture
	for y := range g.rows {
		rows[y] = g.rows[y][from:to]
	}
	g.rows = rows
	g.left, g.width = g.left+from, to-from
	return g
}

func blank(row []bool) bool {
	for _, set := range row {
		if set {
			return false
		}
	}
	return true
}

func appendRows(out []byte, g glyph) []byte {
	for _, row := range g.rows {
		packed := make([]byte, (g.width+7)/8)
		for x, set := range row {
			if set {
				packed[x/8] |= 0x80 >> (x % 8)
			}
		}
		out = append(out, packed...)
	}
	return out
}
