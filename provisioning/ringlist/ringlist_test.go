package ringlist

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func show(rings []Ring) string {
	var all []string
	for _, r := range rings {
		all = append(all, fmt.Sprintf("%d %s=%s", r.Line, r.Name, r.File))
	}
	return strings.Join(all, "|")
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, text, want string
		problems         int
	}{
		{"the guide's format", "Ring Type 1\tringer1.pcm\n", "1 Ring Type 1=ringer1.pcm", 0},
		{"several tabs, blanks, CRLF and LF", "A\t\t\ta.pcm  \r\nB \t b.raw\n\n  \nC\tc.pcm", "1 A=a.pcm|2 B=b.raw|5 C=c.pcm", 0},
		{"byte order mark", "\xef\xbb\xbfA\ta.pcm", "1 A=a.pcm", 0},
		{"empty", "", "", 0},
		{"missing line end", "Piano2\tPiano2.rawMerlin2\tmerlin2.pcm\nC\tc.pcm", "1 Piano2=Piano2.raw|1 Merlin2=merlin2.pcm|2 C=c.pcm", 1},
		{"blanks for the tab", "Ring Type 1 ringer1.pcm", "1 Ring Type 1=ringer1.pcm", 1},
		{"three fields", "A\tb\tc.pcm", "", 1},
		{"name only", "A", "", 1},
		{"climbing file", "A\t../../a.pcm", "", 1},
		{"control characters", "A\x1b[1m\ta.pcm\x00", "1 A[1m=a.pcm", 0},
		{"latin 1", "T\xf6ne\tt.pcm", "1 Töne=t.pcm", 0},
		{"the same name twice", "A\ta.pcm\nA\tb.pcm", "1 A=a.pcm|2 A=b.pcm", 1},
		{"long name", strings.Repeat("n", 30) + "\ta.pcm", "1 " + strings.Repeat("n", 25) + "=a.pcm", 1},
		{"xml", `<CiscoIPPhoneRingList><Ring><DisplayName>A &amp; B</DisplayName><FileName>a.pcm</FileName></Ring>
<Ring><DisplayName>C</DisplayName></Ring></CiscoIPPhoneRinglist>`, "1 A & B=a.pcm", 1},
		{"xml, another root", `<x/>`, "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rings, problems := Parse("RINGLIST.DAT", []byte(tt.text))
			if got := show(rings); got != tt.want || len(problems) != tt.problems {
				t.Errorf("got %s, %v\nwant %s, %d problems", got, problems, tt.want, tt.problems)
			}
		})
	}
}

func TestHugeListsAreBounded(t *testing.T) {
	for _, piece := range []string{"A\ta.pcm\n", "A", "A\t", "\n", "A\tb.raw"} {
		rings, problems := Parse("f", bytes.Repeat([]byte(piece), 2*maxSize/len(piece)))
		if len(rings) > MaxRings || len(problems) > maxProblems || len(problems) == 0 {
			t.Errorf("%q: %d rings, %d problems", piece, len(rings), len(problems))
		}
	}
}

func TestPCMFilesAreBareSamples(t *testing.T) {
	if err := CheckPCM(make([]byte, 8160)); err != nil {
		t.Error(err)
	}
	if err := CheckPCM([]byte("RIFF....WAVE")); !errors.Is(err, ErrHeader) || !strings.Contains(err.Error(), "WAV") {
		t.Error(err)
	}
	for _, n := range []int{0, 239, 241, 16081, 1 << 20} {
		if err := CheckPCM(make([]byte, n)); err == nil || errors.Is(err, ErrHeader) {
			t.Errorf("%d samples: %v", n, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("A\ta.pcm\r\nB b.raw\nPiano2\tPiano2.rawMerlin2\tmerlin2.pcm"))
	f.Add([]byte("<CiscoIPPhoneRingList><Ring><DisplayName>A</DisplayName>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rings, _ := Parse("f", data)
		for _, r := range rings {
			if r.Name == "" || r.File == "" || strings.ContainsAny(r.Name+r.File, "\x00\x1b\r\n") || strings.Contains(r.File, "..") {
				t.Errorf("%+v", r)
			}
		}
	})
}
