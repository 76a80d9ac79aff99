package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const said = `goos: linux
pkg: deskset/app/interop
BenchmarkBesideBaresip-2   	       1	         0.4 ring-deskset-ms	         0.25 ring-baresip-ms
BenchmarkMouthToEar/Deskset-Deskset-20ms
BenchmarkMouthToEar/Deskset-Deskset-20ms-2   	 1	 41.0 p50-ms
--- BENCH: BenchmarkMouthToEar/Deskset-Deskset-20ms-2
    mouth_test.go:1: 3 4 lost
PASS
`

func TestFiguresBecomeATable(t *testing.T) {
	f := figures{}
	f.read("app/interop", strings.NewReader(said))
	text := table(f, false)
	for _, want := range []string{
		"| INVITE received to 180 sent | 6 | ms | ≤ 0.5 | 0.4 | baresip | 0.25 | 1.6 | yes |\n",
		"| mouth to ear, 20 ms packets, median | 7 | ms | ≤ 40 | 41 | baresip, tuned |  |  | **no** |\n",
		"\n1 targets met, 1 missed.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "not measured") {
		t.Errorf("what was not asked for stands in the table:\n%s", text)
	}
	if text := table(f, true); !strings.Contains(text, "| a call with PCMU: processor | 7 | % | – | not measured | baresip |") {
		t.Errorf("what is missing does not stand in the table:\n%s", text)
	}
}

func TestWorstOfSeveralIsTaken(t *testing.T) {
	f := figures{{"p", "Draw/idle", "ns/op"}: 10, {"p", "Draw/text", "ns/op"}: 30, {"p", "Other", "ns/op"}: 99, {"q", "Draw/x", "ns/op"}: 99}
	if got, ok := f.worst("p Draw/* ns/op", false); !ok || got != 30 {
		t.Errorf("most: %v, %v", got, ok)
	}
	if got, ok := f.worst("p Draw/* ns/op", true); !ok || got != 10 {
		t.Errorf("least: %v, %v", got, ok)
	}
	if _, ok := f.worst("", false); ok {
		t.Error("nowhere is a figure")
	}
}

func TestGoals(t *testing.T) {
	for _, c := range []struct {
		goal         goal
		ours, theirs float64
		beside       bool
		text, met    string
	}{
		{goal{}, 1, 2, true, "–", "–"},
		{most(0.5), 0.5, 0, false, "≤ 0.5", "yes"},
		{most(0.5), 0.51, 0, false, "≤ 0.5", "**no**"},
		{most(0), 0, 0, false, "≤ 0", "yes"},
		{least(50), 49, 0, false, "≥ 50", "**no**"},
		{leastPeer, 0.98, 0.97, true, "≥ peer", "yes"},
		{leastPeer, 0.98, 0, false, "≥ peer", "?"},
	} {
		if text, met := c.goal.String(), c.goal.met(c.ours, c.theirs, c.beside); text != c.text || met != c.met {
			t.Errorf("%+v: %s, %s; want %s, %s", c, text, met, c.text, c.met)
		}
	}
}

func TestNumbersAreShort(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.48512: "0.485", 83000: "83000", 1234.5: "1234", 39.96: "40", 0.00012: "0.00012", 5: "5", -3.25: "-3.25"} {
		if got := short(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}

// TestRowsNameBenchmarksOfTheTree: what a row names is there, so that none is
// "not measured" because something was given another name.
func TestRowsNameBenchmarksOfTheTree(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	source := map[string]string{}
	for _, r := range rows {
		for _, place := range []string{r.ours, r.theirs} {
			if place == "" {
				continue
			}
			parts := strings.Fields(place)
			if len(parts) != 3 {
				t.Errorf("%q is not a package, a benchmark and a unit", place)
				continue
			}
			if _, read := source[parts[0]]; !read {
				files, _ := filepath.Glob(filepath.Join(root, parts[0], "*_test.go"))
				for _, name := range files {
					text, err := os.ReadFile(name)
					if err != nil {
						t.Fatal(err)
					}
					source[parts[0]] += string(text)
				}
			}
			top, _, _ := strings.Cut(parts[1], "/")
			if !regexp.MustCompile(`func Benchmark` + top + `\(`).MatchString(source[parts[0]]) {
				t.Errorf("%s has no Benchmark%s", parts[0], top)
			}
		}
	}
}

func TestPackagesWithTheBenchmarkAreFound(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"a/x_test.go": "package a\n\nfunc BenchmarkDraw(b *testing.B) {}\n", "b/x_test.go": "package b\n\nfunc BenchmarkParse(b *testing.B) {}\n",
		"c/x.go": "package c\n\nfunc BenchmarkDraw() {}\n", "a/.hidden/x_test.go": "package h\n\nfunc BenchmarkDraw(b *testing.B) {}\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	for want, packages := range map[string]string{"Draw/idle": "a", ".": "a b", "Call": ""} {
		got, err := benchmarked(".", want)
		if err != nil || strings.Join(got, " ") != packages {
			t.Errorf("%s: %q, %v; want %q", want, got, err, packages)
		}
	}
}
