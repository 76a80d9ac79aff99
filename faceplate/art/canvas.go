package art

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// pen paints paths given in units onto a picture of pixels. The picture's
// bounds are where it lies on the whole face, in pixels, so that painting a
// part of the face gives the pixels of painting all of it.
type pen struct {
	img *image.RGBA
	m   matrix // units to pixels
	ras vector.Rasterizer
	// clip keeps paint inside an outline; nil lets it go everywhere.
	clip *image.Alpha
	// masks that are free to be used again; large ones are dear to allocate.
	free []*image.Alpha
	// scratch of blur
	line, copy []uint8
	sum        []uint32
}

func newPen(img *image.RGBA, m matrix) *pen { return &pen{img: img, m: m} }

// with runs a painting in another coordinate system, which m maps to the
// present one.
func (c *pen) with(m matrix, paint func()) {
	saved := c.m
	c.m = m.then(c.m)
	paint()
	c.m = saved
}

// clipped runs a painting that stays inside a path.
func (c *pen) clipped(p *Path, paint func()) {
	px := p.transformed(c.m)
	area := pixelBox(px).Intersect(c.img.Bounds())
	if area.Empty() {
		return
	}
	c.clip = c.mask(px, area)
	paint()
	c.release(c.clip)
	c.clip = nil
}

// fill paints the inside of a path.
func (c *pen) fill(p *Path, with paint) {
	c.fillFrame(p, p.box(), with)
}

// fillFrame paints the inside of a path; the gradient spans the given frame.
func (c *pen) fillFrame(p *Path, frame Rect, with paint) {
	px := p.transformed(c.m)
	area := pixelBox(px).Intersect(c.img.Bounds())
	if area.Empty() {
		return
	}
	mask := c.mask(px, area)
	c.compose(mask, area, with.over(frame, c.m))
	c.release(mask)
}

// shadow paints a path blurred by sigma units: a shadow or a glow.
func (c *pen) shadow(p *Path, sigma float64, with paint) {
	px := p.transformed(c.m)
	s := sigma * c.m.scale()
	reach := blurReach(s)
	area := pixelBox(px).Inset(-reach).Intersect(c.img.Bounds())
	if area.Empty() {
		return
	}
	mask := c.mask(px, area.Inset(-reach))
	c.blur(mask, s)
	c.compose(mask, area, with.over(p.box(), c.m))
	c.release(mask)
}

// inner paints within a path, strongest along those of its edges from which
// dx, dy points inwards, fading over sigma units: depth, or light on a rim.
func (c *pen) inner(p *Path, dx, dy, sigma float64, with paint) {
	px := p.transformed(c.m)
	area := pixelBox(px).Intersect(c.img.Bounds())
	if area.Empty() {
		return
	}
	s := sigma * c.m.scale()
	hole := c.mask(p.transformed(translation(dx, dy).then(c.m)), area.Inset(-blurReach(s)))
	c.blur(hole, s)
	mask := c.mask(px, area)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := mask.Pix[mask.PixOffset(area.Min.X, y):][:area.Dx()]
		out := hole.Pix[hole.PixOffset(area.Min.X, y):]
		for x, m := range row {
			row[x] = uint8(uint32(m) * uint32(255-out[x]) / 255)
		}
	}
	c.compose(mask, area, with.over(p.box(), c.m))
	c.release(mask)
	c.release(hole)
}

// pixelBox gives the whole pixels that a path in pixels can touch.
func pixelBox(p *Path) image.Rectangle {
	if len(p.pts) == 0 {
		return image.Rectangle{}
	}
	a, b := p.bounds()
	return image.Rect(int(math.Floor(a.x)), int(math.Floor(a.y)), int(math.Ceil(b.x)), int(math.Ceil(b.y)))
}

