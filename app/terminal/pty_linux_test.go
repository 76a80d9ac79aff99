package terminal

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"deskset/phonecore/view"
)

// openPTY makes a pseudo-terminal (pty(7)).
func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}

// reading collects what is written to the terminal.
type reading struct {
	mu   sync.Mutex
	text string
}

func (r *reading) collect(f *os.File) {
	p := make([]byte, 4096)
	for {
		n, err := f.Read(p)
		r.mu.Lock()
		r.text += string(p[:n])
		r.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (r *reading) waitFor(t *testing.T, what string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		r.mu.Lock()
		text := r.text
		r.mu.Unlock()
		if strings.Contains(text, what) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("no %q on the terminal:\n%q", what, text)
		}
	}
}

func TestTerminalIsDrawnAndLeftAsItWas(t *testing.T) {
	master, slave := openPTY(t)
	if err := unix.IoctlSetWinsize(int(slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 30, Col: 70}); err != nil {
		t.Fatal(err)
	}
	before, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	var screen reading
	go screen.collect(master)

	phone := newFakePhone()
	phone.react = map[view.Key]view.View{view.KeySoft2: samples["dialling"], view.KeyMute: samples["editor"]}
	phone.views <- samples["idle"]
	ended := make(chan error, 1)
	go func() {
		ended <- Run(t.Context(), phone, phone.views, slave, slave, Options{Environ: []string{"TERM=xterm", "LANG=C.UTF-8"}})
	}()
	screen.waitFor(t, "2 missed calls")
	master.WriteString("\x1bOQ") // F2
	screen.waitFor(t, "Enter number")
	master.WriteString("m")
	screen.waitFor(t, "now: 192.0.2.44")
	master.WriteString("m\x1b") // the editor is open: a letter, then Escape
	phone.waitFor(t, `type "\x1b"`)
	master.WriteString("\x03")
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	screen.waitFor(t, leaveScreen)

	after, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	if *before != *after {
		t.Errorf("terminal modes %+v, want %+v", *after, *before)
	}
	var kinds []string
	for _, e := range phone.events {
		kinds = append(kinds, e[strings.IndexByte(e, ' ')+1:])
	}
	got := strings.Join(kinds, ", ")
	for _, want := range []string{"press soft2", "release soft2", "press mute", "release mute", `"m", "\x1b"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

// waitFor waits until the phone was told something.
func (p *fakePhone) waitFor(t *testing.T, event string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		p.mu.Lock()
		text := strings.Join(p.events, "\n")
		p.mu.Unlock()
		if strings.Contains(text, event) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("the phone was not told %s, only:\n%s", event, text)
		}
	}
}
