package directory

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file of the stored form")

func book(t *testing.T, entries ...Entry) *Book {
	t.Helper()
	b := &Book{}
	if r := b.Merge(entries); r.Refused > 0 {
		t.Fatalf("%+v", r)
	}
	return b
}

func person(name string, numbers ...string) Entry {
	e := Entry{Name: name}
	for _, n := range numbers {
		e.Numbers = append(e.Numbers, Number{"", n})
	}
	return e
}

func TestLookupRules(t *testing.T) {
	tests := []struct {
		caller, stored string
		want           bool
	}{
		{"600", "600", true}, {"600", "601", false}, {"600", "+49 30 123600", false},
		{"+49301234567", "030 1234567", true}, {"+49301234567", "1234567", true}, {"0301234567", "+49 (30) 123-4567", true},
		{"00493012345", "+493012345", true}, {"004930123456", "030123456", true}, {"301234567", "0301234567", true},
		{"+13012345678", "+493012345678", false}, {"+13012345678", "2345678", true}, {"+12345678", "+4912345678", false},
		{"234567", "0301234567", false}, // six digits
		{"sip:+49301234567@example.com;user=phone", "tel:+49-30-1234567;ext=3", true}, {"sip:anna@a.example", "sip:Anna@b.example", true},
		{"anna", "0301234567", false}, {"*21#", "*21#", true}, {"*211234567", "1234567", false}, {"", "0301234567", false},
		{"+", "+", true}, {"0", "00", false},
	}
	for _, tt := range tests {
		_, got := book(t, person("Anna", tt.stored)).Lookup(tt.caller)
		if got != tt.want {
			t.Errorf("%q and %q: %v, want %v", tt.caller, tt.stored, got, tt.want)
		}
	}
}

func TestLookupNamesTheClosestOrNobody(t *testing.T) {
	b := book(t, person("Berlin", "030 1234567"), person("Munich", "089 1234567"), person("Local", "1234567"), person("Desk", "600"), person("Also desk", "600"), person("Pair", "1", "555 0000 111"), person("Exact", "+49 555 0000 111"))
	for caller, want := range map[string]string{
		"+49301234567": "Berlin", "+49891234567": "Munich", "1234567": "Local", "+4940" + "1234567": "Local", "600": "", "+495550000111": "Exact", "05550000111": "Pair", "5550000111": "Pair", "7654321": "",
	} {
		if got, ok := b.Lookup(caller); got.Name != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", caller, got.Name, want)
		}
	}
}

