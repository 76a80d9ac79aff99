package image

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"deskset/phonecore/flash"
)

// damages are what can happen to a file of at least 100 bytes.
var damages = []struct {
	name string
	do   func(path string) error
	text string
}{
	{"bit", func(path string) error {
		data, err := os.ReadFile(path)
		data[len(data)/2] ^= 1
		return errors.Join(err, os.WriteFile(path, data, 0o600))
	}, "have changed"},
	{"cut off", func(path string) error { return os.Truncate(path, 50) }, "50 of"},
	{"emptied", func(path string) error { return os.Truncate(path, 0) }, "0 of"},
	{"longer", func(path string) error { return os.Truncate(path, 1<<40) }, "1099511627776 of"},
	{"removed", os.Remove, "missing"},
	{"directory", func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }, "regular"},
	{"device", func(path string) error {
		if runtime.GOOS == "windows" {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		}
		return errors.Join(os.Remove(path), os.Symlink("/dev/zero", path))
	}, "regular"},
}

// upgraded is a machine with the built-in image in slot 0 and another active
// in slot 1.
func upgraded(t *testing.T) (m *machine, builtIn, other Info) {
	t.Helper()
	m = newMachine(t, t.TempDir())
	builtIn = m.boot().Image
	other = m.mustProgram("DS79-1-0-0", container(t, "DS79-1-0-0", "", make([]byte, 50_000)))
	m.start(ownImage)
	m.wantBoot("DS79-1-0-0", 1)
	return m, builtIn, other
}

func TestDamagedImageFallsBackToTheOther(t *testing.T) {
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			m, builtIn, other := upgraded(t)
			if err := d.do(m.file(other)); err != nil {
				t.Fatal(err)
			}
			for range 2 { // what is damaged stays so
				s := m.boot()
				if s.Image != builtIn || s.Slot != 0 || !s.FellBack || s.Recovery || s.Damaged[0] != nil {
					t.Fatalf("started %+v", s)
				}
				if err := s.Damaged[1]; !errors.Is(err, ErrChecksum) || !strings.Contains(err.Error(), d.text) || len(err.Error()) > 60 {
					t.Errorf("damage: %v", err)
				}
				m.start(ownImage)
			}
			// The running image is slot 0's: the next one must not go there.
			m.boot()
			m.mustProgram("DS79-2-0-0", container(t, "DS79-2-0-0", "", nil))
			m.wantBoot("DS79-2-0-0", 1)
			m.start(ownImage)
			if d.name != "directory" { // which is nothing that the phone made
				m.wantNoLeftovers()
			}
		})
	}
}

func TestDamagedIdleImageIsToldAndChangesNothing(t *testing.T) {
	m, builtIn, other := upgraded(t)
	if err := os.Truncate(m.file(builtIn), 10); err != nil {
		t.Fatal(err)
	}
	s := m.boot()
	if s.Image != other || s.Slot != 1 || s.FellBack || s.Recovery || !errors.Is(s.Damaged[0], ErrChecksum) || s.Damaged[1] != nil {
		t.Errorf("started %+v", s)
	}
}

// breakBoth leaves a machine without a good image.
func breakBoth(t *testing.T) *machine {
	t.Helper()
	m, builtIn, other := upgraded(t)
	for _, image := range []Info{builtIn, other} {
		if err := os.Truncate(m.file(image), 10); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		m.start(ownImage)
		s := m.boot()
		if s.Image != builtIn || !s.Recovery || s.FellBack || s.Damaged[0] == nil || s.Damaged[1] == nil {
			t.Fatalf("started %+v", s)
		}
	}
	return m
}

// wantMended checks that the phone starts an image without complaint and has
// a second good one in another file, the built-in one.
func (m *machine) wantMended(name string) {
	m.t.Helper()
	m.start(ownImage)
	s := m.boot()
	if s.Image.Name != name {
		m.t.Errorf("started %+v, want %s", s, name)
	}
	m.wantBoot(name, s.Slot)
	record, err := m.flash.Images()
	if other := record.Slots[1-s.Slot]; err != nil || !other.BuiltIn || other.Digest == s.Image.Digest || len(m.files()) != 2 {
		m.t.Errorf("%+v, %v, files %q", record, err, m.files())
	}
	m.wantNoLeftovers()
}

func TestRecoveryEndsWithADownload(t *testing.T) {
	for _, d := range damages {
		if d.name == "directory" || d.name == "device" && runtime.GOOS == "windows" {
			continue // no file can take the place of a directory
		}
		// The second load is the one that was damaged.
		for _, load := range []string{"DS79-2-0-0", "DS79-1-0-0"} {
			t.Run(d.name+" "+load, func(t *testing.T) {
				m, builtIn, other := upgraded(t)
				if err := errors.Join(d.do(m.file(builtIn)), d.do(m.file(other))); err != nil {
					t.Fatal(err)
				}
				m.start(ownImage)
				if s := m.boot(); !s.Recovery {
					t.Fatalf("started %+v", s)
				}
				m.mustProgram(load, container(t, load, "", make([]byte, 50_000)))
				m.wantMended(load)
				m.mustProgram("DS79-3-0-0", container(t, "DS79-3-0-0", "", nil))
				m.wantBoot("DS79-3-0-0", 1)
				m.wantNoLeftovers()
			})
		}
	}
}

