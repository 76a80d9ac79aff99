package art

import (
	"image"
	"image/color"
	"testing"

	"deskset/phonecore/view"
)

var desk = color.RGBA{0xe9, 0xec, 0xef, 0xff}

func drawWhole(f Frame, s State) *image.RGBA { return drawArea(f, f.Bounds(), s) }

func drawArea(f Frame, area image.Rectangle, s State) *image.RGBA {
	img := image.NewRGBA(area)
	f.Draw(img, s)
	return img
}

// statesOf lists states in which a part looks different from rest, or one of them.
func statesOf(p *Part) []State {
	var list []State
	for _, k := range p.Keys {
		key := KeySet(0).With(k)
		list = append(list, State{Pressed: key}, State{Hovered: key}, State{Focused: key}, State{Hovered: key, Pressed: key})
	}
	if p.lamps != 0 {
		list = append(list, State{Lit: p.lamps})
	}
	if p.lifts {
		list = append(list, State{Lifted: true}, State{Lifted: true, Lit: p.lamps})
	}
	if raced && len(list) > 0 {
		return list[len(list)-1:]
	}
	return list
}

func TestAStateChangesItsPartAndNothingElse(t *testing.T) {
	for _, width := range []int{480, 801} {
		f := Fit(width, width, false, desk)
		for _, p := range Parts(false) {
			part := f.PartPixels(p).Intersect(f.Bounds())
			area := part.Inset(-20).Intersect(f.Bounds())
			rest := drawArea(f, area, State{})
			for _, s := range statesOf(p) {
				got := drawArea(f, area, s)
				inside := 0
				for y := area.Min.Y; y < area.Max.Y; y++ {
					for x := area.Min.X; x < area.Max.X; x++ {
						if got.RGBAAt(x, y) == rest.RGBAAt(x, y) {
							continue
						}
						if !image.Pt(x, y).In(part) {
							t.Fatalf("%d: %s %+v: pixel %d,%d outside of %v changes", width, p.Name, s, x, y, part)
						}
						inside++
					}
				}
				if inside == 0 && s.Of(p) != (State{}) {
					t.Errorf("%d: %s %+v looks as at rest", width, p.Name, s)
				}
			}
		}
	}
}

func TestAPartDrawnAloneFitsIntoTheWhole(t *testing.T) {
	f := Fit(640, 640, false, desk)
	for _, p := range Parts(false) {
		for _, s := range append(statesOf(p), State{}) {
			area := f.PartPixels(p).Intersect(f.Bounds())
			part := drawArea(f, area, s.Of(p))
			whole := drawArea(f, area.Inset(-20).Intersect(f.Bounds()), s)
			// The two rasterise areas of different size: one step of grey.
			if x, y, ok := differ(part, whole, 2); ok {
				t.Fatalf("%s %+v differs at %d,%d: %v, %v", p.Name, s, x, y, part.RGBAAt(x, y), whole.RGBAAt(x, y))
			}
		}
	}
}

func differ(part, whole *image.RGBA, tolerance int) (x, y int, ok bool) {
	for y := part.Rect.Min.Y; y < part.Rect.Max.Y; y++ {
		for x := part.Rect.Min.X; x < part.Rect.Max.X; x++ {
			a, b := part.RGBAAt(x, y), whole.RGBAAt(x, y)
			for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
				if d > tolerance || -d > tolerance {
					return x, y, true
				}
			}
		}
	}
	return 0, 0, false
}

func TestTheFaceIsOpaque(t *testing.T) {
	for _, compact := range []bool{false, true} {
		img := drawWhole(Fit(480, 480, compact, desk), State{Lifted: true})
		for i := 3; i < len(img.Pix); i += 4 {
			if img.Pix[i] != 255 {
				t.Fatalf("compact %v: byte %d has opacity %d", compact, i, img.Pix[i])
			}
		}
	}
}

func TestFitKeepsProportions(t *testing.T) {
	for _, c := range []struct {
		w, h    int
		compact bool
		want    image.Point
	}{
		{1060, 840, false, image.Pt(1060, 840)},
		{2000, 840, false, image.Pt(1060, 840)},
		{1060, 2000, false, image.Pt(1060, 840)},
		{530, 420, false, image.Pt(530, 420)},
		{760, 478, true, image.Pt(760, 478)},
		{1, 1, false, image.Pt(1, 1)},
	} {
		if got := Fit(c.w, c.h, c.compact, desk).Size; got != c.want {
			t.Errorf("Fit(%d, %d, %v) = %v, want %v", c.w, c.h, c.compact, got, c.want)
		}
	}
}

func TestNoSizeBreaksTheDrawing(t *testing.T) {
	for _, w := range []int{1, 2, 3, 7, 31, 100} {
		drawWhole(Fit(w, w, false, desk), State{Lifted: true, Lit: 0xff})
		drawWhole(Fit(w, w, true, desk), State{})
		Help("Keyboard", []HelpLine{{"F1", "soft key"}}, w, w)
	}
	Hint("", "", 0.01)
}

func TestLampsFollowTheView(t *testing.T) {
	v := view.View{BlinkOn: true, HandsetLifted: true}
	v.Lamps[view.LampMessage] = view.LampBlinking
	v.Lamps[view.LampSpeaker] = view.LampOn
	s := StateOf(&v)
	if !s.Lit.Has(view.LampMessage) || !s.Lit.Has(view.LampSpeaker) || s.Lit.Has(view.LampMute) || !s.Lifted {
		t.Errorf("%+v", s)
	}
	v.BlinkOn = false
	if StateOf(&v).Lit.Has(view.LampMessage) {
		t.Error("a blinking lamp stays lit in the dark half")
	}
}
