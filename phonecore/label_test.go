package phonecore

import (
	"testing"

	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// TestLabelsOfParametersAreTranslated holds the catalogue to the table of
// parameters, which it does not know.
func TestLabelsOfParametersAreTranslated(t *testing.T) {
	defer text.Use("")
	seen := map[string]bool{}
	same := map[string]bool{"deName": true} // words that a language has as English has them
	for _, l := range text.Languages()[1:] {
		text.Use(l.Code)
		for _, p := range param.All() {
			label := text.Label(p.Menu)
			if p.Menu == "" || label != p.Menu {
				continue
			}
			if key := l.Code + p.Menu; !seen[key] && !same[key] {
				seen[key] = true
				t.Errorf("%s has no words for %q", l.Name, p.Menu)
			}
		}
	}
	text.Use("")
	if got := text.Label("DNS Server 3"); got != "DNS Server 3" {
		t.Errorf("English: %q", got)
	}
	text.Use("de")
	if got := text.Label("DNS Server 3"); got != "DNS-Server 3" {
		t.Errorf("German: %q", got)
	}
}
