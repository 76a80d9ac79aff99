package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"deskset/app/trace"
	"deskset/phonecore"
	"deskset/provisioning/link"
)

// traced is "deskset trace FILE": the phone with -trace.
func traced(ctx context.Context, args []string, _, stderr io.Writer) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		fmt.Fprintln(stderr, "usage: deskset trace OUT.pcapng [flags of the phone]\n\nA name that ends in .pcapng is for Wireshark; any other name gets the SIP messages as text.")
		if len(args) > 0 && strings.TrimLeft(args[0], "-") == "help" {
			return 0
		}
		return exitUsage
	}
	code := telephone(ctx, append([]string{"-trace", args[0]}, args[1:]...))
	if info, err := os.Stat(args[0]); err == nil {
		fmt.Fprintf(stderr, "deskset trace: %s has %d kB\n", args[0], (info.Size()+1023)/1024)
	}
	return code
}

func (d *deskset) openTrace(o *options, log *slog.Logger) (err error) {
	d.trace, err = trace.Open(o.trace, trace.Options{Program: "Deskset " + phonecore.Load, Digits: o.traceDigits, Log: log})
	if err == nil {
		d.closers = append(d.closers, d.trace)
	}
	return err
}

// tracePort has the frames of the phone's own port traced, if it has one.
func (d *deskset) tracePort(config *phonecore.Config) {
	open := config.Beyond.Port
	if open == nil || d.trace == nil {
		return
	}
	config.Beyond.Port = func() (link.Port, error) {
		p, err := open()
		if err != nil {
			return nil, err
		}
		return d.trace.Port(p), nil
	}
}
