package lcd

import (
	"image"
	"image/color"
	"image/png"
	"io"
)

// MaxContrast is the darkest setting of the contrast; 0 is the palest.
const MaxContrast = 20

// Palette gives the four colours of the glass at a contrast of 0 to
// MaxContrast; values outside are taken as the nearest.
func Palette(contrast int) [4]color.RGBA {
	return [4]color.RGBA{
		{0xb3, 0xc0, 0xa4, 255}, {0x84, 0x8f, 0x78, 255},
		{0x54, 0x5e, 0x4c, 255}, {0x1e, 0x26, 0x1c, 255},
	}
}

// Paint draws b into the upper left of dst, each pixel of the glass as a
// square of scale x scale. What does not fit into dst is cut off.
func Paint(dst *image.RGBA, b *Bitmap, scale int, contrast int) {
	colours := Palette(contrast)
	area := dst.Rect.Intersect(image.Rect(0, 0, Width*scale, Height*scale).Add(dst.Rect.Min))
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			px := b.Pix[(y-dst.Rect.Min.Y)/scale*Width+(x-dst.Rect.Min.X)/scale]
			dst.SetRGBA(x, y, colours[px&3])
		}
	}
}

// Image makes a new picture of b; see [Paint].
func Image(b *Bitmap, scale, contrast int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, Width*scale, Height*scale))
	Paint(dst, b, scale, contrast)
	return dst
}

// WritePNG writes a picture of b as PNG; see [Paint].
func WritePNG(w io.Writer, b *Bitmap, scale, contrast int) error {
	return png.Encode(w, Image(b, scale, contrast))
}
