package firmware

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Errors of headers.
var (
	// ErrNoHeader: the file does not begin with a header; images before
	// signing began (release 5) have none that is public.
	ErrNoHeader = errors.New("no header")
	// ErrHeader: the header does not make sense.
	ErrHeader = errors.New("bad header")
	// ErrOtherName: the header is that of another file (guide 2-8).
	ErrOtherName = errors.New("the header names another file")
)

// tag is the first byte of an element: tag, 16-bit length, value. The elements
// are those of signed files of all kinds (the reference, section 5).
type tag byte

const (
	tagVersion       tag = 1
	tagLength        tag = 2
	tagSigner        tag = 3 // holds subject, issuer, serial
	tagSubject       tag = 4
	tagSerial        tag = 5
	tagIssuer        tag = 6
	tagSignatureInfo tag = 7 // holds hash and algorithm
	tagHash          tag = 8
	tagAlgorithmInfo tag = 9 // holds algorithm and modulus
	tagAlgorithm     tag = 10
	tagModulus       tag = 11
	tagSignature     tag = 12
	tagPadding       tag = 13 // one byte, no length
	tagFileName      tag = 14
	tagTimestamp     tag = 15
)

// maxHeader bounds a header; those of images have 404 bytes.
const maxHeader = 4096

// Header is what stands in front of a signed file. The signature is not
// checked: the keys are not public.
type Header struct {
	Major, Minor byte
	// Length of the header; the payload follows.
	Length int
	// FileName as it was when the file was signed.
	FileName string
	// Subject and Issuer of the signer's certificate.
	Subject, Issuer string
	// Time of signing, zero if the header does not tell.
	Time time.Time
	// Signed is true if there is a signature.
	Signed bool
}

// Check compares the header with the name of the file in which it was found.
// Names differ if their stems do, whatever their case.
func (h Header) Check(file string) error { return checkName(h.FileName, file) }

func checkName(inside, file string) error {
	if strings.EqualFold(Stem(inside), Stem(file)) {
		return nil
	}
	return fmt.Errorf("%w: %+q, not %+q", ErrOtherName, inside, file)
}

// ReadHeader reads the header at the beginning of a file. It gives ErrNoHeader
// or ErrHeader; every length is checked.
func ReadHeader(data []byte) (Header, error) {
	if len(data) < 5 || tag(data[0]) != tagVersion || binary.BigEndian.Uint16(data[1:]) != 2 {
		return Header{}, ErrNoHeader
	}
	r := reader{rest: data[:min(len(data), maxHeader)]}
	for len(r.rest) > 0 {
		if err := r.element(len(data)); err != nil {
			return Header{}, fmt.Errorf("%w: at byte %d: %w", ErrHeader, r.at, err)
		}
	}
	switch {
	case r.Length == 0:
		return Header{}, fmt.Errorf("%w: no length", ErrHeader)
	case r.FileName == "":
		return Header{}, fmt.Errorf("%w: no file name", ErrHeader)
	}
	return r.Header, nil
}

type reader struct {
	Header
	rest []byte
	at   int
}

func (r *reader) skip(n int) {
	r.rest = r.rest[n:]
	r.at += n
}

// element reads one element; size is that of the file.
func (r *reader) element(size int) error {
	t := tag(r.rest[0])
	if t == tagPadding {
		r.skip(1)
		return nil
	}
	if len(r.rest) < 3 {
		return errors.New("cut off")
	}
	n := int(binary.BigEndian.Uint16(r.rest[1:]))
	if n > len(r.rest)-3 {
		return fmt.Errorf("element %d of %d bytes passes the end", t, n)
	}
	if t == tagSigner || t == tagSignatureInfo || t == tagAlgorithmInfo {
		r.skip(3) // what it holds are elements too
		return nil
	}
	value := r.rest[3 : 3+n]
	r.skip(3 + n)
	return r.set(t, value, size)
}

func (r *reader) set(t tag, value []byte, size int) error {
	if want, fixed := map[tag]int{tagVersion: 2, tagLength: 2, tagTimestamp: 4}[t]; fixed && len(value) != want {
		return fmt.Errorf("element %d has %d bytes, want %d", t, len(value), want)
	}
	switch t {
	case tagVersion:
		r.Major, r.Minor = value[0], value[1]
	case tagLength:
		return r.setLength(int(binary.BigEndian.Uint16(value)), size)
	case tagSubject:
		r.Subject = text(value)
	case tagIssuer:
		r.Issuer = text(value)
	case tagSignature:
		r.Signed = true
	case tagFileName:
		if r.FileName = text(value); !isName(r.FileName) {
			return errors.New("not the name of a file")
		}
	case tagTimestamp:
		r.Time = time.Unix(int64(binary.BigEndian.Uint32(value)), 0).UTC()
	}
	return nil
}

// setLength shortens what is left to the header.
func (r *reader) setLength(length, size int) error {
	left := length - r.at
	if length > size || r.Length != 0 || left < 0 || left > len(r.rest) {
		return fmt.Errorf("length %d does not fit a file of %d bytes", length, size)
	}
	r.Length, r.rest = length, r.rest[:left]
	return nil
}

// text is a string that may end in zero bytes, made fit for display.
func text(value []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, string(value))
}

// AppendHeader appends a header of the layout of signed images, 404 bytes long
// or more, which names a file. Its signature is zero: it serves the lab and
// tests, and no instrument takes it.
func AppendHeader(b []byte, file string, when time.Time) []byte {
	const usual, modulus = 404, 256
	start := len(b)
	b = appendElement(b, tagVersion, []byte{1, 1})
	b = appendElement(b, tagLength, []byte{0, 0})
	signer := appendElement(nil, tagSubject, []byte("CN=Deskset lab\x00"))
	signer = appendElement(signer, tagIssuer, []byte("CN=Deskset lab\x00"))
	signer = appendElement(signer, tagSerial, []byte{1})
	b = appendElement(b, tagSigner, signer)
	algorithm := appendElement(nil, tagAlgorithm, []byte{0})
	algorithm = appendElement(algorithm, tagModulus, []byte{2}) // 256 bytes
	info := appendElement(nil, tagHash, []byte{1})
	b = appendElement(b, tagSignatureInfo, appendElement(info, tagAlgorithmInfo, algorithm))
	b = appendElement(b, tagSignature, make([]byte, modulus))
	b = appendElement(b, tagFileName, append([]byte(file), 0))
	b = appendElement(b, tagTimestamp, binary.BigEndian.AppendUint32(nil, uint32(when.Unix())))
	for len(b)-start < usual {
		b = append(b, byte(tagPadding))
	}
	lengthAt := start + 5 + 3 // behind the version element and the length's own tag
	binary.BigEndian.PutUint16(b[lengthAt:], uint16(len(b)-start))
	return b
}

func appendElement(b []byte, t tag, value []byte) []byte {
	b = append(b, byte(t))
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}
