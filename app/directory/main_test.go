package directory

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskset/phonecore/flash"
)

// run carries out a command line.
func run(t *testing.T, args ...string) (code int, out, trouble string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(context.Background(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func write(t *testing.T, dir, name, data string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPeopleComeInAndOut(t *testing.T) {
	dir := t.TempDir()
	cards := write(t, dir, "in.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nTEL;TYPE=work:5550199\nEND:VCARD\nBEGIN:VCARD\nFN:\x1b[31mBob\nTEL:5550177\nEND:VCARD\n")
	table := write(t, dir, "in.csv", "Name,Phone\nAda,5550199\nEve,5550100\n")
	for _, step := range []struct{ file, want string }{
		{cards, "2 added, 0 with new numbers, 0 known already, 0 refused"},
		{table, "1 added, 0 with new numbers, 1 known already"},
	} {
		code, out, trouble := run(t, "import", "-flash", dir, step.file)
		if code != exitGood || !strings.Contains(out, step.want) || strings.Contains(out+trouble, "\x1b") {
			t.Errorf("%s: %d, %q, %q", step.file, code, out, trouble)
		}
	}
	for _, name := range []string{"out.vcf", "out.csv"} {
		path := filepath.Join(dir, name)
		code, out, trouble := run(t, "export", "-flash", dir, path)
		data, err := os.ReadFile(path)
		if code != exitGood || err != nil || !strings.Contains(out, "3 people") {
			t.Fatalf("%s: %d, %q, %q, %v", name, code, out, trouble, err)
		}
		for _, want := range []string{"Ada", "5550177", "Eve"} {
			if !strings.Contains(string(data), want) {
				t.Errorf("%s lacks %s:\n%s", name, want, data)
			}
		}
		if code, _, trouble := run(t, "export", "-flash", dir, path); code != exitFailed || !strings.Contains(trouble, "exists") {
			t.Errorf("a file was written over: %q", trouble)
		}
	}
	if code, out, _ := run(t, "export", "-flash", dir, "-"); code != exitGood || strings.Count(out, "BEGIN:VCARD") != 3 {
		t.Errorf("to stdout: %d %q", code, out)
	}
}

func TestPhoneMustBeOff(t *testing.T) {
	dir := t.TempDir()
	f, err := flash.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	code, _, trouble := run(t, "export", "-flash", dir, "-")
	if code != exitFailed || !strings.Contains(trouble, "in use by another Deskset") {
		t.Errorf("%d %q", code, trouble)
	}
}

func TestWrongUse(t *testing.T) {
	dir := t.TempDir()
	for want, args := range map[string][]string{
		"want import or export":  {"eat"},
		"want one file":          {"import", "-flash", dir},
		"no phone has its flash": {"export", "-flash", filepath.Join(dir, "no"), "-"},
		"no such file":           {"import", "-flash", dir, filepath.Join(dir, "none.vcf")},
		"want a regular file":    {"import", "-flash", dir, dir},
		"nobody with a":          {"import", "-flash", dir, write(t, dir, "empty.vcf", "")},
	} {
		if code, out, trouble := run(t, args...); code != exitFailed || !strings.Contains(trouble, want) || out != "" {
			t.Errorf("%q: %d %q %q", args, code, out, trouble)
		}
	}
	if code, _, help := run(t, "-help"); code != exitGood || !strings.Contains(help, "deskset directory import") {
		t.Errorf("help: %d %q", code, help)
	}
}
