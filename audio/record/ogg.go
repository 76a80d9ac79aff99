package record

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
)

// Flags of an Ogg page (RFC 3533 section 6).
const (
	pageFirst = 2
	pageLast  = 4
)

// maxSegments of a page.
const maxSegments = 255

// oggWriter makes the pages of one logical stream.
type oggWriter struct {
	f        *os.File
	serial   uint32
	sequence uint32
	written  int64
	segments []byte
	body     []byte
	page     []byte
}

func newOggWriter(f *os.File) *oggWriter { return &oggWriter{f: f, serial: rand.Uint32()} }

// fits tells whether a packet of so many bytes fits into the page.
func (w *oggWriter) fits(n int) bool { return len(w.segments)+n/255+1 <= maxSegments }

// packet adds one to the page; it must fit.
func (w *oggWriter) packet(b []byte) {
	n := len(b)
	for ; n >= 255; n -= 255 {
		w.segments = append(w.segments, 255)
	}
	w.segments = append(w.segments, byte(n))
	w.body = append(w.body, b...)
}

// flush writes the page; granule is the position behind its last packet.
func (w *oggWriter) flush(flags byte, granule uint64) error {
	le := binary.LittleEndian
	p := append(w.page[:0], "OggS\x00"...)
	p = append(p, flags)
	p = le.AppendUint64(p, granule)
	p = le.AppendUint32(p, w.serial)
	p = le.AppendUint32(p, w.sequence)
	p = le.AppendUint32(p, 0)
	p = append(append(append(p, byte(len(w.segments))), w.segments...), w.body...)
	const checksum = 22
	le.PutUint32(p[checksum:], oggCRC(p))
	w.page = p
	w.sequence++
	w.segments, w.body = w.segments[:0], w.body[:0]
	n, err := w.f.Write(p)
	w.written += int64(n)
	return err
}

// oggTable is of the polynomial 0x04C11DB7, the highest bit first (RFC 3533
// section 6, field 7).
var oggTable = func() (t [256]uint32) {
	for i := range t {
		r := uint32(i) << 24
		for range 8 {
			if r&(1<<31) != 0 {
				r = r<<1 ^ 0x04C11DB7
			} else {
				r <<= 1
			}
		}
		t[i] = r
	}
	return t
}()

func oggCRC(b []byte) (crc uint32) {
	for _, v := range b {
		crc = crc<<8 ^ oggTable[byte(crc>>24)^v]
	}
	return crc
}
