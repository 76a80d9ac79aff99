package image

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
)

// plan is what the command line asks for.
type plan struct {
	manifest firmware.Manifest
	// signed is the name that goes into the header of a signed file, empty
	// for a container.
	signed       string
	out, payload string
	force        bool
}

// signedExtensions are those of signed files; the first is that of an image.
var signedExtensions = []string{".sbn", ".sb2", ".loads", ".bin"}

func build(_ context.Context, args []string, stdout, stderr io.Writer) (int, error) {
	p, err := parseBuild(args, stderr)
	if err != nil {
		return exitFailed, err
	}
	payload, size, err := p.open()
	if err != nil {
		return exitFailed, err
	}
	defer payload.Close()
	write := func(w io.Writer) error { return firmware.WriteContainer(w, p.manifest, payload, size) }
	if p.signed != "" {
		write = func(w io.Writer) error { return writeSigned(w, p, payload, size) }
	}
	if err := writeFile(p.out, p.force, write); err != nil {
		return exitFailed, err
	}
	refused, err := examine(stdout, p.out)
	if refused && err == nil {
		fmt.Fprintf(stderr, "deskset image build: %s is written, but phones refuse it\n", shown(p.out))
	}
	return exitGood, err
}

func parseBuild(args []string, stderr io.Writer) (plan, error) {
	var p plan
	m := &p.manifest
	flags := flag.NewFlagSet("deskset image build", flag.ContinueOnError)
	flags.StringVar(&m.Name, "name", "", "`load` that the image is, without extension: what image_version says")
	flags.StringVar(&m.Generation, "generation", "", "`firmware` generation whose defaults apply, as in firmware_profile (default: by the name)")
	flags.StringVar(&m.Description, "description", "", "one line of `text` for people")
	created := flags.String("created", "", "`time` of making, as 2026-11-21T00:00:00Z (default: SOURCE_DATE_EPOCH, else none)")
	signed := flags.Bool("signed-layout", false, "write the header of a signed file (.sbn, .sb2, .loads) instead of a container; its signature is zero")
	flags.StringVar(&p.out, "o", "", "`file` to write (default: the load's name with .img or .sbn, here)")
	flags.BoolVar(&p.force, "f", false, "overwrite the file if it exists")
	err := parse(flags, args, stderr)
	if err != nil {
		return p, err
	}
	if flags.NArg() > 1 {
		return p, fmt.Errorf("%d files given: want one payload at most, behind the flags", flags.NArg())
	}
	p.payload = flags.Arg(0)
	if m.Generation, err = checkGeneration(m.Generation); err != nil {
		return p, err
	}
	if m.Created, err = parseCreated(*created); err != nil {
		return p, err
	}
	return p, p.complete(*signed)
}

// complete checks what belongs together and fills in what was left out.
func (p *plan) complete(signed bool) error {
	m := p.manifest
	names := firmware.FileNames(m.Name)
	switch {
	case m.Name == "":
		return errors.New("want -name LOAD; see -help")
	case len(names) == 0 || firmware.Stem(m.Name) != m.Name:
		return fmt.Errorf("-name %.64q: want the name of a load without extension, like DS79-0-2-0", m.Name)
	case !firmware.IsLoadOf7960(m.Name):
		return fmt.Errorf("-name %.64q: phones refuse it: %w", m.Name, errNotOfPhone)
	case !signed:
		if p.out == "" {
			p.out = names[0]
		}
		return nil
	case m.Generation != "" || m.Description != "":
		return errors.New("-signed-layout has no place for -generation and -description")
	case !m.Created.IsZero() && (m.Created.Unix() < 0 || m.Created.Unix() > math.MaxUint32):
		return errors.New("-signed-layout has place for times from 1970 to 2106")
	}
	extension := strings.ToLower(filepath.Ext(p.out))
	if !slices.Contains(signedExtensions, extension) {
		extension = signedExtensions[0]
	}
	p.signed = m.Name + extension
	if p.out == "" {
		p.out = p.signed
	}
	return nil
}

// checkGeneration asks the table of parameters.
func checkGeneration(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	profile, _ := param.Lookup("firmware_profile")
	value, err := profile.Check(name)
	if err != nil {
		return "", fmt.Errorf("-generation %.64q: want %s", name, strings.Join(profile.Choices, ", "))
	}
	return value, nil
}

// parseCreated reads the flag, else the variable of reproducible builds, which
// counts seconds since 1970.
func parseCreated(text string) (time.Time, error) {
	if text != "" {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return time.Time{}, fmt.Errorf("-created %.64q: want a time like 2026-11-21T00:00:00Z", text)
		}
		return when, nil
	}
	const variable = "SOURCE_DATE_EPOCH"
	epoch := os.Getenv(variable)
	if epoch == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseUint(epoch, 10, 32)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %.64q: want seconds since 1970", variable, epoch)
	}
	return time.Unix(int64(seconds), 0).UTC(), nil
}

// open opens the payload; without one it is empty.
func (p *plan) open() (io.ReadCloser, int64, error) {
	if p.payload == "" {
		return io.NopCloser(strings.NewReader("")), 0, nil
	}
	return openRegular(p.payload)
}

// writeSigned writes the public header and the payload behind it. That of a
// .loads file must be a list.
func writeSigned(w io.Writer, p plan, payload io.Reader, size int64) error {
	when := p.manifest.Created
	if when.IsZero() {
		when = time.Unix(0, 0)
	}
	header := firmware.AppendHeader(nil, p.signed, when)
	if size > firmware.MaxImage-int64(len(header)) {
		return firmware.ErrTooLarge
	}
	data, err := io.ReadAll(io.LimitReader(payload, size))
	if err != nil {
		return err
	}
	if strings.HasSuffix(p.signed, ".loads") {
		if _, err := firmware.ParseLoads(data); err != nil {
			return fmt.Errorf("a .loads file lists the files of a load: %w", err)
		}
	}
	_, err = io.Copy(w, io.MultiReader(bytes.NewReader(header), bytes.NewReader(data)))
	return err
}

// writeFile writes a new file or, if told so, replaces one; what fails halfway
// leaves no file, and an old one as it was.
func writeFile(path string, force bool, write func(io.Writer) error) error {
	info, err := os.Lstat(path)
	switch exists := !errors.Is(err, fs.ErrNotExist); {
	case exists && err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s: want a regular file", path)
	case exists && err == nil && !force:
		return fmt.Errorf("%s exists; -f overwrites it", path)
	}
	target := path
	if force {
		target += ".part"
	}
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return named(target, err)
	}
	if err = errors.Join(write(f), f.Close()); err == nil && force {
		err = os.Rename(target, path)
	}
	if err != nil {
		return named(path, errors.Join(err, os.Remove(target)))
	}
	return nil
}
