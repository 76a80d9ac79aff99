package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFontFilesAreThoseOfTheirSources(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(abs(t, "../source"), filepath.Join(dir, "source")); err != nil {
		t.Skipf("no right to make a symbolic link here: %v", err)
	}
	for _, j := range jobs {
		if err := j.run(dir); err != nil {
			t.Fatal(err)
		}
		name := strings.ToLower(j.name) + ".font"
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join("..", name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v): run go generate ./assets/fonts", name, err)
		}
	}
}

func TestSourcesAreOfAnOpenLicence(t *testing.T) {
	for _, j := range jobs {
		f, err := load("..", j.name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.copyright, "Adobe Systems") && !strings.Contains(f.copyright, "Public domain") {
			t.Errorf("%s: copyright %q: add its licence to ../README.md first", j.name, f.copyright)
		}
	}
}

func TestBrokenSourceIsAnError(t *testing.T) {
	whole := []byte("\x01fcp\x01\x00\x00\x00\x02\x00\x00\x00\x0e\x00\x00\x00\x64\x00\x00\x00\x18\x00\x00\x00\x0e\x00\x00\x00")
	for n := range whole {
		if _, err := decodePCF(whole[:n]); err == nil {
			t.Errorf("a file of %d bytes is taken for a font", n)
		}
	}
}

func abs(t *testing.T, path string) string {
	t.Helper()
	out, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
