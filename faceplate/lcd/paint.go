package lcd

import (
	"image"
	"image/color"
	"image/png"
	"io"
)

// MaxContrast is the darkest setting of the contrast; 0 is the palest.
const MaxContrast = 20

// The colours of the glass: without backlight, dark green on grey green.
var (
	glassColour = [3]int{0xb5, 0xc3, 0xa6}
	inkColour   = [3]int{0x17, 0x1f, 0x16}
)

// In thousandths: how dark full ink is at contrast 0, from which contrast on
// it is all there, from which on the glass itself darkens, and how much it has
// darkened at MaxContrast.
const (
	palestInk     = 250
	fullInkAt     = 10
	glassDarkFrom = 8
	darkestGlass  = 280
)

// Palette gives the four colours of the glass at a contrast of 0 to
// MaxContrast; values outside are taken as the nearest.
func Palette(contrast int) (colours [4]color.RGBA) {
	contrast = max(0, min(contrast, MaxContrast))
	ink := palestInk + (1000-palestInk)*min(contrast, fullInkAt)/fullInkAt
	haze := darkestGlass * max(0, contrast-glassDarkFrom) / (MaxContrast - glassDarkFrom)
	for level := range colours {
		dark := haze + (1000-haze)*ink*level/3000
		mix := func(i int) uint8 {
			return uint8(glassColour[i] + (inkColour[i]-glassColour[i])*dark/1000)
		}
		colours[level] = color.RGBA{R: mix(0), G: mix(1), B: mix(2), A: 0xff}
	}
	return colours
}

// Paint draws b into the upper left of dst, each pixel of the glass as a
// square of scale x scale. What does not fit into dst is cut off; a scale
// below 1 draws nothing.
func Paint(dst *image.RGBA, b *Bitmap, scale int, contrast int) {
	if scale < 1 || dst.Rect.Empty() {
		return
	}
	colours := Palette(contrast)
	rows := min(Height*scale, dst.Rect.Dy())
	bytes := 4 * min(Width*scale, dst.Rect.Dx())
	for y := 0; y < rows; y++ {
		line := dst.Pix[y*dst.Stride : y*dst.Stride+bytes]
		if y%scale != 0 {
			copy(line, dst.Pix[(y-1)*dst.Stride:])
			continue
		}
		paintLine(line, b.Pix[y/scale*Width:(y/scale+1)*Width], scale, &colours)
	}
}

func paintLine(line, greys []uint8, scale int, colours *[4]color.RGBA) {
	for _, grey := range greys {
		c := colours[grey&3]
		for range scale {
			if len(line) < 4 {
				return
			}
			line[0], line[1], line[2], line[3] = c.R, c.G, c.B, c.A
			line = line[4:]
		}
	}
}

// Image makes a new picture of b; see [Paint].
func Image(b *Bitmap, scale, contrast int) *image.RGBA {
	scale = max(1, scale)
	dst := image.NewRGBA(image.Rect(0, 0, Width*scale, Height*scale))
	Paint(dst, b, scale, contrast)
	return dst
}

// WritePNG writes a picture of b as PNG; see [Paint].
func WritePNG(w io.Writer, b *Bitmap, scale, contrast int) error {
	return png.Encode(w, Image(b, scale, contrast))
}
