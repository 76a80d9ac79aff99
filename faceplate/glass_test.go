package faceplate

import (
	"image"
	"testing"

	"deskset/faceplate/lcd"
)

func TestWholeMultiplesKeepPixelsCrisp(t *testing.T) {
	v := idleView()
	for _, k := range []int{1, 2, 3, 4} {
		g := newGlass()
		g.update(&v)
		g.resize(image.Pt(k*lcd.Width, k*lcd.Height))
		want := image.NewRGBA(g.img.Rect)
		lcd.Paint(want, &g.bitmap, k, v.Contrast)
		for i, b := range want.Pix {
			if g.img.Pix[i] != b {
				t.Fatalf("x%d: byte %d is %d, want %d", k, i, g.img.Pix[i], b)
			}
		}
	}
}

func TestStretchedPixelsKeepTheirPlaceAndShade(t *testing.T) {
	v := idleView()
	for _, size := range []image.Point{{239, 141}, {398, 235}, {660, 390}, {1275, 753}, {1, 1}} {
		g := newGlass()
		g.update(&v)
		g.resize(size)
		if g.img.Rect.Size() != size {
			t.Fatalf("%v, want %v", g.img.Rect, size)
		}
		// As much ink as on the bitmap, within one step.
		bitmap := newGlass()
		bitmap.update(&v)
		bitmap.resize(image.Pt(lcd.Width, lcd.Height))
		if a, b := mean(g.img), mean(bitmap.img); size.X > 100 && (a-b > 1.5 || b-a > 1.5) {
			t.Errorf("%v: mean green %.1f, bitmap %.1f", size, a, b)
		}
	}
}

func mean(img *image.RGBA) float64 {
	var sum float64
	for i := 1; i < len(img.Pix); i += 4 {
		sum += float64(img.Pix[i])
	}
	return sum / float64(len(img.Pix)/4)
}

func TestSpansShareAllPixels(t *testing.T) {
	for _, m := range []int{1, 100, 239, 264, 300, 528, 1000} {
		covered := 0
		for _, s := range spans(264, m) {
			var sum uint32
			for _, w := range s.weight {
				sum += w
			}
			if sum != 256 {
				t.Fatalf("%d: weights add up to %d", m, sum)
			}
			covered = max(covered, s.first+len(s.weight))
		}
		if covered != 264 {
			t.Errorf("%d: %d of 264 pixels shown", m, covered)
		}
	}
}

func TestTheMarginOfTheGlassHasItsColour(t *testing.T) {
	v := idleView()
	g := newGlass()
	g.update(&v)
	g.resize(image.Pt(2*lcd.Width+8, 2*lcd.Height+5))
	want := lcd.Palette(v.Contrast)[0]
	for _, at := range []image.Point{{0, 0}, {2*lcd.Width + 7, 2*lcd.Height + 4}} {
		if got := g.img.RGBAAt(at.X, at.Y); got != want {
			t.Errorf("%v is %v, want %v", at, got, want)
		}
	}
}
