package tone

import (
	"fmt"
	"sync/atomic"
	"time"

	"deskset/audio/codec"
	"deskset/audio/resample"
)

// The built-in rings (guide, "Customizing the Cisco SIP IP Phone Ring Types").
const (
	Chirp1 = "Chirp 1"
	Chirp2 = "Chirp 2"
)

// A PCM ring is raw µ-law at 8 kHz: a whole number of blocks of 30 ms, 2.01 s
// at most (reference section 4).
const (
	pcmRate  = 8000
	pcmBlock = 240
	pcmMax   = 16080
)

// ringPause lies between two rounds of a ring.
const ringPause = 3 * time.Second

// ring is one round of a ring. It does not change once it is made.
type ring struct {
	samples []float32
	pause   int // samples
}

// Ringer plays rings by name.
type Ringer struct {
	rate  int
	rings map[string]*ring // control side
	// order is the ring to play, nil for none. Each Play stores a new copy:
	// the audio side begins anew when the pointer differs.
	order atomic.Pointer[ring]

	// What follows belongs to the audio side.
	playing *ring
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
	r.rings = map[string]*ring{
		Chirp1: r.round(chirp1.synthesize(sampleRate)),
		Chirp2: r.round(chirp2.synthesize(sampleRate)),
	}
	return r
}

func (r *Ringer) round(samples []float32) *ring {
	return &ring{samples, int(ringPause * time.Duration(r.rate) / time.Second)}
}

// SetPCM adds a ring, or replaces it: raw µ-law at 8 kHz, 240 to 16080 bytes,
// a multiple of 240. Names of the built-in rings are refused. Control side.
func (r *Ringer) SetPCM(name string, ulaw []byte) error {
	if name == Chirp1 || name == Chirp2 {
		return fmt.Errorf("ring %q: the name is that of a built-in ring", name)
	}
	if n := len(ulaw); n < pcmBlock || n > pcmMax || n%pcmBlock != 0 {
		return fmt.Errorf("ring %q: %d bytes; want raw µ-law at 8 kHz, %d to %d bytes, a multiple of %d", name, n, pcmBlock, pcmMax, pcmBlock)
	}
	up, err := resample.New(pcmRate, r.rate)
	if err != nil {
		return fmt.Errorf("ring %q: %w", name, err)
	}
	info, _ := codec.Lookup(codec.PCMU)
	pcm, err := info.New().Decode(nil, ulaw)
	if err != nil {
		return fmt.Errorf("ring %q: %w", name, err)
	}
	src := make([]float32, len(pcm))
	for i, s := range pcm {
		src[i] = float32(s) / 32768
	}
	samples := make([]float32, up.Outputs(len(src)))
	up.Process(samples, src)
	soften(samples, r.rate)
	r.rings[name] = r.round(samples)
	return nil
}

// soften gives a round the edges of a tone.
func soften(samples []float32, rate int) {
	n := min(int(edge*time.Duration(rate)/time.Second), len(samples)/2)
	for i := range n {
		gain := float32(i) / float32(n)
		samples[i] *= gain
		samples[len(samples)-1-i] *= gain
	}
}

// Play rings until Stop, from the start of a round; an unknown name rings
// Chirp 1 and gives false. Control side.
func (r *Ringer) Play(name string) bool {
	chosen, ok := r.rings[name]
	if !ok {
		chosen = r.rings[Chirp1]
	}
	fresh := *chosen
	r.order.Store(&fresh)
	return ok
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
