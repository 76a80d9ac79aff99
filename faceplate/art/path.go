package art

import "math"

// point is a place in units, or in pixels after a transformation.
type point struct{ x, y float64 }

type op uint8

const (
	opMove op = iota
	opLine
	opCube
	opClose
)

// Path is an outline of lines and cubic curves.
type Path struct {
	ops []op
	pts []point
}

// MoveTo starts a new contour.
func (p *Path) MoveTo(x, y float64) { p.add(opMove, point{x, y}) }

// LineTo adds a straight edge.
func (p *Path) LineTo(x, y float64) { p.add(opLine, point{x, y}) }

// CubeTo adds a cubic curve with control points 1 and 2.
func (p *Path) CubeTo(x1, y1, x2, y2, x, y float64) {
	p.add(opCube, point{x1, y1}, point{x2, y2}, point{x, y})
}

// QuadTo adds a quadratic curve.
func (p *Path) QuadTo(x1, y1, x, y float64) {
	a := p.pen()
	p.CubeTo(a.x+2*(x1-a.x)/3, a.y+2*(y1-a.y)/3, x+2*(x1-x)/3, y+2*(y1-y)/3, x, y)
}

// Close ends a contour.
func (p *Path) Close() { p.add(opClose) }

func (p *Path) add(o op, pts ...point) {
	p.ops = append(p.ops, o)
	p.pts = append(p.pts, pts...)
}

func (p *Path) pen() point {
	if len(p.pts) == 0 {
		return point{}
	}
	return p.pts[len(p.pts)-1]
}

// Append adds the contours of q.
func (p *Path) Append(q *Path) {
	p.ops = append(p.ops, q.ops...)
	p.pts = append(p.pts, q.pts...)
}

// transformed gives the path with every point mapped through m.
func (p *Path) transformed(m matrix) *Path {
	q := &Path{ops: p.ops, pts: make([]point, len(p.pts))}
	for i, pt := range p.pts {
		q.pts[i] = m.apply(pt)
	}
	return q
}

// bounds gives the box of all points; curves lie within it.
func (p *Path) bounds() (min, max point) {
	min = point{math.Inf(1), math.Inf(1)}
	max = point{math.Inf(-1), math.Inf(-1)}
	for _, pt := range p.pts {
		min.x, min.y = math.Min(min.x, pt.x), math.Min(min.y, pt.y)
		max.x, max.y = math.Max(max.x, pt.x), math.Max(max.y, pt.y)
	}
	return min, max
}

func (p *Path) box() Rect {
	a, b := p.bounds()
	return Rect{a.x, a.y, b.x - a.x, b.y - a.y}
}

// kappa places the control points of a quarter circle.
const kappa = 0.5522847498

// rounded is a box with corners of radius r.
func rounded(b Rect, r float64) *Path {
	r = math.Min(r, math.Min(b.W, b.H)/2)
	k := r * (1 - kappa)
	x0, y0, x1, y1 := b.X, b.Y, b.X+b.W, b.Y+b.H
	p := &Path{}
	p.MoveTo(x0+r, y0)
	p.LineTo(x1-r, y0)
	p.CubeTo(x1-k, y0, x1, y0+k, x1, y0+r)
	p.LineTo(x1, y1-r)
	p.CubeTo(x1, y1-k, x1-k, y1, x1-r, y1)
	p.LineTo(x0+r, y1)
	p.CubeTo(x0+k, y1, x0, y1-k, x0, y1-r)
	p.LineTo(x0, y0+r)
	p.CubeTo(x0, y0+k, x0+k, y0, x0+r, y0)
	p.Close()
	return p
}

func circle(x, y, r float64) *Path { return rounded(Rect{x - r, y - r, 2 * r, 2 * r}, r) }

// ring is the outline of a rounded box, w thick, its outer edge on b.
func ring(b Rect, r, w float64) *Path {
	p := rounded(b, r)
	p.Append(rounded(b.Grow(-w), math.Max(r-w, 0)).reversed())
	return p
}

