package param

import (
	"slices"
	"strings"
	"testing"
)

// TestPlaceholdersOfTemplatesAreToldOf: they are taken as they stand, as the
// instruments do, and the linter says so.
func TestPlaceholdersOfTemplatesAreToldOf(t *testing.T) {
	for text, want := range map[string]bool{
		"{$label}": true, "{{ label }}": true, "${LABEL}": true, "###LABEL###": true, "<%= label %>": true, "{label}": true,
		"Lobby": false, "#1": false, "###": false, "*67#": false, "{}": false, "50 %": false, "$5": false,
	} {
		s, problems := Merge(ProfileGuide, file(FromPhoneFile, "line1_shortname", text, "line1_password", text))
		told := slices.ContainsFunc(problems, func(p Problem) bool {
			return p.Name == "line1_shortname" && p.Severity == Warning && strings.Contains(p.Text, "placeholder")
		})
		if told != want || s.Text("line1_shortname") != text {
			t.Errorf("%q: told %v, value %q: %v", text, told, s.Text("line1_shortname"), problems)
		}
		for _, p := range problems {
			if p.Name == "line1_password" {
				t.Errorf("a password that looks like a placeholder is told of: %v", p)
			}
		}
	}
}
