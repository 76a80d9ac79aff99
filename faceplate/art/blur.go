package art

import (
	"image"
	"math"
)

// blurReach is how far in pixels a blur of sigma carries.
func blurReach(sigma float64) int {
	if sigma <= 0 {
		return 0
	}
	return 3*boxRadius(sigma) + 1
}

// boxRadius is that of the box which, run three times, comes close to a
// Gaussian of sigma.
func boxRadius(sigma float64) int {
	return max(int(math.Floor((math.Sqrt(4*sigma*sigma+1)-1)/2+0.5)), 1)
}

// blur softens a mask by about sigma pixels. What lies outside the mask counts
// as empty.
func (c *pen) blur(m *image.Alpha, sigma float64) {
	if sigma <= 0 {
		return
	}
	r := boxRadius(sigma)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	c.line = sized(c.line, w)
	line := c.line
	for y := range h {
		row := m.Pix[y*m.Stride:][:w]
		for range 3 {
			copy(line, row)
			boxLine(row, line, r)
		}
	}
	c.blurColumns(m, r)
}

// boxLine writes the mean of the 2r+1 values round each of src.
func boxLine(dst, src []uint8, r int) {
	n := len(src)
	inv := uint32(1<<24) / uint32(2*r+1)
	var sum uint32
	for i := range min(r, n) {
		sum += uint32(src[i])
	}
	for i := range dst {
		if j := i + r; j < n {
			sum += uint32(src[j])
		}
		dst[i] = uint8((uint64(sum)*uint64(inv) + 1<<23) >> 24)
		if j := i - r; j >= 0 {
			sum -= uint32(src[j])
		}
	}
}

// blurColumns runs the box down all columns at once: row by row is what the
// cache likes.
func (c *pen) blurColumns(m *image.Alpha, r int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	inv := uint32(1<<24) / uint32(2*r+1)
	c.copy, c.sum = sized(c.copy, w*h), sized(c.sum, w)
	src, sum := c.copy, c.sum
	for range 3 {
		for y := range h {
			copy(src[y*w:(y+1)*w], m.Pix[y*m.Stride:])
		}
		clear(sum)
		for y := range min(r, h) {
			addRow(sum, src[y*w:(y+1)*w])
		}
		for y := range h {
			if j := y + r; j < h {
				addRow(sum, src[j*w:(j+1)*w])
			}
			row := m.Pix[y*m.Stride:][:w]
			for x, s := range sum {
				row[x] = uint8((uint64(s)*uint64(inv) + 1<<23) >> 24)
			}
			if j := y - r; j >= 0 {
				subRow(sum, src[j*w:(j+1)*w])
			}
		}
	}
}

func addRow(sum []uint32, row []uint8) {
	for x, v := range row {
		sum[x] += uint32(v)
	}
}

func subRow(sum []uint32, row []uint8) {
	for x, v := range row {
		sum[x] -= uint32(v)
	}
}

// sized gives a slice of n, the old one if it is large enough.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
