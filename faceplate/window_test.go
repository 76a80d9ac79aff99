package faceplate

import (
	"fmt"
	"image"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// recorder is a phone that writes down what it is told.
type recorder struct{ events []string }

func (r *recorder) Press(k view.Key)   { r.events = append(r.events, "+"+k.String()) }
func (r *recorder) Release(k view.Key) { r.events = append(r.events, "-"+k.String()) }
func (r *recorder) Type(text string)   { r.events = append(r.events, fmt.Sprintf("type %q", text)) }
func (r *recorder) Control(c view.Control) {
	r.events = append(r.events, "control "+c.String())
}

// take gives what was told since the last take.
func (r *recorder) take() []string {
	e := r.events
	r.events = nil
	return e
}

// clock is time that a test moves.
type clock struct {
	now    time.Duration
	alarms []*alarm
}

type alarm struct {
	at   time.Duration
	ring func()
}

func (c *clock) later(d time.Duration, f func()) func() {
	a := &alarm{c.now + d, f}
	c.alarms = append(c.alarms, a)
	return func() { c.alarms = slices.DeleteFunc(c.alarms, func(b *alarm) bool { return a == b }) }
}

func (c *clock) advance(d time.Duration) {
	end := c.now + d
	for {
		i := slices.IndexFunc(c.alarms, func(a *alarm) bool { return a.at <= end })
		if i < 0 {
			c.now = end
			return
		}
		a := c.alarms[i]
		c.alarms = slices.Delete(c.alarms, i, i+1)
		c.now = a.at
		a.ring()
	}
}

type bench struct {
	*Window
	phone *recorder
	clock *clock
	mods  fyne.KeyModifier
	// screens is the area of all screens; empty if it is not known.
	screens image.Rectangle
}

// newBench puts a face into a window of Fyne's test driver. Everything happens
// on the test's goroutine, and the pictures are blank.
func newBench(t testing.TB, width float32, opts Options) *bench {
	t.Helper()
	return newBenchOf(t, width, opts, painter{blankBase, blankPart})
}

func newBenchOf(t testing.TB, width float32, opts Options, paint painter) *bench {
	t.Helper()
	b := &bench{phone: &recorder{}, clock: &clock{}}
	opts.Width = width
	b.Window = newWindow(test.NewTempApp(t), b.phone, opts, surroundings{
		later:     b.clock.later,
		elsewhere: func(f func()) { f() },
		modifiers: func() fyne.KeyModifier { return b.mods },
		paint:     paint,
		desktop:   func() (image.Rectangle, bool) { return b.screens, !b.screens.Empty() },
	})
	t.Cleanup(b.win.Close)
	return b
}

func blankBase(f art.Frame) basePictures {
	return basePictures{image.NewRGBA(f.Bounds()), image.NewRGBA(image.Rectangle{Max: f.LCD().Size()})}
}

func blankPart(f art.Frame, l partLook) *image.RGBA {
	return image.NewRGBA(image.Rectangle{Max: f.PartPixels(l.part).Size()})
}

// position gives where in the window a point of the face is.
func (b *bench) position(x, y float64) fyne.Position {
	f := b.face
	px := f.frame.Pixels(art.Rect{X: x, Y: y}).Min.Add(f.at)
	// The middle of the pixel.
	return fyne.NewPos((float32(px.X)+0.5)/f.ratio, (float32(px.Y)+0.5)/f.ratio)
}

// under gives the widget that the window system would send the pointer to.
func (b *bench) under(p fyne.Position) (*keycap, *desktop.MouseEvent) {
	for _, o := range slices.Backward(b.face.content.Objects) {
		c, ok := o.(*keycap)
		if !ok || !c.Visible() {
			continue
		}
		at := p.Subtract(c.Position())
		if at.X >= 0 && at.Y >= 0 && at.X < c.Size().Width && at.Y < c.Size().Height {
			e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
			e.Position, e.AbsolutePosition = at, p
			return c, e
		}
	}
	return nil, nil
}

// click presses and releases the pointer at a point of the face.
func (b *bench) click(x, y float64) {
	if c, e := b.under(b.position(x, y)); c != nil {
		c.MouseIn(e)
		c.MouseDown(e)
		c.MouseUp(e)
		c.MouseOut()
	}
}

func wantEvents(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("the phone was told %v, want %v", got, want)
	}
}

