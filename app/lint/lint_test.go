package lint

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// lint runs the linter and gives exit code, stdout and stderr.
func lint(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), args, &out, &errs)
	if strings.Contains(out.String()+errs.String(), "canary") {
		t.Errorf("%v: a password is printed", args)
	}
	wantPlain(t, out.String())
	wantPlain(t, strings.ReplaceAll(errs.String(), "\t", "")) // the flags' help has tabs
	return code, out.String(), errs.String()
}

func wantPlain(t testing.TB, text string) {
	t.Helper()
	for _, r := range text {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			t.Errorf("control character %q is printed", r)
			return
		}
	}
}

// write makes a directory of files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s:%d:\ngot  %s\nwant %s\n(-update writes it anew)", file, i+1, a[i], b[i])
		}
	}
	t.Fatalf("%s: got %d lines, want %d (-update writes it anew)", file, len(a), len(b))
}

// The tree testdata/tftp holds every construct of the field that was surveyed.
func TestFilesOfTheField(t *testing.T) {
	t.Chdir("testdata")
	for file, args := range map[string][]string{
		"tree.golden":      {"tftp"},
		"tree.json.golden": {"-json", "tftp"},
		"later.golden":     {"-profile", "later", "-all", "-strict", "tftp/SIPDefault.cnf", "tftp/SIP00503EFFD842.cnf"},
		"files.golden":     {"-merged", "never", "tftp/index.cnf", "tftp/readme.txt", "tftp/softkeys.xml", "tftp/Office.xml", "tftp/RINGLIST.DAT", "tftp/missing.cnf"},
	} {
		t.Run(file, func(t *testing.T) {
			_, out, errs := lint(t, args...)
			if errs != "" {
				t.Errorf("stderr: %s", errs)
			}
			golden(t, file, out)
		})
	}
}

func TestExitCodes(t *testing.T) {
	dir := write(t, map[string]string{
		"clean.cnf/SIPDefault.cnf": "proxy1_address: 192.0.2.1\n",
		"note/SIPDefault.cnf":      "register_expires: 300\n",
		"warning/SIPDefault.cnf":   "preferred_codec: g723\n",
		"error/SIPDefault.cnf":     "<html>\n",
		"empty/readme.txt":         "",
	})
	for _, tt := range []struct {
		args string
		want int
	}{
		{"DIR/clean.cnf", 0}, {"-strict DIR/clean.cnf", 0}, {"-strict DIR/note", 0}, {"DIR/warning", 0}, {"-strict DIR/warning", 1},
		{"DIR/error", 2}, {"-strict DIR/warning DIR/error", 2}, {"-json DIR/error", 2}, {"DIR/empty", 2}, {"DIR/nowhere", 2},
		{"DIR/empty/readme.txt", 2}, {"", 2}, {"-profile new DIR/note", 2}, {"-merged some DIR/note", 2}, {"-nonsense", 2},
		{"-max-size 0 DIR/note", 2}, {"-max-files 0 DIR/note", 2}, {"-help", 0},
	} {
		code, out, errs := lint(t, strings.Fields(strings.ReplaceAll(tt.args, "DIR", dir))...)
		if code != tt.want || out+errs == "" {
			t.Errorf("%s: exit %d, want %d\n%s%s", tt.args, code, tt.want, out, errs)
		}
	}
}

func TestJSONAgreesWithTheExitCode(t *testing.T) {
	code, out, _ := lint(t, "-json", "-strict", "testdata/tftp/SIPDefault.cnf")
	var d document
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	if code != 1 || d.Exit != 1 || d.Warnings == 0 || len(d.Problems) != d.Errors+d.Warnings+d.Notes || len(d.Files) != 1 {
		t.Errorf("exit %d: %+v", code, d)
	}
	_, out, _ = lint(t, "-json", write(t, nil))
	if !strings.Contains(out, `"merged": []`) || !strings.Contains(out, `"files": []`) {
		t.Errorf("empty lists must be lists: %s", out)
	}
}

func TestInterruptedCheckIsNoSuccess(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	if code := Main(ctx, []string{"testdata/tftp"}, &out, &errs); code != 2 || out.Len() > 0 || !strings.Contains(errs.String(), "interrupted") {
		t.Errorf("exit %d, %q, %q", code, out.String(), errs.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestOutputThatCannotBeWrittenIsNoSuccess(t *testing.T) {
	for _, form := range []string{"-json", "-strict"} {
		var errs bytes.Buffer
		if code := Main(t.Context(), []string{form, "testdata/tftp/bell.raw"}, full{}, &errs); code != 2 || errs.Len() == 0 {
			t.Errorf("%s: exit %d, %q", form, code, errs.String())
		}
	}
}
