package art

import (
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// typeface is one of the embedded Go fonts (BSD licence), used as outlines so
// that legends are sharp and alike at every size and on every machine.
type typeface struct {
	mu   sync.Mutex // sfnt's buffer is for one user at a time
	font *sfnt.Font
	buf  sfnt.Buffer
}

var (
	bold       = mustFont(gobold.TTF)
	boldItalic = mustFont(gobolditalic.TTF)
	medium     = mustFont(gomedium.TTF)
)

func mustFont(data []byte) *typeface {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic(err)
	}
	return &typeface{font: f}
}

// emSize is the size outlines are read at; they are scaled from there.
const emSize = 2048

// anchor says which point of a text its x is.
type anchor float64

const (
	atStart  anchor = 0
	atMiddle anchor = 0.5
	atEnd    anchor = 1
)

// text gives the outline of a line of text whose base line is at y.
func (t *typeface) text(s string, size, x, y float64, at anchor) *Path {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := size / emSize
	x -= t.advance(s) * k * float64(at)
	p := &Path{}
	var last sfnt.GlyphIndex
	for i, r := range s {
		g, err := t.font.GlyphIndex(&t.buf, r)
		if err != nil {
			continue
		}
		if i > 0 {
			x += t.kern(last, g) * k
		}
		last = g
		t.glyph(p, g, x, y, k)
		if a, err := t.font.GlyphAdvance(&t.buf, g, fixed.I(emSize), font.HintingNone); err == nil {
			x += float(a) * k
		}
	}
	return p
}

// width gives the advance of a text in units.
func (t *typeface) width(s string, size float64) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.advance(s) * size / emSize
}

func (t *typeface) advance(s string) float64 {
	var w float64
	var last sfnt.GlyphIndex
	for i, r := range s {
		g, err := t.font.GlyphIndex(&t.buf, r)
		if err != nil {
			continue
		}
		if i > 0 {
			w += t.kern(last, g)
		}
		last = g
		if a, err := t.font.GlyphAdvance(&t.buf, g, fixed.I(emSize), font.HintingNone); err == nil {
			w += float(a)
		}
	}
	return w
}

func (t *typeface) kern(a, b sfnt.GlyphIndex) float64 {
	k, err := t.font.Kern(&t.buf, a, b, fixed.I(emSize), font.HintingNone)
	if err != nil {
		return 0
	}
	return float(k)
}

func (t *typeface) glyph(p *Path, g sfnt.GlyphIndex, x, y, k float64) {
	segments, err := t.font.LoadGlyph(&t.buf, g, fixed.I(emSize), nil)
	if err != nil {
		return
	}
	open := false
	at := func(f fixed.Point26_6) (float64, float64) { return x + float(f.X)*k, y + float(f.Y)*k }
	for _, s := range segments {
		a, b := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				p.Close()
			}
			open = true
			p.MoveTo(a, b)
		case sfnt.SegmentOpLineTo:
			p.LineTo(a, b)
		case sfnt.SegmentOpQuadTo:
			c, d := at(s.Args[1])
			p.QuadTo(a, b, c, d)
		case sfnt.SegmentOpCubeTo:
			c, d := at(s.Args[1])
			e, f := at(s.Args[2])
			p.CubeTo(a, b, c, d, e, f)
		}
	}
	if open {
		p.Close()
	}
}

func float(v fixed.Int26_6) float64 { return float64(v) / 64 }
