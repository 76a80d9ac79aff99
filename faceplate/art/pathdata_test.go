package art

import (
	"math"
	"testing"
)

func TestPathDataOfEachCommand(t *testing.T) {
	for _, c := range []struct {
		data string
		box  Rect
	}{
		{"M1 2 L5 2 5 8 Z", Rect{1, 2, 4, 6}},
		{"m1 2 l4 0 0 6 z", Rect{1, 2, 4, 6}},
		{"M1,2 H5 V8 h-4 z", Rect{1, 2, 4, 6}},
		{"M0 0 C0 10 10 10 10 0", Rect{0, 0, 10, 10}},
		{"M10 0 A10 10 0 1 1 -10 0 A10 10 0 1 1 10 0 Z", Rect{-10, -10, 20, 20}},
		{"M0 0 a5 5 0 0 1 10 0", Rect{0, -5, 10, 5}},
		{"M0 0 a5 5 0 0 0 10 0", Rect{0, 0, 10, 5}},
	} {
		p, err := parsePath(c.data)
		if err != nil {
			t.Errorf("%s: %v", c.data, err)
			continue
		}
		b := p.box()
		if math.Abs(b.X-c.box.X)+math.Abs(b.Y-c.box.Y)+math.Abs(b.W-c.box.W)+math.Abs(b.H-c.box.H) > 1e-6 {
			t.Errorf("%s covers %v, want %v", c.data, b, c.box)
		}
	}
}

func TestBadPathDataIsRefused(t *testing.T) {
	for _, data := range []string{"1 2", "M1", "M1 x", "M0 0 Z 5", "M0 0 C1 2 3"} {
		if _, err := parsePath(data); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
}
