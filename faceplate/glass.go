package faceplate

import (
	"image"
	"image/color"

	"deskset/faceplate/lcd"
	"deskset/phonecore/view"
)

// glass is the LCD as pixels of the screen. It draws again only what changed.
type glass struct {
	renderer *lcd.Renderer
	bitmap   lcd.Bitmap
	img      *image.RGBA
	contrast int
	painted  bool
	cols     []span
	rows     []span
	line     []uint32 // one row of the bitmap, stretched, 3 channels
	// gloss lies over the pixels: shadow of the frame, reflection. It is laid
	// on here and not by the window, which would do it at every repaint.
	gloss *image.RGBA
}

func newGlass() *glass { return &glass{renderer: lcd.New(), contrast: -1} }

// update draws a view and tells whether a pixel changed.
func (g *glass) update(v *view.View) bool {
	changed := g.renderer.Draw(&g.bitmap, v)
	if !changed && g.painted && v.Contrast == g.contrast {
		return false
	}
	same := g.painted && lcd.Palette(v.Contrast) == lcd.Palette(g.contrast)
	g.contrast = v.Contrast
	if !changed && same {
		return false
	}
	g.paint()
	return true
}

// resize gives the LCD a new size in pixels and paints it if it is known what
// to paint.
func (g *glass) resize(size image.Point) {
	if g.img != nil && g.img.Rect.Size() == size {
		return
	}
	g.img = image.NewRGBA(image.Rectangle{Max: size})
	g.cols, g.rows = spans(lcd.Width, size.X), spans(lcd.Height, size.Y)
	g.line = make([]uint32, 3*size.X)
	if g.painted || g.contrast >= 0 {
		g.paint()
	}
}

// slack is the share of the glass that may stay empty for the sake of pixels
// that are all of the same whole size, in percent.
const slack = 4

func (g *glass) paint() {
	if g.img == nil {
		return
	}
	g.painted = true
	size := g.img.Rect.Size()
	k := size.X / lcd.Width
	if k > 0 && lcd.Height*k <= size.Y && (size.X-lcd.Width*k)*100 <= slack*size.X {
		g.paintWhole(k)
	} else {
		g.paintStretched()
	}
	g.layGloss()
}

// setGloss gives what lies over the pixels, of the same size as they.
func (g *glass) setGloss(gloss *image.RGBA) {
	g.gloss = gloss
	if g.painted {
		g.paint()
	}
}

func (g *glass) layGloss() {
	if g.gloss == nil || g.gloss.Rect != g.img.Rect {
		return // made for another size; the next one is on its way
	}
	over := g.gloss.Pix[:len(g.img.Pix)]
	for i := 0; i < len(over); i += 4 {
		keep := uint32(255 - over[i+3])
		px, o := g.img.Pix[i:i+3:i+3], over[i:i+3:i+3]
		px[0] = uint8(uint32(px[0])*keep/255) + o[0]
		px[1] = uint8(uint32(px[1])*keep/255) + o[1]
		px[2] = uint8(uint32(px[2])*keep/255) + o[2]
	}
}

// paintWhole shows each pixel as k x k, in the middle of the glass.
func (g *glass) paintWhole(k int) {
	size := g.img.Rect.Size()
	back := lcd.Palette(g.contrast)[0]
	at := image.Pt((size.X-lcd.Width*k)/2, (size.Y-lcd.Height*k)/2)
	inside := image.Rectangle{Max: image.Pt(lcd.Width*k, lcd.Height*k)}.Add(at)
	if inside != g.img.Rect {
		fill(g.img, back)
	}
	lcd.Paint(g.img.SubImage(inside).(*image.RGBA), &g.bitmap, k, g.contrast)
}

func fill(img *image.RGBA, c color.RGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = c.R, c.G, c.B, c.A
	}
}

// span says from which pixels of the bitmap one pixel of the screen is made:
// weight[i]/256 of pixel first+i.
type span struct {
	first  int
	weight []uint32
}

// spans shares n pixels of the bitmap among m of the screen by area, so that
// every pixel of the LCD keeps its place beside the keys, and its edges, at
// sizes that are no whole multiple.
func spans(n, m int) []span {
	out := make([]span, m)
	for i := range out {
		// In units of 1/m of a bitmap pixel, the screen's pixel is n wide.
		from, to := i*n, (i+1)*n
		s := span{first: from / m}
		var sum uint32
		for p := s.first; p*m < to; p++ {
			overlap := min(to, (p+1)*m) - max(from, p*m)
			w := uint32((overlap*256 + n/2) / n)
			s.weight = append(s.weight, w)
			sum += w
		}
		s.weight[0] += 256 - sum
		out[i] = s
	}
	return out
}

func (g *glass) paintStretched() {
	colours := lcd.Palette(g.contrast)
	width := g.img.Rect.Dx()
	acc := make([]uint32, 3*width)
	last := -1
	for y, row := range g.rows {
		clear(acc)
		for i, w := range row.weight {
			if w == 0 {
				continue
			}
			if src := row.first + i; src != last {
				g.stretchLine(src, &colours)
				last = src
			}
			for j, v := range g.line {
				acc[j] += v * w
			}
		}
		out := g.img.Pix[y*g.img.Stride:]
		for x := range width {
			out[4*x] = uint8(acc[3*x] >> 16)
			out[4*x+1] = uint8(acc[3*x+1] >> 16)
			out[4*x+2] = uint8(acc[3*x+2] >> 16)
			out[4*x+3] = 255
		}
	}
}

// stretchLine spreads one row of the bitmap over the width of the screen, in
// colours of 8.8 fixed point.
func (g *glass) stretchLine(src int, colours *[4]color.RGBA) {
	pix := g.bitmap.Pix[src*lcd.Width:][:lcd.Width]
	for x, s := range g.cols {
		var r, gr, b uint32
		for i, w := range s.weight {
			if w == 0 {
				continue
			}
			c := colours[pix[s.first+i]&3]
			r, gr, b = r+uint32(c.R)*w, gr+uint32(c.G)*w, b+uint32(c.B)*w
		}
		g.line[3*x], g.line[3*x+1], g.line[3*x+2] = r, gr, b
	}
}
