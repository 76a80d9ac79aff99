package art

import (
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"strconv"

	"deskset/assets/face"
)

// shade is a colour of 8.8 fixed point with an opacity of 0 to 255.
type shade struct {
	r, g, b uint16
	a       uint8
}

// paint is a flat colour or a gradient, before it is laid on a shape.
type paint struct {
	// ramp has one entry for a flat colour, rampSize for a gradient.
	ramp []shade
	// Ends of a linear gradient, in fractions of the painted box.
	x1, y1, x2, y2 float64
	// Centre and radius of a radial gradient, likewise; radius 0 is linear.
	cx, cy, radius float64
	// grain roughens the colour by up to this many steps: moulded plastic.
	grain int
}

const rampSize = 512

// source is a paint laid on a shape: a colour for each pixel.
type source struct {
	paint
	// position along the ramp: kx*x + ky*y + k0, linear
	kx, ky, k0 float64
	// pixel to fractions of the box, radial
	m matrix
}

// over lays the paint on a box of units, which m maps to pixels.
func (p paint) over(box Rect, m matrix) source {
	s := source{paint: p}
	if len(p.ramp) == 1 {
		return s
	}
	// Pixels to fractions of the box.
	s.m = m.inverse().then(matrix{a: 1 / box.W, d: 1 / box.H, e: -box.X / box.W, f: -box.Y / box.H})
	if p.radius == 0 {
		dx, dy := p.x2-p.x1, p.y2-p.y1
		n := dx*dx + dy*dy
		s.kx = (s.m.a*dx + s.m.b*dy) / n * rampSize
		s.ky = (s.m.c*dx + s.m.d*dy) / n * rampSize
		s.k0 = ((s.m.e-p.x1)*dx + (s.m.f-p.y1)*dy) / n * rampSize
	}
	return s
}

// row gives the colour of a whole row of pixels; even is false when it has more
// than one.
func (s *source) row(y int) (c shade, even bool) {
	switch {
	case s.grain != 0 || s.radius != 0 || s.kx != 0:
		return shade{}, false
	case len(s.ramp) == 1:
		return s.ramp[0], true
	}
	return s.at(0, y), true
}

func (s *source) at(x, y int) shade {
	if len(s.ramp) == 1 {
		return s.rough(s.ramp[0], x, y)
	}
	px, py := float64(x)+0.5, float64(y)+0.5
	var t float64
	if s.radius == 0 {
		t = s.kx*px + s.ky*py + s.k0
	} else {
		f := s.m.apply(point{px, py})
		t = math.Hypot(f.x-s.cx, f.y-s.cy) / s.radius * rampSize
	}
	return s.rough(s.ramp[min(max(int(t), 0), rampSize-1)], x, y)
}

// rough adds the grain to a colour.
func (s *source) rough(c shade, x, y int) shade {
	if s.grain == 0 {
		return c
	}
	n := (int(dither[y&ditherMask][x&ditherMask]) + int(dither[(x+29)&ditherMask][(y+53)&ditherMask]) - 255) * s.grain
	c.r, c.g, c.b = nudge(c.r, n), nudge(c.g, n), nudge(c.b, n)
	return c
}

func nudge(v uint16, n int) uint16 { return uint16(min(max(int(v)+n, 0), 255<<8)) }

// flat is a plain colour "#rrggbb" with an opacity of 0 to 1.
func flat(hex string, opacity float64) paint {
	c, err := parseHex(hex)
	if err != nil {
		panic(err)
	}
	return paint{ramp: []shade{newShade(c, opacity)}}
}

// solid is a plain opaque colour.
func solid(c color.RGBA) paint { return paint{ramp: []shade{newShade(c, 1)}} }

func newShade(c color.RGBA, opacity float64) shade {
	return shade{uint16(c.R) << 8, uint16(c.G) << 8, uint16(c.B) << 8, uint8(math.Round(opacity * 255))}
}

func parseHex(s string) (color.RGBA, error) {
	v, err := strconv.ParseUint(s[1:], 16, 24)
	if err != nil || len(s) != 7 {
		return color.RGBA{}, fmt.Errorf("art: colour %q: want #rrggbb", s)
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}, nil
}

// paints are the gradients of assets/face/paints.json.
var paints = mustLoadPaints(face.Paints)

// named gives a gradient by its name; a wrong name is a mistake of ours, found
// by the first test that draws.
func named(name string) paint {
	p, ok := paints[name]
	if !ok {
		panic("art: no paint is named " + name)
	}
	return p
}

type stop struct {
	At      float64
	Colour  string
	Opacity *float64
}

func mustLoadPaints(data []byte) map[string]paint {
	var file map[string]struct {
		Line   [4]float64 // x1 y1 x2 y2
		Circle [3]float64 // cx cy radius
		Grain  int
		Stops  []stop
	}
	if err := json.Unmarshal(data, &file); err != nil {
		panic(fmt.Sprintf("art: paints.json: %v", err))
	}
	out := make(map[string]paint, len(file))
	for name, g := range file {
		p := paint{x1: g.Line[0], y1: g.Line[1], x2: g.Line[2], y2: g.Line[3],
			cx: g.Circle[0], cy: g.Circle[1], radius: g.Circle[2], grain: g.Grain}
		p.ramp = makeRamp(name, g.Stops)
		out[name] = p
	}
	return out
}

func makeRamp(name string, stops []stop) []shade {
	type key struct{ at, r, g, b, a float64 }
	keys := make([]key, len(stops))
	for i, s := range stops {
		c, err := parseHex(s.Colour)
		if err != nil {
			panic(fmt.Sprintf("art: paints.json: %s: %v", name, err))
		}
		keys[i] = key{s.At, float64(c.R), float64(c.G), float64(c.B), 1}
		if s.Opacity != nil {
			keys[i].a = *s.Opacity
		}
	}
	ramp := make([]shade, rampSize)
	k := 0
	for i := range ramp {
		t := (float64(i) + 0.5) / rampSize
		for k+2 < len(keys) && t > keys[k+1].at {
			k++
		}
		a, b := keys[k], keys[k+1]
		f := min(max((t-a.at)/(b.at-a.at), 0), 1)
		lerp := func(p, q float64) uint16 { return uint16(math.Round((p + (q-p)*f) * 256)) }
		ramp[i] = shade{min(lerp(a.r, b.r), 255<<8), min(lerp(a.g, b.g), 255<<8), min(lerp(a.b, b.b), 255<<8),
			uint8(math.Round((a.a + (b.a-a.a)*f) * 255))}
	}
	return ramp
}