func TestMergeJoinsDuplicates(t *testing.T) {
	b := book(t, person("Anna", "1", "2"))
	got := b.Merge([]Entry{person("ANNA", "2", "3"), person("Bob", "4"), person("anna", "(1)"), person("Nobody"), person("Bob", "4", "5")})
	if want := (Result{Added: 1, Merged: 2, Unchanged: 1, Refused: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := show(b.Entries()); got != "Anna: =1, =2, =3; Bob: =4, =5" {
		t.Error(got)
	}
	if err := b.Put("Anna", person("Zoe", "9")); err != nil || show(b.Entries()) != "Bob: =4, =5; Zoe: =9" {
		t.Errorf("%v, %s", err, show(b.Entries()))
	}
	if err := b.Put("", person("", "+1 2")); err != nil || !b.Delete("bob") || b.Delete("bob") || show(b.Entries()) != "+1 2: =+1 2; Zoe: =9" {
		t.Errorf("%v, %s", err, show(b.Entries()))
	}
	if err := b.Put("Zoe", person("Zoe")); !errors.Is(err, ErrEntry) || len(b.Entries()) != 2 {
		t.Errorf("%v, %s", err, show(b.Entries()))
	}
}

func TestDirectoryIsBounded(t *testing.T) {
	b := &Book{}
	var many []Entry
	for i := range MaxEntries + 10 {
		many = append(many, person(fmt.Sprintf("%04d", i), "1"))
	}
	if r := b.Merge(many); r.Added != MaxEntries || r.Refused != 10 {
		t.Errorf("%+v", r)
	}
	if err := b.Put("", person("one more", "1")); !errors.Is(err, ErrFull) {
		t.Error(err)
	}
	if err := b.Put("", person("0001", "2")); err != nil {
		t.Errorf("a number for an entry that is there: %v", err)
	}
	if err := b.Put("0002", person("renamed", "2")); err != nil || len(b.Entries()) != MaxEntries {
		t.Error(err)
	}
	if _, err := b.Encode(); err != nil {
		t.Error(err)
	}
	numbers := make([]string, 20)
	for i := range numbers {
		numbers[i] = fmt.Sprint(i) + strings.Repeat("1", MaxNumber-5)
	}
	for i := range many {
		many[i] = person(many[i].Name, numbers...)
	}
	before := b.Clone()
	b.Merge(many)
	if _, err := b.Encode(); !errors.Is(err, ErrFull) {
		t.Error(err)
	}
	if _, err := before.Encode(); err != nil {
		t.Errorf("the copy changed too: %v", err)
	}
	e, err := person(strings.Repeat("ä", 100), strings.Repeat("1", 200), "2").clean()
	if err != nil || e.Name != strings.Repeat("ä", MaxName) || len(e.Numbers) != 1 {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestSpeedDials(t *testing.T) {
	b := &Book{}
	for _, s := range []SpeedDial{{3, "c", "3"}, {1, "a", "1"}, {3, "C\x00", "33"}, {99, "", "99"}, {1, "x", ""}, {2, "gone", ""}} {
		if err := b.SetSpeedDial(s); err != nil {
			t.Error(err)
		}
	}
	if got, want := b.SpeedDials(), []SpeedDial{{3, "C", "33"}, {99, "", "99"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	for _, slot := range []int{0, -1, 100} {
		if err := b.SetSpeedDial(SpeedDial{slot, "", "1"}); !errors.Is(err, ErrEntry) {
			t.Errorf("%d: %v", slot, err)
		}
	}
}

func TestSearchAndComplete(t *testing.T) {
	b := book(t, person("Anna Müller", "+49 30 1", "600"), person("Anton Meier", "601"), person("Jean-Marie", "7"))
	for text, want := range map[string]int{"": 3, "an": 2, "m": 3, "an mü": 1, "mü an": 1, "marie": 1, "nna": 0} {
		if got := b.Search(text); len(got) != want {
			t.Errorf("%q: %s", text, show(got))
		}
	}
	for typed, want := range map[string]int{"60": 2, "600": 0, "+4930": 1, "+49 3": 1, "": 0, "9": 0} {
		if got := b.Complete(typed, 10); len(got) != want {
			t.Errorf("%q: %v", typed, got)
		}
	}
	if got := b.Complete("6", 1); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// TestStoredFormStays compares with what released versions have stored. Run
// with -update to write it, once.
func TestStoredFormStays(t *testing.T) {
	b := book(t, someEntries...)
	if err := b.SetSpeedDial(SpeedDial{2, "Anna", "600"}); err != nil {
		t.Fatal(err)
	}
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "directory.json")
	if *update {
		if err := os.WriteFile(golden, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != strings.TrimSpace(string(want)) {
		t.Errorf("stored %s\nwant %s", data, want)
	}
	if got, err := Decode(want); err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDamagedDirectory(t *testing.T) {
	for _, data := range []string{"", "{", `{"entries":5}`, `{"speed_dials":[{"slot":1000,"number":"1"}]}`} {
		if b, err := Decode([]byte(data)); !errors.Is(err, ErrDamaged) || b == nil {
			t.Errorf("%q: %v", data, err)
		}
	}
	if b, err := Decode(nil); err != nil || len(b.Entries()) != 0 {
		t.Error(err)
	}
}
