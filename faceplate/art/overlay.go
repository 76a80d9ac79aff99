package art

import (
	"image"
	"image/color"
	"math"
)

// Hint draws a tool tip at a scale in pixels per device-independent pixel: a
// word, and the short cut behind it if there is one.
func Hint(label, shortCut string, scale float64) *image.RGBA {
	const size, pad, height = 13, 10, 28
	w := medium.width(label, size) + 2*pad
	keyW := 0.0
	if shortCut != "" {
		keyW = bold.width(shortCut, 12) + 12
		w += keyW + 8
	}
	img := image.NewRGBA(image.Rect(0, 0, int(math.Ceil((w+8)*scale)), int(math.Ceil((height+10)*scale))))
	c := newPen(img, translation(4, 3).then(scaling(scale)))
	box := Rect{0, 0, w, height}
	c.shadow(rounded(box.Shift(0, 2), 7), 1.6, flat("#000000", 0.45))
	c.fill(rounded(box, 7), flat("#202428", 0.97))
	c.fill(ring(box, 7, 1), flat("#ffffff", 0.16))
	c.fill(medium.text(label, size, pad, 18.5, atStart), flat("#eef1f3", 1))
	if shortCut != "" {
		drawKeyName(c, Rect{w - keyW - pad + 3, 5, keyW, 18}, shortCut)
	}
	return img
}

// drawKeyName draws the name of a key of the keyboard as a small keycap.
func drawKeyName(c *pen, box Rect, name string) {
	c.fill(rounded(box, 4), flat("#4c545c", 1))
	c.fill(ring(box, 4, 1), flat("#ffffff", 0.2))
	x, y := box.Centre()
	c.fill(bold.text(name, 12, x, y+4.3, atMiddle), flat("#ffffff", 1))
}

// HelpLine is one line of the short-cut overlay.
type HelpLine struct{ Keys, What string }

// Help draws the overlay of short cuts over a window of w x h pixels, in two
// columns, made smaller where the window is.
func Help(title string, lines []HelpLine, w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	rows := (len(lines) + 1) / 2
	const colWidth, rowHeight, margin = 330, 27, 28
	box := Rect{0, 0, 2*colWidth + 3*margin, float64(rows)*rowHeight + 96}
	k := math.Min(math.Min(float64(w)/(box.W+40), float64(h)/(box.H+40)), math.Max(1, float64(w)/Width))
	dx, dy := (float64(w)/k-box.W)/2, (float64(h)/k-box.H)/2
	c := newPen(img, translation(dx, dy).then(scaling(k)))
	c.fill(rounded(Rect{-dx - 1, -dy - 1, float64(w)/k + 2, float64(h)/k + 2}, 0), flat("#0b0d0f", 0.55))
	c.shadow(rounded(box.Shift(0, 6), 16), 9, flat("#000000", 0.6))
	c.fill(rounded(box, 16), flat("#202428", 0.97))
	c.fill(ring(box, 16, 1.2), flat("#ffffff", 0.18))
	c.fill(bold.text(title, 20, margin, 42, atStart), flat("#ffffff", 1))
	for i, l := range lines {
		x := float64(margin + (i/rows)*(colWidth+margin))
		y := 64 + float64(i%rows)*rowHeight
		kw := bold.width(l.Keys, 12) + 14
		drawKeyName(c, Rect{x, y, kw, 19}, l.Keys)
		c.fill(medium.text(l.What, 14, x+128, y+14.5, atStart), flat("#dfe4e8", 1))
	}
	return img
}

// IconSize is the size of assets/icon.png.
const IconSize = 512

// Icon draws the program's icon, size x size pixels: a handset on a dark tile
// with the lamp lit.
func Icon(size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	c := newPen(img, scaling(float64(size)/512))
	tile := Rect{28, 24, 456, 456}
	c.shadow(rounded(tile.Shift(0, 10), 104), 9, flat("#000000", 0.45))
	c.fill(rounded(tile, 104), named("body.rim"))
	top := rounded(Rect{31, 29, 450, 450}, 101)
	c.fill(top, named("icon.back"))
	c.inner(top, 2, 5, 4, flat("#ffffff", 0.3))
	c.inner(top, -2, -7, 6, flat("#000000", 0.35))
	glass := Rect{226, 92, 210, 132}
	c.fill(rounded(glass.Grow(15).Shift(0, 3), 26), flat("#ffffff", 0.35))
	c.fill(rounded(glass.Grow(14), 25), flat("#101214", 1))
	c.fill(rounded(glass, 12), solid(color.RGBA{0xb3, 0xc0, 0xa4, 255}))
	c.inner(rounded(glass, 12), 4, 9, 5, flat("#000000", 0.35))
	for i, w := range []float64{150, 108, 128} {
		c.fill(rounded(Rect{246, 116 + 32*float64(i), w, 15}, 7.5), flat("#2a3426", 1))
	}
	drawIconKeys(c)
	c.with(translation(-144, -418).then(scaling(0.55)).then(rotation(0)).then(translation(133, 252)), func() {
		outline := shape("handset")
		c.shadow(outline.transformed(translation(10, 18)), 12, flat("#000000", 0.8))
		drawHandset(c, outline, State{Lit: 1})
	})
	return img
}

func drawIconKeys(c *pen) {
	for row := range 3 {
		for col := range 3 {
			box := Rect{220 + 78*float64(col), 272 + 62*float64(row), 64, 44}
			key := rounded(box, 16)
			c.shadow(rounded(box.Shift(0, 6), 16), 4, flat("#000000", 0.7))
			drawCapBody(c, key, named("cap.light"), State{})
		}
	}
}
