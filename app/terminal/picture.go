package terminal

import (
	"strings"

	"deskset/phonecore/view"
)

// imagePane shows a service's picture in Braille patterns, two by four pixels a
// character, as large as the pane is wide. What is darker than half is drawn.
func imagePane(s view.Screen, inner int) []line {
	img := s.Image
	if img == nil || img.Width <= 0 || img.Height <= 0 || img.Width > 1024 || img.Height > 1024 || len(img.Pixels) < img.Width*img.Height {
		return textPane(s, inner)
	}
	scale := 1
	for img.Width > (inner-2)*2*scale {
		scale++
	}
	var rows []line
	for y := 0; y < img.Height; y += 4 * scale {
		var b strings.Builder
		for x := 0; x < img.Width; x += 2 * scale {
			b.WriteRune(braille(img, x, y, scale))
		}
		rows = append(rows, plain(" "+b.String()))
	}
	return append(rows, wrapped(s.Text, inner, paneRows)...)
}

// brailleDots are the bits of the dots in U+2800, by row and column.
var brailleDots = [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

func braille(img *view.Image, x, y, scale int) rune {
	sign := rune(0x2800)
	for dy, row := range brailleDots {
		for dx, bit := range row {
			if dark(img, x+dx*scale, y+dy*scale, scale) {
				sign |= bit
			}
		}
	}
	return sign
}

// dark tells whether a square of pixels is, on average, one of the two darker
// greys.
func dark(img *view.Image, x, y, size int) bool {
	sum, n := 0, 0
	for py := y; py < min(y+size, img.Height); py++ {
		for px := x; px < min(x+size, img.Width); px++ {
			sum += int(img.Pixels[py*img.Width+px])
			n++
		}
	}
	return n > 0 && sum*2 >= n*3
}
