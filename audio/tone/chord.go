package tone

import (
	"math"
	"time"
)

// Sine is one component of a tone.
type Sine struct {
	Hz   float64
	DBm0 float64
}

// maxSines is how many components a [Chord] has: two for everything that a
// telephone network knows.
const maxSines = 2

// edge is the time in which a tone swells and fades. Shorter is heard as a
// click, longer eats into the 50 ms of short cadences.
const edge = 4 * time.Millisecond

// Chord sounds sines together behind a gate with soft edges. Its edges are
// alike and each lies after its moment, so that a tone lasts, between its half
// amplitudes, exactly as long as the gate was open. It is not safe for
// concurrent use; nothing in it allocates.
type Chord struct {
	rate  float64
	sines [maxSines]oscillator
	open  bool
	level float32 // position on the edge, 0 to 1
	step  float32
}

// NewChord makes a silent chord; the rate in Hz.
func NewChord(sampleRate int) *Chord {
	return &Chord{
		rate: float64(sampleRate),
		step: float32(float64(time.Second) / (float64(edge) * float64(sampleRate))),
	}
}

// Tune sets the components; those beyond the second are left out. Phases run
// on, so a tone can change its pitch while it sounds.
func (c *Chord) Tune(sines []Sine) {
	for i := range c.sines {
		if i < len(sines) {
			c.sines[i].set(sines[i].Hz/c.rate, Amplitude(sines[i].DBm0))
		} else {
			c.sines[i].amplitude = 0
		}
	}
}

// Gate opens or closes the sound.
func (c *Chord) Gate(open bool) { c.open = open }

// Sounding tells whether the gate is open or the sound is still fading.
func (c *Chord) Sounding() bool { return c.open || c.level > 0 }

// Read overwrites dst with the next samples and tells whether any sounds; if
// not, dst is silence.
func (c *Chord) Read(dst []float32) bool {
	if !c.Sounding() {
		clear(dst)
		return false
	}
	for i := range dst {
		var v float64
		for k := range c.sines {
			v += c.sines[k].next()
		}
		dst[i] = float32(v) * c.envelope()
	}
	for k := range c.sines {
		c.sines[k].normalize()
	}
	return true
}

// envelope moves one sample along the edge, whose shape is a smooth S.
func (c *Chord) envelope() float32 {
	if c.open {
		c.level = min(1, c.level+c.step)
	} else {
		c.level = max(0, c.level-c.step)
	}
	return c.level * c.level * (3 - 2*c.level)
}

// oscillator is a phasor that turns by a fixed angle per sample.
type oscillator struct {
	sin, cos, turnSin, turnCos float64
	amplitude                  float64
}

// set changes frequency (in cycles per sample) and amplitude, not the phase.
func (o *oscillator) set(frequency, amplitude float64) {
	if o.sin == 0 && o.cos == 0 {
		o.cos = 1
	}
	o.turnSin, o.turnCos = math.Sincos(2 * math.Pi * frequency)
	o.amplitude = amplitude
}

func (o *oscillator) next() float64 {
	v := o.sin * o.amplitude
	o.sin, o.cos = o.sin*o.turnCos+o.cos*o.turnSin, o.cos*o.turnCos-o.sin*o.turnSin
	return v
}

// normalize keeps rounding from letting the phasor grow or shrink over hours.
func (o *oscillator) normalize() {
	if length := math.Hypot(o.sin, o.cos); length > 0 {
		o.sin /= length
		o.cos /= length
	}
}
