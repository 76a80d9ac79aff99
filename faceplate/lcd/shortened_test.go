package lcd

import (
	"slices"
	"strings"
	"testing"

	"deskset/phonecore/view"
)

func TestShortenedNamesWhatDoesNotFit(t *testing.T) {
	long := strings.Repeat("Wiederholung ", 6)
	s := view.Screen{Layout: view.LayoutMenu, Title: "Status", Prompt: long, Soft: [view.NumSoftKeys]string{"Wahlwiederholung", "<<"}}
	if got := Shortened(&view.View{Screen: s}); !slices.Equal(got, []string{long, "Wahlwiederholung"}) {
		t.Errorf("%q", got)
	}
	s.Prompt, s.Soft[0] = "kurz", "Wahlwh."
	if got := Shortened(&view.View{Screen: s}); got != nil {
		t.Errorf("%q", got)
	}
}
