package faceplate

import (
	"image"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"deskset/faceplate/art"
	"deskset/faceplate/lcd/samples"
	"deskset/phonecore/view"
)

// startingView is a phone in the middle of its start-up.
func startingView(t testing.TB) view.View {
	t.Helper()
	v, ok := samples.Get("startup-panel")
	if !ok || v.Timeline == nil {
		t.Fatal("no sample of a start-up with a timeline")
	}
	return v
}

// panelBench is a window with the panel open.
func panelBench(t testing.TB) (*bench, view.View) {
	t.Helper()
	b := newBench(t, 1060, Options{StartUpPanel: true})
	v := startingView(t)
	b.Show(v)
	return b, v
}

func (b *bench) ctrl(name fyne.KeyName) {
	b.mods = fyne.KeyModifierControl
	b.keyboard.keyDown(&fyne.KeyEvent{Name: name})
	b.keyboard.keyUp(&fyne.KeyEvent{Name: name})
	b.mods = 0
}

func (s *spot) click() {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	s.MouseIn(e)
	s.MouseDown(e)
	s.MouseUp(e)
	s.MouseOut()
}

func TestThePanelWidensTheWindowAndGivesTheRoomBack(t *testing.T) {
	b := newBench(t, 1060, Options{})
	face := b.face.frame.Size
	for _, toggle := range []func(){func() { b.ctrl(fyne.KeyT) }, b.face.panel.handle.click} {
		toggle()
		if got := b.win.Canvas().Size(); got != fyne.NewSize(1060+art.PanelWidth, 840) {
			t.Errorf("open: %v", got)
		}
		if b.face.frame.Size != face || !b.face.panel.content.Visible() {
			t.Errorf("open: face of %v, panel visible %v", b.face.frame.Size, b.face.panel.content.Visible())
		}
		b.click(art.ForKey(view.Key5).Centre())
		wantEvents(t, b.phone.take(), "+5", "-5")
		toggle()
		if got := b.win.Canvas().Size(); got != fyne.NewSize(1060, 840) || b.face.panel.content.Visible() {
			t.Errorf("closed: %v", got)
		}
	}
}

func TestTheHandleTellsItsNameAfterAWhile(t *testing.T) {
	b := newBench(t, 1060, Options{})
	h := b.face.panel.handle
	h.MouseIn(nil)
	if b.face.hint.img != nil {
		t.Error("the tip is there at once")
	}
	b.clock.advance(hintDelay)
	if b.face.hint.img == nil {
		t.Error("no tip")
	}
	h.MouseOut()
	if b.face.hint.img != nil {
		t.Error("the tip stays")
	}
}

func TestASmallScreenLetterboxesTheFaceBesideThePanel(t *testing.T) {
	b := newBench(t, 1060, Options{})
	b.screens = image.Rect(0, 0, 1200, 900)
	b.SetPanel(true)
	if got := b.win.Canvas().Size(); got.Width != 1200 {
		t.Errorf("window of %v on a screen of 1200", got)
	}
	f := b.face
	if f.frame.Size.X > 1200-art.PanelWidth || f.at.Y == 0 {
		t.Errorf("face of %v at %v", f.frame.Size, f.at)
	}
	if p := f.panel.content.Position(); p.X != 1200-art.PanelWidth {
		t.Errorf("panel at %v", p)
	}
}

func TestThePanelIsDrawnOnlyWhenSomethingChanges(t *testing.T) {
	b, v := panelBench(t)
	v.Seq++
	if n := b.redrawsOf(v); n != 0 {
		t.Errorf("the same timeline: %d pictures", n)
	}
	next := *v.Timeline
	next.Status = "Paused before Image check"
	v.Timeline = &next
	if n := b.redrawsOf(v); n != 1 {
		t.Errorf("another status: %d pictures", n)
	}
	b.SetPanel(false)
	again := next
	v.Timeline = &again
	if n := b.redrawsOf(v); n != 0 {
		t.Errorf("closed: %d pictures", n)
	}
}

func TestTheButtonsTellThePhone(t *testing.T) {
	b, v := panelBench(t)
	for i, c := range v.Timeline.Controls {
		b.face.panel.buttons[i].click()
		if c.Enabled {
			wantEvents(t, b.phone.take(), "control "+c.Control.String())
		} else {
			wantEvents(t, b.phone.take())
		}
	}
	s := b.face.panel.buttons[0]
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	s.MouseDown(e)
	s.MouseOut()
	s.MouseUp(e)
	wantEvents(t, b.phone.take())
}

func TestTheKeyboardControlsTheStartUp(t *testing.T) {
	b := newBench(t, 640, Options{})
	v := startingView(t)
	b.Show(v)
	b.ctrl(fyne.KeyP)
	paused := *v.Timeline
	paused.Paused = true
	v.Timeline = &paused
	b.Show(v)
	b.ctrl(fyne.KeyN)
	b.ctrl(fyne.KeyP)
	b.ctrl(fyne.KeyR)
	wantEvents(t, b.phone.take(), "control pause", "control step", "control continue", "control replay")
}

