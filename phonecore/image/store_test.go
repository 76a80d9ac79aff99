package image

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/provisioning/firmware"
)

var ownImage = Info{Name: "DS79-0-1-0"}

// machine is a phone's memory that can be switched off and on.
type machine struct {
	t     testing.TB
	dir   string // empty: in memory
	flash *flash.Flash
	store *Store
}

func newMachine(t testing.TB, dir string) *machine {
	t.Helper()
	m := &machine{t: t, dir: dir}
	if dir == "" {
		m.flash = flash.Memory()
	}
	t.Cleanup(m.off)
	m.start(ownImage)
	return m
}

func (m *machine) off() {
	if m.dir != "" && m.flash != nil {
		m.flash.Close()
	}
}

// start opens the store again, as after a restart of the program.
func (m *machine) start(builtIn Info) {
	m.t.Helper()
	m.off()
	var err error
	if m.dir != "" {
		if m.flash, err = flash.Open(m.dir, nil); err != nil {
			m.t.Fatal(err)
		}
	}
	if m.store, err = Open(m.flash, builtIn, nil); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) boot() Started {
	m.t.Helper()
	started, err := m.store.Boot()
	if err != nil {
		m.t.Fatal(err)
	}
	return started
}

// wantBoot checks what starts, and that nothing is wrong.
func (m *machine) wantBoot(name string, slot int) Started {
	m.t.Helper()
	s := m.boot()
	if s.Image.Name != name || s.Slot != slot || s.FellBack || s.Recovery || s.Damaged != [2]error{} {
		m.t.Errorf("started %+v, want %s from slot %d", s, name, slot)
	}
	return s
}

// program takes an image in pieces like those of TFTP.
func (m *machine) program(load string, data []byte) (Info, error) {
	p, err := m.store.Program(load)
	if err != nil {
		return Info{}, err
	}
	defer p.Abort()
	for piece := range slices.Chunk(data, 512) {
		if _, err := p.Write(piece); err != nil {
			return Info{}, err
		}
	}
	return p.Commit()
}

func (m *machine) mustProgram(load string, data []byte) Info {
	m.t.Helper()
	image, err := m.program(load, data)
	if err != nil {
		m.t.Fatal(err)
	}
	return image
}

// files are the names in the folder of images.
func (m *machine) files() []string {
	m.t.Helper()
	entries, err := os.ReadDir(filepath.Join(m.dir, Folder))
	if err != nil {
		m.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// wantNoLeftovers checks that there are exactly the files that slots name.
func (m *machine) wantNoLeftovers() {
	m.t.Helper()
	record, err := m.flash.Images()
	if err != nil {
		m.t.Fatal(err)
	}
	var want []string
	for _, held := range record.Slots {
		if held.Digest != "" && !slices.Contains(want, held.Digest+kept) {
			want = append(want, held.Digest+kept)
		}
	}
	slices.Sort(want)
	if got := m.files(); !slices.Equal(got, want) {
		m.t.Errorf("files %q, want %q", got, want)
	}
}

// file is the path of an image's file.
func (m *machine) file(image Info) string {
	return filepath.Join(m.dir, Folder, image.Digest+kept)
}

func container(t testing.TB, name, generation string, payload []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	m := firmware.Manifest{Name: name, Generation: generation}
	if err := firmware.WriteContainer(&b, m, bytes.NewReader(payload), int64(len(payload))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func signed(name string, payload string) []byte {
	return append(firmware.AppendHeader(nil, name, time.Unix(0, 0)), payload...)
}

// both runs a test on disk and in memory: they must not differ.
func both(t *testing.T, test func(t *testing.T, m *machine)) {
	t.Run("disk", func(t *testing.T) {
		m := newMachine(t, t.TempDir())
		test(t, m)
		m.wantNoLeftovers()
	})
	t.Run("memory", func(t *testing.T) { test(t, newMachine(t, "")) })
}

func TestNewPhoneStartsTheBuiltInImage(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		for range 2 {
			got := m.wantBoot("DS79-0-1-0", 0).Image
			if !got.BuiltIn || got.Generation != "" || len(got.Digest) != 64 || got.Size == 0 {
				t.Errorf("image %+v", got)
			}
			m.start(ownImage)
		}
	})
}

func TestUpgradeGoesToTheIdleSlot(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		m.wantBoot("DS79-0-1-0", 0)
		data := container(t, "P0S3-8-12-00", "", bytes.Repeat([]byte("payload"), 5000))
		want := Info{Name: "P0S3-8-12-00", Generation: "8", Size: int64(len(data))}
		got := m.mustProgram("P0S3-8-12-00", data)
		want.Digest = got.Digest
		if got != want {
			t.Errorf("programmed %+v, want %+v", got, want)
		}
		m.start(ownImage)
		if got := m.wantBoot("P0S3-8-12-00", 1).Image; got != want {
			t.Errorf("started %+v, want %+v", got, want)
		}
		// Names are not ordered: a downgrade works too, and its manifest
		// overrules what its name would say.
		m.mustProgram("p0s30100.bin", container(t, "P0S30100", "3", nil))
		m.start(ownImage)
		if got := m.wantBoot("P0S30100", 0).Image; got.Generation != "3" || got.BuiltIn {
			t.Errorf("started %+v", got)
		}
	})
}

