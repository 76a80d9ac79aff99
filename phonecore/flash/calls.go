package flash

import (
	"encoding/json"
	"fmt"
	"time"
)

// Call is what the flash records of a call, or of several in a row that were
// alike. Its fields are never renamed: testdata/calls.json holds their form.
type Call struct {
	// Line is 1 to 6, 0 if it is not known.
	Line   int    `json:"line,omitempty"`
	Name   string `json:"name,omitempty"`
	Number string `json:"number,omitempty"`
	// When the last of them began, to the second.
	When time.Time `json:"when"`
	// Seconds that it lasted.
	Seconds int `json:"seconds,omitempty"`
	// Count of calls, 1 or more.
	Count int `json:"count"`
}

// Calls is the history of calls by the lists that it is shown in, newest first.
type Calls struct {
	Missed   []Call `json:"missed"`
	Received []Call `json:"received"`
	Placed   []Call `json:"placed"`
}

// callsRecord is the one entry of the history bucket: the lists are small, and
// so they are never half erased.
const (
	callsRecord = "calls"
	maxCalls    = 512 << 10
)

// Calls reads the history of calls. ErrDamaged says that the record makes no
// sense; storing a new one heals it.
func (f *Flash) Calls() (Calls, error) {
	data, err := f.store.get(history, callsRecord)
	if err != nil || data == nil {
		return Calls{}, err
	}
	var record Calls
	if err := json.Unmarshal(data, &record); err != nil {
		return Calls{}, fmt.Errorf("%w: the history of calls: %w", ErrDamaged, err)
	}
	return record, nil
}

// SetCalls records the history of calls, in one transaction.
func (f *Flash) SetCalls(record Calls) error {
	data, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return f.apply([]change{{history, callsRecord, data}}, maxCalls)
}