func TestEveryControlPressesItsKeyAtEverySize(t *testing.T) {
	for _, width := range []float32{480, 733, 1060, 2120} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := newBench(t, width, Options{})
			edge := 2 * art.Width / float64(width) // two pixels inside
			for _, k := range view.Keys() {
				c := art.ForKey(k)
				x, y := c.Centre()
				in := []struct{ x, y float64 }{{x, y}, {c.X + edge, y}, {c.X + c.W - edge, y}, {x, c.Y + edge}, {x, c.Y + c.H - edge}}
				for _, p := range in {
					b.click(p.x, p.y)
					wantEvents(t, b.phone.take(), "+"+k.String(), "-"+k.String())
				}
			}
		})
	}
}

func TestNothingIsPressedOutsideOfTheKeys(t *testing.T) {
	b := newBench(t, 1060, Options{})
	for _, k := range view.Keys() {
		c := art.ForKey(k)
		x, y := c.Centre()
		for _, p := range []struct{ x, y float64 }{
			{c.X - 3, y}, {c.X + c.W + 3, y}, {x, c.Y - 3}, {x, c.Y + c.H + 3}, {c.X + 1, c.Y + 1}, {c.X + c.W - 1, c.Y + c.H - 1},
		} {
			if art.KeyAt(p.x, p.y) != view.KeyNone {
				continue // the other half of a rocker
			}
			b.click(p.x, p.y)
			if got := b.phone.take(); len(got) != 0 {
				t.Errorf("beside %v, at %v: %v", k, p, got)
			}
		}
	}
	b.click(art.Find("lcd").Centre())
	wantEvents(t, b.phone.take())
}

func TestLeavingAKeyReleasesIt(t *testing.T) {
	b := newBench(t, 1060, Options{})
	c, e := b.under(b.position(art.ForKey(view.Key5).Centre()))
	c.MouseIn(e)
	c.MouseDown(e)
	wantEvents(t, b.phone.take(), "+5")
	c.MouseOut()
	wantEvents(t, b.phone.take(), "-5")
	c.MouseUp(e)
	wantEvents(t, b.phone.take())
	if b.state.Pressed != 0 || b.state.Hovered != 0 {
		t.Errorf("left behind: %+v", b.state)
	}
}

func TestTheButtonsReleaseMayGoToAnotherKey(t *testing.T) {
	b := newBench(t, 1060, Options{})
	c, e := b.under(b.position(art.ForKey(view.Key5).Centre()))
	c.MouseDown(e)
	other, e2 := b.under(b.position(art.ForKey(view.Key6).Centre()))
	other.MouseUp(e2)
	wantEvents(t, b.phone.take(), "+5", "-5")
}

func TestTheSecondaryButtonPressesNothing(t *testing.T) {
	b := newBench(t, 1060, Options{})
	c, e := b.under(b.position(art.ForKey(view.Key5).Centre()))
	e.Button = desktop.MouseButtonSecondary
	c.MouseDown(e)
	c.MouseUp(e)
	wantEvents(t, b.phone.take())
}

func TestAHeldVolumeKeyRepeats(t *testing.T) {
	b := newBench(t, 1060, Options{})
	c, e := b.under(b.position(art.ForKey(view.KeyVolumeUp).Centre()))
	c.MouseDown(e)
	b.clock.advance(repeatAfter + repeatEvery)
	wantEvents(t, b.phone.take(), "+volume.up", "-volume.up", "+volume.up", "-volume.up", "+volume.up")
	c.MouseUp(e)
	b.clock.advance(time.Minute)
	wantEvents(t, b.phone.take(), "-volume.up")
}

func TestAHeldDialKeyDoesNotRepeat(t *testing.T) {
	b := newBench(t, 1060, Options{})
	c, e := b.under(b.position(art.ForKey(view.Key5).Centre()))
	c.MouseDown(e)
	b.clock.advance(time.Minute)
	c.MouseUp(e)
	wantEvents(t, b.phone.take(), "+5", "-5")
}

