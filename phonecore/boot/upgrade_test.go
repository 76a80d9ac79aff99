package boot

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"deskset/phonecore/image"
	"deskset/phonecore/text"
	"deskset/provisioning/firmware"
)

// slots are image slots in memory.
type slots struct {
	started image.Started
	broken  error // for Boot
	refuse  error // for Commit
	got     bytes.Buffer
	load    string
	aborted bool
	// restored is set when the built-in image was put into a slot.
	restored bool
}

func (s *slots) Boot() (image.Started, error) { return s.started, s.broken }

func (s *slots) FileNames(load string) []string { return []string{load + ".img", load + ".sbn"} }

func (s *slots) Program(load string) (image.Programmer, error) {
	s.got.Reset()
	s.load = load
	return s, nil
}

func (s *slots) Restore() (image.Info, error) {
	s.restored = true
	return image.Info{Name: "DS79-0-1-0"}, nil
}

func (s *slots) Write(p []byte) (int, error) { return s.got.Write(p) }

func (s *slots) Commit() (image.Info, error) {
	if s.refuse != nil {
		return image.Info{}, fmt.Errorf("slot 2: %w", s.refuse)
	}
	return image.Info{Name: s.load, Size: int64(s.got.Len())}, nil
}

func (s *slots) Abort() { s.aborted = true }

func with(s *slots) func(*Env) { return func(e *Env) { e.Images = s } }

func TestAnotherNameIsLoadedWhateverItsOrder(t *testing.T) {
	for _, load := range []string{"DS79-0-2-0", "DS79-0-0-1"} {
		s := &slots{}
		w := &world{files: map[string]string{
			"SIPDefault.cnf": "image_version: " + load, load + ".sbn": strings.Repeat("x", 2000),
		}}
		var bar []Progress
		v, seen := start(w, onServer, with(s))
		if v.Programmed == nil || v.Programmed.Name != load || v.Programmed.Size != 2000 {
			t.Fatalf("%s: programmed %v", load, v.Programmed)
		}
		if seen[len(seen)-2] != text.UpgradingSoftware {
			t.Errorf("messages %v, progress %v", seen, bar)
		}
		if len(v.Reports) != 5 {
			t.Errorf("%d stages ran before the reset", len(v.Reports))
		}
		wantMessages(t, v, "Image "+load+" programmed")
	}
}

func TestTheRunningImageIsNotLoadedAgain(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "image_version: P0S3-08-12-00"}}
	s := &slots{started: image.Started{Image: image.Info{Name: "P0S3-08-12-00", Generation: "8"}}}
	v, _ := start(w, onServer, with(s))
	if s.load != "" || v.Running != "P0S3-08-12-00" {
		t.Errorf("loads %q, runs %q", s.load, v.Running)
	}
}

func TestFailedUpgradesReachTheirMessages(t *testing.T) {
	tests := []struct {
		refuse error
		files  map[string]string
		want   string
	}{
		{image.ErrLoadID, map[string]string{"N.img": "x"}, "Load ID Incorrect: the file of N"},
		{image.ErrChecksum, map[string]string{"N.img": "x"}, "Checksum Error: the image N"},
		{
			fmt.Errorf("%w: %w", image.ErrChecksum, &firmware.CutOffError{Have: 471958, Want: 786598}), map[string]string{"N.img": "x"},
			"Checksum Error: the image N is cut off: 471958 of 786598 bytes",
		},
		{image.ErrFormat, map[string]string{"N.img": "x"}, "Load Rejected: N"},
		{image.ErrProgramming, map[string]string{"N.img": "x"}, "Programming Error: the image N"},
		{nil, nil, "File Not Found: N at 192.0.2.1"},
	}
	for _, test := range tests {
		w := &world{files: map[string]string{"SIPDefault.cnf": "image_version: N"}}
		for name, data := range test.files {
			w.files[name] = data
		}
		s := &slots{refuse: test.refuse}
		v, _ := start(w, onServer, with(s))
		wantMessages(t, v, test.want)
		if v.Programmed != nil || !s.aborted || len(v.Reports) != len(stages) || !v.Reports[4].Failed {
			t.Errorf("%v: programmed %v, aborted %v, %d reports", test.want, v.Programmed, s.aborted, len(v.Reports))
		}
	}
}

func TestBootLoaderSaysWhatItFound(t *testing.T) {
	tests := []struct {
		slots slots
		want  []string
	}{
		{slots{broken: image.ErrProgramming}, []string{"programming error"}},
		{slots{started: image.Started{
			Image: image.Info{Name: "OLD"}, Slot: 1, FellBack: true, Damaged: [2]error{image.ErrChecksum, nil},
		}}, []string{"Image slot 1 is damaged: checksum error", "Started from slot 2: OLD"}},
		{slots{started: image.Started{
			Image: image.Info{Name: "DS79-0-1-0"}, Recovery: true, Damaged: [2]error{image.ErrChecksum, image.ErrFormat},
		}}, []string{"No good image in flash", "Image slot 2 is damaged"}},
	}
	for _, test := range tests {
		v, _ := start(&world{}, onServer, with(&test.slots))
		wantMessages(t, v, test.want...)
	}
}

func TestRecoveryFetchesTheLoadOfOS79XX(t *testing.T) {
	w := &world{files: map[string]string{"OS79XX.TXT": "P0S30100", "P0S30100.img": "x"}}
	s := &slots{started: image.Started{Recovery: true}}
	v, _ := start(w, onServer, with(s))
	if v.Programmed == nil || v.Programmed.Name != "P0S30100" || s.restored {
		t.Errorf("programmed %v, restored %v", v.Programmed, s.restored)
	}
	delete(w.files, "P0S30100.img")
	s.started.Image.Name = "DS79-0-1-0"
	if v, _ = start(w, onServer, with(s)); v.Programmed != nil || !s.restored {
		t.Errorf("programmed %v, restored %v", v.Programmed, s.restored)
	}
	wantMessages(t, v, "File Not Found: P0S30100", "DS79-0-1-0 restored")
}

func TestUpgradesForEverAreRefused(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "image_version: N", "N.img": "x"}}
	v, _ := start(w, onServer, with(&slots{}), func(e *Env) { e.NoUpgrade = true })
	wantMessages(t, v, "Image N is not loaded")
	if v.Programmed != nil || len(v.Reports) != len(stages) {
		t.Errorf("programmed %v, %d reports", v.Programmed, len(v.Reports))
	}
}
