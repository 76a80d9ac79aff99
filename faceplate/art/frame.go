// Package art draws the phone's face: body, keys, lamps and handset, at any
// size, from the vector source in assets/face. It is pure Go and knows no
// window, so the window, the screenshots and the tests draw the same face.
//
//	f := art.Fit(1060, 840, false, background)
//	img := image.NewRGBA(f.Bounds())
//	f.Draw(img, art.StateOf(&v))
//
// The source has one geometry table (see [Find]); drawing, hit testing and the
// tests use it.
package art

import (
	"image"
	"image/color"
	"math"
	"runtime"
	"sync"
)

// compactBox is what the compact face shows: the silver field with LCD, soft
// keys and line keys.
var compactBox = Rect{262, 30, 760, 478}

// ViewBox gives the part of the face that is shown, in units.
func ViewBox(compact bool) Rect {
	if compact {
		return compactBox
	}
	return Rect{0, 0, Width, Height}
}

// Frame is a face of a certain size in pixels.
type Frame struct {
	// Size in pixels.
	Size       image.Point
	Compact    bool
	Background color.RGBA
}

// Fit gives the largest frame of the face's proportions within w x h pixels,
// at least one pixel wide.
func Fit(w, h int, compact bool, background color.RGBA) Frame {
	box := ViewBox(compact)
	k := math.Max(math.Min(float64(w)/box.W, float64(h)/box.H), 1/box.H)
	size := image.Pt(int(math.Round(box.W*k)), int(math.Round(box.H*k)))
	return Frame{Size: size, Compact: compact, Background: background}
}

// Bounds are the frame's pixels, from 0, 0.
func (f Frame) Bounds() image.Rectangle { return image.Rectangle{Max: f.Size} }

// scale is how many pixels a unit has.
func (f Frame) scale() float64 { return float64(f.Size.X) / ViewBox(f.Compact).W }

func (f Frame) matrix() matrix {
	box := ViewBox(f.Compact)
	return translation(-box.X, -box.Y).then(scaling(f.scale()))
}

// Pixels gives the pixels of a box of units: the nearest ones for a control
// that must align, such as the LCD.
func (f Frame) Pixels(r Rect) image.Rectangle {
	m := f.matrix()
	a, b := m.apply(point{r.X, r.Y}), m.apply(point{r.X + r.W, r.Y + r.H})
	round := func(v float64) int { return int(math.Round(v)) }
	return image.Rect(round(a.x), round(a.y), round(b.x), round(b.y))
}

// LCD gives the pixels of the LCD's glass.
func (f Frame) LCD() image.Rectangle { return f.Pixels(lcdBox) }

// PartPixels gives the pixels that the states of a part change. Those of the
// handset reach beyond the frame, for a window that has room beside the face.
func (f Frame) PartPixels(p *Part) image.Rectangle { return f.Pixels(p.Bounds) }

// Units gives the place on the face of a point in pixels.
func (f Frame) Units(x, y float64) (ux, uy float64) {
	p := f.matrix().inverse().apply(point{x, y})
	return p.x, p.y
}

// Draw paints what of the face lies within the picture's bounds, the LCD's
// glass left black. It is opaque.
func (f Frame) Draw(dst *image.RGBA, s State) {
	// The bands are of the same height everywhere, because pixels on the edge
	// of a shape may differ by one step with the size of what is drawn at once.
	const band = 96
	area := dst.Bounds()
	bands := make(chan image.Rectangle, (area.Dy()+band-1)/band)
	for y := area.Min.Y; y < area.Max.Y; y += band {
		bands <- image.Rect(area.Min.X, y, area.Max.X, min(y+band, area.Max.Y))
	}
	close(bands)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(bands)) {
		workers.Go(func() {
			c := newPen(nil, f.matrix())
			for b := range bands {
				c.img = dst.SubImage(b).(*image.RGBA)
				f.drawBand(c, s)
			}
		})
	}
	workers.Wait()
}

func (f Frame) drawBand(c *pen, s State) {
	c.fill(rounded(ViewBox(f.Compact).Grow(Width), 0), solid(f.Background))
	if !f.Compact {
		drawBody(c)
		drawDeck(c)
	}
	list := Parts(f.Compact)
	drawParts(c, list, s, true)
	drawBezel(c)
	drawLCDFrame(c)
	drawParts(c, list, s, false)
}

func drawParts(c *pen, list []*Part, s State, inBase bool) {
	for _, p := range list {
		if p.inBase == inBase && visible(c, p) {
			p.draw(c, p, s.Of(p))
		}
	}
}

// visible tells whether any of the part is in the picture.
func visible(c *pen, p *Part) bool {
	return pixelBox(rounded(p.Bounds, 0).transformed(c.m)).Overlaps(c.img.Bounds())
}

// DrawGlass paints what lies over the LCD's pixels onto a transparent or
// painted picture.
func (f Frame) DrawGlass(dst *image.RGBA) {
	if area := dst.Bounds().Intersect(f.LCD()); !area.Empty() {
		drawGlass(newPen(dst.SubImage(area).(*image.RGBA), f.matrix()))
	}
}
