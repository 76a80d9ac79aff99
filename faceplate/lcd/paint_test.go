package lcd_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"

	"deskset/faceplate/lcd"
	"deskset/faceplate/lcd/samples"
)

func drawn(name string) *lcd.Bitmap {
	v, _ := samples.Get(name)
	var b lcd.Bitmap
	lcd.New().Draw(&b, &v)
	return &b
}

func TestPaintMakesSquaresOfWholePixels(t *testing.T) {
	b := drawn("image")
	for scale := 1; scale <= 4; scale++ {
		colours := lcd.Palette(10)
		img := lcd.Image(b, scale, 10)
		if img.Rect != image.Rect(0, 0, lcd.Width*scale, lcd.Height*scale) {
			t.Fatalf("scale %d: size %v", scale, img.Rect)
		}
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if got, want := img.RGBAAt(x, y), colours[b.Pix[y/scale*lcd.Width+x/scale]]; got != want {
					t.Fatalf("scale %d at %d,%d: %v, want %v", scale, x, y, got, want)
				}
			}
		}
	}
}

func TestPaintStaysWithinItsPicture(t *testing.T) {
	b := drawn("idle")
	mark := color.RGBA{R: 255, A: 255}
	for _, box := range []image.Rectangle{image.Rect(5, 7, 5, 7), image.Rect(5, 7, 6, 8), image.Rect(10, 20, 111, 87)} {
		for _, scale := range []int{-1, 0, 1, 3, 1000} {
			whole := image.NewRGBA(image.Rect(0, 0, 120, 100))
			for i := 0; i < len(whole.Pix); i += 4 {
				whole.Pix[i], whole.Pix[i+3] = mark.R, mark.A
			}
			lcd.Paint(whole.SubImage(box).(*image.RGBA), b, scale, 10)
			for y := range 100 {
				for x := range 120 {
					if !image.Pt(x, y).In(box) && whole.RGBAAt(x, y) != mark {
						t.Fatalf("box %v scale %d: painted %d,%d", box, scale, x, y)
					}
				}
			}
		}
	}
}

func TestContrastRunsFromPaleToDark(t *testing.T) {
	brightness := func(c color.RGBA) int { return int(c.R) + int(c.G) + int(c.B) }
	for contrast := 0; contrast <= lcd.MaxContrast; contrast++ {
		p := lcd.Palette(contrast)
		for i := 1; i < 4; i++ {
			if brightness(p[i]) >= brightness(p[i-1]) {
				t.Errorf("contrast %d: grey %d is no darker than %d", contrast, i, i-1)
			}
		}
		if contrast > 0 && p == lcd.Palette(contrast-1) {
			t.Errorf("contrast %d looks like %d", contrast, contrast-1)
		}
	}
	if lcd.Palette(-3) != lcd.Palette(0) || lcd.Palette(99) != lcd.Palette(lcd.MaxContrast) {
		t.Error("a contrast out of range is not the nearest")
	}
}

func TestWritePNGIsReadable(t *testing.T) {
	var buf bytes.Buffer
	if err := lcd.WritePNG(&buf, drawn("idle"), 2, 10); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&buf)
	if err != nil || img.Bounds().Dx() != 2*lcd.Width {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
}

func BenchmarkPaint(b *testing.B) {
	bitmap := drawn("connected-two-calls")
	for _, scale := range []int{1, 2, 4, 6} {
		b.Run(fmt.Sprintf("scale=%d", scale), func(b *testing.B) {
			dst := image.NewRGBA(image.Rect(0, 0, lcd.Width*scale, lcd.Height*scale))
			b.ReportAllocs()
			for b.Loop() {
				lcd.Paint(dst, bitmap, scale, 10)
			}
		})
	}
}
