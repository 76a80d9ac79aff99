package flash

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var someCalls = Calls{
	Missed: []Call{{Line: 1, Name: "Anna Müller", Number: "+49301234567", When: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Count: 3}},
	Placed: []Call{{Line: 6, Number: "600", When: time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC), Seconds: 61, Count: 1}},
}

func TestCallsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if got, err := f.Calls(); err != nil || !reflect.DeepEqual(got, Calls{}) {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := f.SetCalls(someCalls); err != nil {
		t.Fatal(err)
	}
	f.Close()
	f = open(t, dir)
	if got, err := f.Calls(); err != nil || !reflect.DeepEqual(got, someCalls) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := f.Erase(); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Calls(); err != nil || !reflect.DeepEqual(got, Calls{}) {
		t.Errorf("after Erase: %+v, %v", got, err)
	}
}

// TestFormOfCallsStays compares with what released versions have stored. Run
// with -update to write it, once.
func TestFormOfCallsStays(t *testing.T) {
	golden := filepath.Join("testdata", "calls.json")
	f := Memory()
	if err := f.SetCalls(someCalls); err != nil {
		t.Fatal(err)
	}
	stored, err := f.store.get(history, callsRecord)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, append(stored, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(stored) != strings.TrimSpace(string(want)) {
		t.Errorf("stored %s\nwant %s", stored, want)
	}
	if err := f.store.apply([]change{{history, callsRecord, want}}); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Calls(); err != nil || !reflect.DeepEqual(got, someCalls) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDamagedCallsAreToldAndHealed(t *testing.T) {
	f := Memory()
	if err := f.store.apply([]change{{history, callsRecord, []byte("{nonsense")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Calls(); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
	if err := f.SetCalls(someCalls); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Calls(); err != nil || len(got.Missed) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := f.SetCalls(Calls{Missed: []Call{{Name: strings.Repeat("x", maxCalls)}}}); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}
