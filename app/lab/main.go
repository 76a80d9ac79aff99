package lab

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
)

const usage = `deskset lab: a TFTP server, a SIP registrar and extensions that talk, for phones of any make.

  deskset lab [flags]   prints its addresses, accounts and numbers to dial; Ctrl+C ends it

To try Deskset itself, "deskset -lab" brings a lab of its own.

Flags:
`

// Main runs a lab alone until ctx is done: "deskset lab". It prints where the
// lab listens and what may be dialled, for a phone of any make. The passwords
// are printed too, as they are of use nowhere else. The result is the exit
// code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o Options
	flags := flag.NewFlagSet("deskset lab", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.MAC, "mac", DefaultMAC, "`address` of the phone to serve, twelve hexadecimal digits")
	flags.StringVar(&o.Image, "image", DefaultImage, "`name` of the image that the phone runs")
	flags.StringVar(&o.Fault, "fault", "", "`name` of a fault, or several divided by commas; \"list\" lists them")
	flags.StringVar(&o.Root, "root", "", "`directory` whose files win over those that the lab makes")
	flags.BoolVar(&o.HTTP, "http", false, "serve the files by HTTP, too")
	flags.BoolVar(&o.Backup, "backup", false, "start a second SIP proxy, which the files name as proxy_backup")
	flags.BoolVar(&o.Upgrade, "upgrade", false, "have the files name an image that the phone does not run")
	flags.BoolVar(&o.SEP, "sep", false, "add SEP<MAC>.cnf.xml, which a phone takes in place of SIP<MAC>.cnf")
	flags.Func("listen", "`address` to bind (default 127.0.0.1)", func(s string) (err error) {
		o.Listen, err = netip.ParseAddr(s)
		return err
	})
	flags.BoolVar(&o.MD5Only, "md5", false, "challenge by MD5 only, for phones that know nothing else and fail on SHA-256")
	verbose := flags.Bool("verbose", false, "log every event")
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "deskset lab: %q: want flags only; see -help\n", flags.Arg(0))
		return 2
	}
	if o.Fault == "list" {
		listFaults(stdout)
		return 0
	}
	if *verbose {
		o.Log = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	l, err := Start(ctx, o)
	if err != nil {
		fmt.Fprintln(stderr, "deskset lab:", err)
		return 1
	}
	l.describe(stdout)
	<-ctx.Done()
	if err := l.Close(); err != nil {
		fmt.Fprintln(stderr, "deskset lab:", err)
		return 1
	}
	return 0
}

// listFaults prints the scenarios for the trainer.
func listFaults(w io.Writer) {
	for _, s := range Scenarios() {
		fmt.Fprintf(w, "%-20s  %s\n%-20s  -> %s\n", s.Name, s.Does, "", s.Shows)
	}
}

// describe prints what a person needs to use the lab.
func (l *Lab) describe(w io.Writer) {
	fmt.Fprintf(w, "TFTP server      %s\n", l.TFTP())
	fmt.Fprintf(w, "SIP proxy        %s  (UDP and TCP, realm %s)\n", l.Proxy(), Realm)
	if l.backup != nil {
		fmt.Fprintf(w, "Backup proxy     %s  (the same accounts)\n", l.Backup())
	}
	if l.http != nil {
		fmt.Fprintf(w, "HTTP server      %s\n", l.HTTP())
	}
	fmt.Fprintf(w, "Phone            %s\n", l.MAC())
	if l.options.Upgrade {
		fmt.Fprintf(w, "Image            %s  (offered to a phone that runs %s)\n", upgradeOf(l.options.Image), l.options.Image)
	}
	if l.options.Root != "" {
		fmt.Fprintf(w, "Own files        %s\n", l.options.Root)
	}
	if l.options.Fault != "" {
		fmt.Fprintf(w, "Fault            %s\n", l.options.Fault)
	}
	for _, a := range l.Accounts() {
		fmt.Fprintf(w, "Line %d           %s  password %s\n", a.Line, a.User, a.Password)
	}
	for _, e := range Extensions() {
		fmt.Fprintf(w, "Dial %-2s          %s\n", e.Number, e.Does)
	}
}
