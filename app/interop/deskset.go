//go:build linux

package interop

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/provisioning/link/netnstest"
)

// BuildTags are those of the program that people run.
const BuildTags = "gles,migrated_fynedo,no_emoji"

// Binary builds build/deskset, which takes a second if it is up to date, and
// gives its path. DESKSET_BIN names another one to prove.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := builtBinary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var builtBinary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("DESKSET_BIN"); path != "" {
		return path, nil
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, "build", "deskset")
	cmd := exec.Command("go", "build", "-tags", BuildTags, "-o", path, "./app")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// DesksetConfig says how the phone is started.
type DesksetConfig struct {
	// Settings are parameters by name; they go into a settings file, so that
	// passwords are on no command line.
	Settings map[string]string
	// Args are flags beside those of the harness.
	Args []string
	// Env is the environment; nil means that of the test.
	Env []string
	// Tone is what the microphone hears, in Hz, and makes the phone record
	// what it would play; 0 uses no sound device.
	Tone float64
	// Stdin is what standard input holds before the first command.
	Stdin string
	// OwnSound leaves the sound to Args and Env.
	OwnSound bool
	// Slow starts up as a person sees it, with the lamp show.
	Slow bool
	// In is the network namespace it runs in; nil for the test's own.
	In *netnstest.Space
}

// Deskset is the program under proof, as a person's process: its own home
// directory and flash, nothing shared with the test but pipes.
type Deskset struct {
	*Process
	home  string
	trace string
	log   string

	stdin  io.WriteCloser
	screen *output
	steps  int
}

// output collects what a program prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// String is all of it.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// command prepares a start of the program.
func (c DesksetConfig) command(t testing.TB, d *Deskset) *exec.Cmd {
	t.Helper()
	d.home = t.TempDir()
	d.trace, d.log = filepath.Join(d.home, "sip.trace"), filepath.Join(d.home, "log")
	var settings strings.Builder
	if _, ok := c.Settings["voip_control_port"]; !ok {
		fmt.Fprintf(&settings, "voip_control_port: %d\n", FreePort(t))
	}
	for name, value := range c.Settings {
		fmt.Fprintf(&settings, "%s: %q\n", name, value)
	}
	path := filepath.Join(d.home, "settings.cnf")
	if err := os.WriteFile(path, []byte(settings.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-settings", path, "-flash", d.FlashDir(), "-trace", d.trace, "-log", d.log, "-verbose"}
	if !c.Slow {
		args = append(args, "-fast")
	}
	switch {
	case c.OwnSound:
	case c.Tone == 0:
		args = append(args, "-audio-none")
	default:
		if err := WriteTone(filepath.Join(d.home, "mic.wav"), 48000, c.Tone, 2*time.Minute); err != nil {
			t.Fatal(err)
		}
		args = append(args, "-audio-in", filepath.Join(d.home, "mic.wav"), "-audio-out", d.recording())
	}
	cmd := commandIn(c.In, Binary(t), append(args, c.Args...)...)
	cmd.Env = c.Env
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(slices.Clip(cmd.Env), "HOME="+d.home, "XDG_CONFIG_HOME="+filepath.Join(d.home, "config"),
		"XDG_RUNTIME_DIR="+d.home, "WAYLAND_DISPLAY=", "COLUMNS=64", "DESKSET_LANGUAGE=english")
	return cmd
}

// StartDeskset starts the phone with the terminal face, reading commands.
func StartDeskset(t testing.TB, c DesksetConfig) *Deskset {
	t.Helper()
	c.Args = append(slices.Clip(c.Args), "-terminal")
	return StartDesksetWithout(t, c)
}

// StartDesksetWithout starts the phone without saying which face: where there
// is no display it must choose the terminal by itself.
func StartDesksetWithout(t testing.TB, c DesksetConfig) *Deskset {
	t.Helper()
	d := &Deskset{screen: &output{}}
	cmd := c.command(t, d)
	cmd.Stdout = d.screen
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, d.stdin = read, write
	d.showLogOnFailure(t)
	if _, err := io.WriteString(write, c.Stdin); err != nil {
		t.Fatal(err)
	}
	d.Process = start(t, cmd)
	read.Close()
	t.Cleanup(func() { write.Close() })
	return d
}

// StartDesksetWindow starts the phone with its window on a display.
func StartDesksetWindow(t testing.TB, c DesksetConfig, x *Xvfb) (*Deskset, *Window) {
	t.Helper()
	d := &Deskset{screen: &output{}}
	cmd := c.command(t, d)
	cmd.Env = append(cmd.Env, "DISPLAY="+x.Display, "LIBGL_ALWAYS_SOFTWARE=1")
	d.showLogOnFailure(t)
	d.Process = start(t, cmd)
	return d, x.WaitWindow(d.PID())
}

// WithoutSound is an environment in which no sound server and no card is found.
func WithoutSound() []string {
	return append(os.Environ(), "PULSE_SERVER=unix:/nonexistent", "ALSA_CONFIG_PATH=/nonexistent", "XDG_RUNTIME_DIR=/nonexistent")
}

func (d *Deskset) showLogOnFailure(t testing.TB) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last screens:\n%s\nthe log:\n%s\nSIP:\n%s", lastLines(d.screen.String(), 40),
				lastLines(d.Journal(), 40), lastLines(d.Trace(), 120))
		}
	})
}

