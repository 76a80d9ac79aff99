package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"

	"deskset/app/play"
	"deskset/app/terminal"
	"deskset/phonecore/view"
)

// How fast a demo goes for people: a key stays down, the screen stands, a
// caption is read at some 18 letters a second. lastLook is how long the last
// screen stays.
var demoTempo = terminal.Tempo{
	Hold: 250 * time.Millisecond, Gap: 600 * time.Millisecond,
	Letter: 55 * time.Millisecond, Caption: 800 * time.Millisecond,
}

const lastLook = 3 * time.Second

// viewsHeld is how many views wait for a player that has no processor to run
// on: a demo asks for screens that a fast phone shows for an instant.
const viewsHeld = 256

// faster gives the tempo times a factor.
func faster(t terminal.Tempo, factor float64) terminal.Tempo {
	for _, d := range []*time.Duration{&t.Hold, &t.Gap, &t.Letter, &t.Caption} {
		*d = time.Duration(float64(*d) / factor)
	}
	return t
}

// played is "deskset play DEMO...": a phone of its own for each demo, worked by
// the demo's script.
func played(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("deskset play", flag.ContinueOnError)
	fs.SetOutput(stderr)
	list := fs.Bool("list", false, "list the demos that are part of the program")
	speed := fs.Float64("speed", 1, "how `fast` the demo goes: 2 is twice as fast")
	fs.Usage = func() {
		fmt.Fprintln(stderr, "usage: deskset play [-list] [-speed N] DEMO... [flags of the phone]\n\nDEMO is the name of a demo or a file, NAME.demo.")
		fs.PrintDefaults()
	}
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage
	}
	if *list {
		return listDemos(stdout, stderr)
	}
	names, flags := fs.Args(), []string(nil)
	for i, a := range names {
		if strings.HasPrefix(a, "-") {
			names, flags = names[:i], names[i:]
			break
		}
	}
	if len(names) == 0 || !(*speed >= 0.1 && *speed <= 100) {
		fs.Usage()
		return exitUsage
	}
	for _, name := range names {
		if err := playOne(ctx, name, len(names) > 1, *speed, flags); err != nil {
			fmt.Fprintln(stderr, "deskset play:", err)
			return 1
		}
	}
	return 0
}

func listDemos(stdout, stderr io.Writer) int {
	all, err := play.All()
	if err != nil {
		fmt.Fprintln(stderr, "deskset play:", err)
		return 1
	}
	for _, d := range all {
		fmt.Fprintf(stdout, "%-22s %s\n", d.Name, d.Title)
	}
	return 0
}

// playOne plays a demo. The window toolkit opens windows once in a process's
// life, so one of several demos has a process of its own.
func playOne(ctx context.Context, name string, several bool, speed float64, flags []string) error {
	demo, err := play.Open(name)
	if err != nil {
		return err
	}
	serving, stop, err := serveDemo(demo)
	if err != nil {
		return err
	}
	defer stop()
	o, err := demoOptions(ctx, demo, append(serving, flags...))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	o.terminal = o.terminal || !displayAnswers()
	if several && !o.terminal {
		args := append([]string{"play", "-speed", fmt.Sprint(speed), name}, flags...)
		self, err := os.Executable()
		if err != nil {
			return err
		}
		c := exec.CommandContext(ctx, self, args...) // which serves for itself
		c.Stdout, c.Stderr = os.Stdout, os.Stderr
		return c.Run()
	}
	log, closeLog := slog.New(slog.DiscardHandler), func() {} // captions are to stand alone
	if o.verbose || o.logFile != "" {
		if log, closeLog, err = openLog(o, os.Stderr); err != nil {
			return err
		}
	}
	defer closeLog()
	d, err := build(ctx, o, log)
	if err != nil {
		return err
	}
	p := &player{deskset: d, demo: demo, tempo: faster(demoTempo, speed)}
	if o.terminal {
		err = p.run(ctx, os.Stdout)
	} else {
		err = p.inWindow(ctx, o, os.Stdout)
	}
	return errors.Join(err, d.close())
}

// demoOptions are those of a demo's phone. It does not read the settings of the
// person's own phone and speaks English, as a demo is to show the same to
// everybody.
func demoOptions(ctx context.Context, demo play.Demo, flags []string) (*options, error) {
	args := append([]string{"-settings", os.DevNull, "-language", "en"}, demo.Start...)
	return parseOptions(ctx, append(args, flags...), os.Stdin, os.Stdout, os.Stderr)
}

// player plays one demo on one phone.
type player struct {
	*deskset
	demo  play.Demo
	tempo terminal.Tempo
	// patience is how long the script waits for what it expects; 0 is the usual.
	patience time.Duration
	// look is shown each view; nil shows none.
	look func(view.View)
}

// run starts the phone, carries out the script and switches the phone off.
func (p *player) run(ctx context.Context, out io.Writer) error {
	phoneCtx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.phone.Run(phoneCtx) }()
	err := p.script(ctx, out, terminal.Script{Look: p.look})
	stop()
	return errors.Join(err, <-ended)
}

// script carries out the demo's script.
func (p *player) script(ctx context.Context, out io.Writer, s terminal.Script) error {
	s.Name, s.Tempo, s.Commands = p.demo.Name, p.tempo, p.labCommands(ctx)
	err := terminal.RunScript(ctx, p.phone, p.phone.Follow(viewsHeld), strings.NewReader(p.demo.Text), out, terminal.Options{Script: s, ExpectWait: p.patience})
	if err == nil {
		err = ctx.Err() // a demo that was broken off has shown nothing
	}
	return err
}

// inWindow shows the phone in a window, the captions in its title and in the
// terminal.
func (p *player) inWindow(ctx context.Context, o *options, out io.Writer) error {
	ctx, done := context.WithCancel(ctx)
	defer done()
	played := make(chan error, 1)
	err := p.runWindow(ctx, o, func(ctx context.Context, show func(view.View)) {
		defer done()
		var latest view.View
		caption := p.demo.Title
		s := terminal.Script{NoScreens: true}
		s.Look = func(v view.View) {
			latest = v
			latest.Title = caption
			show(latest)
		}
		s.Caption = func(text string) {
			caption = text
			fmt.Fprintln(out, "»", text)
			s.Look(latest)
		}
		err := p.script(ctx, out, s)
		if err == nil {
			select {
			case <-time.After(lastLook):
			case <-ctx.Done():
			}
		}
		played <- err
	})
	if scriptErr := <-played; !errors.Is(scriptErr, context.Canceled) { // the window was closed
		err = errors.Join(err, scriptErr)
	}
	return err
}
