//go:build linux

package interop_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// strokes is how many keys one figure is made of.
const strokes = 60

// BenchmarkPressToPixels is the time from a key of the keyboard, as the X server
// gets it, to the first changed pixel of the drawn LCD on its screen: window
// system, phone, face and OpenGL, all in software. Five and backspace take turns.
func BenchmarkPressToPixels(b *testing.B) {
	x := interop.StartXvfb(b)
	phone, window := interop.StartDesksetWindow(b, interop.DesksetConfig{Args: []string{"-lab"}}, x)
	interop.WaitFor(b, 30*time.Second, "the idle title", func() bool { return strings.Contains(window.Title(), "Deskset: ") })
	window.WaitStill()
	window.Key("Escape") // gives it the focus
	window.WaitStill()
	f := faceOf(window)
	lcd := f.frame.LCD().Add(window.Place().Min)
	lcd.Min.X, lcd.Max.X = lcd.Min.X+f.dx, lcd.Max.X+f.dx
	lcd.Min.Y, lcd.Max.Y = lcd.Min.Y+f.dy, lcd.Max.Y+f.dy
	screen, keyboard := x.Screen(b), x.Keyboard(b)
	var before, now []byte
	changed := func() bool {
		var err error
		if now, err = screen.Copy(now, lcd); err != nil {
			b.Fatal(err)
		}
		return screen.Changed(before, now, lcd)
	}
	var took []time.Duration
	stroke := func(code byte) {
		var err error
		if before, err = screen.Copy(before, lcd); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := keyboard.Press(code); err != nil {
			b.Fatal(err)
		}
		for !changed() {
			if time.Since(began) > 5*time.Second {
				b.Fatalf("nothing changes on the LCD after key %d", code)
			}
			<-time.After(200 * time.Microsecond)
		}
		took = append(took, time.Since(began))
		if err := keyboard.Release(code); err != nil {
			b.Fatal(err)
		}
		talk(150 * time.Millisecond) // until it is still again
	}
	for b.Loop() {
		for range strokes / 2 {
			stroke(interop.KeycodeFive)
			stroke(interop.KeycodeBackspace)
		}
	}
	phone.Stop()
	slices.Sort(took)
	b.ReportMetric(inMs(took[len(took)/2]), "p50-ms")
	b.ReportMetric(inMs(took[len(took)*95/100]), "p95-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIdle is what the registered phone with its window costs while nothing
// happens, and beside it what a Fyne window costs in which there is nothing.
func BenchmarkIdle(b *testing.B) {
	x := interop.StartXvfb(b)
	empty := interop.StartProgram(b, emptyWindow(b), "DISPLAY="+x.Display, "LIBGL_ALWAYS_SOFTWARE=1")
	x.WaitWindow(empty.PID())
	talk(settling)
	theirs := idleCost(empty)
	empty.Stop()
	phone, window := interop.StartDesksetWindow(b, interop.DesksetConfig{Args: []string{"-lab"}}, x)
	interop.WaitFor(b, 30*time.Second, "the idle title", func() bool { return strings.Contains(window.Title(), "Deskset: ") })
	talk(settling) // the likely pictures have been drawn ahead, the start-up's garbage is collected
	for b.Loop() {
		ours := idleCost(phone.Process)
		b.ReportMetric(ours.CPU, "%cpu")
		b.ReportMetric(theirs.CPU, "empty-window-%cpu")
		b.ReportMetric(max(0, ours.CPU-theirs.CPU), "beyond-%cpu")
		b.ReportMetric(ours.Wakes, "wakeups/s")
		b.ReportMetric(theirs.Wakes, "empty-window-wakeups/s")
	}
	b.ReportMetric(memoryMB(b, phone.PID(), "VmRSS:"), "MB-resident")
	b.ReportMetric(0, "ns/op")
}

// settling is how long a window is left alone before it counts as idle.
const settling = 10 * time.Second

// idleCost watches a process for half a minute.
func idleCost(p *interop.Process) interop.Call {
	before, began := p.Usage(), time.Now()
	talk(30 * time.Second)
	return p.Usage().Since(before, time.Since(began))
}

// emptyWindow builds the program in testdata, as ours is built.
func emptyWindow(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "emptywindow")
	if out, err := exec.Command("go", "build", "-tags", interop.BuildTags, "-o", path, "./testdata/emptywindow").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}
