package faceplate

import (
	"testing"

	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// BenchmarkShowDigit is the face's share of press-to-redraw: a dialled digit
// appears on the LCD.
func BenchmarkShowDigit(b *testing.B) {
	for _, width := range []float32{480, 800, 1060, 2120} {
		b.Run(label(width), func(b *testing.B) {
			w := newBench(b, width, Options{})
			views := [2]view.View{idleView(), idleView()}
			views[1].Screen.Rows = append([]view.Row{{Text: "5550199", Style: view.StyleLarge}}, views[1].Screen.Rows[1:]...)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				w.Show(views[i&1])
			}
		})
	}
}

// BenchmarkShowSame is what a view costs in which nothing changed.
func BenchmarkShowSame(b *testing.B) {
	w := newBench(b, 1060, Options{})
	v := idleView()
	b.ReportAllocs()
	for b.Loop() {
		w.Show(v)
	}
}

// BenchmarkHover is a key lighting up and going out under the pointer.
func BenchmarkHover(b *testing.B) {
	w := newBench(b, 1060, Options{})
	c, e := w.under(w.position(art.ForKey(view.Key5).Centre()))
	b.ReportAllocs()
	for b.Loop() {
		c.MouseIn(e)
		c.MouseOut()
	}
}

func label(width float32) string {
	switch width {
	case 480:
		return "480"
	case 800:
		return "800"
	case 1060:
		return "1060"
	}
	return "2120"
}
