package main

import (
	"bytes"
	"cmp"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

var update = flag.Bool("update", false, "write REFERENCE.md anew")

const referencePage = "../REFERENCE.md"

// TestReferenceIsWhatTheProgramObeys: the page in the tree is the program's own.
func TestReferenceIsWhatTheProgramObeys(t *testing.T) {
	text.Use("") // a demo may have left another language behind
	var page bytes.Buffer
	if code := reference(t.Context(), nil, &page, io.Discard); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	if *update {
		if err := os.WriteFile(referencePage, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(referencePage)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page.Bytes(), kept) {
		t.Error("REFERENCE.md is not what the tables say: make docs")
	}
}

func TestManualHasEveryFlagAndEveryParameter(t *testing.T) {
	for _, args := range [][]string{nil, {"-man"}} {
		var out bytes.Buffer
		if code := reference(t.Context(), args, &out, io.Discard); code != 0 {
			t.Fatalf("exit code %d", code)
		}
		page := strings.ReplaceAll(out.String(), "\\-", "-")
		fs, _ := (&options{}).flagSet()
		for _, f := range ownFlags(fs) {
			if !strings.Contains(page, "-"+f.name) {
				t.Errorf("%q lacks -%s", args, f.name)
			}
		}
		for _, p := range param.All() {
			name := p.Name
			if p.Line > 0 {
				name = strings.NewReplacer("1", "N", "2", "N", "3", "N", "4", "N", "5", "N", "6", "N").Replace(name)
			}
			if !strings.Contains(page, name) {
				t.Errorf("%q lacks %s", args, name)
			}
		}
	}
	for name := range commands {
		if !slices.ContainsFunc(exitCodes, func(row []string) bool { return row[0] == "deskset "+name }) {
			t.Errorf("the manual lacks the exit codes of deskset %s", name)
		}
	}
	for _, args := range [][]string{{"-nonsense"}, {"more"}} {
		if code := reference(t.Context(), args, io.Discard, io.Discard); code != 2 {
			t.Errorf("%q: exit code %d, want 2", args, code)
		}
	}
}

// TestManualHasEveryVariable finds what the program asks of its environment in
// its source.
func TestManualHasEveryVariable(t *testing.T) {
	asked := regexp.MustCompile(`os\.(?:Getenv|LookupEnv)\("([A-Z0-9_]+)"\)`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && path == filepath.Join("..", "app", "interop") {
			return cmp.Or(err, fs.SkipDir)
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, name := range asked.FindAllStringSubmatch(string(source), -1) {
			if !slices.ContainsFunc(environment, func(row []string) bool { return slices.Contains(strings.Split(row[0], ", "), name[1]) }) {
				t.Errorf("%s: the manual says nothing of %s", path, name[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWrongCommandLinesAreToldFromFailures(t *testing.T) {
	noSettings(t)
	t.Setenv("DISPLAY", "")
	for args, want := range map[string]int{"-nonsense": 2, "-account nobody": 2, "nonsense": 2, "-settings /nowhere": 2, "-screenshot x -width 1": 1, "trace -help": 0, "trace": 2} {
		if code := start(strings.Fields(args)); code != want {
			t.Errorf("deskset %s: exit code %d, want %d", args, code, want)
		}
	}
}