// reversed runs every contour the other way round, which cuts it out of one
// that encloses it. Each contour must be closed.
func (p *Path) reversed() *Path {
	q := &Path{}
	for _, line := range p.flatten() {
		for i := len(line) - 1; i >= 0; i-- {
			if i == len(line)-1 {
				q.MoveTo(line[i].x, line[i].y)
			} else {
				q.LineTo(line[i].x, line[i].y)
			}
		}
		q.Close()
	}
	return q
}

// curveSteps is how many straight pieces stand for one curve where a curve
// must be flattened; symbols are small, so it is ample at 2,560 pixels.
const curveSteps = 20

// flatten gives each contour as a line of points, closed ones with their
// first point repeated.
func (p *Path) flatten() [][]point {
	var lines [][]point
	var line []point
	i := 0
	end := func() {
		if len(line) > 0 {
			lines = append(lines, line)
		}
		line = nil
	}
	for _, o := range p.ops {
		switch o {
		case opMove:
			end()
			line = []point{p.pts[i]}
			i++
		case opLine:
			line = append(line, p.pts[i])
			i++
		case opCube:
			a := line[len(line)-1]
			for s := 1; s <= curveSteps; s++ {
				line = append(line, cubeAt(a, p.pts[i], p.pts[i+1], p.pts[i+2], float64(s)/curveSteps))
			}
			i += 3
		case opClose:
			if line[0] != line[len(line)-1] {
				line = append(line, line[0])
			}
			end()
		}
	}
	end()
	return lines
}

func cubeAt(a, b, c, d point, t float64) point {
	u := 1 - t
	f0, f1, f2, f3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return point{f0*a.x + f1*b.x + f2*c.x + f3*d.x, f0*a.y + f1*b.y + f2*c.y + f3*d.y}
}

// stroked gives the outline of a pen of width w with a round tip drawn along
// the path. All pieces turn the same way, so where they overlap they unite.
func (p *Path) stroked(w float64) *Path {
	q := &Path{}
	for _, line := range p.flatten() {
		for i, a := range line {
			q.Append(circle(a.x, a.y, w/2))
			if i > 0 {
				q.bar(line[i-1], a, w/2)
			}
		}
	}
	return q
}

func (p *Path) bar(a, b point, h float64) {
	dx, dy := b.x-a.x, b.y-a.y
	n := math.Hypot(dx, dy)
	if n == 0 {
		return
	}
	ox, oy := dy/n*h, -dx/n*h
	p.MoveTo(a.x+ox, a.y+oy)
	p.LineTo(b.x+ox, b.y+oy)
	p.LineTo(b.x-ox, b.y-oy)
	p.LineTo(a.x-ox, a.y-oy)
	p.Close()
}

// matrix maps (x, y) to (a*x + c*y + e, b*x + d*y + f).
type matrix struct{ a, b, c, d, e, f float64 }

func scaling(s float64) matrix          { return matrix{a: s, d: s} }
func translation(dx, dy float64) matrix { return matrix{a: 1, d: 1, e: dx, f: dy} }
func (m matrix) apply(p point) point    { return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f} }
func (m matrix) scale() float64         { return math.Hypot(m.a, m.b) }
func rotation(degrees float64) matrix {
	s, c := math.Sincos(degrees * math.Pi / 180)
	return matrix{c, s, -s, c, 0, 0}
}

// then gives the map that applies m first and n after it.
func (m matrix) then(n matrix) matrix {
	o := n.apply(point{m.e, m.f})
	return matrix{
		n.a*m.a + n.c*m.b, n.b*m.a + n.d*m.b,
		n.a*m.c + n.c*m.d, n.b*m.c + n.d*m.d,
		o.x, o.y,
	}
}

func (m matrix) inverse() matrix {
	det := m.a*m.d - m.b*m.c
	return matrix{
		m.d / det, -m.b / det, -m.c / det, m.a / det,
		(m.c*m.f - m.d*m.e) / det, (m.b*m.e - m.a*m.f) / det,
	}
}
