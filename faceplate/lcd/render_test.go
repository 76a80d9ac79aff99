package lcd_test

import (
	"strings"
	"testing"

	"deskset/faceplate/lcd"
	"deskset/faceplate/lcd/samples"
	"deskset/phonecore/view"
)

func TestNothingChangesWhenTheViewIsTheSame(t *testing.T) {
	r := lcd.New()
	for _, s := range samples.All() {
		var b lcd.Bitmap
		if first := r.Draw(&b, &s.View); first != (s.View.Screen.Layout != view.LayoutOff) {
			t.Errorf("%s: the first drawing says changed=%v", s.Name, first)
		}
		before := b
		s.View.Seq++
		if r.Draw(&b, &s.View) {
			t.Errorf("%s: the same screen again counts as a change", s.Name)
		}
		if b != before {
			t.Errorf("%s: the bitmap changed although Draw denies it", s.Name)
		}
	}
}

func TestBlinkingChangesOnlyWhatBlinks(t *testing.T) {
	for name, want := range map[string]bool{
		"idle": false, "incoming": true, "dialling": true, "held": true, "connected": false, "editing": true, "settings": false, "missed-calls": false,
	} {
		v, ok := samples.Get(name)
		if !ok {
			t.Fatalf("no sample %q", name)
		}
		var b lcd.Bitmap
		r := lcd.New()
		r.Draw(&b, &v)
		v.BlinkOn = !v.BlinkOn
		if got := r.Draw(&b, &v); got != want {
			t.Errorf("%s: blinking changes the glass: %v, want %v", name, got, want)
		}
	}
}

func TestDrawingDoesNotAllocate(t *testing.T) {
	r := lcd.New()
	var b lcd.Bitmap
	for _, s := range samples.All() {
		if n := testing.AllocsPerRun(20, func() { r.Draw(&b, &s.View) }); n != 0 {
			t.Errorf("%s: %v allocations", s.Name, n)
		}
	}
	decomposed, _ := samples.Get("idle")
	decomposed.Screen.Prompt = strings.Repeat("e\u0301", 40)
	if n := testing.AllocsPerRun(20, func() { r.Draw(&b, &decomposed) }); n != 0 {
		t.Errorf("decomposed letters: %v allocations", n)
	}
}

// TestRowsNeverRunIntoLabels draws rows alone, labels alone and both, for texts
// of every length: the sum must be the two parts, with a free column between.
func TestRowsNeverRunIntoLabels(t *testing.T) {
	r := lcd.New()
	for n := 1; n < 60; n++ {
		v, _ := samples.Get("idle")
		s := &v.Screen
		s.Rows = nil
		for range view.NumRows {
			s.Rows = append(s.Rows, view.Row{
				Icon: view.IconHold, Text: strings.Repeat("Wm", n), Right: strings.Repeat("8", n/4), Highlight: true, Cursor: n%2 == 0,
			})
		}
		for i := range s.Lines {
			s.Lines[i] = view.LineLabel{Text: strings.Repeat("M", (n*(i+1))%40), Icon: view.IconOnHook, Selected: i%2 == 0}
		}
		var both, labels lcd.Bitmap
		r.Draw(&both, &v)
		kept := s.Rows
		s.Rows = nil
		r.Draw(&labels, &v)
		s.Rows = kept
		for y := 17; y < 124; y++ {
			left := leftmost(&labels, y, 20)
			for x := max(0, left-2); x < lcd.Width; x++ {
				at := y*lcd.Width + x
				if both.Pix[at] != labels.Pix[at] {
					t.Fatalf("n=%d: a row reaches the label at %d,%d", n, x, y)
				}
			}
		}
	}
}

func leftmost(b *lcd.Bitmap, y, from int) int {
	for x := from; x < lcd.Width; x++ {
		if b.Pix[y*lcd.Width+x] != 0 {
			return x
		}
	}
	return lcd.Width
}

func TestMenuKeepsTheSelectedItemInView(t *testing.T) {
	v, _ := samples.Get("network-locked")
	r := lcd.New()
	for selected := range v.Screen.Items {
		for _, first := range []int{-5, 0, 3, 11, 16, 1 << 40, -1 << 40} {
			v.Screen.Selected, v.Screen.First = selected, first
			var b lcd.Bitmap
			r.Draw(&b, &v)
			if !hasBar(&b) {
				t.Errorf("item %d with first %d is out of view", selected, first)
			}
		}
	}
}

// hasBar looks for the highlight: a column near the left edge that is dark for
// most of a row.
func hasBar(b *lcd.Bitmap) bool {
	run := 0
	for y := 16; y < 124; y++ {
		if b.Pix[y*lcd.Width+2] == 3 {
			if run++; run == 16 {
				return true
			}
		} else {
			run = 0
		}
	}
	return false
}

func TestTextPageScrollsToItsLastLineAndNoFurther(t *testing.T) {
	v, _ := samples.Get("status-messages")
	lines := lcd.Wrap(v.Screen.Text)
	r := lcd.New()
	var last, beyond lcd.Bitmap
	v.Screen.First = len(lines) - lcd.TextRows
	r.Draw(&last, &v)
	v.Screen.First = 1000
	r.Draw(&beyond, &v)
	if last != beyond {
		t.Error("a page scrolled too far is not the last page")
	}
	v.Screen.First--
	wrapped := v
	wrapped.Screen.Text = lines
	var a, b lcd.Bitmap
	r.Draw(&a, &v)
	r.Draw(&b, &wrapped)
	if a != b {
		t.Error("text wrapped beforehand looks different")
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, name := range []string{"idle", "connected-two-calls", "network-locked", "status-messages", "long-texts", "scripts", "image"} {
		v, _ := samples.Get(name)
		b.Run(name, func(b *testing.B) {
			r := lcd.New()
			var bitmap lcd.Bitmap
			b.ReportAllocs()
			for b.Loop() {
				r.Draw(&bitmap, &v)
			}
		})
	}
}

// BenchmarkDrawLongest is the worst that a view can ask for.
func BenchmarkDrawLongest(b *testing.B) {
	v, _ := samples.Get("status-messages")
	v.Screen.Text = []string{strings.Repeat("The quick brown fox jumps. ", 4000)}
	r := lcd.New()
	var bitmap lcd.Bitmap
	b.ReportAllocs()
	for b.Loop() {
		r.Draw(&bitmap, &v)
	}
}
