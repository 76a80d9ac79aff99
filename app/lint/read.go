package lint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var (
	errOdd      = errors.New("want a regular file; not opened")
	errTooLarge = errors.New("too large")
)

// opener is what can look at files and open them: the system, or a directory
// that is not left.
type opener interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

// system opens what the user named, wherever it is.
type system struct{}

func (system) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
func (system) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// readRegular reads a regular file of at most so many bytes. It gives errOdd,
// errTooLarge or what the system says.
func readRegular(o opener, name string, most int64) ([]byte, error) {
	f, err := openRegular(o, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%w: want at most %d bytes (-max-size)", errTooLarge, most)
	}
	return data, plainError(err)
}

// readHead reads the beginning of a regular file.
func readHead(o opener, name string, most int64) ([]byte, error) {
	f, err := openRegular(o, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most))
	return data, plainError(err)
}

// openRegular looks before it opens, because opening a device may already do
// something, and after it, because the file may be another by then.
func openRegular(o opener, name string) (*os.File, error) {
	info, err := o.Stat(name)
	switch {
	case err != nil:
		return nil, plainError(err)
	case !info.Mode().IsRegular():
		return nil, errOdd
	}
	f, err := o.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, plainError(err)
	}
	if info, err = f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, errors.Join(errOdd, plainError(err))
	}
	return f, nil
}

// plainError takes the path off, which the message names anyway.
func plainError(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// folder is a directory that is not left.
type folder struct {
	path string
	*os.Root
	names  []string // sorted
	listed bool
}

// openFolder opens a directory; the caller closes it.
func openFolder(path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, plainError(err)
	}
	return &folder{path: path, Root: root}, nil
}

// close has no remedy when it fails: the directory was only read.
func (d *folder) close() { _ = d.Close() }

// maxNames is how many names of a directory are looked at.
const maxNames = 100_000

var errTooMany = fmt.Errorf("more than %d files", maxNames)

// list gives the names in the directory, sorted. With errTooMany there are
// more than it gives.
func (d *folder) list() ([]string, error) {
	if d.listed {
		return d.names, nil
	}
	f, err := d.Open(".")
	if err != nil {
		return nil, plainError(err)
	}
	defer f.Close()
	d.listed = true
	for len(d.names) <= maxNames {
		names, err := f.Readdirnames(1024)
		d.names = append(d.names, names...)
		if errors.Is(err, io.EOF) {
			slices.Sort(d.names)
			return d.names, nil
		}
		if err != nil {
			return d.names, plainError(err)
		}
	}
	d.names = d.names[:maxNames]
	slices.Sort(d.names)
	return d.names, errTooMany
}

// has tells whether there is a file of a name, and if not, one that differs in
// case only.
//
// Names are looked up in the listing, since the system may take them in any
// case where the server will not.
func (d *folder) has(name string) (ok bool, other string) {
	names, err := d.list()
	if _, found := slices.BinarySearch(names, name); found {
		return true, ""
	}
	if err != nil || strings.Contains(name, "/") {
		_, err := d.Stat(filepath.FromSlash(name))
		return err == nil, ""
	}
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return false, n
		}
	}
	return false, ""
}

// shown is the path of a file in the directory, with slashes on every system.
func (d *folder) shown(name string) string { return filepath.ToSlash(filepath.Join(d.path, name)) }
