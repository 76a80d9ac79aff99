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
	f := &Flash{}
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
	var db *bolt.DB
	err := guard(func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTimeout})
		return classify(err)
	})
	if err != nil {
		return nil, err
	}
	err = guard(func() error {
		// A file that others could read (a restored backup) is closed to them.
		if err := os.Chmod(path, 0o600); err != nil {
			return err
		}
		if err := complete(db, path); err != nil {
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

// complete finds a file that was cut off: bbolt would notice only when it
// touches the missing pages.
func complete(db *bolt.DB, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return db.View(func(tx *bolt.Tx) error {
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: %d bytes of %d are there", ErrDamaged, info.Size(), tx.Size())
		}
		return nil
	})
}

func readAll(db *bolt.DB) error {
	return db.View(func(tx *bolt.Tx) error {
		sum := uint32(0)
		for _, in := range []bucket{parameters, blobs} {
			b := tx.Bucket([]byte(in))
			if b == nil {
				return fmt.Errorf("%w: %s are missing", ErrDamaged, in)
			}
			err := b.ForEach(func(name, value []byte) error {
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
