package image

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deskset/phonecore/flash"
)

var errFault = errors.New("fault of the test")

// faults makes the k-th step of writing fail, the first being 1, and notes
// which steps there were.
type faults struct {
	k     int
	steps []string
	// seen is called before each step.
	seen func(step string)
}

func (f *faults) step(name string) error {
	if f.seen != nil {
		f.seen(name)
	}
	f.steps = append(f.steps, name)
	if len(f.steps) == f.k {
		return fmt.Errorf("%s: %w", name, errFault)
	}
	return nil
}

// in puts the faults between a store and the machine.
func (f *faults) in(s *Store) {
	folder := s.shelf.(*folder)
	real := folder.system
	folder.system = system{
		create: func(dir, pattern string) (file, error) {
			if err := f.step("create"); err != nil {
				return nil, err
			}
			made, err := real.create(dir, pattern)
			return faultyFile{made, f}, err
		},
		rename: func(from, to string) error {
			if err := f.step("rename"); err != nil {
				return err
			}
			return real.rename(from, to)
		},
		syncDir: func(dir string) error {
			if err := f.step("sync directory"); err != nil {
				return err
			}
			return real.syncDir(dir)
		},
	}
}

type faultyFile struct {
	file
	faults *faults
}

func (f faultyFile) Write(p []byte) (int, error) {
	if err := f.faults.step("write"); err != nil {
		n, _ := f.file.Write(p[:len(p)/2])
		return n, err
	}
	return f.file.Write(p)
}

func (f faultyFile) Sync() error {
	if err := f.faults.step("sync"); err != nil {
		return err
	}
	return f.file.Sync()
}

// When a step of programming fails, whichever, the phone has what it had.
func TestProgrammingThatFailsHalfwayChangesNothing(t *testing.T) {
	data := container(t, "DS79-2-0-0", "", make([]byte, 2000))
	for k := 1; ; k++ {
		m, _, _ := upgraded(t)
		f := &faults{k: k}
		f.in(m.store)
		_, err := m.program("DS79-2-0-0", data)
		if len(f.steps) < k {
			if err != nil || k < 8 {
				t.Errorf("after %q: %v", f.steps, err)
			}
			m.wantBoot("DS79-2-0-0", 0)
			break
		}
		if !errors.Is(err, ErrProgramming) || !errors.Is(err, errFault) || !strings.Contains(err.Error(), "DS79-2-0-0") {
			t.Errorf("fault %d in %q: %v", k, f.steps, err)
		}
		m.wantBoot("DS79-1-0-0", 1)
		m.start(ownImage)
		m.wantNoLeftovers()
		m.wantBoot("DS79-1-0-0", 1)
		m.mustProgram("DS79-2-0-0", data)
		m.wantBoot("DS79-2-0-0", 0)
	}
}

// What is on the disk must be there before what leads to it: the contents
// before the name, the name before the record.
func TestStepsOfProgrammingAreInOrder(t *testing.T) {
	m, _, _ := upgraded(t)
	f := &faults{seen: func(step string) {
		if record, err := m.flash.Images(); err != nil || record.Active != 1 {
			t.Errorf("before %s: %+v, %v", step, record, err)
		}
	}}
	f.in(m.store)
	m.mustProgram("DS79-2-0-0", container(t, "DS79-2-0-0", "", make([]byte, 2000)))
	want := "create write sync rename sync directory"
	if got := strings.Join(slices.Compact(f.steps), " "); got != want {
		t.Errorf("steps %q, want %q", got, want)
	}
	m.wantBoot("DS79-2-0-0", 0)
}

func TestBuiltInImageThatCannotBeWrittenStartsAllTheSame(t *testing.T) {
	m := newMachine(t, t.TempDir())
	builtIn := m.boot().Image
	m.off()
	// A directory where the new image would go makes the rename fail.
	newer := Info{Name: "DS79-0-2-0"}
	described, err := describeBuiltIn(newer)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(m.file(described), "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	m.start(newer)
	if s := m.boot(); s.Image != builtIn || s.Recovery {
		t.Errorf("started %+v", s)
	}
	// Nor is there any image on a phone that is new.
	if err := m.flash.SetImages(flash.Images{}); err != nil {
		t.Fatal(err)
	}
	m.start(newer)
	if s := m.boot(); s.Image != described || !s.Recovery || s.Damaged != [2]error{} {
		t.Errorf("started %+v", s)
	}
}

func TestFolderThatCannotBeMade(t *testing.T) {
	m := newMachine(t, t.TempDir())
	path := filepath.Join(m.dir, Folder)
	if err := errors.Join(os.RemoveAll(path), os.WriteFile(path, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(m.flash, ownImage, nil); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "-flash") {
		t.Errorf("error %v", err)
	}
	if _, err := Open(m.flash, Info{Name: "no name"}, nil); err == nil {
		t.Error("a built-in image without a proper name passes")
	}
}
