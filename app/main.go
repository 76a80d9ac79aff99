// Command deskset is a softphone with the face, the menus and the start-up of
// the SIP IP Phone 7960.
//
// This package only reads flags and puts the rooms together: options.go says
// what can be asked, phone.go builds the phone, window.go and terminal.go are
// its two faces.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"deskset/app/directory"
	"deskset/app/image"
	"deskset/app/lab"
	"deskset/app/lint"
	"deskset/app/port"
	"deskset/phonecore"
)

// commands are the programs inside the program; anything else is a phone.
var commands = map[string]func(ctx context.Context, args []string, stdout, stderr io.Writer) int{
	"directory": directory.Main,
	"image":     image.Main,
	"lab":       lab.Main,
	"lint":      lint.Main,
	"play":      played,
	"port":      port.Main,
	"reference": reference,
	"trace":     traced,
}

// exitUsage is what every command ends with when its command line is wrong.
const exitUsage = 2

// errUsage is what is wrong with the phone's command line or its settings file.
type errUsage struct{ error }

func (e errUsage) Unwrap() error { return e.error }

func main() { os.Exit(start(os.Args[1:])) }

// start runs a command or the phone and gives the exit code.
func start(args []string) int {
	// A terminal that was closed or a pipe that was cut must not keep the
	// phone from hanging up and unregistering.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, endAtOnce)
	if len(args) > 0 {
		if command, ok := commands[args[0]]; ok {
			return command(ctx, args[1:], os.Stdout, os.Stderr)
		}
	}
	return telephone(ctx, args)
}

// endAtOnce lets the next Ctrl-C end the program as it stands, for who does not
// want to wait for what the last one began. Of SIGHUP several may come from one
// terminal that is closed: they go on to be one.
func endAtOnce() { signal.Reset(os.Interrupt) }

// goodbyePatience is how long the phone may hang up and unregister without a
// word at the terminal.
const goodbyePatience = 500 * time.Millisecond

// awaitEnd waits for the phone, which is hanging up and unregistering, and tells
// that it does when a server keeps it. From then on hurry has Ctrl-C end it.
func awaitEnd(ended <-chan error, out io.Writer, hurry func()) error {
	select {
	case err := <-ended:
		return err
	case <-time.After(goodbyePatience):
	}
	hurry()
	fmt.Fprintln(out, "deskset: hanging up and unregistering; Ctrl-C ends it at once")
	return <-ended
}

// telephone runs the phone and gives the exit code.
func telephone(ctx context.Context, args []string) int {
	err := run(ctx, args, os.Stdin, os.Stdout, os.Stderr)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(os.Stderr, "deskset:", err)
	complain(err)
	if _, wrong := errors.AsType[errUsage](err); wrong {
		return exitUsage
	}
	return 1
}

func run(ctx context.Context, args []string, stdin, stdout, stderr *os.File) error {
	o, err := parseOptions(ctx, args, stdin, stdout, stderr)
	if err != nil {
		return errUsage{err}
	}
	switch {
	case o.version:
		fmt.Fprintln(stdout, "deskset", phonecore.Load)
		return nil
	case o.screenshot != "":
		return screenshot(o.screenshot, o.screen, o.width)
	}
	if !o.terminal && !displayAnswers() {
		fmt.Fprintln(stderr, "deskset: no display to open a window on (DISPLAY, WAYLAND_DISPLAY); starting the terminal face")
		o.terminal = true
	}
	if o.handOver() {
		return nil
	}
	log, closeLog, err := openLog(o, stderr)
	if err != nil {
		return err
	}
	defer closeLog()
	d, err := build(ctx, o, log)
	if err != nil {
		return err
	}
	if o.link != "" {
		d.phone.Link(o.link)
	}
	if o.terminal {
		err = d.runTerminal(ctx, o, stdin, stdout)
	} else {
		err = d.runWindow(ctx, o, nil)
	}
	return errors.Join(err, d.close())
}

// closers are closed in the opposite order.
type closers []io.Closer

func (c closers) close() error {
	var all error
	for i := len(c) - 1; i >= 0; i-- {
		all = errors.Join(all, c[i].Close())
	}
	return all
}
