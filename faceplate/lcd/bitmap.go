package lcd

import "image"

// Width and Height are the size of the glass in pixels. No source gives the
// instrument's own figure; see design/faceplate.md.
const (
	Width  = 264
	Height = 156
)

// The four greys of the glass.
const (
	greyNone uint8 = iota // background
	greyLight
	greyDark
	greyFull
)

// Bitmap is what the glass shows: Width*Height greys, row by row, 0 for the
// background and 3 for the darkest. The zero value is an empty glass.
type Bitmap struct {
	Pix [Width * Height]uint8
}

var glass = image.Rect(0, 0, Width, Height)

// fill sets every pixel of a box.
func (b *Bitmap) fill(box image.Rectangle, grey uint8) {
	box = box.Intersect(glass)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := b.Pix[y*Width+box.Min.X : y*Width+box.Max.X]
		for i := range row {
			row[i] = grey
		}
	}
}

// fillRound is fill with the four corner pixels left out.
func (b *Bitmap) fillRound(box image.Rectangle, grey uint8) {
	if box.Dx() < 3 || box.Dy() < 3 {
		b.fill(box, grey)
		return
	}
	b.fill(image.Rect(box.Min.X+1, box.Min.Y, box.Max.X-1, box.Max.Y), grey)
	b.fill(image.Rect(box.Min.X, box.Min.Y+1, box.Min.X+1, box.Max.Y-1), grey)
	b.fill(image.Rect(box.Max.X-1, box.Min.Y+1, box.Max.X, box.Max.Y-1), grey)
}

// frame draws the edge of a box, one pixel wide, without its corner pixels.
func (b *Bitmap) frame(box image.Rectangle, grey uint8) {
	b.fill(image.Rect(box.Min.X+1, box.Min.Y, box.Max.X-1, box.Min.Y+1), grey)
	b.fill(image.Rect(box.Min.X+1, box.Max.Y-1, box.Max.X-1, box.Max.Y), grey)
	b.fill(image.Rect(box.Min.X, box.Min.Y+1, box.Min.X+1, box.Max.Y-1), grey)
	b.fill(image.Rect(box.Max.X-1, box.Min.Y+1, box.Max.X, box.Max.Y-1), grey)
}

// stamp draws a one-bit picture, rows padded to bytes, its upper left pixel at
// x, y. Pixels outside of clip are left as they are.
func (b *Bitmap) stamp(clip image.Rectangle, x, y, width, height int, bits string, grey uint8) {
	clip = clip.Intersect(glass)
	stride := (width + 7) / 8
	for row := max(0, clip.Min.Y-y); row < min(height, clip.Max.Y-y); row++ {
		line := bits[row*stride : (row+1)*stride]
		out := (y + row) * Width
		for col := max(0, clip.Min.X-x); col < min(width, clip.Max.X-x); col++ {
			if line[col>>3]&(0x80>>(col&7)) != 0 {
				b.Pix[out+x+col] = grey
			}
		}
	}
}
