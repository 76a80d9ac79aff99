package terminal

import (
	"regexp"
	"strings"
	"testing"
)

// TestUsageTellsGoroutinesAndHeap: what a test of leaks reads of a real process.
func TestUsageTellsGoroutinesAndHeap(t *testing.T) {
	phone := newFakePhone()
	out, err := runLines(t, phone, "usage", "usage goroutines")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(regexp.MustCompile(`(?m)^usage: [1-9]\d* goroutines, [1-9]\d* bytes of heap$`).FindAllString(out, -1)); n != 2 {
		t.Errorf("%d lines of usage:\n%s", n, out)
	}
	if !strings.Contains(out, "goroutine ") || !strings.Contains(out, "usage_test.go") {
		t.Errorf("no stacks:\n%s", out)
	}
	if _, err := runLines(t, phone, "usage nonsense"); err == nil {
		t.Error("usage takes nonsense")
	}
}