// mask gives the coverage of a path in pixels within an area.
func (c *pen) mask(p *Path, area image.Rectangle) *image.Alpha {
	mask := c.blank(area)
	w, h := area.Dx(), area.Dy()
	c.ras.Reset(w, h)
	c.ras.DrawOp = draw.Src
	ox, oy := float64(area.Min.X), float64(area.Min.Y)
	at := func(pt point) (float32, float32) { return float32(pt.x - ox), float32(pt.y - oy) }
	i := 0
	for _, o := range p.ops {
		switch o {
		case opMove:
			c.ras.MoveTo(at(p.pts[i]))
			i++
		case opLine:
			c.ras.LineTo(at(p.pts[i]))
			i++
		case opCube:
			x1, y1 := at(p.pts[i])
			x2, y2 := at(p.pts[i+1])
			x, y := at(p.pts[i+2])
			c.ras.CubeTo(x1, y1, x2, y2, x, y)
			i += 3
		case opClose:
			c.ras.ClosePath()
		}
	}
	c.ras.Draw(mask, area, image.Opaque, image.Point{})
	return mask
}

// blank gives a mask for an area; its content is undefined.
func (c *pen) blank(area image.Rectangle) *image.Alpha {
	n := area.Dx() * area.Dy()
	for i, m := range c.free {
		if cap(m.Pix) >= n {
			c.free = append(c.free[:i], c.free[i+1:]...)
			m.Pix, m.Stride, m.Rect = m.Pix[:n], area.Dx(), area
			return m
		}
	}
	return image.NewAlpha(area)
}

func (c *pen) release(m *image.Alpha) { c.free = append(c.free, m) }

// compose lays a paint over the picture where the mask says.
func (c *pen) compose(mask *image.Alpha, area image.Rectangle, src source) {
	if c.clip != nil {
		area = area.Intersect(c.clip.Rect)
		multiply(mask, c.clip, area)
	}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		cover := mask.Pix[mask.PixOffset(area.Min.X, y):][:area.Dx()]
		dst := c.img.Pix[c.img.PixOffset(area.Min.X, y):][:4*area.Dx()]
		noise := &dither[y&ditherMask]
		col, even := src.row(y)
		for i, m := range cover {
			if m == 0 {
				continue
			}
			x := area.Min.X + i
			if !even {
				col = src.at(x, y)
			}
			// Coverage times opacity, 0 to 255*255; colours are 8.8 fixed
			// point, so that the noise can round them without banding.
			a := uint32(m) * uint32(col.a)
			n := uint32(noise[x&ditherMask])
			d := dst[4*i : 4*i+4 : 4*i+4]
			d[0] = mix(d[0], col.r, a, n)
			d[1] = mix(d[1], col.g, a, n)
			d[2] = mix(d[2], col.b, a, n)
			d[3] = mix(d[3], 255<<8, a, n)
		}
	}
}

// multiply cuts a mask down by another.
func multiply(mask, by *image.Alpha, area image.Rectangle) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := mask.Pix[mask.PixOffset(area.Min.X, y):][:area.Dx()]
		cut := by.Pix[by.PixOffset(area.Min.X, y):]
		for x, m := range row {
			row[x] = uint8(uint32(m) * uint32(cut[x]) / 255)
		}
	}
}

const opaque = 255 * 255

func mix(dst uint8, src uint16, a, noise uint32) uint8 {
	if a == opaque {
		return uint8((uint32(src) + noise) >> 8)
	}
	v := (uint64(src)*uint64(a) + uint64(dst)<<8*uint64(opaque-a)) / opaque
	return uint8((uint32(v) + noise) >> 8)
}

// ditherMask is the size of the dither pattern less one.
const ditherMask = 127

// dither is noise of 0 to 255 parts of a colour step. It is the same on every
// machine, and even colours come through it unchanged.
var dither = func() (d [ditherMask + 1][ditherMask + 1]uint8) {
	for y := range d {
		for x := range d[y] {
			d[y][x] = hash(x, y)
		}
	}
	return d
}()

func hash(x, y int) uint8 {
	n := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA77
	n ^= n >> 15
	n *= 0x2C1B3C6D
	n ^= n >> 12
	n *= 0x297A2D39
	n ^= n >> 15
	return uint8(n >> 24)
}
