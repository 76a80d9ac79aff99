package flow

import (
	"slices"
	"strings"
	"testing"
)

// TestEveryFigureHasItsFlow: the guide has 17 figures.
func TestEveryFigureHasItsFlow(t *testing.T) {
	var figures []string
	for _, f := range AppendixB() {
		figures = append(figures, f.Figure)
		if len(f.As) == 0 || !strings.HasPrefix(f.Page, "B-") {
			t.Errorf("%+v", f)
		}
	}
	if n := len(slices.Compact(figures)); n != 14 {
		t.Errorf("%d figures: %v", n, figures)
	}
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	for _, text := range []string{"A > B INVITE", "flow B-1 page B-2 x\nA > X INVITE", "flow B-1 page B-2 x\n1 A", "flow B-1 page B-2 x\nas"} {
		if flows, err := parse(text); err == nil {
			t.Errorf("%q: %+v", text, flows)
		}
	}
}
