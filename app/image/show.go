package image

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"deskset/provisioning/firmware"
)

func show(ctx context.Context, args []string, stdout, stderr io.Writer) (int, error) {
	flags := flag.NewFlagSet("deskset image show", flag.ContinueOnError)
	if err := parse(flags, args, stderr); err != nil {
		return exitFailed, err
	}
	if flags.NArg() == 0 {
		return exitFailed, errors.New("want files; see -help")
	}
	code := exitGood
	var failed error
	for _, path := range flags.Args() {
		if ctx.Err() != nil {
			return exitFailed, ctx.Err()
		}
		refused, err := examine(stdout, path)
		failed = errors.Join(failed, err)
		if refused {
			code = exitRefused
		}
	}
	return code, failed
}

// examine prints what a file is, and tells whether phones refuse it.
func examine(w io.Writer, path string) (refused bool, err error) {
	f, size, err := openRegular(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	c, fault := firmware.Scan(f)
	if c.Digest == "" { // nothing is known if reading fails
		return false, named(path, fault)
	}
	fault = verdict(c, fault, filepath.Base(path))
	rows := describe(c, size)
	if strings.EqualFold(filepath.Ext(path), ".loads") {
		rows = append(rows, describeList(f)...)
	}
	if fault != nil {
		rows = append(rows, row{"refused", fault.Error()})
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s\n", shown(path), layouts[c.Layout])
	for _, r := range rows {
		if r.value != "" {
			fmt.Fprintf(&text, "  %-12s %s\n", r.label, r.value)
		}
	}
	_, err = io.WriteString(w, text.String())
	return fault != nil, err
}

var layouts = [...]string{
	firmware.UnknownLayout:   "no image whose name can be checked",
	firmware.ContainerLayout: "an image in Deskset's container",
	firmware.SignedLayout:    "a file with the header of signed images",
}

var errNotOfPhone = errors.New("not the name of a load of the 7940 and 7960, like P0S3-8-12-00 or DS79-0-2-0")

// verdict is why phones refuse a file under its name, nil if they do not.
func verdict(c firmware.Contents, fault error, base string) error {
	switch {
	case errors.Is(fault, firmware.ErrNoHeader):
		return fmt.Errorf("%w with the name of the load (guide 2-8); \"deskset image build -name LOAD FILE\" puts a file into a container", fault)
	case fault != nil:
		return fault
	case !firmware.IsLoadOf7960(c.Name):
		return errNotOfPhone
	}
	return c.Check(base)
}

// row is a line of what is shown; without a value it is left out.
type row struct{ label, value string }

func describe(c firmware.Contents, size int64) []row {
	rows := []row{
		{"load", c.Name},
		{"in header", c.Header.FileName},
		{"generation", c.Generation()},
		{"description", c.Manifest.Description},
		{"created", timeText(c.Manifest.Created)},
		{"signer", c.Header.Subject},
		{"signed", timeText(c.Header.Time)},
	}
	if c.Layout != firmware.UnknownLayout {
		rows = append(rows, row{"payload", fmt.Sprintf("%d bytes", c.Payload)})
	}
	rows = append(rows, row{"size", fmt.Sprintf("%d bytes", size)})
	if size == c.Size {
		rows = append(rows, row{"SHA-256", c.Digest})
	}
	return rows
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// describeList shows a list of files from its beginning, if it is one.
func describeList(f io.ReadSeeker) (rows []row) {
	const most = 64<<10 + 1 // more than a list may have
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil
	}
	l, err := firmware.ParseLoads(data)
	if err != nil {
		return []row{{"list", "none: " + err.Error()}}
	}
	for _, name := range l.Files {
		rows = append(rows, row{"lists", name})
	}
	for _, name := range slices.Sorted(maps.Keys(l.Versions)) {
		rows = append(rows, row{"sets", name + "=" + l.Versions[name]})
	}
	return rows
}
