package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// A glyph is one picture of a font. Left and top are the place of the
// picture's upper left pixel, seen from the pen on the baseline: top is
// positive above it.
type glyph struct {
	r             rune
	advance       int
	left, top     int
	width, height int
	rows          [][]bool
}

// A face is a decoded font.
type face struct {
	ascent, descent int
	copyright       string
	glyphs          []glyph // by rune, ascending
}

// The tables of a PCF file that this program reads, and the bits of a table's
// format word, as the X.Org library libXfont writes them.
const (
	pcfProperties   = 1 << 0
	pcfAccelerators = 1 << 1
	pcfMetrics      = 1 << 2
	pcfBitmaps      = 1 << 3
	pcfEncodings    = 1 << 5

	pcfGlyphPadMask      = 3
	pcfBigEndianBytes    = 1 << 2
	pcfBigEndianBits     = 1 << 3
	pcfCompressedMetrics = 0x100
)

var errShort = errors.New("pcf: file ends too early")

// table is a table of the file with its own byte order; reading past the end
// sets err.
type table struct {
	format uint32
	order  binary.ByteOrder
	data   []byte
	pos    int
	err    error
}

func (t *table) take(n int) []byte {
	if n < 0 || t.pos+n > len(t.data) {
		t.err = errShort
		return make([]byte, max(n, 0))
	}
	t.pos += n
	return t.data[t.pos-n : t.pos]
}

func (t *table) u8() int  { return int(t.take(1)[0]) }
func (t *table) u16() int { return int(t.order.Uint16(t.take(2))) }
func (t *table) i16() int { return int(int16(t.order.Uint16(t.take(2)))) }
func (t *table) u32() int { return int(t.order.Uint32(t.take(4))) }

// decodePCF reads an X11 bitmap font. It is meant for the files in source/,
// not for hostile input.
func decodePCF(data []byte) (*face, error) {
	tables, err := openTables(data)
	if err != nil {
		return nil, err
	}
	for _, want := range []int{pcfAccelerators, pcfMetrics, pcfBitmaps, pcfEncodings} {
		if tables[want] == nil {
			return nil, fmt.Errorf("pcf: no table %d", want)
		}
	}
	f := &face{copyright: readCopyright(tables[pcfProperties])}
	readAccelerators(tables[pcfAccelerators], f)
	metrics := readMetrics(tables[pcfMetrics])
	readBitmaps(tables[pcfBitmaps], metrics)
	f.glyphs = readEncodings(tables[pcfEncodings], metrics)
	for _, t := range tables {
		if t.err != nil {
			return nil, t.err
		}
	}
	sort.Slice(f.glyphs, func(i, j int) bool { return f.glyphs[i].r < f.glyphs[j].r })
	return f, nil
}

func openTables(data []byte) (map[int]*table, error) {
	if len(data) < 8 || string(data[:4]) != "\x01fcp" {
		return nil, errors.New("pcf: not a PCF file")
	}
	count := int(binary.LittleEndian.Uint32(data[4:]))
	tables := map[int]*table{}
	for i := range count {
		if len(data) < 8+16*(i+1) {
			return nil, errShort
		}
		entry := data[8+16*i:]
		kind := int(binary.LittleEndian.Uint32(entry))
		format := binary.LittleEndian.Uint32(entry[4:])
		size := int(binary.LittleEndian.Uint32(entry[8:]))
		offset := int(binary.LittleEndian.Uint32(entry[12:]))
		if offset+4 > len(data) || size < 4 {
			return nil, errShort
		}
		// The last table of Debian's files claims a few bytes more than it has.
		end := min(offset+size, len(data))
		t := &table{format: format, order: binary.LittleEndian, data: data[offset:end], pos: 4}
		if format&pcfBigEndianBytes != 0 {
			t.order = binary.BigEndian
		}
		tables[kind] = t
	}
	return tables, nil
}

func readCopyright(t *table) string {
	if t == nil {
		return ""
	}
	count := t.u32()
	type property struct {
		name, value int
		isString    bool
	}
	properties := make([]property, count)
	for i := range properties {
		properties[i] = property{name: t.u32(), isString: t.u8() != 0, value: t.u32()}
	}
	t.take((4 - count*9%4) % 4)
	text := t.take(t.u32())
	for _, p := range properties {
		if p.isString && cString(text, p.name) == "COPYRIGHT" {
			return cString(text, p.value)
		}
	}
	return ""
}

func cString(text []byte, from int) string {
	to := from
	for to < len(text) && text[to] != 0 {
		to++
	}
	return string(text[from:to])
}

func readAccelerators(t *table, f *face) {
	t.take(8)
	f.ascent, f.descent = t.u32(), t.u32()
}

func readMetrics(t *table) []glyph {
	compressed := t.format&pcfCompressedMetrics != 0
	var count int
	if compressed {
		count = t.u16()
	} else {
		count = t.u32()
	}
	next := func() int {
		if compressed {
			return t.u8() - 0x80
		}
		return t.i16()
	}
	glyphs := make([]glyph, count)
	for i := range glyphs {
		left, right, advance, ascent, descent := next(), next(), next(), next(), next()
		if !compressed {
			t.take(2) // attributes
		}
		glyphs[i] = glyph{
			advance: advance, left: left, top: ascent,
			width: right - left, height: ascent + descent,
		}
	}
	return glyphs
}

func readBitmaps(t *table, glyphs []glyph) {
	count := t.u32()
	offsets := make([]int, count)
	for i := range offsets {
		offsets[i] = t.u32()
	}
	t.take(16)
	bits := t.data[t.pos:]
	pad := 1 << (t.format & pcfGlyphPadMask)
	for i := range min(count, len(glyphs)) {
		g := &glyphs[i]
		stride := (g.width + 8*pad - 1) / (8 * pad) * pad
		for y := range g.height {
			row := make([]bool, g.width)
			for x := range row {
				at := offsets[i] + y*stride + x/8
				if at >= len(bits) {
					t.err = errShort
					return
				}
				shift := x % 8
				if t.format&pcfBigEndianBits != 0 {
					shift = 7 - shift
				}
				row[x] = bits[at]>>shift&1 != 0
			}
			g.rows = append(g.rows, row)
		}
	}
}

func readEncodings(t *table, glyphs []glyph) []glyph {
	firstLow, lastLow, firstHigh, lastHigh := t.u16(), t.u16(), t.u16(), t.u16()
	t.take(2) // default glyph
	var out []glyph
	for high := firstHigh; high <= lastHigh; high++ {
		for low := firstLow; low <= lastLow; low++ {
			index := t.u16()
			if index == 0xffff || index >= len(glyphs) {
				continue
			}
			g := glyphs[index]
			g.r = rune(high<<8 | low)
			out = append(out, g)
		}
	}
	return out
}
