package terminal

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/view"
)

// fakePhone notes what it is told and answers some keys with a view.
type fakePhone struct {
	mu     sync.Mutex
	began  time.Time
	events []string
	views  chan view.View
	react  map[view.Key]view.View
}

func newFakePhone() *fakePhone {
	return &fakePhone{began: time.Now(), views: make(chan view.View, 8)}
}

func (p *fakePhone) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, fmt.Sprintf(format, args...))
}

func (p *fakePhone) Press(k view.Key) {
	p.note("%v press %v", time.Since(p.began), k)
	if v, ok := p.react[k]; ok {
		p.views <- v
	}
}
func (p *fakePhone) Release(k view.Key)     { p.note("%v release %v", time.Since(p.began), k) }
func (p *fakePhone) Type(text string)       { p.note("type %q", text) }
func (p *fakePhone) Control(c view.Control) { p.note("control %v", c) }

func (p *fakePhone) check(t *testing.T, want ...string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if got := strings.Join(p.events, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the phone was told:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// runLines runs a script in a bubble of virtual time.
func runLines(t *testing.T, phone *fakePhone, lines ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := RunScript(context.Background(), phone, phone.views, strings.NewReader(strings.Join(lines, "\n")), &out, Options{Environ: []string{}})
	return out.String(), err
}

func TestScriptPressesAndReleases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		_, err := runLines(t, phone, "# a comment", "", "press soft1", "press 12", "hold star 1s", "type ab", "type ada@example.com", "quit", "press 9")
		if err != nil {
			t.Fatal(err)
		}
		phone.check(t,
			"0s press soft1", "120ms release soft1",
			"140ms press 1", "260ms release 1", "280ms press 2", "400ms release 2",
			"420ms press star", "1.42s release star",
			`type "a"`, `type "b"`, `type "ada@example.com"`)
	})
}

func TestScriptExpectsWhatComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		phone.views <- samples["idle"]
		phone.react = map[view.Key]view.View{view.KeySoft1: samples["dialling"]}
		out, err := runLines(t, phone, "screen idle", "echo here it is", "expect 2 missed calls", "lamp message on", "press soft1", "expect Enter number",
			"expect 00498912345678901234567890123456789012345678", "absent 2 missed calls", "lamp message off")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"\nhere it is\n", "# idle\n╭", "# dialling\n╭", "F1 "} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in:\n%s", want, out)
			}
		}
	})
}

func TestScriptFailsWithLineAndScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		phone.views <- samples["idle"]
		began := time.Now()
		_, err := runLines(t, phone, "screen idle", "timeout 3s", "expect Connected", "press 1")
		if err == nil || !strings.HasPrefix(err.Error(), `script:3: expected "Connected" on the screen within 3s; screen "idle" is:`) ||
			!strings.Contains(err.Error(), "2 missed calls") {
			t.Errorf("error %v", err)
		}
		if waited := time.Since(began); waited != 3*time.Second {
			t.Errorf("waited %v", waited)
		}
		phone.check(t)
	})
}

func TestScriptRefusesNonsense(t *testing.T) {
	for _, command := range []string{"jump", "press", "press softkey", "hold 1", "hold nokey 1s", "wait", "wait -1s", "lamp red on", "lamp mute maybe", "icon 7 ringing", "icon 1 fish", "timeout x"} {
		synctest.Test(t, func(t *testing.T) {
			phone := newFakePhone()
			if _, err := runLines(t, phone, command); err == nil || !strings.HasPrefix(err.Error(), "script:1: ") {
				t.Errorf("%s: error %v", command, err)
			}
		})
	}
}

func TestScriptLineTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if _, err := runLines(t, newFakePhone(), strings.Repeat("x", maxCommand+10)); err == nil {
			t.Error("no error")
		}
	})
}

func TestScriptIsNotFloodedByBlinking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		go func() {
			v := samples["incoming"]
			for i := range 20 {
				v.BlinkOn = i%2 == 0
				phone.views <- v
			}
		}()
		out, err := runLines(t, phone, "wait 1s")
		if n := strings.Count(out, "Call waiting"); err != nil || n != 1 {
			t.Errorf("printed %d times, error %v", n, err)
		}
	})
}

func TestOnceShowsTheFirstScreenAfterStartUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		views := make(chan view.View, 3)
		views <- samples["off"]
		views <- samples["startup"]
		views <- samples["idle"]
		if err := once(t.Context(), views, &out, style{width: 60}, 0); err != nil || !strings.Contains(out.String(), "2 missed calls") {
			t.Errorf("error %v, printed:\n%s", err, out.String())
		}
		out.Reset()
		views <- samples["startup"]
		if err := once(t.Context(), views, &out, style{width: 60}, time.Second); err != nil || !strings.Contains(out.String(), "Configuring IP") {
			t.Errorf("time-out: error %v, printed:\n%s", err, out.String())
		}
	})
}

func TestKeysAreReleasedOnceEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		h := newHolder(phone)
		h.stroke(view.Key1, holdTime)
		time.Sleep(50 * time.Millisecond)
		h.stroke(view.Key1, holdTime) // again, while it is down
		h.stroke(view.Key2, time.Hour)
		time.Sleep(time.Second)
		h.releaseAll()
		synctest.Wait()
		phone.check(t, "0s press 1", "50ms release 1", "50ms press 1", "50ms press 2", "170ms release 1", "1.05s release 2")
	})
}

func TestEnvironmentDecidesTheStyle(t *testing.T) {
	for _, c := range []struct {
		name     string
		environ  []string
		terminal bool
		want     style
	}{
		{"xterm", []string{"TERM=xterm-256color", "LANG=de_DE.UTF-8"}, true, style{width: 60, colour: true, addressable: true}},
		{"no colour", []string{"TERM=xterm", "LANG=C.utf8", "NO_COLOR=1"}, true, style{width: 60, addressable: true}},
		{"C locale", []string{"TERM=vt100", "LANG=C"}, true, style{width: 60, colour: true, addressable: true, ascii: true}},
		{"LC_ALL wins", []string{"TERM=vt100", "LC_ALL=C", "LANG=en_GB.UTF-8"}, true, style{width: 60, colour: true, addressable: true, ascii: true}},
		{"dumb", []string{"TERM=dumb", "LANG=C.UTF-8"}, true, style{width: 60}},
		{"pipe", []string{"TERM=xterm", "COLUMNS=100"}, false, style{width: 100}},
		{"bad COLUMNS", []string{"COLUMNS=9999999999999999999"}, false, style{width: 60}},
	} {
		if got := styleFor(c.environ, c.terminal); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestScriptEndsWithThePhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		close(phone.views)
		in, w := io.Pipe()
		defer w.Close()
		if err := RunScript(t.Context(), phone, phone.views, in, io.Discard, Options{}); err != nil {
			t.Error(err)
		}
	})
}
