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

const traceUsage = `deskset trace: the phone, with what it sends and receives in a file.

  deskset trace OUT.pcapng [flags of the phone]   for Wireshark and tshark
  deskset trace OUT.txt [flags of the phone]      SIP as text

In it: CDP, LLDP, ARP and DHCP of a port of its own, TFTP, files by HTTP, SIP (that inside TLS in clear), RTP and RTCP as
on the wire. Passwords and keys are masked, digits of a call unless you add -trace-digits. Nobody else's packets are in it.

  tshark -r OUT.pcapng                                 all of it, a line each
  tshark -r OUT.pcapng -Y sip -V                       SIP, each header
  tshark -r OUT.pcapng -Y 'frame.comment'              what the phone remarks on packets
  tshark -r OUT.pcapng -q -z sip,stat -z rtp,streams   counts and loss
`

// traced is "deskset trace FILE": the phone with -trace.
func traced(ctx context.Context, args []string, _, stderr io.Writer) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		fmt.Fprint(stderr, traceUsage)
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
