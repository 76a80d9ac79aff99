package lab

import (
	"math"
	"time"

	"deskset/audio/codec"
)

// ring is one custom ring: µ-law, 8000 Hz, no header (guide, "Customizing the
// Cisco SIP IP Phone Ring Types"). Its length is a multiple of 240 samples,
// 16,080 at most, which is what instruments take.
type ring struct {
	Name, File string
	notes      []note
}

// note is a struck bell: a fundamental with partials that decay.
type note struct {
	hz       float64
	at, last time.Duration
}

// rings are our own.
var rings = []ring{
	{"Lab Bell", "labbell.pcm", []note{{1318.5, 0, 900 * time.Millisecond}, {1046.5, 450 * time.Millisecond, 1200 * time.Millisecond}}},
	{"Lab Marimba", "labmarimba.pcm", []note{
		{523.3, 0, 300 * time.Millisecond}, {659.3, 150 * time.Millisecond, 300 * time.Millisecond},
		{784, 300 * time.Millisecond, 300 * time.Millisecond}, {1046.5, 450 * time.Millisecond, 600 * time.Millisecond},
	}},
}

const (
	ringRate    = 8000
	ringQuantum = 240
	maxRing     = 16080
)

// partials of a bell: ratio to the fundamental, strength, and decay per second.
var partials = []struct{ ratio, gain, decay float64 }{{1, 1, 4}, {2.76, 0.35, 9}, {5.4, 0.15, 18}}

// pcm synthesises the ring.
func (r ring) pcm() []byte {
	end := time.Duration(0)
	for _, n := range r.notes {
		end = max(end, n.at+n.last)
	}
	samples := min((samplesOf(end)+ringQuantum-1)/ringQuantum*ringQuantum, maxRing)
	mix := make([]float64, samples)
	for _, n := range r.notes {
		n.strike(mix)
	}
	linear := make([]int16, samples)
	for i, v := range mix {
		linear[i] = int16(12000 * math.Tanh(v))
	}
	info, _ := codec.Lookup(codec.PCMU)
	return info.New().Encode(nil, linear)
}

func samplesOf(d time.Duration) int { return int(d * ringRate / time.Second) }

// strike adds the note.
func (n note) strike(mix []float64) {
	start, length := samplesOf(n.at), samplesOf(n.last)
	for i := 0; i < length && start+i < len(mix); i++ {
		t := float64(i) / ringRate
		fade := math.Min(1, float64(length-i)/(ringRate/50))
		for _, p := range partials {
			if n.hz*p.ratio < ringRate/2 {
				mix[start+i] += fade * p.gain * math.Exp(-p.decay*t) * math.Sin(2*math.Pi*n.hz*p.ratio*t)
			}
		}
	}
}
