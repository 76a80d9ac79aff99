package lint

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// meter tells a person at a terminal how far a long check is. The zero value
// tells nobody, as it shall be in a file or a pipe.
type meter struct {
	out   io.Writer
	next  time.Time // when something is to be written again
	wrote bool
}

const (
	// meterPatience is how long a check may take without a word.
	meterPatience = time.Second
	meterEvery    = 200 * time.Millisecond
)

func newMeter(stderr io.Writer) meter {
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return meterTo(f)
	}
	return meter{}
}

func meterTo(out io.Writer) meter { return meter{out: out, next: time.Now().Add(meterPatience)} }

// Of a terminal's line: back to its beginning, and erase all behind (ECMA-48).
const eraseLine = "\r\x1b[K"

// show writes how much is done over what it wrote before.
func (m *meter) show(what string, done, of int) {
	if m.out == nil || time.Now().Before(m.next) {
		return
	}
	m.next, m.wrote = time.Now().Add(meterEvery), true
	fmt.Fprintf(m.out, "%sdeskset lint: %s: %d of %d; Ctrl-C ends it", eraseLine, what, done, of)
}

// clear leaves the line to what comes.
func (m *meter) clear() {
	if m.wrote {
		fmt.Fprint(m.out, eraseLine)
	}
}
