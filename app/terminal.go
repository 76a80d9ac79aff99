package main

import (
	"context"
	"errors"
	"os"

	"deskset/app/terminal"
)

// runTerminal shows the phone in the terminal until the person or the script
// is done.
func (d *deskset) runTerminal(ctx context.Context, o *options, in, out *os.File) error {
	phoneCtx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- d.phone.Run(phoneCtx) }()
	err := terminal.Run(ctx, d.phone, d.phone.Subscribe(), in, out, terminal.Options{
		Once: o.once, Script: terminal.Script{Commands: d.labCommands(ctx)},
	})
	stop()
	return errors.Join(err, awaitEnd(ended, os.Stderr, endAtOnce))
}
