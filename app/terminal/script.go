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
	opts  Script

	view    view.View
	closed  bool  // the phone gives no more views
	outErr  error // of the first write that failed
	printed []string
	timeout time.Duration
	// past are the names of the screens since the phone was last made
	// to do something.
	past map[string]bool
}

// Script says how a script is carried out. The zero value does it at once and
// prints captions and screens.
type Script struct {
	// Name of the script in errors; empty means "script".
	Name string
	// Tempo is how fast it goes; the zero value is as fast as the phone.
	Tempo Tempo
	// Caption is told what "title" and "say" say; nil prints it.
	Caption func(string)
	// Look is shown each view; nil shows none.
	Look func(view.View)
	// NoScreens leaves out the screens that are printed as they change.
	NoScreens bool
	// Commands are those that this script has beside the usual ones.
	Commands map[string]Command
}

// Tempo gives people time to follow.
type Tempo struct {
	// Hold is how long a key stays down, Gap the time after each key; 0 means
	// 120 ms and 20 ms.
	Hold, Gap time.Duration
	// Letter is how long a caption stays for each of its letters, and
	// Caption what is added to that.
	Letter, Caption time.Duration
}

// Command is one that a script can say.
type Command struct {
	Usage string // "press KEY..."
	Run   func(args string) error
}

// command is one of this package's own.
type command struct {
	usage string
	run   func(s *script, args string) error
}

// errQuit ends a script by its own wish.
var errQuit = errors.New("quit")

// RunScript reads commands from in, one a line, until it ends, and prints each
// changed screen to out. The first command that fails ends it; its error has
// the number of the line and the screen.
func RunScript(ctx context.Context, phone Phone, views <-chan view.View, in io.Reader, out io.Writer, opts Options) error {
	s := &script{ctx: ctx, phone: phone, keys: newHolder(phone), views: views, out: out, opts: opts.Script,
		style: styleFor(opts.Environ, false), timeout: opts.ExpectWait}
	s.complete()
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
			return fmt.Errorf("%s:%d: %w", s.opts.Name, n, err)
		}
	}
}

// complete fills in the defaults.
func (s *script) complete() {
	s.past = map[string]bool{}
	if s.timeout <= 0 {
		s.timeout = 10 * time.Second
	}
	if s.opts.Name == "" {
		s.opts.Name = "script"
	}
	if s.opts.Tempo.Hold <= 0 {
		s.opts.Tempo.Hold = holdTime
	}
	if s.opts.Tempo.Gap <= 0 {
		s.opts.Tempo.Gap = keyGap
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
	name, args, _ := strings.Cut(strings.TrimPrefix(l, ":"), " ") // as it is typed on the screen
	args = strings.TrimSpace(args)
	if further, ok := s.opts.Commands[name]; ok {
		clear(s.past)
		return further.Run(args)
	}
	c, ok := commands[name]
	if !ok {
		return fmt.Errorf("no command %q; there are %s", clean(name), strings.Join(s.usages(), ", "))
	}
	return c.run(s, args)
}

// Commands lists what a script can say.
func Commands() []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.usage)
	}
	slices.Sort(all)
	return all
}

func (s *script) usages() []string {
	all := Commands()
	for _, c := range s.opts.Commands {
		all = append(all, c.Usage)
	}
	slices.Sort(all)
	return all
}

// see takes a view and prints it if it looks different. Blinking does not
// count: a script is not flooded with it.
func (s *script) see(v view.View) {
	v.BlinkOn = true
	s.view = v
	s.past[v.Screen.Name] = true
	if s.opts.Look != nil {
		s.opts.Look(v)
	}
	if s.opts.NoScreens {
		return
	}
	lines := s.style.lines(v, s.style.width)
	if slices.Equal(lines, s.printed) {
		return
	}
	s.printed = lines
	if err := printLines(s.out, append([]string{"# " + v.Screen.Name}, lines...)); err != nil && s.outErr == nil {
		s.outErr = err
	}
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
