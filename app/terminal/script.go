package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"deskset/phonecore/view"
)

// maxCommand bounds a line of a script.
const maxCommand = 4096

// script reads commands and works the phone.
type script struct {
	ctx   context.Context
	phone Phone
	keys  *holder
	views <-chan view.View
	out   io.Writer
	style style

	view    view.View
	closed  bool  // the phone gives no more views
	outErr  error // of the first write that failed
	printed []string
	timeout time.Duration
}

// errQuit ends a script by its own wish.
var errQuit = errors.New("quit")

// commands are what a script can say.
var commands = map[string]struct {
	usage string
	run   func(s *script, args string) error
}{
	"press":   {"press KEY... | press DIGITS", (*script).press},
	"hold":    {"hold KEY DURATION", (*script).hold},
	"type":    {"type TEXT", (*script).typeText},
	"expect":  {"expect TEXT", (*script).expect},
	"absent":  {"absent TEXT", (*script).absent},
	"screen":  {"screen NAME", (*script).screen},
	"lamp":    {"lamp message|headset|mute|speaker on|off|blinking", (*script).lamp},
	"wait":    {"wait DURATION", (*script).wait},
	"timeout": {"timeout DURATION", (*script).setTimeout},
	"show":    {"show", (*script).show},
	"echo":    {"echo TEXT", (*script).echo},
	"quit":    {"quit", func(*script, string) error { return errQuit }},
}

// RunScript reads commands from in, one a line, until it ends, and prints each
// changed screen to out. The first command that fails ends it; its error has
// the number of the line and the screen.
func RunScript(ctx context.Context, phone Phone, views <-chan view.View, in io.Reader, out io.Writer, opts Options) error {
	s := &script{ctx: ctx, phone: phone, keys: newHolder(phone), views: views, out: out,
		style: styleFor(opts.Environ, false), timeout: opts.ExpectWait}
	if s.timeout <= 0 {
		s.timeout = 10 * time.Second
	}
	defer s.keys.releaseAll()
	done := make(chan struct{})
	defer close(done)
	lines, scanErr := commandLines(in, done)
	for n := 1; ; n++ {
		command, ok := s.nextCommand(lines)
		switch {
		case s.outErr != nil:
			return s.outErr
		case !ok:
			if s.ctx.Err() != nil || s.closed {
				return nil
			}
			return <-scanErr
		}
		if err := s.do(command); errors.Is(err, errQuit) {
			return nil
		} else if err != nil {
			return fmt.Errorf("script:%d: %w", n, err)
		}
	}
}

// commandLines reads lines until in ends; err then has one value.
func commandLines(in io.Reader, done <-chan struct{}) (lines <-chan string, err <-chan error) {
	out, result := make(chan string), make(chan error, 1)
	go func() {
		defer close(out)
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, maxCommand)
		for scanner.Scan() {
			select {
			case out <- scanner.Text():
			case <-done:
				return
			}
		}
		result <- scanner.Err()
	}()
	return out, result
}

// nextCommand shows views until a line comes.
func (s *script) nextCommand(lines <-chan string) (string, bool) {
	for {
		select {
		case <-s.ctx.Done():
			return "", false
		case v, open := <-s.views:
			if !open {
				s.closed = true
				return "", false
			}
			s.see(v)
		case l, open := <-lines:
			return l, open
		}
	}
}

func (s *script) do(l string) error {
	l = strings.TrimSpace(l)
	if l == "" || l[0] == '#' {
		return nil
	}
	name, args, _ := strings.Cut(l, " ")
	c, ok := commands[name]
	if !ok {
		return fmt.Errorf("no command %q; there are %s", clean(name), strings.Join(usages(), ", "))
	}
	return c.run(s, strings.TrimSpace(args))
}

func usages() []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.usage)
	}
	slices.Sort(all)
	return all
}

// see takes a view and prints it if it looks different. Blinking does not
// count: a script is not flooded with it.
func (s *script) see(v view.View) {
	v.BlinkOn = true
	s.view = v
	lines := s.style.lines(v, s.style.width)
	if slices.Equal(lines, s.printed) {
		return
	}
	s.printed = lines
	if err := printLines(s.out, append([]string{"# " + v.Screen.Name}, lines...)); err != nil && s.outErr == nil {
		s.outErr = err
	}
}

func (s *script) show(string) error {
	return printLines(s.out, s.style.lines(s.view, s.style.width))
}

// echo marks a place in the output, for programs that read it.
func (s *script) echo(text string) error {
	return printLines(s.out, []string{clean(text)})
}

