package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"deskset/app/lab"
	"deskset/app/terminal"
)

// labTime bounds what the lab is told to do.
const labTime = 5 * time.Second

// errNoLab is what a script without a lab gets.
var errNoLab = errors.New("there is no lab: start the phone with -lab; a demo wants a line \"start -lab\"")

// labCommands are what a script can tell the lab.
func (d *deskset) labCommands(ctx context.Context) map[string]terminal.Command {
	return map[string]terminal.Command{
		"lab": {Usage: "lab fault NAMES|none | lab call [EXTENSION] | lab give-up | lab notify check-sync|check-version|reset|restart", Run: func(args string) error {
			if d.lab == nil {
				return errNoLab
			}
			verb, what, _ := strings.Cut(args, " ")
			what = strings.TrimSpace(what)
			switch verb {
			case "fault":
				return d.lab.SetFault(strings.TrimPrefix(what, "none"))
			case "call":
				d.lab.CallMe(d.lab.Accounts()[0].User, what, 0)
				return nil
			case "give-up":
				d.lab.GiveUp()
				return nil
			case "notify":
				return d.notify(ctx, what)
			}
			return fmt.Errorf("the lab knows fault, call, give-up and notify, not %q", verb)
		}},
	}
}

// notices are what the lab can tell the phone, by name.
var notices = map[string]lab.Notice{
	"check-sync": lab.CheckSync, "check-version": lab.CheckVersion, "reset": lab.Reset, "restart": lab.Restart,
}

// notify tells the phone something as its line 1. For check-sync there is
// something new on the server.
func (d *deskset) notify(ctx context.Context, what string) error {
	notice, ok := notices[what]
	if !ok {
		return fmt.Errorf("the lab notifies of check-sync, check-version, reset and restart, not of %q", what)
	}
	if notice == lab.CheckSync {
		d.lab.ChangeSync()
	}
	ctx, cancel := context.WithTimeout(ctx, labTime)
	defer cancel()
	status, err := d.lab.Notify(ctx, d.lab.Accounts()[0].User, notice)
	if err == nil && status/100 != 2 {
		err = fmt.Errorf("the phone answers %d", status)
	}
	return err
}
