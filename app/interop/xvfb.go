//go:build linux

package interop

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Xvfb is an X server with a screen in memory.
type Xvfb struct {
	*Process
	Display string
	dir     string // of its screen's pixels
}

// StartXvfb runs an X server on a free display until the test ends.
func StartXvfb(t testing.TB) *Xvfb {
	t.Helper()
	need(t, "display", "Xvfb", "xdotool", "import")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	dir := t.TempDir()
	// -displayfd lets the server choose a number and tell it when it is ready.
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1400x1100x24", "-nolisten", "tcp", "-noreset", "-fbdir", dir)
	cmd.ExtraFiles = []*os.File{write}
	x := &Xvfb{Process: start(t, cmd), dir: dir}
	write.Close()
	_ = read.SetReadDeadline(time.Now().Add(20 * time.Second))
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb does not start: %v\n%s", err, x.Log())
	}
	x.Display = ":" + strings.TrimSpace(number)
	return x
}

// Window is a window on the X server.
type Window struct {
	x  *Xvfb
	id string
}

// WaitWindow waits for a visible window of a process.
func (x *Xvfb) WaitWindow(pid int) *Window {
	x.t.Helper()
	var id string
	WaitFor(x.t, 20*time.Second, "a window", func() bool {
		out, err := x.command("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(pid)).Output()
		ids := strings.Fields(string(out))
		if err == nil && len(ids) > 0 {
			id = ids[len(ids)-1]
		}
		return id != ""
	})
	return &Window{x, id}
}

func (x *Xvfb) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+x.Display)
	return cmd
}

func (w *Window) xdotool(args ...string) string {
	w.x.t.Helper()
	out, err := w.x.command("xdotool", args...).CombinedOutput()
	if err != nil {
		w.x.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Size is the window's size in pixels.
func (w *Window) Size() (width, height int) {
	w.x.t.Helper()
	place := w.Place()
	return place.Dx(), place.Dy()
}

// Place is where on the screen it stands.
func (w *Window) Place() image.Rectangle {
	w.x.t.Helper()
	var x, y, width, height int
	for line := range strings.Lines(w.xdotool("getwindowgeometry", "--shell", w.id)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		n, _ := strconv.Atoi(value)
		switch name {
		case "X":
			x = n
		case "Y":
			y = n
		case "WIDTH":
			width = n
		case "HEIGHT":
			height = n
		}
	}
	return image.Rect(x, y, x+width, y+height)
}

// Resize changes the window's size and waits until it is drawn in it.
func (w *Window) Resize(width, height int) {
	w.x.t.Helper()
	w.xdotool("windowsize", "--sync", w.id, strconv.Itoa(width), strconv.Itoa(height))
	w.WaitStill()
}

// WaitStill waits until nothing in the window has changed for a while: the
// face has been drawn in its new size, what blinks apart.
func (w *Window) WaitStill() {
	w.x.t.Helper()
	var last []byte
	same := 0
	WaitFor(w.x.t, 20*time.Second, "the window to be still", func() bool {
		picture, err := w.x.command("import", "-silent", "-window", w.id, "rgb:-").Output()
		if err != nil || !bytes.Equal(picture, last) {
			last, same = picture, 0
			return false
		}
		same++
		return same == 5
	})
}

// Click moves the pointer to a place in the window, presses the left button
// for a moment and lets go.
func (w *Window) Click(x, y int) {
	w.x.t.Helper()
	w.xdotool("mousemove", "--window", w.id, strconv.Itoa(x), strconv.Itoa(y), "sleep", "0.05",
		"mousedown", "1", "sleep", "0.12", "mouseup", "1", "sleep", "0.05")
}

// Key presses a key of the keyboard by its X name: F1, Return, ctrl+1.
func (w *Window) Key(name string) {
	w.x.t.Helper()
	w.xdotool("windowfocus", w.id, "key", name)
}

// Title is the text of the title bar.
func (w *Window) Title() string {
	w.x.t.Helper()
	return strings.TrimSpace(w.xdotool("getwindowname", w.id))
}

// Screenshot writes a PNG of the window.
func (w *Window) Screenshot(path string) {
	w.x.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.x.t.Fatal(err)
	}
	if out, err := w.x.command("import", "-window", w.id, path).CombinedOutput(); err != nil {
		w.x.t.Fatalf("import: %v\n%s", err, out)
	}
}

// Artefact is where a test leaves a picture or a figure for people: the
// directory artifacts at the top of the project.
func Artefact(name string) string { return filepath.Join("..", "..", "artifacts", name) }

// String names the window.
func (w *Window) String() string { return fmt.Sprintf("window %s on %s", w.id, w.x.Display) }