func (s *script) press(args string) error {
	keys, err := parseKeys(args)
	if err != nil {
		return err
	}
	for _, k := range keys {
		s.keys.stroke(k, holdTime)
		if err := s.pass(holdTime + 20*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// parseKeys reads key names, or digits written together.
func parseKeys(args string) ([]view.Key, error) {
	var keys []view.Key
	for _, word := range strings.Fields(args) {
		if k, err := view.ParseKey(word); err == nil {
			keys = append(keys, k)
			continue
		}
		for _, r := range word {
			k := view.DigitKey(r)
			if k == view.KeyNone {
				return nil, fmt.Errorf("no key is named %q", clean(word))
			}
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("press what?")
	}
	return keys, nil
}

func (s *script) hold(args string) error {
	name, length, _ := strings.Cut(args, " ")
	k, err := view.ParseKey(name)
	if err != nil {
		return err
	}
	d, err := duration(length)
	if err != nil {
		return err
	}
	s.keys.stroke(k, d)
	return s.pass(d + 20*time.Millisecond)
}

// typeText sends text rune by rune, as a keyboard does; text with an @ is an
// address and goes as a whole, as pasted.
func (s *script) typeText(text string) error {
	if utf8.RuneCountInString(text) > 1 && strings.Contains(text, "@") {
		s.phone.Type(text)
		return nil
	}
	for _, r := range text {
		s.phone.Type(string(r))
	}
	return nil
}

func (s *script) expect(text string) error {
	return s.until(func() bool { return strings.Contains(content(s.view), text) }, "%q on the screen", text)
}

func (s *script) absent(text string) error {
	return s.until(func() bool { return !strings.Contains(content(s.view), text) }, "no %q on the screen", text)
}

func (s *script) screen(name string) error {
	return s.until(func() bool { return s.view.Screen.Name == name }, "screen %s", name)
}

func (s *script) lamp(args string) error {
	name, want, _ := strings.Cut(args, " ")
	for i, lamp := range lampNames {
		if lamp.name != name {
			continue
		}
		state := slices.Index(lampStates, want)
		if state < 0 {
			return fmt.Errorf("a lamp is on, off or blinking, not %q", clean(want))
		}
		return s.until(func() bool { return s.view.Lamps[i] == view.LampState(state) }, "lamp %s %s", name, want)
	}
	return fmt.Errorf("no lamp is named %q", clean(name))
}

var lampStates = []string{view.LampOff: "off", view.LampOn: "on", view.LampBlinking: "blinking"}

func (s *script) wait(args string) error {
	d, err := duration(args)
	if err != nil {
		return err
	}
	return s.pass(d)
}

func (s *script) setTimeout(args string) (err error) {
	d, err := duration(args)
	if err == nil {
		s.timeout = d
	}
	return err
}

func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d < 0 || d > 24*time.Hour {
		return 0, fmt.Errorf("%q is no time like 500ms or 2s", clean(text))
	}
	return d, nil
}

// pass lets time go by, seeing views.
func (s *script) pass(d time.Duration) error {
	_, err := s.look(d, func() bool { return false })
	return err
}

// until sees views until cond holds, or fails after the time-out.
func (s *script) until(cond func() bool, format string, args ...any) error {
	met, err := s.look(s.timeout, cond)
	if err == nil && !met {
		err = fmt.Errorf("expected "+format+" within %s; screen %q is:\n%s", append(args, s.timeout,
			s.view.Screen.Name, strings.Join(Text(s.view, s.style.width, false), "\n"))...)
	}
	return err
}

// look sees views for a time, or until cond holds.
func (s *script) look(d time.Duration, cond func() bool) (bool, error) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for !cond() {
		select {
		case <-s.ctx.Done():
			return false, errQuit
		case v, open := <-s.views:
			if !open {
				s.closed = true
				return false, errors.New("the phone has stopped")
			}
			s.see(v)
		case <-timer.C:
			return false, nil
		}
	}
	return true, nil
}

// content is all text of a screen, uncut, one piece a line: what expect
// searches.
func content(v view.View) string {
	s := v.Screen
	pieces := []string{s.Status.Left, s.Status.Right, s.Title, s.Message, s.Prompt, s.Edit.Text, v.Title}
	pieces = append(pieces, s.Text...)
	pieces = append(pieces, s.Soft[:]...)
	for _, r := range s.Rows {
		pieces = append(pieces, r.Text, r.Right)
	}
	for _, l := range s.Lines {
		pieces = append(pieces, l.Text)
	}
	for _, item := range s.Items {
		pieces = append(pieces, item.Label+" "+item.Value)
	}
	for i := range pieces {
		pieces[i] = clean(pieces[i])
	}
	return strings.Join(pieces, "\n")
}
