package image

import (
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"

	"deskset/phonecore/flash"
	"deskset/provisioning/firmware"
)

// Folder is the directory of the image files, within that of the flash.
const Folder = "images"

// Store keeps two images: one runs, the other is where the next one goes. The
// record of the slots is in the flash, the files lie beside it under their
// digests, so that a file once written never changes.
//
// Its methods may be called from several goroutines.
type Store struct {
	flash   *flash.Flash
	shelf   shelf
	builtIn Info
	log     *slog.Logger

	mu sync.Mutex
	// running is the slot that Boot started, none before and in recovery.
	running int
	// recovering is true from a Boot that found no good image until there is
	// one again.
	recovering bool
}

const none = -1

var _ Slots = (*Store)(nil)

// Open opens the images of a flash. builtIn gives the name and the generation
// of the program's own image: it goes into slot 0 of a flash that has no
// images, and takes the place of the one that an older program had left.
// Downloaded images stay. Files that no slot names are removed: those of
// downloads that were killed.
//
// It fails only if the flash or its directory cannot be used. If the built-in
// image cannot be written (a full disk), that is logged, and Boot will start it
// all the same. A nil log discards. With a flash in memory there are no files,
// only the record.
func Open(f *flash.Flash, builtIn Info, log *slog.Logger) (*Store, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	own, err := describeBuiltIn(builtIn)
	if err != nil {
		return nil, err
	}
	s := &Store{flash: f, shelf: nowhere{}, builtIn: own, log: log, running: none}
	if f.Dir() != "" {
		if s.shelf, err = openFolder(filepath.Join(f.Dir(), Folder)); err != nil {
			return nil, err
		}
	}
	record, err := f.Images()
	if errors.Is(err, flash.ErrDamaged) {
		log.Warn("the record of the images is damaged, starting with the built-in one", "error", err)
		record, err = flash.Images{}, nil
	}
	if err != nil {
		return nil, err
	}
	// First of all, so that a full disk has room again.
	if err := s.shelf.clean(record); err != nil {
		log.Warn("files of old images stay", "error", err)
	}
	if err := s.carryBuiltIn(record); err != nil {
		log.Warn("the built-in image is not stored", "error", err)
	}
	return s, nil
}

// carryBuiltIn puts the program's own image where there is none yet or that of
// another version of the program.
func (s *Store) carryBuiltIn(record flash.Images) error {
	if record == (flash.Images{}) {
		return s.installBuiltIn(record, 0, 0)
	}
	for slot, held := range record.Slots {
		if held.BuiltIn && Info(held) != s.builtIn {
			if err := s.installBuiltIn(record, slot, record.Active); err != nil {
				return err
			}
			record.Slots[slot] = flash.Image(s.builtIn)
		}
	}
	return nil
}

// Boot checks both slots, digest and name, and tells which image starts: that
// of the active slot, if it is damaged that of the other one, else the built-in
// one in recovery. What it finds damaged stays as it is, so that the next start
// finds it too, until something is programmed in its place; the end of a
// recovery mends both slots.
//
// It fails if the flash cannot be read; what it returns then is recovery.
func (s *Store) Boot() (Started, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.recovering = none, false
	started := Started{Image: s.builtIn, Recovery: true}
	record, err := s.flash.Images()
	if err != nil {
		return started, err
	}
	for _, slot := range []int{record.Active, 1 - record.Active} {
		held := Info(record.Slots[slot])
		if held.Digest == "" {
			continue
		}
		if err := s.shelf.check(held); err != nil {
			started.Damaged[slot] = err
			s.log.Warn("damaged image", "slot", slot+1, "load", held.Name,
				"file", filepath.Join(s.flash.Dir(), Folder, held.Digest+kept), "error", err)
			continue
		}
		if started.Recovery {
			started.Image, started.Slot, started.Recovery = held, slot, false
			started.FellBack = slot != record.Active
			s.running = slot
		}
	}
	s.recovering = started.Recovery
	return started, nil
}

// Restore puts the built-in image into the idle slot and makes it the active
// one. It is the way out of recovery when no server has an image; the other
// slot, for which there is none, is empty then.
func (s *Store) Restore() (Info, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record, err := s.record()
	if err != nil {
		return Info{}, err
	}
	slot := s.idle(record)
	if s.recovering {
		record.Slots[1-slot] = flash.Image{}
	}
	err = s.installBuiltIn(record, slot, slot)
	s.recovering = s.recovering && err != nil
	return s.builtIn, err
}

