package flash

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// disk keeps the flash in a bbolt database.
type disk struct {
	dir string
	db  *bolt.DB
}

func (d *disk) all(in bucket) (stored map[string][]byte, err error) {
	err = d.guard(func() error {
		return d.db.View(func(tx *bolt.Tx) error {
			stored = map[string][]byte{}
			return tx.Bucket([]byte(in)).ForEach(func(name, value []byte) error {
				stored[string(name)] = slices.Clone(value)
				return nil
			})
		})
	})
	return stored, err
}

func (d *disk) get(in bucket, name string) (value []byte, err error) {
	err = d.guard(func() error {
		return d.db.View(func(tx *bolt.Tx) error {
			value = slices.Clone(tx.Bucket([]byte(in)).Get([]byte(name)))
			return nil
		})
	})
	return value, err
}

func (d *disk) apply(changes []change) error {
	return d.guard(func() error {
		return d.db.Update(func(tx *bolt.Tx) error {
			for _, c := range changes {
				b := tx.Bucket([]byte(c.in))
				err := error(nil)
				if c.value == nil {
					err = b.Delete([]byte(c.name))
				} else {
					err = b.Put([]byte(c.name), c.value)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func (d *disk) close() error { return d.guard(d.db.Close) }

// guard says where an operation failed, and turns what a damaged file makes
// bbolt do, which is to panic or to touch memory that is not there, into an
// error.
func (d *disk) guard(operation func() error) error {
	err := guard(operation)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bolterrors.ErrDatabaseNotOpen):
		return ErrClosed
	}
	return fmt.Errorf("flash %s: %w", d.dir, err)
}

func guard(operation func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	return operation()
}
