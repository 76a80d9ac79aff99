// Package vad tells voice from silence, for codecs that cannot themselves
// (enable_vad; RFC 3551 section 4.1 calls it silence suppression).
//
//	d := vad.New(8000)
//	if d.Voice(pcm) { ... } // a packet at a time
//
// Two levels are watched, of the whole band and of its upper part, in which the
// sounds are that speech begins with as often as not (s, f, t). Each is held
// against the noise of the place, which is learned. The detector errs towards
// voice: a packet in which voice begins counts whole, and so does what follows
// the last sound for the time of a breath, so that neither onsets nor trailing
// sounds are clipped.
package vad

import "math"

const (
	// margin in dB above the noise is voice, in either band.
	margin = 6
	// quiet in dBov is silence even in a silent room, loud voice in any noise.
	quiet = -65
	loud  = -28
	// hangover in blocks of 10 ms: longer after a word than after a click.
	shortHangover = 10
	longHangover  = 25
	wordBlocks    = 6
	// The noise is the least that a level, smoothed, has been within the last
	// windows: speech leaves gaps, noise does not. It lies a little above that.
	windowBlocks = 100
	windows      = 3
	smoothing    = 0.3
	bias         = 1.5
	// leastNoise in dBov: below that a place is silent.
	leastNoise = -90
)

// Detector is for one voice. The zero value is not ready.
type Detector struct {
	block  int
	bands  [2]band // whole, upper
	last   float64 // sample
	run    int     // blocks of voice in a row
	hang   int     // blocks that still count as voice
	primed bool
}

// band is a level and the noise in it, in dBov.
type band struct {
	level, smooth float64
	// least of this window, and of those before it.
	least  float64
	before [windows - 1]float64
	blocks int
	begun  bool // the first window is over
}

// New makes a detector for voice at a sample rate.
func New(rate int) *Detector { return &Detector{block: rate / 100} }

// Voice takes the next piece, whole blocks of 10 ms, and tells whether there is
// voice in it or has been just before.
func (d *Detector) Voice(pcm []int16) bool {
	voice := false
	for len(pcm) > 0 {
		n := min(d.block, len(pcm))
		if d.next(pcm[:n]) {
			voice = true
		}
		pcm = pcm[n:]
	}
	return voice
}

func (d *Detector) next(pcm []int16) bool {
	d.measure(pcm)
	voice := false
	for i := range d.bands {
		b := &d.bands[i]
		if !d.primed {
			// The first block may be voice: no noise that is louder is believed.
			b.begin(min(b.level, quiet))
		}
		b.learn()
		voice = voice || b.level > quiet && b.level > b.noise()+margin
	}
	d.primed = true
	voice = voice || d.bands[0].level > loud
	switch {
	case voice:
		d.run++
		d.hang = max(d.hang, shortHangover)
		if d.run >= wordBlocks {
			d.hang = longHangover
		}
	case d.hang > 0:
		d.hang--
		d.run = 0
		return true
	default:
		d.run = 0
	}
	return voice
}

// measure gives the levels of a block. The upper band is what a first difference
// leaves.
func (d *Detector) measure(pcm []int16) {
	var whole, upper float64
	for _, s := range pcm {
		v := float64(s)
		whole += v * v
		step := v - d.last
		upper += step * step
		d.last = v
	}
	d.bands[0].level = dBov(whole / float64(len(pcm)))
	d.bands[1].level = dBov(upper / float64(len(pcm)))
}

func (b *band) begin(level float64) {
	b.smooth, b.least = level, level
	for i := range b.before {
		b.before[i] = 0 // full scale: what came first is forgotten soonest
	}
}

func (b *band) learn() {
	b.smooth += smoothing * (b.level - b.smooth)
	b.least = min(b.least, b.smooth)
	if b.blocks++; b.blocks == windowBlocks {
		b.blocks = 0
		copy(b.before[1:], b.before[:])
		b.before[0], b.least = b.least, b.smooth
		if !b.begun { // the first window was a guess
			b.begun, b.before[0] = true, 0
		}
	}
}

func (b *band) noise() float64 {
	least := b.least
	for _, v := range b.before {
		least = min(least, v)
	}
	return max(least+bias, leastNoise)
}

func dBov(power float64) float64 { return 10 * math.Log10(power/(32768*32768)+1e-12) }
