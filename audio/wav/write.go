package wav

import (
	"bufio"
	"encoding/binary"
	"os"
)

// headerLength is that of a RIFF header with a plain fmt chunk and the head
// of the data chunk.
const headerLength = 44

// Writer writes a mono file. It buffers: Write may still wait for the disk, so
// it has no place in a sound card callback.
type Writer struct {
	file    *os.File
	buf     *bufio.Writer
	rate    int
	samples int
}

// NewWriter creates the file, or empties it. The rate is in Hz.
func NewWriter(path string, rate int) (*Writer, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	w := &Writer{file: file, buf: bufio.NewWriter(file), rate: rate}
	if _, err := w.buf.Write(w.header()); err != nil {
		file.Close()
		return nil, err
	}
	return w, nil
}

// Write appends samples.
func (w *Writer) Write(samples []int16) error {
	for _, s := range samples {
		// bufio keeps the first error; the second byte reports it too.
		_ = w.buf.WriteByte(byte(s))
		if err := w.buf.WriteByte(byte(s >> 8)); err != nil {
			return err
		}
	}
	w.samples += len(samples)
	return nil
}

// Close writes the lengths into the header and closes the file.
func (w *Writer) Close() error {
	err := w.buf.Flush()
	if err == nil {
		_, err = w.file.WriteAt(w.header(), 0)
	}
	if e := w.file.Close(); err == nil {
		err = e
	}
	return err
}

func (w *Writer) header() []byte {
	le, size := binary.LittleEndian, uint32(2*w.samples)
	h := make([]byte, 0, headerLength)
	h = le.AppendUint32(append(h, "RIFF"...), headerLength-8+size)
	h = le.AppendUint32(append(h, "WAVEfmt "...), 16)
	h = le.AppendUint16(h, formatPCM)
	h = le.AppendUint16(h, 1)
	h = le.AppendUint32(h, uint32(w.rate))
	h = le.AppendUint32(h, uint32(2*w.rate))
	h = le.AppendUint16(h, 2)
	h = le.AppendUint16(h, 16)
	return le.AppendUint32(append(h, "data"...), size)
}
