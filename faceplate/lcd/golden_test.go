package lcd_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"deskset/faceplate/lcd"
	"deskset/faceplate/lcd/samples"
)

// Refresh with "go test ./faceplate/lcd -update", then look at every picture
// that changed: testdata/contact.png shows them all at twice their size.
var update = flag.Bool("update", false, "write the golden pictures anew")

// golden is a picture of the bare bitmap, a colour for each grey, so that a
// change of the palette does not touch it.
func golden(b *lcd.Bitmap) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, lcd.Width, lcd.Height), color.Palette{
		color.Gray{Y: 255}, color.Gray{Y: 170}, color.Gray{Y: 85}, color.Gray{Y: 0},
	})
	copy(img.Pix, b.Pix[:])
	return img
}

func TestEveryScreenLooksAsItsGoldenPicture(t *testing.T) {
	r := lcd.New()
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			var b lcd.Bitmap
			r.Draw(&b, &s.View)
			compare(t, filepath.Join("testdata", s.Name+".png"), golden(&b))
		})
	}
}

func compare(t *testing.T, path string, got *image.Paletted) {
	t.Helper()
	if *update {
		var buf bytes.Buffer
		if err := png.Encode(&buf, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for y := range lcd.Height {
		for x := range lcd.Width {
			w := color.GrayModel.Convert(want.At(x, y))
			if g := color.GrayModel.Convert(got.At(x, y)); g != w {
				t.Fatalf("%s: pixel %d,%d is %v, want %v", path, x, y, g, w)
			}
		}
	}
}

// TestContactSheet draws all samples on one sheet, as they look on the face.
// With -update it is written for a person to look at; it is not compared.
func TestContactSheet(t *testing.T) {
	const scale, columns, gap = 2, 3, 10
	all := samples.All()
	cell := image.Pt(lcd.Width*scale+gap, lcd.Height*scale+gap)
	sheet := image.NewRGBA(image.Rect(0, 0, columns*cell.X+gap, (len(all)+columns-1)/columns*cell.Y+gap))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.Gray{Y: 40}), image.Point{}, draw.Src)
	r := lcd.New()
	for i, s := range all {
		var b lcd.Bitmap
		r.Draw(&b, &s.View)
		at := image.Pt(gap+i%columns*cell.X, gap+i/columns*cell.Y)
		box := image.Rectangle{Min: at, Max: at.Add(image.Pt(lcd.Width*scale, lcd.Height*scale))}
		draw.Draw(sheet, box, lcd.Image(&b, scale, s.View.Contrast), image.Point{}, draw.Src)
	}
	if !*update {
		return
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, sheet); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", "contact.png"), buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
