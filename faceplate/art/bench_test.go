package art

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"deskset/phonecore/view"
)

// BenchmarkDraw is what a resize costs.
func BenchmarkDraw(b *testing.B) {
	for _, width := range []int{480, 1060, 2120} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			f := Fit(width, width, false, color.RGBA{0xe9, 0xec, 0xef, 0xff})
			img := image.NewRGBA(f.Bounds())
			b.ReportAllocs()
			for b.Loop() {
				f.Draw(img, State{})
			}
		})
	}
}

// BenchmarkDrawPart is what the first showing of a key's state costs; later
// ones come from the window's store.
func BenchmarkDrawPart(b *testing.B) {
	f := Fit(Width, Height, false, color.RGBA{0xe9, 0xec, 0xef, 0xff})
	for _, p := range Parts(false) {
		if p.Name != "5" && p.Name != "speaker" && p.Name != "handset" {
			continue
		}
		b.Run(p.Name, func(b *testing.B) {
			img := image.NewRGBA(f.PartPixels(p))
			s := State{Pressed: KeySet(0).With(p.Keys[0]), Lit: 1 << view.LampMessage, Lifted: true}
			b.ReportAllocs()
			for b.Loop() {
				f.Draw(img, s.Of(p))
			}
		})
	}
}