func TestRecoveryEndsWithTheBuiltInImage(t *testing.T) {
	m := breakBoth(t)
	restored, err := m.store.Restore()
	if err != nil {
		t.Fatal(err)
	}
	m.wantNoLeftovers()
	m.start(ownImage)
	s := m.boot()
	if s.Image != restored || !restored.BuiltIn {
		t.Errorf("started %+v", s)
	}
	m.wantBoot(restored.Name, s.Slot)
	if record, err := m.flash.Images(); err != nil || record.Slots[1-s.Slot] != (flash.Image{}) {
		t.Errorf("%+v, %v", record, err)
	}
}

// A slot for which there is no image is empty, and not told of at each start.
func TestSlotThatCannotBeMendedIsEmpty(t *testing.T) {
	m, builtIn, other := upgraded(t)
	if err := errors.Join(os.Remove(m.file(other)), os.Remove(m.file(builtIn)), os.Mkdir(m.file(builtIn), 0o700),
		os.WriteFile(filepath.Join(m.file(builtIn), "x"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	m.start(ownImage)
	if s := m.boot(); !s.Recovery {
		t.Fatalf("started %+v", s)
	}
	m.mustProgram("DS79-2-0-0", container(t, "DS79-2-0-0", "", nil))
	m.start(ownImage)
	s := m.wantBoot("DS79-2-0-0", m.boot().Slot)
	if record, err := m.flash.Images(); err != nil || record.Slots[1-s.Slot] != (flash.Image{}) {
		t.Errorf("%+v, %v", record, err)
	}
}

// Whichever step of the end of a recovery fails, the next attempt mends all.
func TestRecoveryThatFailsHalfwayIsMendedByTheNext(t *testing.T) {
	data := container(t, "DS79-2-0-0", "", make([]byte, 2000))
	for k := 1; ; k++ {
		m := breakBoth(t)
		f := &faults{k: k}
		f.in(m.store)
		_, err := m.program("DS79-2-0-0", data)
		m.start(ownImage)
		s := m.boot()
		switch {
		case err != nil:
			m.mustProgram("DS79-2-0-0", data)
			m.wantMended("DS79-2-0-0")
		case len(f.steps) < k:
			m.wantMended("DS79-2-0-0")
			if k < 12 {
				t.Errorf("steps %q", f.steps)
			}
			return
		default: // the built-in image failed
			m.wantBoot("DS79-2-0-0", s.Slot)
		}
	}
}

func TestRecordThatDoesNotFitTheFile(t *testing.T) {
	for name, change := range map[string]func(r *flash.Image){
		"name":              func(r *flash.Image) { r.Name = "DS79-9-0-0" },
		"path for digest":   func(r *flash.Image) { r.Digest = "../" + flash.File },
		"other digest":      func(r *flash.Image) { r.Digest = strings.Repeat("0", 64) },
		"upper-case digest": func(r *flash.Image) { r.Digest = strings.ToUpper(r.Digest) },
		"size":              func(r *flash.Image) { r.Size++ },
	} {
		t.Run(name, func(t *testing.T) {
			m, builtIn, _ := upgraded(t)
			record, err := m.flash.Images()
			if err != nil {
				t.Fatal(err)
			}
			change(&record.Slots[1])
			if err := m.flash.SetImages(record); err != nil {
				t.Fatal(err)
			}
			want := ErrChecksum
			if name == "name" {
				want = ErrLoadID
			}
			if s := m.boot(); s.Image != builtIn || !s.FellBack || !errors.Is(s.Damaged[1], want) {
				t.Errorf("started %+v", s)
			}
			m.mustProgram("DS79-2-0-0", container(t, "DS79-2-0-0", "", nil))
			m.wantBoot("DS79-2-0-0", 1)
			m.start(ownImage)
			m.wantNoLeftovers()
		})
	}
}

func TestFlashThatWasDamagedStartsLikeANewOne(t *testing.T) {
	m, _, _ := upgraded(t)
	m.off()
	if err := os.WriteFile(filepath.Join(m.dir, flash.File), bytes.Repeat([]byte("garbage "), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	m.start(ownImage)
	m.wantBoot("DS79-0-1-0", 0)
	m.wantNoLeftovers()
}

func TestLeftoversOfKilledDownloadsGoAndOtherFilesStay(t *testing.T) {
	m, _, _ := upgraded(t)
	folder := filepath.Join(m.dir, Folder)
	for _, name := range []string{"programming-123.part", strings.Repeat("ab", 32) + ".img", "notes.txt", "DS79-1-0-0.img"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.start(ownImage)
	for _, name := range []string{"notes.txt", "DS79-1-0-0.img"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	m.wantNoLeftovers()
	m.wantBoot("DS79-1-0-0", 1)
}

func TestFlashThatIsClosedSaysSo(t *testing.T) {
	m, _, _ := upgraded(t)
	m.flash.Close()
	s, err := m.store.Boot()
	if !errors.Is(err, flash.ErrClosed) || !s.Recovery || !s.Image.BuiltIn {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := m.program("DS79-2-0-0", container(t, "DS79-2-0-0", "", nil)); !errors.Is(err, ErrProgramming) || !errors.Is(err, flash.ErrClosed) {
		t.Errorf("error %v", err)
	}
	if _, err := Open(m.flash, ownImage, nil); !errors.Is(err, flash.ErrClosed) {
		t.Errorf("error %v", err)
	}
}
