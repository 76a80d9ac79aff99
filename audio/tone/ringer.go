package tone

import (
	"fmt"
	"sync/atomic"
	"time"
)

// The built-in rings (guide, "Customizing the Cisco SIP IP Phone Ring Types").
const (
	Chirp1 = "Chirp 1"
	Chirp2 = "Chirp 2"
)

// ringPause lies between two rounds of a ring.
const ringPause = 3 * time.Second

// round is a ring until it comes again. It does not change once it is made.
type round struct {
	samples []float32
	pause   int // samples
}

// Ringer plays rings by name.
type Ringer struct {
	rate    int
	builtIn map[string][]float32
	files   map[string]Ring // control side
	// order is what to play, nil for nothing. Each Play stores a new one: the
	// audio side begins anew when the pointer differs.
	order atomic.Pointer[round]

	// What follows belongs to the audio side.
	playing *round
	at      int
	fade    float32 // 1 while playing, falls to 0 when replaced
	step    float32
}

// NewRinger makes a player with the two chirps, for blocks at sampleRate, in
// Hz.
func NewRinger(sampleRate int) *Ringer {
	r := &Ringer{
		rate: sampleRate,
		step: float32(float64(time.Second) / (float64(edge) * float64(sampleRate))),
	}
	r.builtIn = map[string][]float32{Chirp1: chirp1.synthesize(sampleRate), Chirp2: chirp2.synthesize(sampleRate)}
	return r
}

// SetRings replaces the rings from files, MaxRings at most; one that sounds
// sounds on. Of two with one name the first rings. Control side.
func (r *Ringer) SetRings(rings []Ring) error {
	if len(rings) > MaxRings {
		return fmt.Errorf("%d rings: want %d at most", len(rings), MaxRings)
	}
	files := map[string]Ring{}
	for _, ring := range rings {
		if _, twice := files[ring.name]; !twice {
			files[ring.name] = ring
		}
	}
	r.files = files
	return nil
}

// Play rings until Stop, from the start of a round; an unknown name rings
// Chirp 1 and gives false. Rings from files stand in memory as they came; their
// sound is made here, in some milliseconds. Control side.
func (r *Ringer) Play(name string) bool {
	samples, ok := r.find(name)
	if !ok {
		samples = r.builtIn[Chirp1]
	}
	r.order.Store(&round{samples, int(ringPause * time.Duration(r.rate) / time.Second)})
	return ok
}

func (r *Ringer) find(name string) ([]float32, bool) {
	if samples, ok := r.builtIn[name]; ok {
		return samples, true
	}
	ring, ok := r.files[name]
	if !ok {
		return nil, false
	}
	samples, err := ring.sound(r.rate)
	return samples, err == nil
}

// Stop falls silent. Control side.
func (r *Ringer) Stop() { r.order.Store(nil) }

// Read overwrites dst with the next samples and tells whether any sounds; if
// not, dst is silence. Between two rounds it gives false. Audio side.
func (r *Ringer) Read(dst []float32) bool {
	sounds := false
	for len(dst) > 0 {
		order := r.order.Load()
		if order != r.playing && r.fade <= 0 {
			r.playing, r.at, r.fade = order, 0, 1
		}
		if r.playing == nil {
			r.fade = 0
			clear(dst)
			return sounds
		}
		n := r.advance(dst, order != r.playing)
		sounds = sounds || n > 0 && r.at <= len(r.playing.samples)
		dst = dst[n:]
	}
	return sounds
}

// advance plays up to the end of the sound, of the pause or of the fade, and
// tells how many samples that was.
func (r *Ringer) advance(dst []float32, leaving bool) int {
	p := r.playing
	if r.at >= len(p.samples) {
		if leaving {
			r.fade = 0
			return 0
		}
		n := min(len(dst), len(p.samples)+p.pause-r.at)
		clear(dst[:n])
		if r.at += n; r.at == len(p.samples)+p.pause {
			r.at = 0
		}
		return n
	}
	n := copy(dst, p.samples[r.at:])
	if leaving {
		for i := range dst[:n] {
			if r.fade -= r.step; r.fade <= 0 {
				n = i
				break
			}
			dst[i] *= r.fade
		}
	}
	r.at += n
	return n
}
