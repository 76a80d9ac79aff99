package ringlist

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

// The format of a ring's file (guide 2-22).
const (
	// SampleRate in Hz; a sample is one byte of µ-law.
	SampleRate = 8000
	// Later phones take files of minSamples to maxSamples, which is 30 ms to
	// 2.01 s, in multiples of sampleStep.
	minSamples = 240
	maxSamples = 16080
	sampleStep = 240
)

// ErrHeader says that a file is of another format: it begins with a header.
var ErrHeader = errors.New("want bare samples (8000 Hz, 8 bit, µ-law)")

// headers of formats that are mistaken for bare samples.
var headers = []struct{ magic, name string }{
	{"RIFF", "WAV"}, {".snd", "AU"}, {"ID3", "MP3"}, {"OggS", "Ogg"}, {"fLaC", "FLAC"}, {"FORM", "AIFF"},
}

// CheckPCM tells what is wrong with a ring's file: ErrHeader cannot be played;
// another error says that later instruments refuse its length.
func CheckPCM(data []byte) error {
	for _, h := range headers {
		if bytes.HasPrefix(data, []byte(h.magic)) {
			return fmt.Errorf("this is %s: %w", h.name, ErrHeader)
		}
	}
	if n := len(data); n < minSamples || n > maxSamples || n%sampleStep != 0 {
		return fmt.Errorf("%d samples (%v): want %d to %d, a multiple of %d", n, Duration(data), minSamples, maxSamples, sampleStep)
	}
	return nil
}

// Duration is how long a ring's file plays.
func Duration(data []byte) time.Duration {
	return time.Duration(len(data)) * time.Second / SampleRate
}
