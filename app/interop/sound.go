package interop

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"deskset/audio/device/pulsetest"
)

// Sound is mono sound of 16 bit.
type Sound struct {
	Rate    int // Hz
	Samples []int16
}

// Duration of the sound.
func (s Sound) Duration() time.Duration {
	if s.Rate == 0 {
		return 0
	}
	return time.Duration(len(s.Samples)) * time.Second / time.Duration(s.Rate)
}

// toneWindow is the stretch of sound that is judged at a time.
const toneWindow = 50 * time.Millisecond

// ToneTime is for how long a tone is clearly heard: windows of 50 ms louder
// than -46 dBFS that hold four fifths of their power in the tone (Goertzel).
func (s Sound) ToneTime(hz float64) time.Duration {
	n := int(toneWindow * time.Duration(s.Rate) / time.Second)
	if n == 0 {
		return 0
	}
	// pulsetest counts in its own rate; a tone is known by its share of it.
	relative := hz * pulsetest.Rate / float64(s.Rate)
	var heard time.Duration
	for rest := s.Samples; len(rest) >= n; rest = rest[n:] {
		tone, rms := pulsetest.Level(rest[:n], relative)/math.Sqrt2, pulsetest.RMS(rest[:n])
		if rms > 0.005 && tone*tone > 0.8*rms*rms {
			heard += toneWindow
		}
	}
	return heard
}

// Sizes of the parts of a WAV file.
const (
	wavHeader  = 44
	maxWAVSize = 64 << 20
)

// WriteTone writes a WAV file with a sine 6 dB below full scale.
func WriteTone(path string, rate int, hz float64, d time.Duration) error {
	n := int(d * time.Duration(rate) / time.Second)
	out := make([]byte, wavHeader+2*n)
	le := binary.LittleEndian
	copy(out, "RIFF")
	le.PutUint32(out[4:], uint32(len(out)-8))
	copy(out[8:], "WAVEfmt ")
	le.PutUint32(out[16:], 16)
	le.PutUint16(out[20:], 1) // PCM
	le.PutUint16(out[22:], 1) // mono
	le.PutUint32(out[24:], uint32(rate))
	le.PutUint32(out[28:], uint32(2*rate))
	le.PutUint16(out[32:], 2)
	le.PutUint16(out[34:], 16)
	copy(out[36:], "data")
	le.PutUint32(out[40:], uint32(2*n))
	for i := range n {
		v := math.Sin(2 * math.Pi * hz * float64(i) / float64(rate))
		le.PutUint16(out[wavHeader+2*i:], uint16(int16(16384*v)))
	}
	return os.WriteFile(path, out, 0o600)
}

var errWAV = errors.New("no WAV file of 16-bit mono PCM")

// ReadWAV reads 16-bit mono PCM. A length that the writer has not yet put in
// the header (0, or more than there is) means all that is there.
func ReadWAV(path string) (Sound, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Sound{}, err
	}
	le := binary.LittleEndian
	if len(data) > maxWAVSize || len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return Sound{}, fmt.Errorf("%s: %w", path, errWAV)
	}
	var s Sound
	for rest := data[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int(le.Uint32(rest[4:]))
		rest = rest[8:]
		if id == "data" && (size == 0 || size > len(rest)) {
			size = len(rest)
		}
		if size > len(rest) {
			break
		}
		switch id {
		case "fmt ":
			if size < 16 || le.Uint16(rest) != 1 || le.Uint16(rest[2:]) != 1 || le.Uint16(rest[14:]) != 16 {
				return Sound{}, fmt.Errorf("%s: %w", path, errWAV)
			}
			s.Rate = int(le.Uint32(rest[4:]))
		case "data":
			for i := 0; i+1 < size && s.Rate > 0; i += 2 {
				s.Samples = append(s.Samples, int16(le.Uint16(rest[i:])))
			}
			return s, nil
		}
		rest = rest[min(size+size&1, len(rest)):]
	}
	return s, fmt.Errorf("%s: %w", path, errWAV)
}
