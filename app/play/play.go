// Package play holds the demos: procedures of the administrator guide and of
// our own pages as scripts that a person can read, watch and run as a test.
//
// A demo is a text file in the language of package terminal's scripts, one
// command a line:
//
//	title Unlock the settings
//	start -lab -fast
//
//	# "Press **# . ... There is no indication an action has taken place." (guide 3-2)
//	say The settings are locked at first. The code is **#.
//	screen idle
//	press **#
//	press settings
//	highlight Network Configuration
//	soft Select
//	padlock unlocked
//
// The head says what the demo is and with which flags the phone is started; its
// lines come before all others; "serve services" in it gives the phone a server
// with XML services. Lines that begin with # are for the reader; what say
// says is the caption for whoever watches. The demos of this package (demos/)
// are part of the program; [Open] reads those of files as well.
package play

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

//go:embed demos/*.demo
var demos embed.FS

const (
	folder    = "demos"
	extension = ".demo"
	// maxDemo bounds a file.
	maxDemo = 256 << 10
)

// Demo is one script with its head.
type Demo struct {
	// Name is that of its file, without folder and extension.
	Name string
	// Title says in a line what is shown.
	Title string
	// Start are the flags of the phone.
	Start []string
	// Services asks for a server with XML services; "serve services" in the
	// head.
	Services bool
	// Text is the whole script.
	Text string
}

// All gives the demos that are part of the program, in the order of their names.
func All() ([]Demo, error) {
	entries, err := demos.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var all []Demo
	for _, e := range entries {
		d, err := Open(strings.TrimSuffix(e.Name(), extension))
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// Open reads a demo: the file of that name, else the one of the program.
func Open(name string) (Demo, error) {
	data, err := read(name)
	if errors.Is(err, fs.ErrNotExist) {
		file := strings.TrimSuffix(name, extension) + extension
		if data, err = demos.ReadFile(path.Join(folder, file)); err != nil {
			return Demo{}, fmt.Errorf("no demo is called %q, and no file; see deskset play -list", name)
		}
	}
	if err != nil {
		return Demo{}, err
	}
	return parse(name, data)
}

func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxDemo+1))
	if err == nil && len(data) > maxDemo {
		err = fmt.Errorf("%s: want at most %d bytes", name, maxDemo)
	}
	return data, err
}

// head are the commands of the head.
var head = []string{"title", "start", "serve"}

// parse reads the head.
func parse(name string, data []byte) (Demo, error) {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	d := Demo{Name: strings.TrimSuffix(base, extension), Text: string(data)}
	begun := false
	for n, l := range strings.Split(d.Text, "\n") {
		command, args, _ := strings.Cut(strings.TrimSpace(l), " ")
		switch {
		case command == "" || command[0] == '#':
		case !slices.Contains(head, command):
			begun = true
		case begun:
			return d, fmt.Errorf("%s:%d: %q belongs to the head of the demo, before all commands", name, n+1, command)
		case command == "title":
			d.Title = strings.TrimSpace(args)
		case command == "serve":
			if d.Services = strings.TrimSpace(args) == "services"; !d.Services {
				return d, fmt.Errorf("%s:%d: there are services to serve, not %q", name, n+1, args)
			}
		default:
			d.Start = append(d.Start, strings.Fields(args)...)
		}
	}
	if d.Title == "" {
		return d, fmt.Errorf("%s: has no line %q", name, "title ...")
	}
	return d, nil
}
