package image

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"deskset/phonecore/flash"
	"deskset/provisioning/firmware"
)

// shelf is where image files are kept.
type shelf interface {
	// create begins a file that is not yet anybody's.
	create() (file, error)
	// keep gives it its place for good; it is closed then.
	keep(f file, digest string) error
	// drop closes and removes it.
	drop(f file) error
	// check reads the file of an image and compares. Its errors are short, for
	// the LCD: they name no file.
	check(image Info) error
	remove(digest string) error
	// clean removes what no slot names.
	clean(record flash.Images) error
}

type file interface {
	io.WriteCloser
	Sync() error
	Name() string
}

// folder is a directory of image files.
type folder struct {
	path string
	system
}

// system is what the folder needs of the machine to write; tests make it fail.
type system struct {
	create  func(dir, pattern string) (file, error)
	rename  func(from, to string) error
	syncDir func(dir string) error
}

// Names of files. Nothing else in the folder is touched.
const (
	kept       = ".img" // behind the digest
	unfinished = "programming-"
	pattern    = unfinished + "*.part"
)

func openFolder(path string) (*folder, error) {
	_, err := os.Lstat(path)
	fresh := errors.Is(err, fs.ErrNotExist)
	if err = os.MkdirAll(path, 0o700); err == nil && fresh {
		// Else a power failure could take the folder from under the record.
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, fmt.Errorf("images %s: %w: give a directory that can be written with -flash DIR", path, err)
	}
	return &folder{path, system{create: createTemp, rename: os.Rename, syncDir: syncDir}}, nil
}

func createTemp(dir, pattern string) (file, error) { return os.CreateTemp(dir, pattern) }

func (d *folder) file(digest string) string { return filepath.Join(d.path, digest+kept) }

func (d *folder) create() (file, error) { return d.system.create(d.path, pattern) }

// keep writes down the contents, then the name, then the directory: whatever
// moment the power fails at, a name that is there has its contents.
func (d *folder) keep(f file, digest string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := d.rename(f.Name(), d.file(digest)); err != nil {
		return err
	}
	if err := d.syncDir(d.path); err != nil {
		return fmt.Errorf("%s: %w", d.path, err)
	}
	return nil
}

// drop closes a file a second time if keep had come so far, and finds it gone
// if it had come further.
func (d *folder) drop(f file) error {
	closed, removed := f.Close(), os.Remove(f.Name())
	if errors.Is(closed, fs.ErrClosed) {
		closed = nil
	}
	if errors.Is(removed, fs.ErrNotExist) {
		removed = nil
	}
	return errors.Join(closed, removed)
}

func (d *folder) check(image Info) error {
	if !isDigest(image.Digest) {
		return fmt.Errorf("%w: the flash has no digest of it", ErrChecksum)
	}
	return checkFile(d.file(image.Digest), image)
}

func checkFile(path string, image Info) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: the file is missing", ErrChecksum)
	case err != nil:
		return unreadable(err)
	case !info.Mode().IsRegular(): // opening a pipe would wait
		return fmt.Errorf("%w: not a regular file", ErrChecksum)
	case info.Size() != image.Size:
		return fmt.Errorf("%w: %d of %d bytes", ErrChecksum, info.Size(), image.Size)
	}
	f, err := os.Open(path)
	if err != nil {
		return unreadable(err)
	}
	defer f.Close()
	return checkContents(f, image)
}

func checkContents(r io.Reader, image Info) error {
	scanner := firmware.NewScanner()
	if _, err := io.Copy(scanner, io.LimitReader(r, image.Size)); err != nil {
		return unreadable(err)
	}
	c, err := scanner.Finish()
	switch {
	case c.Digest != image.Digest:
		return fmt.Errorf("%w: the contents have changed", ErrChecksum)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err := c.Check(image.Name); err != nil {
		return fmt.Errorf("%w: %w", ErrLoadID, err)
	}
	return nil
}

func unreadable(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return fmt.Errorf("%w: %w", ErrChecksum, err)
}

func isDigest(digest string) bool {
	sum, err := hex.DecodeString(digest)
	return err == nil && len(sum) == 32 && digest == strings.ToLower(digest)
}

func (d *folder) remove(digest string) error {
	if !isDigest(digest) {
		return nil // no file has such a name
	}
	if err := os.Remove(d.file(digest)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (d *folder) clean(record flash.Images) error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return err
	}
	var failed error
	for _, e := range entries {
		digest, isImage := strings.CutSuffix(e.Name(), kept)
		if isImage && isDigest(digest) && !names(record, digest) || strings.HasPrefix(e.Name(), unfinished) {
			failed = errors.Join(failed, os.Remove(filepath.Join(d.path, e.Name())))
		}
	}
	return failed
}

// nowhere keeps no files, for a flash in memory: what the record says was
// checked as it came, and memory does not rot.
type nowhere struct{}

func (nowhere) create() (file, error)    { return discard{}, nil }
func (nowhere) keep(file, string) error  { return nil }
func (nowhere) drop(file) error          { return nil }
func (nowhere) check(Info) error         { return nil }
func (nowhere) remove(string) error      { return nil }
func (nowhere) clean(flash.Images) error { return nil }

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }
func (discard) Sync() error                 { return nil }
func (discard) Name() string                { return "" }
