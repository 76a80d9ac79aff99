package art

import (
	"encoding/json"
	"fmt"
	"strings"

	"deskset/assets/face"
	"deskset/phonecore/view"
)

// Rect is a box in units of the face.
type Rect struct{ X, Y, W, H float64 }

// Centre gives the middle of the box.
func (r Rect) Centre() (x, y float64) { return r.X + r.W/2, r.Y + r.H/2 }

// Grow gives the box made larger by d on every side.
func (r Rect) Grow(d float64) Rect { return Rect{r.X - d, r.Y - d, r.W + 2*d, r.H + 2*d} }

// Shift gives the box moved by dx, dy.
func (r Rect) Shift(dx, dy float64) Rect { return Rect{r.X + dx, r.Y + dy, r.W, r.H} }

// Contains tells whether a point is in the box; the right and lower edges are
// outside.
func (r Rect) Contains(x, y float64) bool {
	return x >= r.X && y >= r.Y && x < r.X+r.W && y < r.Y+r.H
}

// Control is one entry of the geometry table: a key, a lamp, a rocker or the
// LCD.
type Control struct {
	Name string
	Rect
	// R is the corner radius.
	R float64
	// Key is what the control presses, KeyNone for lamps, rockers (whose
	// halves press) and the LCD.
	Key view.Key
	// Body is the rounded outline the control belongs to: its own, or its
	// rocker's for half a rocker.
	Body *Control
}

// Hit tells whether a point in units is on the control: inside its box and
// inside its rounded outline.
func (c *Control) Hit(x, y float64) bool {
	return c.Contains(x, y) && c.Body.inRounded(x, y)
}

func (c *Control) inRounded(x, y float64) bool {
	if !c.Contains(x, y) {
		return false
	}
	dx := max(c.X+c.R-x, x-(c.X+c.W-c.R), 0)
	dy := max(c.Y+c.R-y, y-(c.Y+c.H-c.R), 0)
	return dx*dx+dy*dy <= c.R*c.R
}

// Width and Height of the whole face in units.
const (
	Width  = 1060
	Height = 840
)

// table is the one geometry table: drawing, hit testing and tests use it.
var table = mustLoadGeometry(face.Geometry)

func mustLoadGeometry(data []byte) map[string]*Control {
	var file struct {
		Width, Height float64
		Controls      map[string]struct{ X, Y, W, H, R float64 }
	}
	if err := json.Unmarshal(data, &file); err != nil {
		panic(fmt.Sprintf("art: geometry.json: %v", err))
	}
	if file.Width != Width || file.Height != Height {
		panic("art: geometry.json is not for a face of 1060 x 840")
	}
	controls := make(map[string]*Control, len(file.Controls))
	for name, g := range file.Controls {
		key, _ := view.ParseKey(name) // lamps and the LCD are no keys
		controls[name] = &Control{Name: name, Rect: Rect{g.X, g.Y, g.W, g.H}, R: g.R, Key: key}
	}
	for name, c := range controls {
		c.Body = c
		if rocker, _, half := strings.Cut(name, "."); half && controls[rocker] != nil {
			c.Body = controls[rocker]
		}
	}
	for _, k := range view.Keys() {
		if controls[k.String()] == nil {
			panic(fmt.Sprintf("art: geometry.json has no place for key %q", k))
		}
	}
	return controls
}

// Find gives a control by its name, nil for an unknown name.
func Find(name string) *Control { return table[name] }

// ForKey gives the control that presses a key, nil for KeyNone.
func ForKey(k view.Key) *Control { return table[k.String()] }

// KeyAt gives the key at a point in units, KeyNone where there is none.
func KeyAt(x, y float64) view.Key {
	for _, k := range view.Keys() {
		if ForKey(k).Hit(x, y) {
			return k
		}
	}
	return view.KeyNone
}
