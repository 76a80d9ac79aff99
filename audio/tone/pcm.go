package tone

import (
	"bytes"
	"fmt"

	"deskset/audio/codec"
	"deskset/audio/linear"
	"deskset/audio/resample"
)

// Bounds of rings from files. A file's format is judged by
// provisioning/ringlist; here it only must not grow.
const (
	// MaxRings is how many later phones take.
	MaxRings = 50
	// maxRingSamples is 2.01 s, the longest ring (reference section 4).
	maxRingSamples = 16080
)

// pcmRate is in Hz (guide 2-22).
const pcmRate = 8000

// Ring is a ring from a file. It does not change.
type Ring struct {
	name string
	ulaw []byte
}

// PCMRing makes a ring of raw µ-law samples at 8 kHz, maxRingSamples at most.
// It keeps a copy. The names of the built-in rings are refused.
func PCMRing(name string, ulaw []byte) (Ring, error) {
	switch {
	case name == "":
		return Ring{}, fmt.Errorf("ring without a name")
	case name == Chirp1 || name == Chirp2:
		return Ring{}, fmt.Errorf("ring %q: the name is that of a built-in ring; choose another", name)
	case len(ulaw) == 0 || len(ulaw) > maxRingSamples:
		return Ring{}, fmt.Errorf("ring %q: %d samples; want 1 to %d", name, len(ulaw), maxRingSamples)
	}
	return Ring{name, bytes.Clone(ulaw)}, nil
}

// Name is what the ring is played by.
func (r Ring) Name() string { return r.name }

// sound makes one round of the ring. It takes some milliseconds.
func (r Ring) sound(rate int) ([]float32, error) {
	up, err := resample.New(pcmRate, rate)
	if err != nil {
		return nil, fmt.Errorf("ring %q: %w", r.name, err)
	}
	info, _ := codec.Lookup(codec.PCMU)
	pcm, err := info.New().Decode(nil, r.ulaw)
	if err != nil {
		return nil, fmt.Errorf("ring %q: %w", r.name, err)
	}
	source := make([]float32, len(pcm))
	for i, s := range pcm {
		source[i] = linear.Sound(s)
	}
	samples := make([]float32, up.Outputs(len(source)))
	up.Process(samples, source)
	soften(samples, rate)
	return samples, nil
}

// soften gives a round the edges of a tone.
func soften(samples []float32, rate int) {
	n := min(int(edge.Seconds()*float64(rate)), len(samples)/2)
	for i := range n {
		gain := float32(i) / float32(n)
		samples[i] *= gain
		samples[len(samples)-1-i] *= gain
	}
}
