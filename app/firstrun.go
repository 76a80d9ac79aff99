package main

import (
	"context"
	"log/slog"
	"os"
	"strings"

	"golang.org/x/term"

	"deskset/phonecore"
	"deskset/phonecore/flash"
	"deskset/phonecore/image"
	"deskset/provisioning/tftp"
)

// firstSteps says when a person is led through the first steps: where one looks
// and can answer, and not in a lab.
func (o *options) firstSteps() phonecore.FirstRun {
	switch {
	case o.firstRun:
		return phonecore.FirstRunAlways
	case o.lab, o.account, o.terminal && (o.once || !term.IsTerminal(int(os.Stdin.Fd()))):
		return phonecore.FirstRunNever
	}
	return phonecore.FirstRunIfEmpty
}

// labOnRequest starts the lab for a phone that is running already, and gives
// what it becomes by that. Its flash is one in memory, so that trying things out
// changes nothing.
func (d *deskset) labOnRequest(ctx context.Context, o *options, log *slog.Logger) (func(*phonecore.Config), error) {
	point, err := d.startLab(ctx, o, log)
	if err != nil {
		return nil, err
	}
	memory := flash.Memory()
	images, err := image.Open(memory, image.Info{Name: phonecore.Load}, log)
	if err != nil {
		return nil, err
	}
	return func(config *phonecore.Config) {
		point(config)
		config.Flash, config.Images = memory, images
		d.joinLab(config, &hostNetwork{client: tftp.Client{Log: log, Trace: d.trace.TFTP()}, dns: &nameServers{}})
		d.tracePort(config)
	}, nil
}

// locale is the language of the environment, in the order of POSIX.
func locale(environ []string) string {
	values := map[string]string{}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		values[name] = value
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if values[name] != "" {
			return values[name]
		}
	}
	return ""
}
