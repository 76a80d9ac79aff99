package play

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryDemoHasATitleAndALab(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if len(d.Title) > 60 || !slices.Contains(d.Start, "-lab") {
			t.Errorf("%s: title %q, started with %q", d.Name, d.Title, d.Start)
		}
	}
}

func TestOpenTakesNamesAndFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.demo")
	if err := os.WriteFile(file, []byte("# mine\ntitle Mine\nstart -lab\nstart -fast\n\nscreen idle\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Open(file)
	if err != nil || d.Name != "mine" || d.Title != "Mine" || !slices.Equal(d.Start, []string{"-lab", "-fast"}) {
		t.Errorf("%+v, %v", d, err)
	}
	for _, name := range []string{"unlock", "unlock.demo"} {
		if d, err := Open(name); err != nil || d.Name != "unlock" {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"late":   {"title A\nscreen idle\nstart -lab\n", `:3: "start" belongs to the head`},
		"served": {"title A\nserve dinner\n", `:2: there are services to serve, not "dinner"`},
		"untold": {"screen idle\n", "has no line"},
		"large":  {strings.Repeat("x", maxDemo+1), "want at most"},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"nothing", "../play", "", dir} {
		if _, err := Open(name); err == nil {
			t.Errorf("%q opens", name)
		}
	}
}
