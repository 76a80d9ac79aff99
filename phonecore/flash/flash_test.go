package flash

import (
	"bytes"
	"errors"
	"flag"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file of the newest schema")

func open(t *testing.T, dir string) *Flash {
	t.Helper()
	f, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// both runs a test on disk and in memory: they must not differ.
func both(t *testing.T, test func(t *testing.T, f *Flash)) {
	t.Run("disk", func(t *testing.T) { test(t, open(t, t.TempDir())) })
	t.Run("memory", func(t *testing.T) { test(t, Memory()) })
}

func wantValues(t *testing.T, f *Flash, want map[string]string) {
	t.Helper()
	if got, err := f.Load(); err != nil || !maps.Equal(got, want) {
		t.Errorf("stored %v, %v; want %v", got, err, want)
	}
}

func TestSaveStoresAndResets(t *testing.T) {
	both(t, func(t *testing.T, f *Flash) {
		wantValues(t, f, map[string]string{})
		save := func(values map[string]string, reset ...string) {
			t.Helper()
			if err := f.Save(values, reset); err != nil {
				t.Fatal(err)
			}
		}
		save(map[string]string{"line1_name": "1001", "messages_uri": "8500"})
		save(map[string]string{"line1_name": "1002", "phone_label": ""}, "messages_uri", "never_stored")
		wantValues(t, f, map[string]string{"line1_name": "1002", "phone_label": ""})
		save(map[string]string{"line1_name": "1003"}, "line1_name")
		wantValues(t, f, map[string]string{"line1_name": "1003", "phone_label": ""})
		save(nil)
	})
}

func TestBlobsAreKeptApartFromParameters(t *testing.T) {
	both(t, func(t *testing.T, f *Flash) {
		if got, err := f.Get("window"); got != nil || err != nil {
			t.Errorf("before: %v, %v", got, err)
		}
		data := []byte("1234")
		if err := f.Put("window", data); err != nil {
			t.Fatal(err)
		}
		data[0] = 'x' // the flash must hold a copy
		got, err := f.Get("window")
		if string(got) != "1234" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		got[0] = 'x'
		if got, _ = f.Get("window"); string(got) != "1234" {
			t.Errorf("changed from outside: %q", got)
		}
		wantValues(t, f, map[string]string{})
		if err := f.Put("window", []byte{}); err != nil {
			t.Fatal(err)
		}
		if got, err = f.Get("window"); got == nil || len(got) > 0 || err != nil {
			t.Errorf("empty blob: %v, %v", got, err)
		}
		if err := f.Put("window", nil); err != nil {
			t.Fatal(err)
		}
		if got, err = f.Get("window"); got != nil || err != nil {
			t.Errorf("forgotten blob: %v, %v", got, err)
		}
	})
}

func TestEraseForgetsEverything(t *testing.T) {
	both(t, func(t *testing.T, f *Flash) {
		if err := errors.Join(f.Save(map[string]string{"a": "b"}, nil), f.Put("c", []byte("d"))); err != nil {
			t.Fatal(err)
		}
		if err := f.Erase(); err != nil {
			t.Fatal(err)
		}
		wantValues(t, f, map[string]string{})
		if got, err := f.Get("c"); got != nil || err != nil {
			t.Errorf("blob %q, %v", got, err)
		}
	})
}

func TestWhatDoesNotFitIsRefusedAsAWhole(t *testing.T) {
	both(t, func(t *testing.T, f *Flash) {
		many := map[string]string{}
		for i := range maxSaved + 1 {
			many[strings.Repeat("x", 1+i%100)+string(rune('0'+i/100))] = ""
		}
		for _, err := range []error{
			f.Save(map[string]string{"a": "b", "c": strings.Repeat("x", maxValue+1)}, nil),
			f.Save(map[string]string{"a": "b", strings.Repeat("x", maxName+1): ""}, nil),
			f.Save(map[string]string{"a": "b", "": ""}, nil),
			f.Save(many, nil),
			f.Put("a", make([]byte, maxBlob+1)),
		} {
			if !errors.Is(err, ErrTooLarge) {
				t.Errorf("error %v", err)
			}
		}
		wantValues(t, f, map[string]string{})
	})
}

func TestClosedFlashSaysSo(t *testing.T) {
	both(t, func(t *testing.T, f *Flash) {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		_, load := f.Load()
		_, get := f.Get("a")
		for _, err := range []error{load, get, f.Put("a", nil), f.Save(map[string]string{"a": "b"}, nil), f.Erase()} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("error %v", err)
			}
		}
		if err := f.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	})
}

func TestValuesSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if err := errors.Join(f.Save(map[string]string{"line1_name": "1001"}, nil), f.Put("volumes", []byte{1, 2}), f.Close()); err != nil {
		t.Fatal(err)
	}
	f = open(t, dir)
	wantValues(t, f, map[string]string{"line1_name": "1001"})
	if got, err := f.Get("volumes"); !bytes.Equal(got, []byte{1, 2}) || err != nil {
		t.Errorf("blob %v, %v", got, err)
	}
	if f.Damaged() != "" {
		t.Errorf("damaged: %s", f.Damaged())
	}
}

func TestSecondInstanceIsToldWhichDirectory(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := Open(dir, nil)
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "-flash") {
		t.Errorf("error %v", err)
	}
}

func TestFileIsForItsOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps rights in another way")
	}
	dir := filepath.Join(t.TempDir(), "new")
	open(t, dir).Close()
	wantMode := func(path string, want os.FileMode) {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
	wantMode(dir, 0o700)
	wantMode(filepath.Join(dir, File), 0o600)
	if err := os.Chmod(filepath.Join(dir, File), 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, dir).Close()
	wantMode(filepath.Join(dir, File), 0o600)
}

func TestNewerSchemaIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if err := f.store.(*disk).writeSchema("99"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := Open(dir, nil); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, File)); err != nil {
		t.Error(err)
	}
}

func TestDirectoryThatCannotBeUsed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, nil); err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "-flash") {
		t.Errorf("error %v", err)
	}
}

// filled gives the bytes of a flash with many entries.
func filled(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	f := open(t, dir)
	for i := range 20 {
		values := map[string]string{}
		for j := range 50 {
			values[strings.Repeat("p", 1+j%60)+string(rune('a'+i))] = strings.Repeat("v", j*7)
		}
		if err := errors.Join(f.Save(values, []string{"p"}), f.Put("history", make([]byte, 9000+i))); err != nil {
			t.Fatal(err)
		}
	}
	f.Close()
	data, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDamagedFileIsPutAside(t *testing.T) {
	sound := filled(t)
	tests := map[string][]byte{
		"not a database": []byte(strings.Repeat("garbage ", 10_000)),
		"cut off":        sound[:len(sound)/2],
		"a few bytes":    sound[:100],
		"zeros":          make([]byte, len(sound)),
		"zeros inside":   append(bytes.Clone(sound[:8192]), make([]byte, len(sound)-8192)...),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, File)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			var said bytes.Buffer
			f, err := Open(dir, slog.New(slog.NewTextHandler(&said, nil)))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			wantValues(t, f, map[string]string{})
			if f.Damaged() != path+".damaged" || !strings.Contains(said.String(), path) {
				t.Errorf("kept at %q, said %q", f.Damaged(), said.String())
			}
			if kept, err := os.ReadFile(f.Damaged()); err != nil || !bytes.Equal(kept, data) {
				t.Errorf("kept %d bytes, %v", len(kept), err)
			}
			if err := f.Save(map[string]string{"a": "b"}, nil); err != nil {
				t.Error(err)
			}
		})
	}
}