func TestThePanelTellsOfTheStageOfInterest(t *testing.T) {
	b, v := panelBench(t)
	p := b.face.panel
	if p.model.Selected != 3 {
		t.Errorf("running: stage %d", p.model.Selected)
	}
	p.rows[1].click()
	if p.model.Selected != 1 || !strings.Contains(p.area.AccessibilityLabel(), "Voice VLAN 110 by CDP") {
		t.Errorf("chosen: stage %d, %q", p.model.Selected, p.area.AccessibilityLabel())
	}
	failed, _ := samples.Get("startup-panel-failed")
	b.Show(failed)
	if p.model.Selected != 1 {
		t.Errorf("the choice was lost: stage %d", p.model.Selected)
	}
	p.rows[1].click()
	if p.model.Selected != 3 {
		t.Errorf("failed: stage %d", p.model.Selected)
	}
	p.rows[0].click()
	b.Show(v) // another start-up begins
	if p.model.Selected != 3 {
		t.Errorf("begun anew: stage %d", p.model.Selected)
	}
	paused := *v.Timeline
	paused.Paused, paused.Next = true, 4
	paused.Stages = slices.Clone(paused.Stages)
	paused.Stages[3].State = view.StageDone
	v.Timeline = &paused
	b.Show(v)
	if p.model.Selected != 4 {
		t.Errorf("paused: stage %d", p.model.Selected)
	}
}

func TestSpotsLieWhereThePanelIsDrawn(t *testing.T) {
	b, _ := panelBench(t)
	for _, size := range []fyne.Size{{Width: 1440, Height: 840}, {Width: 900, Height: 400}} {
		b.win.Resize(size)
		p := b.face.panel
		for i, s := range append(slices.Clone(p.rows), p.buttons...) {
			if s.Size().Height < 18 || s.Position().Y < 0 || s.Position().Y+s.Size().Height > size.Height {
				t.Errorf("window %v: spot %d at %v, %v", size, i, s.Position(), s.Size())
			}
		}
		if got, want := p.layer.img.Rect.Size(), image.Pt(art.PanelWidth, int(size.Height)); got != want {
			t.Errorf("window %v: picture of %v, want %v", size, got, want)
		}
	}
}

func TestALongStageScrolls(t *testing.T) {
	b, v := panelBench(t)
	long := *v.Timeline
	long.Stages = slices.Clone(long.Stages)
	long.Stages[3].Messages = slices.Repeat([]string{"File Not Found: SIP00503EFFD842.cnf at 192.0.2.10"}, 100)
	v.Timeline = &long
	b.Show(v)
	p := b.face.panel
	before := b.redraws
	wheel := func(dy float32) { p.area.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)}) }
	wheel(-1e6)
	if p.model.Scroll != p.model.MaxScroll() || p.model.Scroll == 0 || b.redraws != before+1 {
		t.Errorf("scrolled to %v of %v, %d pictures", p.model.Scroll, p.model.MaxScroll(), b.redraws-before)
	}
	wheel(-10)
	if b.redraws != before+1 {
		t.Error("at the end the wheel draws in vain")
	}
	wheel(1e6)
	if p.model.Scroll != 0 {
		t.Errorf("back to %v", p.model.Scroll)
	}
}

func TestTheWindowRemembersItsPanel(t *testing.T) {
	s := &memory{}
	b := newBench(t, 0, Options{Store: s})
	b.win.Resize(fyne.NewSize(700, 560))
	b.SetPanel(true)
	b.remember()
	again := newBench(t, 0, Options{Store: s})
	if got := again.win.Canvas().Size(); !again.face.panel.open || got != fyne.NewSize(700+art.PanelWidth, 560) {
		t.Errorf("open %v, %v", again.face.panel.open, got)
	}
}

func TestAPhoneWithoutATimelineHasAnEmptyPanel(t *testing.T) {
	b := newBench(t, 640, Options{StartUpPanel: true})
	b.Show(idleView())
	if p := b.face.panel; len(p.rows) != 0 || len(p.buttons) != 0 || p.area.AccessibilityLabel() != "" {
		t.Errorf("%d rows, %d buttons", len(p.rows), len(p.buttons))
	}
	b.Show(startingView(t))
	if p := b.face.panel; len(p.rows) != 6 || p.buttons[0].AccessibilityLabel() != "Pause" {
		t.Errorf("%d rows", len(p.rows))
	}
}

// BenchmarkShowPanel is a change of the timeline with the panel open.
func BenchmarkShowPanel(b *testing.B) {
	w, v := panelBench(b)
	timelines := [2]view.Timeline{*v.Timeline, *v.Timeline}
	timelines[1].Status = "Paused"
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		v.Timeline = &timelines[i&1]
		w.Show(v)
	}
}
