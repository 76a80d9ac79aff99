//go:build linux

package interop_test

import (
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// face presses keys where they are drawn.
type face struct {
	*interop.Window
	frame  art.Frame
	dx, dy int // the face stands in the middle of the window
}

func faceOf(w *interop.Window) face {
	width, height := w.Size()
	frame := art.Fit(width, height, false, color.RGBA{})
	return face{w, frame, (width - frame.Size.X) / 2, (height - frame.Size.Y) / 2}
}

func (f face) press(keys ...view.Key) {
	for _, k := range keys {
		box := f.frame.Pixels(art.ForKey(k).Rect)
		f.Click(f.dx+(box.Min.X+box.Max.X)/2, f.dy+(box.Min.Y+box.Max.Y)/2)
	}
}

// waitTitle waits until the title bar tells a state of the phone.
func waitTitle(t *testing.T, w *interop.Window, text string) {
	t.Helper()
	interop.WaitFor(t, 20*time.Second, "the title "+text, func() bool { return strings.Contains(w.Title(), text) })
}

// TestWindowCallsEchoByPointer is the first double-click of issue 2: a person
// sees the phone start, dials extension 1 on the drawn keys, hears themselves,
// and hangs up by the handset.
func TestWindowCallsEchoByPointer(t *testing.T) {
	x := interop.StartXvfb(t)
	phone, window := interop.StartDesksetWindow(t, interop.DesksetConfig{Args: []string{"-lab"}, Slow: true, Tone: ourTone}, x)
	interop.WaitFor(t, 5*time.Second, "the face to be painted", func() bool {
		window.Screenshot(interop.Artefact("window-startup.png"))
		info, err := os.Stat(interop.Artefact("window-startup.png"))
		return err == nil && info.Size() > 20_000 // an empty window packs into less
	})
	interop.WaitFor(t, 30*time.Second, "the start-up to end", func() bool { return strings.Contains(phone.Journal(), "Started in") })
	waitTitle(t, window, "Deskset: ")
	window.Screenshot(interop.Artefact("window-idle.png"))

	f := faceOf(window)
	f.press(view.KeyHandset, view.Key1, view.KeyPound)
	waitTitle(t, window, "Connected")
	talk(2 * time.Second)
	window.Screenshot(interop.Artefact("window-connected.png"))
	f.press(view.KeyHandset)
	interop.WaitFor(t, 10*time.Second, "the call to be over", func() bool { return !strings.Contains(window.Title(), "Connected") })
	if !strings.Contains(phone.Trace(), "BYE sip:") {
		t.Error("no BYE was sent")
	}
	phone.Stop()
	if log := phone.Process.Log(); strings.Contains(log, "Error in Fyne call thread") {
		t.Errorf("a goroutine called Fyne behind the window's back:\n%s", log)
	}
	if d := phone.Heard().ToneTime(ourTone); d < time.Second {
		t.Errorf("the echo was heard for %v", d)
	}
}

// TestWindowKeysAreWhereTheyAreDrawnAtAnySize presses keys of all kinds after
// the window has been given other sizes and proportions.
func TestWindowKeysAreWhereTheyAreDrawnAtAnySize(t *testing.T) {
	x := interop.StartXvfb(t)
	phone, window := interop.StartDesksetWindow(t, interop.DesksetConfig{Args: []string{"-lab"}}, x)
	interop.WaitFor(t, 30*time.Second, "the start-up to end", func() bool { return strings.Contains(phone.Journal(), "Started in") })
	waitTitle(t, window, "Deskset: ")
	window.WaitStill() // at its own first size
	for _, size := range [][2]int{{600, 480}, {900, 1000}, {1300, 700}} {
		window.Resize(size[0], size[1])
		f := faceOf(window)
		for _, k := range []view.Key{view.Key5, view.KeyStar, view.KeyLine2, view.KeySettings, view.KeyVolumeUp, view.KeySoft4} {
			f.reaches(t, phone, k)
		}
	}
}

// reaches presses a key where it is drawn and waits until the phone has heard
// of it, once.
func (f face) reaches(t *testing.T, phone *interop.Deskset, k view.Key) {
	t.Helper()
	record := "msg=key key=" + k.String() + " "
	if k.Digit() != 0 {
		record = "msg=key key=digit " // the log does not tell what was dialled
	}
	before := strings.Count(phone.Journal(), record)
	f.press(k)
	interop.WaitFor(t, 5*time.Second, k.String()+" to reach the phone", func() bool {
		return strings.Count(phone.Journal(), record) == before+1
	})
}

// TestWindowEveryControlReachesThePhone presses every control by its name in
// the geometry table that the drawing uses, and looks at the lamps.
func TestWindowEveryControlReachesThePhone(t *testing.T) {
	x := interop.StartXvfb(t)
	phone, window := interop.StartDesksetWindow(t, interop.DesksetConfig{Args: []string{"-lab"}}, x)
	interop.WaitFor(t, 30*time.Second, "the start-up to end", func() bool { return strings.Contains(phone.Journal(), "Started in") })
	waitTitle(t, window, "Deskset: ")
	window.WaitStill()
	f := faceOf(window)
	for _, k := range view.Keys() {
		f.reaches(t, phone, k)
	}
	f.reaches(t, phone, view.KeyHandset) // and back into its cradle
	window.WaitStill()
	for key, lamp := range map[view.Key]view.Lamp{view.KeySpeaker: view.LampSpeaker, view.KeyHeadset: view.LampHeadset} {
		dark := f.lampLight(t, lamp)
		f.reaches(t, phone, key)
		interop.WaitFor(t, 5*time.Second, lamp.String()+" to light", func() bool { return f.lampLight(t, lamp) > dark+40 })
		f.reaches(t, phone, key)
		interop.WaitFor(t, 5*time.Second, lamp.String()+" to go dark", func() bool { return f.lampLight(t, lamp) < dark+20 })
	}
}

// lampLight is the green of the middle of a lamp on the screen, 0 to 255.
func (f face) lampLight(t *testing.T, l view.Lamp) int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lamp.png")
	f.Screenshot(path)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	box := f.frame.Pixels(art.Find(l.String()).Rect)
	_, green, _, _ := picture.At(f.dx+(box.Min.X+box.Max.X)/2, f.dy+(box.Min.Y+box.Max.Y)/2).RGBA()
	return int(green >> 8)
}

// TestNoDisplayStartsTheTerminalFace: without a display the program says so
// and goes on in the terminal.
func TestNoDisplayStartsTheTerminalFace(t *testing.T) {
	for _, display := range []string{"", ":987", "no.such.host.invalid:0"} {
		phone := interop.StartDesksetWithout(t, interop.DesksetConfig{Args: []string{"-lab"}, Env: append(os.Environ(), "DISPLAY="+display)})
		phone.Do("timeout 30s", "screen idle")
		if !strings.Contains(phone.Process.Log(), "no display") {
			t.Errorf("DISPLAY=%q: it does not say that there is no display: %s", display, phone.Process.Log())
		}
		phone.Quit()
	}
}
