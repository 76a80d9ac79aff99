// Package history is the phone's log of calls: missed, received and placed,
// newest first. It does no input or output: the record for the flash is a value
// that can be stored off the phone's loop:
//
//	log, err := history.Load(f)
//	log.Add(history.Missed, history.Entry{Line: 1, Number: "600", When: time.Now()})
//	err = f.SetCalls(log.Record())
//
// Calls in a row that are alike are one entry with a count. A Log belongs to
// one goroutine.
package history

import (
	"cmp"
	"slices"
	"time"

	"deskset/phonecore/directory"
	"deskset/phonecore/flash"
	"deskset/phonecore/foreign"
)

// Kind is one of the lists.
type Kind uint8

// The lists of the directories key.
const (
	Missed Kind = iota
	Received
	Placed
	numKinds
)

// MaxEntries of each list; older ones are forgotten.
const MaxEntries = 100

const (
	maxName   = 64
	maxNumber = 128
	maxCount  = 9999
)

// Entry is a call, or several alike.
type Entry struct {
	// Line is 1 to 6, 0 if it is not known.
	Line int
	// Name and Number of the other party; both are empty if it is withheld.
	Name, Number string
	// When the last of them began, to the second.
	When time.Time
	// Duration of the last of them, to the second; 0 if it was not answered.
	Duration time.Duration
	// Count of calls, at least 1.
	Count int
}

// Log is the three lists. The zero value is empty.
type Log struct{ lists [numKinds][]Entry }

// Load reads the log from flash. After an error, which is that of
// [flash.Flash.Calls], the log is empty and can be used.
func Load(f *flash.Flash) (*Log, error) {
	l := &Log{}
	record, err := f.Calls()
	if err != nil {
		return l, err
	}
	for kind, calls := range [numKinds][]flash.Call{record.Missed, record.Received, record.Placed} {
		for _, c := range calls[:min(len(calls), MaxEntries)] {
			e := Entry{Line: c.Line, Name: c.Name, Number: c.Number, When: c.When, Duration: time.Duration(c.Seconds) * time.Second, Count: c.Count}
			l.lists[kind] = append(l.lists[kind], e.clean())
		}
	}
	return l, nil
}

// Record is what to store with [flash.Flash.SetCalls].
func (l *Log) Record() flash.Calls {
	calls := func(kind Kind) []flash.Call {
		var all []flash.Call
		for _, e := range l.lists[kind] {
			all = append(all, flash.Call{Line: e.Line, Name: e.Name, Number: e.Number, When: e.When, Seconds: int(e.Duration / time.Second), Count: e.Count})
		}
		return all
	}
	return flash.Calls{Missed: calls(Missed), Received: calls(Received), Placed: calls(Placed)}
}

// clean bounds what the network said, and keeps seconds and a time zone that
// is stored and read back alike.
func (e Entry) clean() Entry {
	e.Name, e.Number = foreign.Line(e.Name, maxName), foreign.Line(e.Number, maxNumber)
	e.When, e.Duration = e.When.UTC().Truncate(time.Second), max(0, e.Duration.Truncate(time.Second))
	e.Count = min(max(e.Count, 1), maxCount)
	return e
}

// alike tells whether two calls are shown as one.
func alike(a, b Entry) bool {
	return a.Line == b.Line && a.Name == b.Name && a.Number == b.Number
}

// Add puts a call in front. If the one before it was alike they become one,
// with the time of the new one.
func (l *Log) Add(kind Kind, e Entry) {
	if kind >= numKinds {
		return
	}
	e = e.clean()
	list := &l.lists[kind]
	if len(*list) > 0 && alike((*list)[0], e) {
		e.Count = min((*list)[0].Count+e.Count, maxCount)
		(*list)[0] = e
		return
	}
	*list = slices.Insert((*list)[:min(len(*list), MaxEntries-1)], 0, e)
}

// Entries are those of a list, newest first.
func (l *Log) Entries(kind Kind) []Entry {
	if kind >= numKinds {
		return nil
	}
	return slices.Clone(l.lists[kind])
}

// Delete removes an entry as Entries gave it; false if it changed since.
func (l *Log) Delete(kind Kind, e Entry) bool {
	if kind >= numKinds {
		return false
	}
	at := slices.Index(l.lists[kind], e)
	if at >= 0 {
		l.lists[kind] = slices.Delete(l.lists[kind], at, at+1)
	}
	return at >= 0
}

// Clear empties a list.
func (l *Log) Clear(kind Kind) {
	if kind < numKinds {
		l.lists[kind] = nil
	}
}

// Erase empties all lists.
func (l *Log) Erase() { *l = Log{} }

// Complete suggests numbers that begin with what was typed: those that were
// placed, the most frequent first and of these the most recent, then those of
// the directory by name. book may be nil. Each number is suggested once.
func (l *Log) Complete(typed string, book *directory.Book, most int) []directory.Match {
	var found []directory.Match
	add := func(m directory.Match) {
		if len(found) < most && !slices.ContainsFunc(found, func(f directory.Match) bool { return directory.Same(f.Number.Number, m.Number.Number) }) {
			found = append(found, m)
		}
	}
	for _, e := range l.placed(typed) {
		m := directory.Match{Name: e.Name, Number: directory.Number{Number: e.Number}}
		if book != nil {
			if known, ok := book.Lookup(e.Number); ok {
				m.Name, m.Number.Label = known.Name, known.Number.Label
			}
		}
		add(m)
	}
	if book != nil {
		for _, m := range book.Complete(typed, most+len(found)) {
			add(m)
		}
	}
	return found
}

// placed are the numbers placed that begin with what was typed, each once,
// with the calls of all its entries.
func (l *Log) placed(typed string) []Entry {
	var all []Entry
	for _, e := range l.lists[Placed] {
		if !directory.Completes(e.Number, typed) {
			continue
		}
		at := slices.IndexFunc(all, func(have Entry) bool { return directory.Same(have.Number, e.Number) })
		if at < 0 {
			all = append(all, e)
			continue
		}
		all[at].Count += e.Count
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(b.Count, a.Count) }) // the list is newest first
	return all
}
