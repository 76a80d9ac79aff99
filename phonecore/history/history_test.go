package history

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/directory"
	"deskset/phonecore/flash"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func call(number string, minutes int) Entry {
	return Entry{Line: 1, Number: number, When: noon.Add(time.Duration(minutes) * time.Minute)}
}

func numbers(entries []Entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%s*%d", e.Number, e.Count))
	}
	return strings.Join(all, " ")
}

func TestCallsAreNewestFirstAndAlikeOnesAreOne(t *testing.T) {
	var l Log
	for i, number := range []string{"1", "2", "2", "2", "1", "", ""} {
		l.Add(Missed, call(number, i))
	}
	if got := numbers(l.Entries(Missed)); got != "*2 1*1 2*3 1*1" {
		t.Error(got)
	}
	if when := l.Entries(Missed)[2].When; when != noon.Add(3*time.Minute) {
		t.Error(when)
	}
	other := call("", 9)
	other.Line = 2
	l.Add(Missed, other)
	named := other
	named.Name = "Anna"
	l.Add(Missed, named)
	if got := numbers(l.Entries(Missed)); got != "*1 *1 *2 1*1 2*3 1*1" {
		t.Errorf("another line, another name: %s", got)
	}
	if len(l.Entries(Received))+len(l.Entries(Placed))+len(l.Entries(Kind(9))) != 0 {
		t.Error("the other lists are not empty")
	}
}

func TestLimits(t *testing.T) {
	var l Log
	for i := range MaxEntries + 20 {
		l.Add(Placed, call(fmt.Sprint(i), i))
	}
	got := l.Entries(Placed)
	if len(got) != MaxEntries || got[0].Number != "119" || got[99].Number != "20" {
		t.Errorf("%d, %s ... %s", len(got), got[0].Number, got[len(got)-1].Number)
	}
	l.Clear(Placed)
	for range 2 {
		l.Add(Placed, Entry{Name: "A\x1b[0m" + strings.Repeat("ä", 100), Number: "1", Count: 8000, Duration: -time.Second, When: noon.Add(time.Millisecond)})
	}
	if e := l.Entries(Placed)[0]; e.Count != maxCount || len([]rune(e.Name)) != maxName || strings.ContainsRune(e.Name, 0x1b) || e.Duration != 0 || e.When != noon {
		t.Errorf("%+v", e)
	}
	l.Add(Kind(7), call("1", 0)) // is ignored
}

func TestDeleteClearErase(t *testing.T) {
	var l Log
	for i, number := range []string{"1", "2", "3"} {
		l.Add(Received, call(number, i))
		l.Add(Missed, call(number, i))
	}
	second := l.Entries(Received)[1]
	if !l.Delete(Received, second) || l.Delete(Received, second) || l.Delete(Kind(5), second) {
		t.Error("deleted wrongly")
	}
	if got := numbers(l.Entries(Received)); got != "3*1 1*1" {
		t.Error(got)
	}
	l.Clear(Received)
	if len(l.Entries(Received)) != 0 || len(l.Entries(Missed)) != 3 {
		t.Error("cleared wrongly")
	}
	l.Erase()
	if len(l.Entries(Missed)) != 0 {
		t.Error("not erased")
	}
}

func TestLogSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	f, err := flash.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Load(f)
	if err != nil {
		t.Fatal(err)
	}
	l.Add(Missed, Entry{Line: 2, Name: "Anna Müller", Number: "+49301", When: noon.In(time.FixedZone("x", 3600)), Duration: 90*time.Second + 1})
	l.Add(Placed, call("600", 1))
	l.Add(Placed, call("600", 2))
	if err := f.SetCalls(l.Record()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if f, err = flash.Open(dir, nil); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	again, err := Load(f)
	if err != nil || !reflect.DeepEqual(again, l) {
		t.Errorf("%+v, %v\nwant %+v", again, err, l)
	}
}

func TestFullLogFitsIntoFlash(t *testing.T) {
	var l Log
	for kind := range numKinds {
		for i := range MaxEntries {
			l.Add(kind, Entry{Line: 6, Name: strings.Repeat("\u65e5", maxName-4) + fmt.Sprint(i), Number: strings.Repeat("\u65e5", maxNumber), When: noon, Duration: 1000 * time.Hour, Count: maxCount})
		}
	}
	if err := flash.Memory().SetCalls(l.Record()); err != nil {
		t.Error(err)
	}
}

func TestComplete(t *testing.T) {
	var l Log
	for i, number := range []string{"6001", "6002", "6002", "5", "6003", "60 02", "6001", "6004"} {
		l.Add(Placed, call(number, i))
	}
	l.Add(Missed, call("6009", 99))
	book := &directory.Book{}
	book.Merge([]directory.Entry{
		{Name: "Zoe", Numbers: []directory.Number{{Label: "work", Number: "600-5"}}},
		{Name: "Anna", Numbers: []directory.Number{{Label: "home", Number: "6001"}, {Label: "mobile", Number: "6006"}}},
	})
	show := func(matches []directory.Match) string {
		var all []string
		for _, m := range matches {
			all = append(all, m.Name+"/"+m.Number.Label+"/"+m.Number.Number)
		}
		return strings.Join(all, " ")
	}
	tests := []struct {
		typed string
		book  *directory.Book
		most  int
		want  string
	}{
		{"60", book, 9, "//60 02 Anna/home/6001 //6004 //6003 Anna/mobile/6006 Zoe/work/600-5"},
		{"60", nil, 9, "//60 02 //6001 //6004 //6003"},
		{"60", book, 2, "//60 02 Anna/home/6001"},
		{"6003", book, 9, ""}, {"", book, 9, ""}, {"7", book, 9, ""}, {"600 5", book, 9, ""},
	}
	for _, tt := range tests {
		if got := show(l.Complete(tt.typed, tt.book, tt.most)); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.typed, got, tt.want)
		}
	}
}
