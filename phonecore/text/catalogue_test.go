package text

import "testing"

func TestEveryTextHasWords(t *testing.T) {
	for id := None + 1; id < numIDs; id++ {
		if english[id] == "" {
			t.Errorf("text %d has no English words", id)
		}
	}
}

func TestGetOfAnUnknownTextDoesNotPanic(t *testing.T) {
	if got := Get(numIDs + 7); got == "" {
		t.Error("want some text")
	}
}
