package terminal

import (
	"context"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"deskset/phonecore/view"
)

// Options of a run. The zero value is what a person at a terminal wants.
type Options struct {
	// Once prints one screen and returns: the first after start-up, or the
	// one that is there after OnceWait.
	Once bool
	// OnceWait bounds the wait for Once; 0 means 20 s.
	OnceWait time.Duration
	// ExpectWait is how long a script's expect waits; 0 means 10 s. The
	// command "timeout" changes it.
	ExpectWait time.Duration
	// Environ is looked at for TERM, NO_COLOR, COLUMNS and the locale; nil
	// means the process's own.
	Environ []string
	// Script says how a script is carried out; a person at a terminal has no
	// use for it.
	Script Script
}

// defaultWidth is for output that is no terminal and no COLUMNS given.
const defaultWidth = 60

// Run is the face until the person quits, ctx ends or views is closed. It
// returns nil for all three; an error is one of reading, writing or, in a
// script, an expectation that was not met. The phone is left as it is, with no
// key down.
func Run(ctx context.Context, phone Phone, views <-chan view.View, in, out *os.File, opts Options) error {
	if opts.Environ == nil {
		opts.Environ = os.Environ()
	}
	style := styleFor(opts.Environ, term.IsTerminal(int(out.Fd())))
	switch {
	case opts.Once:
		return once(ctx, views, out, style, opts.OnceWait)
	case style.addressable && term.IsTerminal(int(in.Fd())):
		return runScreen(ctx, phone, views, in, out, style)
	}
	return RunScript(ctx, phone, views, in, out, opts)
}

// style is what the terminal can show.
type style struct {
	width       int // columns of output that is not a terminal
	colour      bool
	ascii       bool
	addressable bool // the cursor can be moved
}

// styleFor reads the environment: NO_COLOR (no-color.org), TERM, COLUMNS, and
// the locale in the order of POSIX (LC_ALL, LC_CTYPE, LANG).
func styleFor(environ []string, terminal bool) style {
	env := map[string]string{}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		env[name] = value
	}
	s := style{width: defaultWidth}
	if n, ok := columns(env["COLUMNS"]); ok {
		s.width = n
	}
	s.addressable = terminal && env["TERM"] != "" && env["TERM"] != "dumb" || terminal && env["TERM"] == "" && windowsConsole
	s.colour = s.addressable && env["NO_COLOR"] == ""
	locale := env["LC_ALL"]
	for _, name := range []string{"LC_CTYPE", "LANG"} {
		if locale == "" {
			locale = env[name]
		}
	}
	locale = strings.ToUpper(locale)
	s.ascii = !windowsConsole && terminal && !strings.Contains(locale, "UTF-8") && !strings.Contains(locale, "UTF8")
	return s
}

func columns(s string) (int, bool) {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 1000 {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, n > 0
}

// lines draws a view in the style.
func (s style) lines(v view.View, width int) []string {
	return s.written(Text(v, width, s.colour))
}

// written gives lines in the signs that the terminal knows.
func (s style) written(lines []string) []string {
	if s.ascii {
		for i := range lines {
			lines[i] = toASCII(lines[i])
		}
	}
	return lines
}

// once prints the first screen of the running phone.
func once(ctx context.Context, views <-chan view.View, out io.Writer, s style, wait time.Duration) error {
	if wait <= 0 {
		wait = 20 * time.Second
	}
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	var latest view.View
	for starting(latest) {
		select {
		case v, open := <-views:
			if !open {
				return printLines(out, s.lines(latest, s.width))
			}
			latest = v
			continue
		case <-timeout.C:
		case <-ctx.Done():
		}
		break
	}
	latest.BlinkOn = true
	return printLines(out, s.lines(latest, s.width))
}

// starting tells that the phone cannot be used yet.
func starting(v view.View) bool {
	return v.Screen.Layout == view.LayoutOff || v.Screen.Layout == view.LayoutStartUp
}

func printLines(out io.Writer, lines []string) error {
	_, err := io.WriteString(out, strings.Join(lines, "\n")+"\n")
	return err
}
