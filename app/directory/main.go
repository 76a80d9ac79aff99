// Package directory is the command deskset directory: it brings people into the
// phone's personal directory and out of it, while the phone is off, as vCard or
// CSV. What the files look like is the matter of phonecore/directory.
package directory

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"deskset/phonecore/directory"
	"deskset/phonecore/flash"
)

// The exit codes.
const (
	exitGood   = 0
	exitFailed = 2
)

const usage = `deskset directory: the phone's personal directory.

  deskset directory import [-flash DIR] FILE   add the people of a file; known ones get the numbers that are new
  deskset directory export [-flash DIR] FILE   write all people into a new file

FILE is a vCard (.vcf) or a table (.csv); export to - writes vCards to the standard output. The phone must be off.

Exit code: 0 done; 2 not done.
`

// command is import or export.
type command func(f *flash.Flash, path string, stdout io.Writer) error

var commands = map[string]command{"import": importFile, "export": exportFile}

// Main runs the command. What it did goes to stdout, trouble to stderr. The
// result is the exit code, see -help.
func Main(_ context.Context, args []string, stdout, stderr io.Writer) int {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("deskset directory "+name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	dir := flags.String("flash", "", "`directory` of the phone's flash")
	do := commands[name]
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp) || strings.TrimLeft(name, "-") == "help" || name == "-h":
		fmt.Fprint(stderr, usage)
		return exitGood
	case do == nil:
		err = fmt.Errorf("%q: want import or export; see -help", name)
	case err == nil && flags.NArg() != 1:
		err = errors.New("want one file; see -help")
	case err == nil:
		err = withFlash(*dir, func(f *flash.Flash) error { return do(f, flags.Arg(0), stdout) })
	}
	if err != nil {
		fmt.Fprintln(stderr, "deskset directory:", tidy(err.Error()))
		return exitFailed
	}
	return exitGood
}

// withFlash opens the flash of a phone that has been on before.
func withFlash(dir string, do func(*flash.Flash) error) (err error) {
	if dir == "" {
		if dir, err = flash.DefaultDir(); err != nil {
			return err
		}
	}
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("no phone has its flash there (%w); start it once, or name another place with -flash", err)
	}
	f, err := flash.Open(dir, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return do(f)
}

func load(f *flash.Flash) (*directory.Book, error) {
	data, err := f.Get(directory.Blob)
	if err != nil {
		return nil, err
	}
	return directory.Decode(data)
}

// isTable tells a table from a vCard: by the name, else by how it begins.
func isTable(path string, data []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".txt":
		return true
	case ".vcf", ".vcard":
		return false
	}
	return !bytes.Contains(bytes.ToUpper(data[:min(len(data), 1<<10)]), []byte("BEGIN:VCARD"))
}

func importFile(f *flash.Flash, path string, stdout io.Writer) error {
	data, err := read(path)
	if err != nil {
		return err
	}
	book, err := load(f)
	if err != nil {
		return err
	}
	parse := directory.ParseVCard
	if isTable(path, data) {
		parse = directory.ParseCSV
	}
	people, problems := parse(filepath.Base(path), data)
	for _, p := range problems {
		fmt.Fprintln(stdout, tidy(p.Error()))
	}
	if len(people) == 0 {
		return fmt.Errorf("%s: nobody with a telephone number found: want vCards (.vcf) or a table (.csv)", path)
	}
	r := book.Merge(people)
	encoded, err := book.Encode()
	if err != nil {
		return err
	}
	if err := f.Put(directory.Blob, encoded); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%d added, %d with new numbers, %d known already, %d refused\n", r.Added, r.Merged, r.Unchanged, r.Refused)
	return nil
}

// read takes a file that has an end and a bearable size.
func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: want a regular file", path)
	case info.Size() > directory.MaxImport:
		return nil, fmt.Errorf("%s: %d MB are too much; want at most %d", path, info.Size()>>20, directory.MaxImport>>20)
	}
	return os.ReadFile(path)
}

func exportFile(f *flash.Flash, path string, stdout io.Writer) error {
	book, err := load(f)
	if err != nil {
		return err
	}
	people := book.Entries()
	data := directory.WriteVCard(people, directory.VCard3)
	if path == "-" {
		_, err := stdout.Write(data)
		return err
	}
	if isTable(path, data) {
		data = directory.WriteCSV(people)
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // people's numbers are nobody else's
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	fmt.Fprintf(stdout, "%d people written to %s\n", len(people), tidy(path))
	return nil
}

// tidy keeps what a file says from moving a terminal's cursor.
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
