package directory

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskset/phonecore/foreign"
)

// Blob is the name of the directory in the flash.
const Blob = "directory"

// Limits of a directory.
const (
	MaxEntries    = 2000
	MaxNumbers    = 8 // of an entry
	maxSpeedDials = 99
	// MaxSize is that of the encoded directory in bytes.
	MaxSize = 1 << 20

	MaxName   = 64
	maxLabel  = 32
	MaxNumber = 128
)

// Errors for errors.Is.
var (
	// ErrFull: no more fits into the directory.
	ErrFull = errors.New("the directory is full")
	// ErrEntry: an entry without a number, or a speed dial out of range.
	ErrEntry = errors.New("not an entry of the directory")
	// ErrDamaged: what was stored makes no sense.
	ErrDamaged = errors.New("the stored directory makes no sense")
)

// Entry is a person or place with its numbers.
type Entry struct {
	Name    string   `json:"name"`
	Numbers []Number `json:"numbers"`
}

// SpeedDial is a number on a slot, 1 to maxSpeedDials.
type SpeedDial struct {
	Slot   int    `json:"slot"`
	Label  string `json:"label,omitempty"`
	Number string `json:"number"`
}

// Book is a directory. The zero value is an empty one.
type Book struct {
	entries []Entry // by name
	speed   []SpeedDial
}

// record is the form in flash: its names stay (testdata/directory.json).
type record struct {
	Entries    []Entry     `json:"entries"`
	SpeedDials []SpeedDial `json:"speed_dials"`
}

// Decode reads what Encode wrote; nil is an empty directory. After an error
// the book is empty and can be used.
func Decode(data []byte) (*Book, error) {
	b := &Book{}
	if data == nil {
		return b, nil
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return b, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	b.Merge(r.Entries)
	for _, s := range r.SpeedDials {
		if err := b.SetSpeedDial(s); err != nil {
			return b, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return b, nil
}

// Encode gives what is to be stored; ErrFull if that is too much.
func (b *Book) Encode() ([]byte, error) {
	data, err := json.Marshal(record{b.entries, b.speed})
	if err == nil && len(data) > MaxSize {
		err = fmt.Errorf("%w: %d KB, %d fit", ErrFull, len(data)>>10, MaxSize>>10)
	}
	return data, err
}

// Entries are all entries by name.
func (b *Book) Entries() []Entry { return slices.Clone(b.entries) }

// Clone is a copy, for changes that may turn out not to fit.
func (b *Book) Clone() *Book { return &Book{slices.Clone(b.entries), slices.Clone(b.speed)} }

// clean makes an entry fit for the directory: bounded, in one line, without
// numbers that occur twice. It is ErrEntry without a number.
func (e Entry) clean() (Entry, error) {
	tidy := Entry{Name: foreign.Line(e.Name, MaxName)}
	for _, n := range e.Numbers {
		n = Number{foreign.Line(n.Label, maxLabel), foreign.Line(n.Number, MaxNumber+1)}
		if n.Number != "" && len(n.Number) <= MaxNumber && len(tidy.Numbers) < MaxNumbers && !tidy.has(n.Number) {
			tidy.Numbers = append(tidy.Numbers, n)
		}
	}
	if len(tidy.Numbers) == 0 {
		return Entry{}, fmt.Errorf("%w: %q has no number", ErrEntry, tidy.Name)
	}
	tidy.Name = cmp.Or(tidy.Name, foreign.Line(tidy.Numbers[0].Number, MaxName))
	return tidy, nil
}

func (e Entry) has(number string) bool {
	return slices.ContainsFunc(e.Numbers, func(n Number) bool { return plainNumber(n.Number) == plainNumber(number) })
}

// fold is what names are sorted and compared by.
func fold(name string) string { return strings.ToLower(name) }

func (b *Book) find(name string) (at int, found bool) {
	return slices.BinarySearchFunc(b.entries, fold(name), func(e Entry, key string) int { return cmp.Compare(fold(e.Name), key) })
}

// Put adds an entry or replaces the one of the name old; empty for a new one.
// An entry that has the new name already takes the numbers in. ErrFull and
// ErrEntry.
func (b *Book) Put(old string, e Entry) error {
	e, err := e.clean()
	if err != nil {
		return err
	}
	at, found := b.find(old)
	if replaced := found && old != ""; replaced {
		b.entries = slices.Delete(b.entries, at, at+1)
	} else if _, merges := b.find(e.Name); !merges && len(b.entries) >= MaxEntries {
		return fmt.Errorf("%w: %d entries", ErrFull, MaxEntries)
	}
	b.take(e)
	return nil
}

// Delete removes the entry of a name.
func (b *Book) Delete(name string) bool {
	at, found := b.find(name)
	if found {
		b.entries = slices.Delete(b.entries, at, at+1)
	}
	return found
}

// outcome is what became of an entry.
type outcome int

const (
	unchanged outcome = iota
	added
	merged
)

// take puts a clean entry in, or its new numbers into the one of its name.
func (b *Book) take(e Entry) outcome {
	at, found := b.find(e.Name)
	if !found {
		b.entries = slices.Insert(b.entries, at, e)
		return added
	}
	have, result := &b.entries[at], unchanged
	numbers := slices.Clone(have.Numbers)
	for _, n := range e.Numbers {
		if len(numbers) < MaxNumbers && !(Entry{Numbers: numbers}).has(n.Number) {
			numbers, result = append(numbers, n), merged
		}
	}
	have.Numbers = numbers
	return result
}

// Result counts what became of entries that were merged in.
type Result struct {
	Added, Merged, Unchanged int
	// Refused had no number, or did not fit any more.
	Refused int
}

// Merge takes entries in: one of a name that is there already adds the numbers
// that are new to it.
func (b *Book) Merge(entries []Entry) Result {
	var r Result
	for _, e := range entries {
		e, err := e.clean()
		if err == nil && len(b.entries) >= MaxEntries {
			if _, found := b.find(e.Name); !found {
				err = ErrFull
			}
		}
		if err != nil {
			r.Refused++
			continue
		}
		switch b.take(e) {
		case added:
			r.Added++
		case merged:
			r.Merged++
		default:
			r.Unchanged++
		}
	}
	return r
}

// SpeedDials are the speed dials by slot.
func (b *Book) SpeedDials() []SpeedDial { return slices.Clone(b.speed) }

// SetSpeedDial sets or, without a number, clears a slot.
func (b *Book) SetSpeedDial(s SpeedDial) error {
	s.Label, s.Number = foreign.Line(s.Label, MaxName), foreign.Line(s.Number, MaxNumber+1)
	if s.Slot < 1 || s.Slot > maxSpeedDials || len(s.Number) > MaxNumber {
		return fmt.Errorf("%w: speed dial %d", ErrEntry, s.Slot)
	}
	at, found := slices.BinarySearchFunc(b.speed, s.Slot, func(have SpeedDial, slot int) int { return cmp.Compare(have.Slot, slot) })
	switch {
	case found && s.Number == "":
		b.speed = slices.Delete(b.speed, at, at+1)
	case found:
		b.speed[at] = s
	case s.Number != "":
		b.speed = slices.Insert(b.speed, at, s)
	}
	return nil
}
