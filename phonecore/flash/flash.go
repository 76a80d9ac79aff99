package flash

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Errors for errors.Is.
var (
	// ErrInUse: another process has the flash open.
	ErrInUse = errors.New("in use by another Deskset")
	// ErrNewer: a newer version of the program wrote the flash.
	ErrNewer = errors.New("written by a newer Deskset")
	// ErrClosed: the flash was closed.
	ErrClosed = errors.New("flash is closed")
	// ErrTooLarge: more was to be stored than fits.
	ErrTooLarge = errors.New("too large for the flash")
	// ErrDamaged: the file does not make sense.
	ErrDamaged = errors.New("flash is damaged")
)

// Limits of what is stored.
const (
	maxName  = 128       // bytes of a name
	maxValue = 4 << 10   // bytes of a parameter's value
	maxBlob  = 4 << 20   // bytes of a blob
	maxSaved = 10 * 1000 // changes in one Save
)

// Flash is open non-volatile memory. Its methods may be called from several
// goroutines.
type Flash struct {
	store store
	dir   string
	// aside is where a damaged file was put.
	aside string
}

// bucket names a part of the memory.
type bucket string

const (
	parameters bucket = "parameters"
	blobs      bucket = "blobs"
	images     bucket = "images"
	history    bucket = "history"
)

// buckets are all parts of the present schema.
var buckets = []bucket{parameters, blobs, images, history}

// change is one step of a transaction; a nil value forgets the name.
type change struct {
	in    bucket
	name  string
	value []byte
}

// store keeps names and values in buckets.
type store interface {
	// all gives a bucket's contents.
	all(in bucket) (map[string][]byte, error)
	// get gives a copy of a value, nil if there is none.
	get(in bucket, name string) ([]byte, error)
	// apply makes all changes or none.
	apply(changes []change) error
	close() error
}

// Load gives the stored values of parameters by name.
func (f *Flash) Load() (map[string]string, error) {
	stored, err := f.store.all(parameters)
	values := make(map[string]string, len(stored))
	for name, value := range stored {
		values[name] = string(value)
	}
	return values, err
}

// Save stores the values of parameters and forgets those named in reset, in
// one transaction. A name in both is stored.
func (f *Flash) Save(values map[string]string, reset []string) error {
	if len(values)+len(reset) > maxSaved {
		return fmt.Errorf("%w: %d parameters at once", ErrTooLarge, len(values)+len(reset))
	}
	changes := make([]change, 0, len(values)+len(reset))
	for _, name := range reset {
		changes = append(changes, change{in: parameters, name: name})
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		changes = append(changes, change{parameters, name, []byte(values[name])})
	}
	return f.apply(changes, maxValue)
}

// Get reads a blob. It is nil if nothing was stored under the name.
func (f *Flash) Get(name string) ([]byte, error) { return f.store.get(blobs, name) }

// Put stores a blob. Nil forgets it.
func (f *Flash) Put(name string, data []byte) error {
	return f.apply([]change{{blobs, name, slices.Clone(data)}}, maxBlob)
}

// Erase forgets what a person or a server has set and what the phone has
// noted: parameters, blobs and history. The images stay.
func (f *Flash) Erase() error {
	var changes []change
	for _, in := range []bucket{parameters, blobs, history} {
		stored, err := f.store.all(in)
		if err != nil {
			return err
		}
		for name := range stored {
			changes = append(changes, change{in: in, name: name})
		}
	}
	return f.store.apply(changes)
}

// Dir is the directory of the flash, in which image files lie beside the
// database; empty for one in memory.
func (f *Flash) Dir() string { return f.dir }

// Damaged is the path under which a damaged file was put aside when the flash
// was opened; empty if the file was sound.
func (f *Flash) Damaged() string { return f.aside }

// Close closes the flash. Calls after it fail with ErrClosed.
func (f *Flash) Close() error { return f.store.close() }

func (f *Flash) apply(changes []change, most int) error {
	for _, c := range changes {
		switch {
		case c.name == "" || len(c.name) > maxName:
			return fmt.Errorf("%w: a name of %d bytes", ErrTooLarge, len(c.name))
		case len(c.value) > most:
			return fmt.Errorf("%w: %s has %d bytes, %d fit", ErrTooLarge, c.name, len(c.value), most)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return f.store.apply(changes)
}
