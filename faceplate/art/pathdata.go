package art

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parsePath reads SVG path data: M L H V C Q A Z and their relative forms.
func parsePath(data string) (*Path, error) {
	r := &pathReader{fields: splitPath(data)}
	p := &Path{}
	var start point
	for !r.done() {
		cmd, err := r.command()
		if err != nil {
			return nil, err
		}
		rel := cmd >= 'a'
		at := func(i int) point { // the i-th pair of arguments
			pt := point{r.args[2*i], r.args[2*i+1]}
			if rel {
				pt.x, pt.y = pt.x+r.pen.x, pt.y+r.pen.y
			}
			return pt
		}
		next := r.pen
		switch cmd | 0x20 {
		case 'm':
			next = at(0)
			start = next
			p.MoveTo(next.x, next.y)
		case 'l':
			next = at(0)
			p.LineTo(next.x, next.y)
		case 'h', 'v':
			next = r.straight(cmd)
			p.LineTo(next.x, next.y)
		case 'c':
			a, b := at(0), at(1)
			next = at(2)
			p.CubeTo(a.x, a.y, b.x, b.y, next.x, next.y)
		case 'q':
			a := at(0)
			next = at(1)
			p.QuadTo(a.x, a.y, next.x, next.y)
		case 'a':
			next = point{r.args[5], r.args[6]}
			if rel {
				next.x, next.y = next.x+r.pen.x, next.y+r.pen.y
			}
			p.arc(r.pen, next, r.args[0], r.args[3] != 0, r.args[4] != 0)
		case 'z':
			next = start
			p.Close()
		}
		r.pen = next
	}
	return p, nil
}

// arity is how many numbers each command takes.
var arity = map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 'q': 4, 'a': 7, 'z': 0}

type pathReader struct {
	fields []string
	last   byte
	args   []float64
	pen    point
}

func splitPath(data string) []string {
	var b strings.Builder
	for _, c := range data {
		switch {
		case strings.ContainsRune("MLHVCQAZmlhvcqaz", c):
			b.WriteString(" " + string(c) + " ")
		case c == ',':
			b.WriteByte(' ')
		default:
			b.WriteRune(c)
		}
	}
	return strings.Fields(b.String())
}

func (r *pathReader) done() bool { return len(r.fields) == 0 }

func (r *pathReader) command() (byte, error) {
	f := r.fields[0]
	if _, ok := arity[f[0]|0x20]; ok && len(f) == 1 {
		r.last = f[0]
		r.fields = r.fields[1:]
	} else if r.last == 'm' || r.last == 'M' {
		r.last-- // further pairs after a move are lines
	} else if r.last == 0 || r.last|0x20 == 'z' {
		return 0, fmt.Errorf("art: path: %q where a command should be", f)
	}
	n := arity[r.last|0x20]
	if len(r.fields) < n {
		return 0, fmt.Errorf("art: path: %c wants %d numbers, has %d", r.last, n, len(r.fields))
	}
	r.args = r.args[:0]
	for _, f := range r.fields[:n] {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return 0, fmt.Errorf("art: path: %w", err)
		}
		r.args = append(r.args, v)
	}
	r.fields = r.fields[n:]
	return r.last, nil
}

func (r *pathReader) straight(cmd byte) point {
	v := r.args[0]
	switch cmd {
	case 'h':
		return point{r.pen.x + v, r.pen.y}
	case 'v':
		return point{r.pen.x, r.pen.y + v}
	case 'V':
		return point{r.pen.x, v}
	}
	return point{v, r.pen.y}
}

// arc adds a circular arc (SVG implementation notes, F.6.5, with rx = ry).
func (p *Path) arc(from, to point, r float64, large, sweep bool) {
	hx, hy := (to.x-from.x)/2, (to.y-from.y)/2
	half := math.Hypot(hx, hy)
	if half == 0 {
		return
	}
	r = math.Max(r, half)
	h := math.Sqrt(r*r-half*half) / half
	if large == sweep {
		h = -h
	}
	cx, cy := from.x+hx-h*hy, from.y+hy+h*hx
	a0 := math.Atan2(from.y-cy, from.x-cx)
	turn := math.Atan2(to.y-cy, to.x-cx) - a0
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	n := int(math.Ceil(math.Abs(turn) / (math.Pi / 2)))
	step := turn / float64(n)
	k := 4.0 / 3 * math.Tan(step/4) * r
	for i := range n {
		s0, c0 := math.Sincos(a0 + float64(i)*step)
		s1, c1 := math.Sincos(a0 + float64(i+1)*step)
		p.CubeTo(cx+r*c0-k*s0, cy+r*s0+k*c0, cx+r*c1+k*s1, cy+r*s1-k*c1, cx+r*c1, cy+r*s1)
	}
}
