package firmware

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// MaxImage bounds an image file, in bytes.
const MaxImage = 64 << 20

// The layout of a container; see the package comment.
const (
	magic            = "\x89DSI\r\n\x1a\n"
	containerVersion = 1
	// fixedHead is what stands before the manifest: magic, version (16 bits),
	// length of the manifest (32), length of the payload (64).
	fixedHead   = len(magic) + 2 + 4 + 8
	maxManifest = 4096
)

// Errors of image files, beside those of headers.
var (
	// ErrContainer: the head of a container does not make sense.
	ErrContainer = errors.New("bad image container")
	// ErrCutOff: the end is missing. A scanned file's is a *CutOffError.
	ErrCutOff = errors.New("cut off")
	// ErrDigest: the contents are not those that were written.
	ErrDigest = errors.New("the digest at the end does not match")
	// ErrTooLarge: longer than MaxImage.
	ErrTooLarge = fmt.Errorf("too large: want at most %d MiB", MaxImage>>20)
)

// CutOffError is an ErrCutOff with the bytes that are there, and those that
// the file should have at the least.
type CutOffError struct{ Have, Want int64 }

func (e *CutOffError) Error() string {
	return fmt.Sprintf("%v: %d of %d bytes", ErrCutOff, e.Have, e.Want)
}

// Unwrap makes it an ErrCutOff.
func (e *CutOffError) Unwrap() error { return ErrCutOff }

// Manifest says what a container holds.
type Manifest struct {
	// Name of the load, without extension: "DS79-0-2-0".
	Name string `json:"name"`
	// Generation is the firmware generation whose defaults apply, a name of
	// param's firmware_profile; empty leaves it to the name.
	Generation string `json:"generation,omitempty"`
	// Description for people, one line of up to 1000 bytes.
	Description string `json:"description,omitempty"`
	// Created is zero if unknown; it has whole seconds.
	Created time.Time `json:"created,omitzero"`
}

func (m Manifest) check() error {
	const maxGeneration, maxDescription = 32, 1000
	switch {
	case !isName(m.Name) || Stem(m.Name) != m.Name:
		return fmt.Errorf("%w: name %+.64q: want that of a load, without extension", ErrContainer, m.Name)
	case m.Generation != "" && (!isName(m.Generation) || len(m.Generation) > maxGeneration):
		return fmt.Errorf("%w: generation %+.64q: want the name of one", ErrContainer, m.Generation)
	case len(m.Description) > maxDescription || strings.ContainsFunc(m.Description, unprintable):
		return fmt.Errorf("%w: want a description of one line, of at most %d bytes", ErrContainer, maxDescription)
	case !m.Created.IsZero() && (m.Created.Year() < 1 || m.Created.Year() > 9999):
		return fmt.Errorf("%w: want the year of creation from 1 to 9999", ErrContainer)
	}
	return nil
}

func unprintable(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }

// WriteContainer writes an image: the manifest and so many bytes of payload.
// The same input gives the same bytes. It fails with ErrContainer if the
// manifest is not in order, with ErrTooLarge, or with ErrCutOff if the payload
// ends early; what was written is then of no use.
func WriteContainer(w io.Writer, m Manifest, payload io.Reader, size int64) error {
	m.Created = m.Created.UTC().Truncate(time.Second)
	if err := m.check(); err != nil {
		return err
	}
	manifest, err := encode(m)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrContainer, err)
	}
	if size < 0 || size > MaxImage-int64(fixedHead+len(manifest)+sha256.Size) {
		return fmt.Errorf("%w: a payload of %d bytes", ErrTooLarge, size)
	}
	head := append([]byte(magic), 0, containerVersion)
	head = binary.BigEndian.AppendUint32(head, uint32(len(manifest)))
	head = binary.BigEndian.AppendUint64(head, uint64(size))
	head = append(head, manifest...)

	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.MultiReader(bytes.NewReader(head), io.LimitReader(payload, size)))
	if err != nil {
		return err
	}
	if missing := int64(len(head)) + size - n; missing > 0 {
		return fmt.Errorf("payload: %w: %d bytes of %d are missing", ErrCutOff, missing, size)
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

// encode leaves < and & as they are, so that the longest manifest in order is
// still shorter than maxManifest.
func encode(m Manifest) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(m)
	return bytes.TrimSpace(b.Bytes()), err
}

// readContainer reads the head of a container and tells where its trailer
// begins. data is the beginning of the file, all of it if it is short.
func readContainer(data []byte) (m Manifest, payload, trailerAt int64, err error) {
	fail := func(err error) (Manifest, int64, int64, error) { return Manifest{}, 0, 0, err }
	if len(data) < fixedHead {
		return fail(&CutOffError{int64(len(data)), int64(fixedHead)})
	}
	fields := data[len(magic):fixedHead]
	version, length, size := binary.BigEndian.Uint16(fields), binary.BigEndian.Uint32(fields[2:]), binary.BigEndian.Uint64(fields[6:])
	switch {
	case version != containerVersion:
		return fail(fmt.Errorf("%w: version %d, want %d", ErrContainer, version, containerVersion))
	case length > maxManifest:
		return fail(fmt.Errorf("%w: a manifest of %d bytes, want at most %d", ErrContainer, length, maxManifest))
	case size > MaxImage:
		return fail(fmt.Errorf("%w: a payload of %d bytes", ErrTooLarge, size))
	case int(length) > len(data)-fixedHead:
		return fail(&CutOffError{int64(len(data)), int64(fixedHead) + int64(length) + int64(size) + sha256.Size})
	}
	if err := json.Unmarshal(data[fixedHead:fixedHead+int(length)], &m); err != nil {
		// The decoder's error may quote the file, so that it is not passed on.
		return fail(fmt.Errorf("%w: the manifest is not JSON of the right kind", ErrContainer))
	}
	m.Created = m.Created.UTC().Truncate(time.Second)
	if err := m.check(); err != nil {
		return fail(err)
	}
	return m, int64(size), int64(fixedHead) + int64(length) + int64(size), nil
}
