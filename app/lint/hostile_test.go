package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilesAreBounded(t *testing.T) {
	files := map[string]string{"SIPDefault.cnf": strings.Repeat("; 4567890\n", 1000)}
	for i := range 20 {
		files[fmt.Sprintf("SIP%012X.cnf", i)] = "line1_name: 5551212\n"
	}
	dir := write(t, files)
	code, out, _ := lint(t, "-max-size", "9999", dir)
	if code != 2 || !strings.Contains(out, "SIPDefault.cnf: error: too large: want at most 9999 bytes (-max-size); not checked [too-large]") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	code, out, _ = lint(t, "-max-files", "5", dir)
	if code != 2 || !strings.Contains(out, "error: more than 5 files; this one and the rest are not checked") || !strings.Contains(out, "\n5 files:") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	if code, out, _ = lint(t, "-max-size", "10000", "-max-files", "21", dir); code != 0 {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

func TestProblemsOfManyFilesAreBounded(t *testing.T) {
	files := map[string]string{}
	for i := range 120 {
		files[fmt.Sprintf("SIP%012X.cnf", i)] = strings.Repeat("?\n", 150)
	}
	code, out, _ := lint(t, "-merged", "never", write(t, files))
	if lines := strings.Count(out, "\n"); code != 2 || lines > maxProblems+10 || !strings.Contains(out, "more problems than are told") {
		t.Errorf("exit %d, %d lines", code, lines)
	}
}

func TestLinksDoNotLeadOutOfTheDirectory(t *testing.T) {
	outside := write(t, map[string]string{"secret": "line1_name: canary\n"})
	dir := write(t, map[string]string{"real.cnf": "line1_name: 5551212\n", "RINGLIST.DAT": "Bell\tbell.raw\nAbsolute\t/etc/hostname\n"})
	for name, target := range map[string]string{
		"SIP00503EFFD842.cnf": filepath.Join(outside, "secret"), "SIP00503EFFD843.cnf": "real.cnf",
		"bell.raw": filepath.Join(outside, "secret"), "SIP00503EFFD844.cnf": "SIP00503EFFD844.cnf", "SIP00503EFFD845.cnf": "nowhere",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("this system makes no symbolic links:", err)
		}
	}
	code, out, _ := lint(t, dir)
	for _, want := range []string{
		"SIP00503EFFD842.cnf: error: ", "SIP00503EFFD844.cnf: error: ", "SIP00503EFFD845.cnf: error: ", "RINGLIST.DAT:1: warning: the file bell.raw: ",
		"RINGLIST.DAT:2: warning: the file /etc/hostname of ring \"Absolute\" is missing", "  line1_name               5551212 ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if code != 2 {
		t.Errorf("exit %d", code)
	}
	if t.Failed() {
		t.Log(out)
	}
}

func TestOtherThanRegularFilesAreNotOpened(t *testing.T) {
	dir := write(t, map[string]string{"SIPDefault.cnf": "", "SIP00503EFFD840.cnf/x": ""})
	odd(t, dir)
	code, out, _ := lint(t, dir)
	if n := strings.Count(out, "error: want a regular file; not opened; not checked"); code != 2 || n != 2 {
		t.Errorf("exit %d:\n%s", code, out)
	}
	if code, out, _ := lint(t, os.DevNull); code != 2 || !strings.Contains(out, "want a regular file") {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

func TestNamesOfFilesAreNeutralised(t *testing.T) {
	for _, name := range []string{"SIP\x1b[31m.cnf", "SIP\u202ecnf.cnf", "SIP\xff.cnf", "SIP\u009b.cnf", "SIP\n.cnf"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("line1_name: \x1b]0;x\x07\u009b\u202e\n\x1b: 1\n"), 0o600); err != nil {
			t.Skip("this system does not take such names:", err)
		}
		for _, form := range []string{"-json", "-all"} {
			if _, out, _ := lint(t, form, dir); !strings.Contains(out, "SIP") {
				t.Errorf("%q: %s", name, out)
			}
		}
		lint(t, filepath.Join(dir, name+"x"))
		lint(t, "-"+name)
		lint(t, "-profile", name)
	}
}

// names are one of each kind.
var names = []string{
	"SIPDefault.cnf", "SIP00503EFFD842.cnf", "OS79XX.TXT", "RINGLIST.DAT", "dialplan.xml", "syncinfo.xml", "deskset.cnf", "ringlist.xml",
	"SEP00503EFFD843.cnf.xml", "XMLDefault.cnf.xml", "bell.raw", "P0S3-8-12-00.sbn", "P0S3-8-12-00.loads", "other.xml",
}

func FuzzAnyFile(f *testing.F) {
	tree, err := filepath.Glob("testdata/tftp/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range tree {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("\x00\x01\x02\xff\xfe<\x1b[31m"))
	f.Add([]byte("tftp_cfg_dir: ../../..\nline1_password: canary\n"))
	f.Add(bytes.Repeat([]byte{0}, 5000))
	f.Add([]byte("\x01\x00\x02\x01\x01\x02\x00\x02\x01\x94"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var human, document, errs bytes.Buffer
		code := Main(t.Context(), []string{dir}, &human, &errs)
		again := Main(t.Context(), []string{"-json", "-all", dir}, &document, &errs)
		if code != again || code == exitWarnings || errs.Len() > 0 {
			t.Errorf("exit %d and %d, %s", code, again, errs.String())
		}
		if !json.Valid(document.Bytes()) {
			t.Error("not JSON")
		}
		wantPlain(t, human.String())
		wantPlain(t, document.String())
	})
}