func TestSecondUpgradeBeforeTheRestartTakesTheSameSlot(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		m.wantBoot("DS79-0-1-0", 0)
		m.mustProgram("DS79-1-0-0", container(t, "DS79-1-0-0", "", nil))
		m.mustProgram("DS79-2-0-0", container(t, "DS79-2-0-0", "", nil))
		record, err := m.flash.Images()
		if err != nil || record.Slots[0].Name != "DS79-0-1-0" || record.Slots[1].Name != "DS79-2-0-0" || record.Active != 1 {
			t.Errorf("%+v, %v", record, err)
		}
	})
}

func TestSameImageInBothSlotsIsOneFile(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		data := container(t, "DS79-1-0-0", "", nil)
		for slot := range 3 {
			m.boot()
			m.mustProgram("DS79-1-0-0", data)
			m.start(ownImage)
			m.wantBoot("DS79-1-0-0", (slot+1)%2)
		}
		m.mustProgram("DS79-2-0-0", container(t, "DS79-2-0-0", "", nil))
		m.wantBoot("DS79-2-0-0", 0)
	})
}

func TestImageThatIsNotRightIsRefused(t *testing.T) {
	sound := container(t, "DS79-1-0-0", "", bytes.Repeat([]byte("p"), 20_000))
	tests := []struct {
		name, load string
		data       []byte
		err        error
		text       string
	}{
		{"renamed", "DS79-2-0-0", sound, ErrLoadID, `"DS79-1-0-0", not "DS79-2-0-0"`},
		{"renamed and small", "DS79-2-0-0", container(t, "DS79-1-0-0", "", nil), ErrLoadID, "names another file"},
		{"renamed and signed", "P0S3-8-12-00", signed("P0S3-8-11-00.sbn", "x"), ErrLoadID, "P0S3-8-11-00.sbn"},
		{"cut off", "DS79-1-0-0", sound[:len(sound)-1], ErrChecksum, fmt.Sprintf("cut off: %d of %d bytes", len(sound)-1, len(sound))},
		{"cut off early", "DS79-1-0-0", sound[:50], ErrChecksum, fmt.Sprintf("cut off: 50 of %d bytes", len(sound))},
		{"longer", "DS79-1-0-0", append(bytes.Clone(sound), 0), ErrChecksum, ""},
		{"a bit", "DS79-1-0-0", append(bytes.Clone(sound[:len(sound)-100]), make([]byte, 100)...), ErrChecksum, "digest"},
		{"nothing", "DS79-1-0-0", nil, ErrFormat, "no header"},
		{"an answer of a web server", "DS79-1-0-0", []byte("<html>"), ErrFormat, "no header"},
		{"old image", "P0S30202", bytes.Repeat([]byte{0xea}, 20_000), ErrFormat, "deskset image build -name P0S30202 FILE"},
		{"half a header", "P0S3-8-12-00", signed("P0S3-8-12-00.sbn", "")[:100], ErrFormat, "bad header"},
		{"another phone's", "SIP41.8-5-2", container(t, "SIP41.8-5-2", "", nil), ErrFormat, "7960"},
		{"path", "../../P0S3", nil, ErrFormat, "7960"},
	}
	both(t, func(t *testing.T, m *machine) {
		m.wantBoot("DS79-0-1-0", 0)
		for _, tt := range tests {
			_, err := m.program(tt.load, tt.data)
			if !errors.Is(err, tt.err) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		m.wantBoot("DS79-0-1-0", 0)
	})
}

func TestWrongImageStopsTheDownloadSoon(t *testing.T) {
	m := newMachine(t, t.TempDir())
	for load, data := range map[string][]byte{
		"DS79-2-0-0":   container(t, "DS79-1-0-0", "", make([]byte, 1<<20)),
		"P0S30202":     make([]byte, 1<<20),
		"P0S3-8-12-00": append(signed("P0S3-8-12-00.sbn", ""), make([]byte, firmware.MaxImage)...),
	} {
		p, err := m.store.Program(load)
		if err != nil {
			t.Fatal(err)
		}
		taken := 0
		for piece := range slices.Chunk(data, 512) {
			n, writeErr := p.Write(piece)
			taken += n
			if writeErr != nil {
				err = writeErr
				break
			}
		}
		if taken > 8<<10 && len(data) < firmware.MaxImage || taken > firmware.MaxImage || err == nil {
			t.Errorf("%s: took %d bytes, %v", load, taken, err)
		}
		if n, again := p.Write([]byte("x")); n != 0 || again == nil || again.Error() != err.Error() {
			t.Errorf("%s: then %d, %v", load, n, again)
		}
		if _, again := p.Commit(); again == nil || again.Error() != err.Error() {
			t.Errorf("%s: committed: %v", load, again)
		}
		m.wantNoLeftovers()
	}
}

func TestProgrammerEndsOnce(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		data := container(t, "DS79-1-0-0", "", nil)
		for _, end := range []func(p Programmer){Programmer.Abort, func(p Programmer) { p.Commit() }} {
			p, err := m.store.Program("DS79-1-0-0")
			if err != nil {
				t.Fatal(err)
			}
			p.Write(data)
			end(p)
			p.Abort()
			if _, err := p.Write(data); !errors.Is(err, errEnded) {
				t.Errorf("write: %v", err)
			}
			if _, err := p.Commit(); !errors.Is(err, errEnded) {
				t.Errorf("commit: %v", err)
			}
		}
		m.start(ownImage)
		m.wantBoot("DS79-1-0-0", 1)
	})
}

