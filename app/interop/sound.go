package interop

import (
	"errors"
	"math"
	"time"

	"deskset/audio/device/pulsetest"
	"deskset/audio/wav"
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

// ReadSound reads a WAV file.
func ReadSound(path string) (Sound, error) {
	samples, rate, err := wav.Read(path)
	return Sound{Rate: rate, Samples: samples}, err
}

// WriteTone writes a WAV file with a sine 6 dB below full scale.
func WriteTone(path string, rate int, hz float64, d time.Duration) error {
	samples := make([]int16, int(d*time.Duration(rate)/time.Second))
	for i := range samples {
		samples[i] = int16(16384 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	w, err := wav.NewWriter(path, rate)
	if err != nil {
		return err
	}
	return errors.Join(w.Write(samples), w.Close())
}
