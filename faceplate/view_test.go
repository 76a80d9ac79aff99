package faceplate

import (
	"image"
	"image/draw"
	"math"
	"testing"

	"fyne.io/fyne/v2/theme"

	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

func idleView() view.View {
	v := view.View{Contrast: 10, Title: "Deskset 5551212"}
	v.Screen = view.Screen{
		Layout: view.LayoutPhone, Name: "idle", Selected: -1,
		Status: view.StatusRow{Left: "10:45a 11/21/26", Right: "5551212"},
		Prompt: "Your current options",
		Rows:   []view.Row{{}, {Text: "Deskset", Style: view.StyleBold}, {Text: "You have 2 missed calls"}},
		Soft:   [view.NumSoftKeys]string{"Redial", "NewCall", "CFwdAll", "more"},
	}
	v.Screen.Lines[0] = view.LineLabel{Text: "5551212", Icon: view.IconOnHook}
	v.Screen.Lines[1] = view.LineLabel{Text: "5551213", Icon: view.IconOnHook}
	return v
}

// redrawsOf counts the pictures that a view makes the window draw.
func (b *bench) redrawsOf(v view.View) int {
	before := b.redraws
	b.Show(v)
	return b.redraws - before
}

func (b *bench) lookOf(name string) art.State {
	for _, p := range b.face.parts {
		if p.part.Name == name {
			return p.look
		}
	}
	return art.State{}
}

func TestOnlyWhatChangedIsDrawnAgain(t *testing.T) {
	b := newBench(t, 1060, Options{})
	v := idleView()
	b.Show(v)
	if n := b.redrawsOf(v); n != 0 {
		t.Errorf("the same view again: %d pictures", n)
	}
	v.Seq++
	v.BlinkOn = true
	v.Title = "other"
	if n := b.redrawsOf(v); n != 0 {
		t.Errorf("nothing to see: %d pictures", n)
	}
	v.Lamps[view.LampMute] = view.LampOn
	if n := b.redrawsOf(v); n != 1 {
		t.Errorf("a lamp: %d pictures", n)
	}
	v.Screen.Prompt = "Enter number"
	if n := b.redrawsOf(v); n != 1 {
		t.Errorf("the prompt: %d pictures", n)
	}
	v.HandsetLifted = true
	if n := b.redrawsOf(v); n != 1 {
		t.Errorf("the handset: %d pictures", n)
	}
}

func TestLampsAndHandsetFollowTheView(t *testing.T) {
	b := newBench(t, 1060, Options{})
	for lamp, part := range map[view.Lamp]string{
		view.LampMessage: "handset", view.LampHeadset: "headset", view.LampMute: "mute", view.LampSpeaker: "speaker",
	} {
		v := idleView()
		v.Lamps[lamp] = view.LampBlinking
		for _, on := range []bool{true, false, true} {
			v.BlinkOn = on
			b.Show(v)
			if got := b.lookOf(part).Lit.Has(lamp); got != on {
				t.Errorf("%v blinks %v: lit %v", lamp, on, got)
			}
		}
		b.Show(idleView())
		if b.lookOf(part).Lit.Has(lamp) {
			t.Errorf("%v stays lit", lamp)
		}
	}
	v := idleView()
	v.HandsetLifted = true
	b.Show(v)
	if !b.lookOf("handset").Lifted {
		t.Error("the handset stays in its cradle")
	}
}

func TestTheTitleFollowsTheView(t *testing.T) {
	b := newBench(t, 480, Options{Title: "Deskset"})
	if got := b.win.Title(); got != "Deskset" {
		t.Errorf("at first %q", got)
	}
	b.Show(idleView())
	if got := b.win.Title(); got != "Deskset 5551212" {
		t.Errorf("then %q", got)
	}
}

func TestALayerThatAppearsMovesNothing(t *testing.T) {
	b := newBench(t, 1060, Options{})
	c, e := b.under(b.position(art.ForKey(view.Key5).Centre()))
	c.MouseIn(e)
	b.face.Layout(nil, b.face.content.Size())
	b.clock.advance(hintDelay)
	if b.face.hint.img == nil {
		t.Error("laying out again took the tip away")
	}
}

func TestHoverAndPressShowOnTheKey(t *testing.T) {
	b := newBench(t, 1060, Options{})
	c, e := b.under(b.position(art.ForKey(view.Key5).Centre()))
	key := art.KeySet(0).With(view.Key5)
	c.MouseIn(e)
	if got := b.lookOf("5"); got != (art.State{Hovered: key}) {
		t.Errorf("hovered: %+v", got)
	}
	c.MouseDown(e)
	if got := b.lookOf("5"); got != (art.State{Hovered: key, Pressed: key}) {
		t.Errorf("pressed: %+v", got)
	}
	c.MouseUp(e)
	c.MouseOut()
	if got := b.lookOf("5"); got != (art.State{}) {
		t.Errorf("left: %+v", got)
	}
}

func TestTheLikelyPicturesAreDrawnAhead(t *testing.T) {
	for _, compact := range []bool{false, true} {
		for _, l := range likely(compact) {
			if l.look == (art.State{}) || l.look != l.look.Of(l.part) {
				t.Errorf("%s: %+v", l.part.Name, l.look)
			}
		}
	}
	b := newBench(t, 640, Options{})
	b.clock.advance(foresightDelay)
	drawn := 0
	b.paint.part = func(f art.Frame, l partLook) *image.RGBA {
		drawn++
		return blankPart(f, l)
	}
	v := idleView()
	v.HandsetLifted = true
	b.Show(v)
	b.click(art.ForKey(view.Key5).Centre())
	if drawn != 0 {
		t.Errorf("%d pictures were drawn when they were needed", drawn)
	}
}

func TestTheWindowShowsWhatRenderDraws(t *testing.T) {
	b := newBenchOf(t, 640, Options{}, painter{makeBase, drawPart})
	b.app.Settings().SetTheme(theme.DefaultTheme())
	v := busyView()
	b.Show(v)
	f := b.face
	got := image.NewRGBA(f.frame.Bounds())
	layers := []*layer{f.base, f.lcd}
	for _, p := range f.parts {
		layers = append(layers, p.layer)
	}
	for _, l := range layers {
		if l.img == nil {
			continue
		}
		p := l.raster.Position()
		at := image.Pt(int(math.Round(float64(p.X*f.ratio))), int(math.Round(float64(p.Y*f.ratio)))).Sub(f.at)
		draw.Draw(got, l.img.Rect.Add(at), l.img, image.Point{}, draw.Over)
	}
	want := art.Fit(640, 640, false, f.frame.Background)
	whole := image.NewRGBA(want.Bounds())
	paintFace(whole, want, &v)
	for i, c := range whole.Pix {
		if d := int(c) - int(got.Pix[i]); d > 4 || -d > 4 { // edges of shapes, cut into other bands
			t.Fatalf("pixel %d,%d differs: %d, want %d", i/4%640, i/4/640, got.Pix[i], c)
		}
	}
}

func TestAKeyIsCalledWhatItStandsFor(t *testing.T) {
	v := idleView()
	v.Lamps[view.LampMute] = view.LampOn
	for k, want := range map[view.Key]string{
		view.Key5: "5", view.KeyStar: "Star", view.KeyLine2: "Line 2: 5551213", view.KeyLine6: "Line 6",
		view.KeySoft1: "Soft key 1: Redial", view.KeyMute: "Mute: on", view.KeyHandset: "Lift the handset",
	} {
		if got := keyLabel(k, &v); got != want {
			t.Errorf("%v is called %q, want %q", k, got, want)
		}
	}
	for _, k := range view.Keys() {
		if keyLabel(k, &v) == "" {
			t.Errorf("%v has no name", k)
		}
	}
	want := "10:45a 11/21/26, 5551212, Deskset, You have 2 missed calls, Your current options"
	if got := screenText(&v); got != want {
		t.Errorf("the screen reads %q", got)
	}
}
