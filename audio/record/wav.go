package record

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"os"

	"deskset/audio/linear"
	"deskset/audio/mix"
	"deskset/audio/resample"
)

// wavRate is that of WAV recordings, in Hz: wide-band telephony.
const wavRate = 16000

// maxWAV is what the 32-bit lengths of the format allow.
const maxWAV = math.MaxUint32 - 1024

const (
	wavHeader   = 44
	wavFrame    = 4 // 16 bits, two channels
	bytesPerSec = wavRate * wavFrame
)

// wavFile is RIFF with 16-bit stereo.
type wavFile struct {
	f         *os.File
	buf       *bufio.Writer
	data      int64 // bytes of sound
	headed    int64 // data when the header was written last
	near, far *resample.Resampler
	in        []float32
	out       [2][]float32
}

func newWAV(f *os.File) (*wavFile, error) {
	w := &wavFile{f: f, buf: bufio.NewWriterSize(f, 32<<10), in: make([]float32, blockFrames)}
	var err error
	for _, r := range []**resample.Resampler{&w.near, &w.far} {
		if *r, err = resample.New(mix.Rate, wavRate); err != nil {
			return nil, err
		}
	}
	for i := range w.out {
		w.out[i] = make([]float32, blockFrames)
	}
	return w, w.head()
}

func (w *wavFile) size() int64 { return wavHeader + w.data }

func (w *wavFile) write(frames []frame) error {
	in := w.in[:len(frames)]
	for i, f := range frames {
		in[i] = f.near
	}
	n := w.near.Process(w.out[0], in)
	for i, f := range frames {
		in[i] = f.far
	}
	n = min(n, w.far.Process(w.out[1], in)) // they go in step
	var b [wavFrame]byte
	for i := range n {
		binary.LittleEndian.PutUint16(b[0:], uint16(linear.Sample(w.out[0][i])))
		binary.LittleEndian.PutUint16(b[2:], uint16(linear.Sample(w.out[1][i])))
		if _, err := w.buf.Write(b[:]); err != nil {
			return err
		}
	}
	w.data += int64(n) * wavFrame
	if w.size() > maxWAV {
		return fmt.Errorf("%w: 4 GB", ErrFull)
	}
	if w.data-w.headed >= bytesPerSec {
		return w.head()
	}
	return nil
}

// head writes what waits and the header, so that the file is whole as it stands.
func (w *wavFile) head() error {
	if err := w.buf.Flush(); err != nil {
		return err
	}
	le, size := binary.LittleEndian, uint32(w.data)
	h := make([]byte, 0, wavHeader)
	h = le.AppendUint32(append(h, "RIFF"...), wavHeader-8+size)
	h = le.AppendUint32(append(h, "WAVEfmt "...), 16)
	h = le.AppendUint16(h, 1) // PCM
	h = le.AppendUint16(h, 2)
	h = le.AppendUint32(h, wavRate)
	h = le.AppendUint32(h, bytesPerSec)
	h = le.AppendUint16(h, wavFrame)
	h = le.AppendUint16(h, 16)
	h = le.AppendUint32(append(h, "data"...), size)
	if _, err := w.f.WriteAt(h, 0); err != nil {
		return err
	}
	w.headed = w.data
	_, err := w.f.Seek(w.size(), 0)
	return err
}

func (w *wavFile) close() error {
	err := w.head()
	if e := w.f.Close(); err == nil {
		err = e
	}
	return err
}
