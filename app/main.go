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

	"deskset/phonecore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	default:
		fmt.Fprintln(os.Stderr, "deskset:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdin, stdout, stderr *os.File) error {
	o, err := parseOptions(args, stdin, stderr)
	if err != nil {
		return err
	}
	switch {
	case o.version:
		fmt.Fprintln(stdout, "deskset", phonecore.Load)
		return nil
	case o.screenshot != "":
		return screenshot(o.screenshot, o.screen, o.width)
	}
	log, closeLog, err := openLog(o, stderr)
	if err != nil {
		return err
	}
	defer closeLog()
	if !o.terminal && !displayAnswers() {
		fmt.Fprintln(stderr, "deskset: no display to open a window on (DISPLAY, WAYLAND_DISPLAY); starting the terminal face")
		o.terminal = true
	}
	d, err := build(ctx, o, log)
	if err != nil {
		return err
	}
	if o.terminal {
		err = d.runTerminal(ctx, o, stdin, stdout)
	} else {
		err = d.runWindow(ctx, o)
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
