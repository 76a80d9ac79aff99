package terminal

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deskset/phonecore/view"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make golden writes it", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", path, got, want)
	}
}

func TestScreensLookAsDrawn(t *testing.T) {
	for name, v := range samples {
		var b strings.Builder
		for _, width := range []int{60, 30} {
			fmt.Fprintf(&b, "%d columns\n%s\n", width, strings.Join(Text(v, width, false), "\n"))
		}
		b.WriteString("ASCII\n")
		for _, l := range Text(v, 48, false) {
			b.WriteString(toASCII(l) + "\n")
		}
		fmt.Fprintf(&b, "colour\n%q\n", Text(v, 48, true))
		golden(t, name+".txt", b.String())
	}
}

func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	for name, v := range samples {
		for width := range 120 {
			for i, l := range Text(v, width, false) {
				if n := cells(l); n > width {
					t.Fatalf("%s at %d columns: line %d takes %d: %q", name, width, i, n, l)
				}
			}
		}
	}
}

func TestBoxIsStraight(t *testing.T) {
	for name, v := range samples {
		for width := minWidth; width < 100; width++ {
			lines := Text(v, width, false)
			corner := cells(lines[0])
			for i, l := range lines {
				if strings.HasPrefix(l, "│") {
					if at := cells(l[:strings.LastIndex(l, "│")]) + 1; at != corner {
						t.Fatalf("%s at %d: border of line %d in column %d, want %d\n%s", name, width, i, at, corner, strings.Join(lines, "\n"))
					}
				}
			}
		}
	}
}

func TestShownTextCannotControlTheTerminal(t *testing.T) {
	evil := "a\x1b]0;title\x07b\x9b31mc\u202ed\u0000e\xff\xfe\u2028f\x7f"
	v := samples["incoming"]
	v.Screen.Rows = []view.Row{{Text: evil, Right: evil}}
	v.Screen.Prompt, v.Screen.Status.Left, v.Screen.Status.Right = evil, evil, evil
	v.Screen.Soft[0] = evil
	for _, layout := range []view.Layout{view.LayoutStartUp, view.LayoutPhone, view.LayoutMenu, view.LayoutText, view.LayoutEditor, view.LayoutImage} {
		v.Screen.Layout, v.Screen.Title, v.Screen.Message = layout, evil, evil
		v.Screen.Text = []string{evil}
		v.Screen.Items = []view.Item{{Label: evil, Value: evil}}
		v.Screen.Edit = view.Editor{Text: evil, Cursor: 3}
		for _, l := range Text(v, 70, false) {
			for _, r := range l {
				if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u2028' || r == '\ufffd' {
					t.Fatalf("layout %d: %q", layout, l)
				}
			}
		}
	}
}

func TestSelectedItemStaysInView(t *testing.T) {
	v := samples["menu"]
	for selected, item := range v.Screen.Items {
		for first := -2; first < 12; first++ {
			v.Screen.Selected, v.Screen.First = selected, first
			if all := strings.Join(Text(v, 60, false), "\n"); !strings.Contains(all, item.Label) {
				t.Fatalf("item %d with first %d is out of view:\n%s", selected, first, all)
			}
		}
	}
}

// Whatever a view holds, drawing it ends well.
func TestStrangeViewsAreDrawn(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	names := slices.Sorted(maps.Keys(samples))
	for range 3000 {
		v := samples[names[rnd.IntN(len(names))]]
		v.Screen.Layout = view.Layout(rnd.IntN(9))
		v.Screen.Selected, v.Screen.First = rnd.IntN(40)-20, rnd.IntN(40)-20
		v.Screen.Edit.Cursor = rnd.IntN(40) - 20
		v.Screen.Progress.Done = rnd.IntN(4000) - 2000
		v.Screen.Image = &view.Image{Width: rnd.IntN(300) - 10, Height: rnd.IntN(100) - 10, Pixels: make([]byte, rnd.IntN(30000))}
		if rnd.IntN(2) == 0 && v.Screen.Image.Width > 0 && v.Screen.Image.Height > 0 {
			v.Screen.Image.Pixels = make([]byte, v.Screen.Image.Width*v.Screen.Image.Height)
		}
		v.Screen.Status.Icon = view.Icon(rnd.IntN(256))
		Text(v, rnd.IntN(200)-20, rnd.IntN(2) == 0)
	}
}

func TestWideTextIsCutAtColumns(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"日本語", 6, "日本語"}, {"日本語", 5, "日本…"}, {"日本語", 4, "日…"}, {"abc", 2, "a…"}, {"abc", 0, ""}, {"日", 1, "…"},
	} {
		if got := shorten(c.in, c.n); got != c.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
	if got := wrap("日本語 abc", 4); !slices.Equal(got, []string{"日本", "語", "abc"}) {
		t.Errorf("wrap: %q", got)
	}
}

func BenchmarkText(b *testing.B) {
	v := samples["incoming"]
	b.ReportAllocs()
	for b.Loop() {
		Text(v, 80, true)
	}
}

func TestBarsOfMenus(t *testing.T) {
	v := view.View{Screen: view.Screen{
		Layout: view.LayoutMenu, Prompt: "Microphone", Progress: view.Progress{Shown: true, Done: 500},
		Items: []view.Item{{Label: "Level", Bar: view.Progress{Shown: true, Done: 250}}},
	}}
	rows := Text(v, 64, false)
	for _, want := range []string{"Level", "██████░░░░░░░░░░░░░░░░░░", "Microphone", "████████████░░░░░░░░░░░░"} {
		if !strings.Contains(strings.Join(rows, "\n"), want) {
			t.Errorf("lacks %q:\n%s", want, strings.Join(rows, "\n"))
		}
	}
}
