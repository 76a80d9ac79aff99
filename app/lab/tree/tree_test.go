package tree

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNamesFromTheNetworkStayInTheTree(t *testing.T) {
	outside := t.TempDir()
	dir := filepath.Join(outside, "root")
	for name, text := range map[string]string{"secret": "s", "root/a": "in dir", "root/sub/b": "below"} {
		path := filepath.Join(outside, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	// A link out of the directory is not followed.
	_ = os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "link"))
	_ = os.Symlink(outside, filepath.Join(dir, "up"))
	if err := os.WriteFile(filepath.Join(dir, "huge"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "huge"), MaxFile+1); err != nil {
		t.Fatal(err)
	}
	tr, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tr.Make(map[string][]byte{"a": []byte("made"), "m": []byte("made"), "secret": []byte("harmless")}, nil)
	for name, want := range map[string]string{
		"a": "in dir", "/a": "in dir", "./a": "in dir", "//a": "in dir", "sub/b": "below", "sub//b": "below", "m": "made", "x/../a": "in dir",
		"../secret": "", "..": "", ".": "", "/": "", "": "", "link": "", "up/secret": "", "sub": "", "a/": "in dir",
		"sub/../../secret": "", `..\secret`: "", "a\x00": "", "A": "", strings.Repeat("x", 5000): "", "C:a": "", "\xff": "",
	} {
		data, err := tr.Open(name)
		if want == "" && !errors.Is(err, fs.ErrNotExist) || want != "" && (err != nil || string(data) != want) {
			t.Errorf("%.20q: %q, %v, want %q", name, data, err, want)
		}
	}
	if _, err := tr.Open("huge"); err == nil || errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), dir) {
		t.Errorf("huge: %v", err)
	}
}

func TestFilesByHandWinAndGo(t *testing.T) {
	tr, err := New("")
	if err != nil {
		t.Fatal(err)
	}
	tr.Make(map[string][]byte{"a": []byte("made")}, func(name string, data []byte, err error) ([]byte, error) {
		return append([]byte(name+" "), data...), err
	})
	expect := func(want string) {
		t.Helper()
		if data, err := tr.Open("a"); err != nil || string(data) != "a "+want {
			t.Errorf("%q, %v", data, err)
		}
	}
	expect("made")
	text := []byte("by hand")
	if err := tr.Set("/a", text); err != nil {
		t.Fatal(err)
	}
	text[0] = 'X'
	expect("by hand")
	tr.Remove("a")
	if _, err := tr.Open("a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if err := tr.Set("a", nil); err != nil {
		t.Fatal(err)
	}
	expect("")
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"SIPDefault.cnf", "../x", "/./a/..", "./../a", "a/./b", "//", "\xff", "."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean, ok := Clean(name)
		if ok && (!filepath.IsLocal(clean) || clean == "." || !fs.ValidPath(clean)) {
			t.Errorf("%q gives %q", name, clean)
		}
	})
}