func TestNewProgramReplacesItsOwnOldImageOnly(t *testing.T) {
	newer := Info{Name: "DS79-0-2-0", Generation: "8"}
	both(t, func(t *testing.T, m *machine) {
		m.start(newer)
		if got := m.wantBoot("DS79-0-2-0", 0).Image; got.Generation != "8" {
			t.Errorf("image %+v", got)
		}
		m.mustProgram("P0S3-8-12-00", signed("P0S3-8-12-00.loads", "P003-8-12-00.sbn\n"))
		m.start(ownImage) // the built-in one is idle now
		m.wantBoot("P0S3-8-12-00", 1)
		if record, err := m.flash.Images(); err != nil || record.Slots[0].Name != "DS79-0-1-0" {
			t.Errorf("%+v, %v", record, err)
		}
		m.mustProgram("P0S3-8-11-00", signed("P0S3-8-11-00.sb2", "x"))
		m.start(newer) // no slot has a built-in one
		m.wantBoot("P0S3-8-11-00", 0)
	})
}

func TestFileNamesAreThoseOfTheLoad(t *testing.T) {
	m := newMachine(t, "")
	if got := fmt.Sprint(m.store.FileNames("P0S30202")); got != "[P0S30202.img P0S30202.sbn P0S30202.loads P0S30202.sb2 P0S30202.bin]" {
		t.Error(got)
	}
}

func TestSeveralMayProgramAtOnce(t *testing.T) {
	both(t, func(t *testing.T, m *machine) {
		m.wantBoot("DS79-0-1-0", 0)
		var all sync.WaitGroup
		for n := range 6 {
			all.Go(func() {
				load := crashLoad(n)
				for range 5 {
					if _, err := m.program(load, container(t, load, "", make([]byte, 10_000))); err != nil {
						t.Error(err)
					}
					if s, err := m.store.Boot(); err != nil || s.Recovery || s.Damaged != [2]error{} {
						t.Errorf("%+v, %v", s, err)
					}
				}
			})
		}
		all.Wait()
	})
}

func FuzzProgram(f *testing.F) {
	sound := container(f, "P0S3-8-12-00", "8", []byte("payload"))
	for _, data := range [][]byte{sound, sound[:50], sound[:len(sound)-1], signed("P0S3-8-12-00.sb2", "x"), signed("P0S3-8-11-00.sb2", "x"), nil} {
		f.Add(data)
	}
	m := newMachine(f, "")
	f.Fuzz(func(t *testing.T, data []byte) {
		image, err := m.program("P0S3-8-12-00", data)
		if err == nil {
			// What is taken is good at the next start too.
			if err := checkContents(bytes.NewReader(data), image); err != nil {
				t.Errorf("%+v: %v", image, err)
			}
			return
		}
		if !errors.Is(err, ErrLoadID) && !errors.Is(err, ErrChecksum) && !errors.Is(err, ErrFormat) {
			t.Errorf("error %v", err)
		}
	})
}