// take puts a new image into the idle slot and makes it the active one. In
// recovery the other slot is as bad: it gets the built-in image again, so that
// there are two, or is empty if that cannot be.
func (s *Store) take(p *programmer, image Info) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	record, err := s.record()
	if err != nil {
		return err
	}
	slot := s.idle(record)
	if s.recovering {
		record.Slots[1-slot] = s.mended(record, 1-slot, image)
	}
	if err := p.place(image, record, slot, slot); err != nil {
		return err
	}
	s.recovering = false
	return nil
}

// mended is what a damaged slot is to hold beside a new image. The built-in one
// goes there first, with its slot active, so that a phone that is killed now
// has one that starts.
func (s *Store) mended(record flash.Images, slot int, image Info) flash.Image {
	if image.Digest == s.builtIn.Digest {
		return flash.Image{} // twice the same file is no second image
	}
	if err := s.installBuiltIn(record, slot, slot); err != nil {
		s.log.Warn("a damaged image slot stays empty", "slot", slot+1, "error", err)
		return flash.Image{}
	}
	return flash.Image(s.builtIn)
}

// FileNames are the names of files to ask a server for, in order; none if load
// is no name.
func (s *Store) FileNames(load string) []string { return firmware.FileNames(load) }

// idle is the slot that does not run. Before a start, and in recovery, it is
// the one that is not active.
func (s *Store) idle(record flash.Images) int {
	if s.running == none {
		return 1 - record.Active
	}
	return 1 - s.running
}

// record reads the flash for a change; a damaged record is begun anew.
func (s *Store) record() (flash.Images, error) {
	record, err := s.flash.Images()
	if errors.Is(err, flash.ErrDamaged) {
		return flash.Images{}, nil
	}
	return record, err
}

// place makes a checked file the contents of a slot. The record changes last,
// when the file is there for good; killed before, the phone has what it had.
func (s *Store) place(file file, image Info, record flash.Images, slot, active int) error {
	if err := s.shelf.keep(file, image.Digest); err != nil {
		return err
	}
	before, err := s.record()
	if err != nil {
		return err
	}
	record.Slots[slot], record.Active = flash.Image(image), active
	// If this fails the file stays: a failed write may have been one, and the
	// next Open removes what no slot names.
	if err := s.flash.SetImages(record); err != nil {
		return err
	}
	for _, old := range before.Slots {
		if names(record, old.Digest) {
			continue
		}
		if err := s.shelf.remove(old.Digest); err != nil {
			s.log.Warn("the file of an old image stays", "error", err)
		}
	}
	return nil
}

// names tells whether a slot holds the image of a digest; the empty one always.
func names(record flash.Images, digest string) bool {
	return digest == "" || digest == record.Slots[0].Digest || digest == record.Slots[1].Digest
}

// builtInPayload stands for the program, which is its own image.
const builtInPayload = "The program that wrote this file is the image.\n"

func (s *Store) installBuiltIn(record flash.Images, slot, active int) error {
	p, err := s.begin(s.builtIn.Name)
	if err != nil {
		return err
	}
	defer p.Abort()
	if err := writeBuiltIn(p, s.builtIn); err != nil {
		return err
	}
	image, err := p.check()
	if err != nil {
		return err
	}
	image.BuiltIn = true
	return p.place(image, record, slot, active)
}

func writeBuiltIn(w io.Writer, builtIn Info) error {
	m := firmware.Manifest{Name: builtIn.Name, Generation: builtIn.Generation, Description: "built into the program"}
	return firmware.WriteContainer(w, m, strings.NewReader(builtInPayload), int64(len(builtInPayload)))
}

// describeBuiltIn completes name and generation with what the file will have.
func describeBuiltIn(builtIn Info) (Info, error) {
	scanner := firmware.NewScanner()
	if err := writeBuiltIn(scanner, builtIn); err != nil {
		return Info{}, err
	}
	c, err := scanner.Finish()
	image := describe(c)
	image.BuiltIn = true
	return image, err
}

func describe(c firmware.Contents) Info {
	return Info{Name: c.Name, Generation: c.Generation(), Digest: c.Digest, Size: c.Size}
}
