//go:build linux

package interop_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"deskset/app/interop"
)

// TestDemoIsPlayedInTheWindow: the captions of a demo are the window's title
// and stand in the terminal; at its end the program ends.
func TestDemoIsPlayedInTheWindow(t *testing.T) {
	x := interop.StartXvfb(t)
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), interop.Binary(t), "play", "-speed", "2", "unlock", "-audio-none")
	cmd.Env = append(os.Environ(), "DISPLAY="+x.Display, "WAYLAND_DISPLAY=", "HOME="+home, "XDG_CONFIG_HOME="+home)
	var captions, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &captions, &trouble
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	window := x.WaitWindow(cmd.Process.Pid)
	waitTitle(t, window, "Now the padlock is open")
	window.Screenshot(interop.Artefact("window-demo.png"))
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, &trouble)
	}
	if n := strings.Count(captions.String(), "» "); n != 4 || strings.Contains(captions.String(), "╭") {
		t.Errorf("%d captions:\n%s", n, &captions)
	}
}
