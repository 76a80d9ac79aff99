// Package tree is the lab's file tree, which its TFTP and HTTP servers show:
// files made in memory, under those of a directory, under those set by hand.
//
//	t, err := tree.New("") // or a directory whose files win
//	t.Make(map[string][]byte{"OS79XX.TXT": []byte("DS79-0-1-0\r\n")})
//	data, err := t.Open("OS79XX.TXT")
//
// Names come from the network. They are looked up as the servers of the guide's
// time did, letter by letter and without regard to a leading "/" or "./"; none
// leads out of the directory, not even by a symbolic link (os.Root).
package tree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
)

// MaxFile bounds a file, in bytes.
const MaxFile = 16 << 20

// maxName bounds a name, in bytes.
const maxName = 255

// Edit looks at what Open is about to give, and may change it.
type Edit func(name string, data []byte, err error) ([]byte, error)

// Tree is the files. Its methods may be called from any goroutine.
type Tree struct {
	mu   sync.Mutex
	made map[string][]byte
	set  map[string][]byte // nil: removed
	edit Edit
	dir  *os.Root // nil: none
}

// New makes an empty tree over a directory, which may be "" for none.
func New(dir string) (*Tree, error) {
	t := &Tree{set: map[string][]byte{}}
	if dir == "" {
		return t, nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("lab: directory of files: %w", err)
	}
	t.dir = root
	return t, nil
}

// Close closes the directory; its files are not found any more.
func (t *Tree) Close() error {
	if t.dir == nil {
		return nil
	}
	return t.dir.Close()
}

// Make replaces the files made in memory, and what is done to files as they go
// out; edit may be nil.
func (t *Tree) Make(files map[string][]byte, edit Edit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.made, t.edit = files, edit
}

// Set puts a file over all others of its name.
func (t *Tree) Set(name string, data []byte) error {
	clean, ok := Clean(name)
	if !ok || len(data) > MaxFile {
		return fmt.Errorf("lab: file %.64q: want a relative path of at most %d bytes without .. and at most %d MiB", name, maxName, MaxFile>>20)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.set[clean] = append([]byte{}, data...)
	return nil
}

// Remove takes a file away, wherever it comes from, until it is Set again.
func (t *Tree) Remove(name string) {
	if clean, ok := Clean(name); ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.set[clean] = nil
	}
}

// Clean gives the form in which names are compared; false for what can be no
// name. Backslashes are no separators: no phone of this kind sends them.
func Clean(name string) (string, bool) {
	for strings.HasPrefix(name, "/") || strings.HasPrefix(name, "./") {
		name = strings.TrimPrefix(strings.TrimPrefix(name, "."), "/")
	}
	clean := path.Clean(name)
	return clean, len(name) <= maxName && clean != "." && fs.ValidPath(clean) && !strings.ContainsAny(name, "\\\x00:")
}

// Open gives a whole file, which the caller must not change. It fails with
// fs.ErrNotExist, also for names that cannot be, or tells what is wrong with
// the file in the directory.
func (t *Tree) Open(name string) ([]byte, error) {
	clean, ok := Clean(name)
	if !ok {
		return nil, fs.ErrNotExist
	}
	data, edit, err := t.lookup(clean)
	if edit == nil {
		return data, err
	}
	return edit(clean, data, err)
}

func (t *Tree) lookup(name string) ([]byte, Edit, error) {
	t.mu.Lock()
	set, isSet := t.set[name]
	made, isMade := t.made[name]
	edit := t.edit
	t.mu.Unlock()
	switch {
	case isSet && set == nil:
		return nil, edit, fs.ErrNotExist
	case isSet:
		return set, edit, nil
	}
	data, err := t.fromDir(name)
	if err != nil && isMade && errors.Is(err, fs.ErrNotExist) {
		return made, edit, nil
	}
	return data, edit, err
}

// fromDir reads a file of the directory.
func (t *Tree) fromDir(name string) ([]byte, error) {
	if t.dir == nil {
		return nil, fs.ErrNotExist
	}
	// Only a regular file: to open a pipe is to wait for ever.
	info, err := t.dir.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	f, err := t.dir.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read", path.Base(name))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil || len(data) > MaxFile {
		return nil, fmt.Errorf("%s cannot be read or is larger than %d MiB", path.Base(name), MaxFile>>20)
	}
	return data, nil
}
