package lint

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"deskset/provisioning/param"
)

// The exit codes.
const (
	exitClean    = 0
	exitWarnings = 1 // only with -strict
	exitErrors   = 2
)

// options is what the command line says.
type options struct {
	json, strict, all bool
	merged            string
	profile           param.Profile
	maxSize           int64
	maxFiles          int
	paths             []string
}

const usage = `deskset lint: check the files of a phone's TFTP server.

  deskset lint [flags] FILE...   check these files
  deskset lint [flags] DIR       check a TFTP root; lay every phone's file over the default file

Checked are SIPDefault.cnf, SIP<MAC>.cnf, OS79XX.TXT, RINGLIST.DAT, ringlist.xml and the rings they name, dialplan.xml,
syncinfo.xml, SEP<MAC>.cnf.xml, XMLDefault.cnf.xml, images (.img, .sbn, .sb2, .loads), and Deskset's own settings file deskset.cnf.

Exit code: 0 nothing worse than a note (or a warning, without -strict); 1 warnings, with -strict; 2 errors: a file that
cannot be read or makes no sense, nothing to check, or a wrong command line.

Flags:
`

// Main runs the linter. What it finds goes to stdout, wrong use to stderr. The
// result is the exit code, see -help.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitClean
	case err != nil:
		fmt.Fprintln(stderr, "deskset lint:", neutral(err.Error()))
		return exitErrors
	}
	l := newLinter(o)
	defer l.close()
	l.meter = newMeter(stderr)
	err = l.run(ctx)
	l.meter.clear()
	if err != nil {
		fmt.Fprintln(stderr, "deskset lint:", neutral(err.Error()))
		return exitErrors
	}
	write := printHuman
	if o.json {
		write = printJSON
	}
	if err := write(stdout, l.report); err != nil {
		fmt.Fprintln(stderr, "deskset lint:", neutral(err.Error()))
		return exitErrors
	}
	return l.report.exit
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("deskset lint", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the package would quote what was typed as it is
	flags.BoolVar(&o.json, "json", false, "print one JSON document")
	flags.BoolVar(&o.strict, "strict", false, "end with 1 if there are warnings")
	flags.BoolVar(&o.all, "all", false, "in merged results, show parameters that no file sets too")
	flags.StringVar(&o.merged, "merged", mergedAuto, "`which` merged results to print: auto (directories, and phone files given with a default file), always, never")
	profile := flags.String("profile", param.ProfileGuide.String(), "whose `defaults` apply: guide (release 1.0), 2, 3 (to 7), 8 or cucm")
	flags.Int64Var(&o.maxSize, "max-size", 1<<20, "largest file to read, in `bytes`")
	flags.IntVar(&o.maxFiles, "max-files", 1000, "largest `number` of files to check")
	err := flags.Parse(args)
	o.paths = flags.Args()
	name, badProfile := profileParam.Check(*profile)
	o.profile = param.ParseProfile(name)
	const mostSize, mostFiles = 64 << 20, 100_000
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage)
		flags.SetOutput(stderr)
		flags.PrintDefaults()
	case err != nil:
	case badProfile != nil || name == "":
		err = fmt.Errorf("-profile %q: want %s", *profile, strings.Join(profileParam.Choices, ", "))
	case o.merged != mergedAuto && o.merged != mergedAlways && o.merged != mergedNever:
		err = fmt.Errorf("-merged %q: want auto, always or never", o.merged)
	case o.maxSize < 1 || o.maxSize > mostSize:
		err = fmt.Errorf("-max-size %d: want 1 to %d", o.maxSize, mostSize)
	case o.maxFiles < 1 || o.maxFiles > mostFiles:
		err = fmt.Errorf("-max-files %d: want 1 to %d", o.maxFiles, mostFiles)
	case len(o.paths) == 0:
		err = errors.New("want files or a directory; see -help")
	}
	return o, err
}

// When to print merged results.
const (
	mergedAuto   = "auto"
	mergedAlways = "always"
	mergedNever  = "never"
)