// Do gives commands of the terminal's scripts, one after the other, and waits
// until the last one is done.
func (d *Deskset) Do(commands ...string) {
	d.t.Helper()
	d.steps++
	mark := fmt.Sprintf("step %d is done", d.steps)
	text := strings.Join(append(commands, "echo "+mark), "\n") + "\n"
	if _, err := io.WriteString(d.stdin, text); err != nil && d.Running() {
		d.t.Fatalf("deskset: %v", err)
	}
	WaitFor(d.t, 90*time.Second, "deskset to do "+strings.Join(commands, "; "), func() bool {
		if !d.Running() {
			d.t.Fatalf("deskset ended in %s:\n%s", strings.Join(commands, "; "), d.Process.Log())
		}
		return strings.Contains(d.screen.String(), mark)
	})
}

// Quit ends the phone in good order.
func (d *Deskset) Quit() {
	d.t.Helper()
	_, _ = io.WriteString(d.stdin, "quit\n")
	select {
	case <-d.ended:
		if d.err != nil {
			d.t.Errorf("deskset ended with %v", d.err)
		}
	case <-time.After(15 * time.Second):
		d.t.Error("deskset does not quit")
	}
}

// Screens is all that the terminal face has printed.
func (d *Deskset) Screens() string { return d.screen.String() }

// Journal is the phone's log.
func (d *Deskset) Journal() string { return readAll(d.log) }

// FlashDir is where the phone keeps what survives a restart.
func (d *Deskset) FlashDir() string { return filepath.Join(d.home, "flash") }

// Trace is every SIP message of the phone.
func (d *Deskset) Trace() string { return readAll(d.trace) }

func readAll(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}

func (d *Deskset) recording() string { return filepath.Join(d.home, "heard.wav") }

// Heard is what the phone would have played. Complete after Quit.
func (d *Deskset) Heard() Sound {
	d.t.Helper()
	s, err := ReadSound(d.recording())
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// Again starts the program a second time for the same person and the same flash,
// as a click on a link does, and tells whether it ended well and soon.
func (d *Deskset) Again(t testing.TB, x *Xvfb, args ...string) bool {
	t.Helper()
	cmd := exec.Command(Binary(t), append([]string{"-flash", d.FlashDir()}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+d.home, "XDG_CONFIG_HOME="+filepath.Join(d.home, "config"), "XDG_RUNTIME_DIR="+d.home,
		"DISPLAY="+x.Display, "WAYLAND_DISPLAY=")
	return start(t, cmd).Wait(20 * time.Second)
}
