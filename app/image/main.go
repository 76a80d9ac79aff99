package image

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"
)

// The exit codes.
const (
	exitGood    = 0
	exitRefused = 1 // a file that phones refuse was shown
	exitFailed  = 2
)

const usage = `deskset image: make and examine image files.

  deskset image build -name NAME [flags] [PAYLOAD]   write an image of a load, with a file in it or nothing
  deskset image show FILE...                         tell what files are, and whether phones take them

Exit code: 0 all is well; 1 a shown file is none that phones take under its name; 2 a file that cannot be read or
written, or a wrong command line.
`

var commands = map[string]func(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error){
	"build": build, "show": show,
}

// Main runs the command. What it finds goes to stdout, trouble to stderr. The
// result is the exit code, see -help.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	command := commands[name]
	switch {
	case name == "-h" || name == "-help" || name == "--help" || name == "help":
		fmt.Fprint(stderr, usage)
		return exitGood
	case command == nil:
		fmt.Fprintf(stderr, "deskset image: %q: want build or show; see -help\n", name)
		return exitFailed
	}
	code, err := command(ctx, args, stdout, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitGood
	case err != nil:
		for line := range strings.SplitSeq(err.Error(), "\n") {
			fmt.Fprintf(stderr, "deskset image %s: %s\n", name, shown(line))
		}
		return exitFailed
	}
	return code
}

// parse reads flags without quoting on stderr what was typed.
func parse(flags *flag.FlagSet, args []string, stderr io.Writer) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stderr, usage, "\nFlags of ", flags.Name(), ":\n")
		flags.SetOutput(stderr)
		flags.PrintDefaults()
	}
	return err
}

// openRegular opens a file that has an end; opening a pipe would wait. Errors
// name the file.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("want a regular file")
	}
	if err != nil {
		return nil, 0, named(path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, named(path, err)
	}
	return f, info.Size(), nil
}

// named puts the file's name in front of an error.
func named(path string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// shown is text fit for a terminal.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}
