package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"deskset/provisioning/param"
)

var update = flag.Bool("update", false, "write REFERENCE.md anew")

const referencePage = "../REFERENCE.md"

// TestReferenceIsWhatTheProgramObeys: the page in the tree is the program's own.
func TestReferenceIsWhatTheProgramObeys(t *testing.T) {
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
	if code := reference(t.Context(), []string{"-nonsense"}, io.Discard, io.Discard); code != 2 {
		t.Errorf("exit code %d for a flag that is none, want 2", code)
	}
}
