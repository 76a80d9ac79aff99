package firmware

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"math"
)

// Layout is how an image file is built.
type Layout uint8

// The layouts that carry a name and can therefore be checked (guide 2-8).
const (
	UnknownLayout Layout = iota
	ContainerLayout
	SignedLayout
)

// Contents is what an image file says of itself.
type Contents struct {
	Layout Layout
	// Name of the load, as the file's head has it.
	Name string
	// Manifest of a container.
	Manifest Manifest
	// Header of a signed file.
	Header Header
	// Payload, Size: bytes behind the head, and of the whole file.
	Payload, Size int64
	// Digest is the SHA-256 of the whole file, in hexadecimal.
	Digest string
}

// Check compares the name in the head with that of the file, or of the load,
// like Header.Check.
func (c Contents) Check(file string) error {
	if c.Layout == SignedLayout {
		return c.Header.Check(file)
	}
	return checkName(c.Name, file)
}

// Generation is the firmware generation of the image: that of the manifest, or
// what the name tells.
func (c Contents) Generation() string {
	if c.Manifest.Generation != "" {
		return c.Manifest.Generation
	}
	return GenerationOf(c.Name)
}

// Scanner looks at an image file as it comes by, in pieces of any size, and
// keeps nothing of it but the beginning. The zero value is not ready; see
// NewScanner.
type Scanner struct {
	contents Contents
	err      error
	// head is what came before the file was recognised.
	head       []byte
	recognised bool
	hash       hash.Hash
	hashed     int64
	// trailerAt is where the trailer of a container begins, sum the digest of
	// all before it.
	trailerAt    int64
	sum, trailer []byte
}

// headSize is how much of a file decides what it is: a container's head and
// manifest, or a signed file's header, fit in.
const headSize = 8 << 10

// NewScanner begins to look at a file.
func NewScanner() *Scanner { return &Scanner{hash: sha256.New(), trailerAt: math.MaxInt64} }

// Write takes the next piece. It never fails; Err tells what is wrong so far.
func (s *Scanner) Write(p []byte) (int, error) {
	n := len(p)
	s.contents.Size += int64(n)
	if s.contents.Size > MaxImage && s.err == nil {
		s.err = ErrTooLarge
	}
	if !s.recognised {
		take := min(len(p), headSize-len(s.head))
		s.head, p = append(s.head, p[:take]...), p[take:]
		if len(s.head) < headSize {
			return n, nil
		}
		s.recognise()
	}
	s.digest(p)
	return n, nil
}

// Recognised tells whether enough has come to know the name.
func (s *Scanner) Recognised() bool { return s.recognised && s.err == nil }

// Contents is what is known so far: the name once the file is recognised.
func (s *Scanner) Contents() Contents { return s.contents }

// Err is what is wrong with what has come so far; nothing that follows makes
// it right.
func (s *Scanner) Err() error { return s.err }

// Finish says what the file was. The size and the digest are right whatever
// the error: ErrNoHeader for a file of neither layout, ErrHeader or
// ErrContainer for a bad head, ErrCutOff, ErrDigest, ErrTooLarge.
//
// A signed file has nothing by which damage behind its header could be found.
func (s *Scanner) Finish() (Contents, error) {
	if !s.recognised {
		s.recognise()
	}
	c := &s.contents
	c.Digest = hex.EncodeToString(s.hash.Sum(nil))
	switch {
	case s.err != nil:
	case c.Layout == ContainerLayout:
		s.err = s.checkTrailer()
	default:
		c.Payload = c.Size - int64(c.Header.Length)
	}
	return *c, s.err
}

func (s *Scanner) recognise() {
	s.recognised = true
	if err := s.readHead(); s.err == nil {
		s.err = err
	}
	s.digest(s.head)
	s.head = nil
}

func (s *Scanner) readHead() (err error) {
	c := &s.contents
	if bytes.HasPrefix(s.head, []byte(magic)) {
		c.Layout = ContainerLayout
		c.Manifest, c.Payload, s.trailerAt, err = readContainer(s.head)
		c.Name = c.Manifest.Name
		if err != nil {
			s.trailerAt = math.MaxInt64
		}
		return err
	}
	c.Header, err = ReadHeader(s.head)
	if err == nil {
		c.Layout, c.Name = SignedLayout, Stem(c.Header.FileName)
	}
	return err
}

// digest hashes the next piece, and notes the sum where the trailer begins.
func (s *Scanner) digest(p []byte) {
	if left := s.trailerAt - s.hashed; s.sum == nil && left <= int64(len(p)) {
		s.hash.Write(p[:left])
		s.hashed += left
		p = p[left:]
		s.sum = s.hash.Sum(nil)
	}
	if s.sum != nil {
		s.trailer = append(s.trailer, p[:min(len(p), sha256.Size-len(s.trailer))]...)
	}
	s.hash.Write(p)
	s.hashed += int64(len(p))
}

func (s *Scanner) checkTrailer() error {
	whole := s.trailerAt + sha256.Size
	switch size := s.contents.Size; {
	case size < whole:
		return &CutOffError{size, whole}
	case size > whole:
		return fmt.Errorf("%w: %d bytes follow the end", ErrDigest, size-whole)
	case !bytes.Equal(s.sum, s.trailer):
		return ErrDigest
	}
	return nil
}

// Scan reads a whole image file and says what it is; see Scanner.Finish. It
// reads no further than one byte over MaxImage.
func Scan(r io.Reader) (Contents, error) {
	s := NewScanner()
	if _, err := io.Copy(s, io.LimitReader(r, MaxImage+1)); err != nil {
		return Contents{}, err
	}
	return s.Finish()
}
