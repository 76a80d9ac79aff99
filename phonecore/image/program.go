package image

import (
	"errors"
	"fmt"

	"deskset/phonecore/flash"
	"deskset/provisioning/firmware"
)

// Program begins to take the image of a load, in whatever layout of package
// firmware it comes. The load's name must be that of one for this phone, else
// it fails with ErrFormat; ErrProgramming if there is no place to write to.
// The Programmer belongs to one goroutine, which ends it by Commit or Abort.
//
// Its Write fails as soon as it is clear that Commit would: behind the first
// 8 KiB for a wrong name. The file goes to the disk as it comes.
func (s *Store) Program(load string) (Programmer, error) {
	load = firmware.Stem(load)
	if !firmware.IsLoadOf7960(load) {
		return nil, fmt.Errorf("%w: %.64q is not the name of a load of the 7960", ErrFormat, load)
	}
	return s.begin(load)
}

func (s *Store) begin(load string) (*programmer, error) {
	file, err := s.shelf.create()
	if err != nil {
		return nil, fmt.Errorf("%w: image %s: %w", ErrProgramming, load, err)
	}
	return &programmer{store: s, load: load, file: file, scanner: firmware.NewScanner()}, nil
}

type programmer struct {
	store   *Store
	load    string
	scanner *firmware.Scanner
	// file is nil after the end.
	file file
	// named is true once the name in the header was found right.
	named bool
	err   error
}

var errEnded = errors.New("the programming of this image has ended")

func (p *programmer) Write(b []byte) (int, error) {
	if err := p.usable(); err != nil {
		return 0, err
	}
	// The scanner's own Write cannot fail.
	_, _ = p.scanner.Write(b)
	if p.err = p.checkSoFar(); p.err != nil {
		return 0, p.err
	}
	n, err := p.file.Write(b)
	if err != nil {
		p.err = fmt.Errorf("%w: image %s: %w", ErrProgramming, p.load, err)
	}
	return n, p.err
}

func (p *programmer) usable() error {
	if p.file == nil {
		return errEnded
	}
	return p.err
}

func (p *programmer) checkSoFar() error {
	if err := p.scanner.Err(); err != nil {
		return explain(p.load, err)
	}
	if p.named || !p.scanner.Recognised() {
		return nil
	}
	p.named = true
	return p.checkName(p.scanner.Contents())
}

// checkName compares the version in the header with the file name (guide 2-8).
func (p *programmer) checkName(c firmware.Contents) error {
	if err := c.Check(p.load); err != nil {
		return explain(p.load, err)
	}
	return nil
}

// check says what the whole file is.
func (p *programmer) check() (Info, error) {
	if err := p.usable(); err != nil {
		return Info{}, err
	}
	c, err := p.scanner.Finish()
	if err != nil {
		return Info{}, explain(p.load, err)
	}
	return describe(c), p.checkName(c)
}

func (p *programmer) Commit() (Info, error) {
	defer p.Abort()
	image, err := p.check()
	if err != nil {
		return Info{}, err
	}
	if err := p.store.take(p, image); err != nil {
		return Info{}, fmt.Errorf("%w: image %s: %w", ErrProgramming, p.load, err)
	}
	return image, nil
}

// place hands the file over to the store.
func (p *programmer) place(image Info, record flash.Images, slot, active int) error {
	err := p.store.place(p.file, image, record, slot, active)
	if err == nil {
		p.file = nil
	}
	return err
}

func (p *programmer) Abort() {
	if p.file == nil {
		return
	}
	if err := p.store.shelf.drop(p.file); err != nil {
		p.store.log.Warn("an unfinished image stays until the next start", "error", err)
	}
	p.file = nil
}

// explain makes one of the instrument's complaints of what is wrong with a file.
func explain(load string, err error) error {
	kind := ErrFormat
	switch {
	case errors.Is(err, firmware.ErrOtherName):
		kind = ErrLoadID
	case errors.Is(err, firmware.ErrDigest), errors.Is(err, firmware.ErrCutOff):
		kind = ErrChecksum
	case errors.Is(err, firmware.ErrNoHeader):
		return fmt.Errorf("image %[1]s: %[2]w: %[3]w that would tell its name; put it into a container with: deskset image build -name %[1]s FILE", load, kind, err)
	}
	return fmt.Errorf("image %s: %w: %w", load, kind, err)
}
