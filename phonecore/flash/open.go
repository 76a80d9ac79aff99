package flash

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// File is the name of the database in the flash's directory.
const File = "flash.db"

// damagedSuffix is put behind the name of a damaged file. There is only ever
// one, so that a failing disk does not fill up.
const damagedSuffix = ".damaged"

// lockTimeout is how long another instance gets to finish.
const lockTimeout = time.Second

// DefaultDir is where a phone's flash is unless the person names another place.
func DefaultDir() (string, error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no place for the phone's flash (%w); name one with -flash", err)
	}
	return filepath.Join(config, "deskset", "flash"), nil
}

// Open opens the flash in a directory, which is made if need be. ErrInUse and
// ErrNewer say why that cannot be done now; both texts name the directory and
// the remedy. A damaged file is put aside and a fresh flash begun; see
// Flash.Damaged. A nil log discards.
func Open(dir string, log *slog.Logger) (*Flash, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("flash %s: %w: give another directory with -flash DIR", dir, err)
	}
	path := filepath.Join(dir, File)
	db, err := openFile(path)
	f := &Flash{dir: dir}
	if errors.Is(err, ErrDamaged) {
		log.Warn("flash is damaged, starting with a fresh one", "file", path, "kept", path+damagedSuffix, "error", err)
		if err := os.Rename(path, path+damagedSuffix); err != nil {
			return nil, fmt.Errorf("flash %s is damaged and cannot be put aside: %w", dir, err)
		}
		f.aside = path + damagedSuffix
		db, err = openFile(path)
	}
	if err != nil {
		return nil, explain(dir, err)
	}
	f.store = &disk{dir: dir, db: db}
	return f, nil
}

// openFile opens the database, brings it up to the present schema and reads
// all of it once, so that damage shows now and not later.
func openFile(path string) (*bolt.DB, error) {
	if err := inspect(path); err != nil {
		return nil, err
	}
	db, err := openBolt(path, false)
	if err != nil {
		return nil, err
	}
	err = guard(func() error {
		// A file that others could read (a restored backup) is closed to them.
		if err := os.Chmod(path, 0o600); err != nil {
			return err
		}
		if err := migrate(db); err != nil {
			return err
		}
		return readAll(db)
	})
	if err != nil {
		closeErr := guard(db.Close)
		return nil, errors.Join(err, closeErr)
	}
	return db, nil
}

// classify tells a damaged file from trouble with the system.
func classify(err error) error {
	var path *fs.PathError
	var errno syscall.Errno
	if err == nil || errors.Is(err, bolterrors.ErrTimeout) || errors.As(err, &path) || errors.As(err, &errno) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// openBolt opens the database. To read only, bbolt does no more than take the
// lock and look at the meta records.
func openBolt(path string, readOnly bool) (db *bolt.DB, err error) {
	err = guard(func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTimeout, ReadOnly: readOnly})
		return classify(err)
	})
	return db, err
}

// inspect checks the pages of a file, if there is one, before bbolt may use
// them; under its lock, so that nobody writes meanwhile.
func inspect(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	db, err := openBolt(path, true)
	if err != nil {
		return err
	}
	return errors.Join(checkFile(path), guard(db.Close))
}

func checkFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return checkPages(file, info.Size())
}

func readAll(db *bolt.DB) error {
	return db.View(func(tx *bolt.Tx) error {
		sum := uint32(0)
		for _, in := range buckets {
			b := tx.Bucket([]byte(in))
			if b == nil {
				return fmt.Errorf("%w: %s are missing", ErrDamaged, in)
			}
			err := b.ForEach(func(name, value []byte) error {
				if value == nil {
					return fmt.Errorf("%w: a bucket among the %s", ErrDamaged, in)
				}
				if len(name) > maxName || len(value) > maxBlob {
					return fmt.Errorf("%w: an entry of %d bytes", ErrDamaged, len(value))
				}
				sum = crc32.Update(sum, crc32.IEEETable, value) // touches every page
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// explain makes an error of opening one that tells what to do.
func explain(dir string, err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("flash %s is %w: close that one, or give this one a directory of its own with -flash DIR", dir, ErrInUse)
	case errors.Is(err, ErrNewer):
		return fmt.Errorf("flash %s was %w: use that one, or another directory with -flash DIR", dir, err)
	}
	return fmt.Errorf("flash %s: %w: give a directory that can be written with -flash DIR", dir, err)
}