func TestTheCompactFaceHasLineAndSoftKeysOnly(t *testing.T) {
	b := newBench(t, 760, Options{Compact: true})
	for _, k := range view.Keys() {
		b.click(art.ForKey(k).Centre())
		if k.Line() != 0 || k.Soft() != 0 {
			wantEvents(t, b.phone.take(), "+"+k.String(), "-"+k.String())
		} else {
			wantEvents(t, b.phone.take())
		}
	}
}

func TestTheFaceTurnsCompactAndBack(t *testing.T) {
	b := newBench(t, 1060, Options{})
	b.SetCompact(true)
	b.click(art.ForKey(view.KeySoft2).Centre())
	wantEvents(t, b.phone.take(), "+soft2", "-soft2")
	if got := b.win.Canvas().Size(); got != fyne.NewSize(760, 478) {
		t.Errorf("the compact window is %v", got)
	}
	b.SetCompact(false)
	b.click(art.ForKey(view.Key0).Centre())
	wantEvents(t, b.phone.take(), "+0", "-0")
}

func TestTheFaceKeepsItsProportionsInAnyWindow(t *testing.T) {
	b := newBench(t, 1060, Options{})
	for _, size := range []fyne.Size{{Width: 1500, Height: 600}, {Width: 600, Height: 1500}, {Width: 1060, Height: 840}} {
		b.win.Resize(size)
		got := b.face.base.raster.Size()
		if ratio := got.Width / got.Height * 840 / 1060; ratio < 0.99 || ratio > 1.01 {
			t.Errorf("window %v: face %v", size, got)
		}
		b.click(art.ForKey(view.KeyPound).Centre())
		wantEvents(t, b.phone.take(), "+pound", "-pound")
	}
}

func TestTheWindowRemembersItsSize(t *testing.T) {
	s := &memory{}
	b := newBench(t, 0, Options{Store: s})
	b.win.Resize(fyne.NewSize(700, 560))
	b.SetCompact(true)
	b.remember()
	size := b.win.Canvas().Size()
	again := newBench(t, 0, Options{Store: s})
	if !again.compact || again.win.Canvas().Size() != size {
		t.Errorf("compact %v, size %v, want %v", again.compact, again.win.Canvas().Size(), size)
	}
}

func TestASpoiltMemoryIsForgotten(t *testing.T) {
	for _, data := range []string{"", "{", `{"width":-5}`, `{"width":1e30,"height":1e30}`, `{"width":"x"}`} {
		b := newBench(t, 0, Options{Store: &memory{[]byte(data)}})
		if got := b.win.Canvas().Size(); got != fyne.NewSize(1060, 840) {
			t.Errorf("%s: window of %v", data, got)
		}
	}
}

func TestASmallScreenGetsASmallerWindow(t *testing.T) {
	b := newBench(t, 1060, Options{})
	for _, c := range []struct {
		screens image.Rectangle
		want    fyne.Size
	}{
		{image.Rect(0, 0, 1920, 1080), fyne.NewSize(1060, 840)},
		{image.Rect(0, 0, 530, 2000), fyne.NewSize(530, 420)},
		{image.Rect(0, 0, 2000, 700), fyne.NewSize(795, 630)},
	} {
		if got := b.openingSize(place{}, c.screens, true); got != c.want {
			t.Errorf("screens %v: %v, want %v", c.screens, got, c.want)
		}
	}
}

func TestAPlaceOnAScreenThatHasGoneIsForgotten(t *testing.T) {
	screens := image.Rect(-1920, 0, 1920, 1080)
	for at, want := range map[image.Point]bool{
		{X: -1900, Y: 20}: true, {X: 1500, Y: 900}: true,
		{X: 1900, Y: 20}: false, {X: 2500, Y: 20}: false, {X: 0, Y: -50}: false, {X: 0, Y: 1060}: false,
	} {
		if got := graspable(at, screens); got != want {
			t.Errorf("%v: %v", at, got)
		}
	}
}

type memory struct{ data []byte }

func (m *memory) Get() []byte  { return m.data }
func (m *memory) Put(d []byte) { m.data = d }
