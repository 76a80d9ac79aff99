// Package loudness brings a voice to the level of a telephone, whoever speaks and
// however far away: automatic gain control with a limiter behind it.
//
//	var c loudness.Control
//	c.Apply(block) // in the capture callback
//
// The level is that of speech alone, in the sense of ITU-T P.56: pauses do not
// count, and neither does noise, which is told from speech by its floor. The gain
// follows slowly upwards, so that a pause is not brought up, and faster
// downwards. Apply neither allocates nor delays.
package loudness

import (
	"math"

	"deskset/audio/mix"
)

const (
	// Target is the level of speech in dB below full scale: the customary
	// -26 dBov of the ITU (P.56), and a little for the quieter end.
	Target = -24.0
	// The gain stays within these limits, in dB.
	most, least = 18.0, -12.0
	// window is what a level is taken over: 10 ms.
	window = mix.Rate / 100
	// In a window: how far the gain moves up and down, in dB (4 and 25 dB/s).
	up, down = 0.04, 0.25
	// Speech stands that much above the floor, in dB, and above faintest.
	above    = 9.0
	faintest = -58.0
	// The floor falls to what is lower within 100 ms, and rises 2 dB in a
	// second.
	floorFall, floorRise = 0.1, 0.02
	// hold is how much of the speech level stays from window to window of
	// speech: 1.5 s.
	hold = 0.9933
	// sure is how many windows of speech must have been heard before the gain
	// moves: 300 ms.
	sure = 30
)

// Control is the gain of one voice. The zero value is ready.
type Control struct {
	sum         float64
	count       int
	begun       bool
	floor       float64 // dB
	speech      float64 // mean square of speech
	heard       int     // windows of speech
	gain        float64 // dB
	from, to, d float32 // linear: the ramp through this window
	limiter     mix.Limiter
}

// Apply brings a block to its level.
func (c *Control) Apply(block []float32) {
	if !c.begun {
		c.begun, c.from, c.to, c.floor = true, 1, 1, faintest
	}
	for i, v := range block {
		c.sum += float64(v) * float64(v)
		c.from += c.d
		block[i] = v * c.from
		if c.count++; c.count == window {
			c.turn()
		}
	}
	c.limiter.Apply(block)
}

// Gain in dB now.
func (c *Control) Gain() float64 { return c.gain }

// turn ends a window.
func (c *Control) turn() {
	mean := c.sum / window
	c.sum, c.count = 0, 0
	if !(mean < 4) { // no number, or no voice
		mean = 0
	}
	now := 10 * math.Log10(mean+1e-12)
	switch {
	case now < c.floor:
		c.floor += floorFall * (now - c.floor)
	default:
		c.floor += floorRise
	}
	c.floor = max(c.floor, -90)
	if now > max(c.floor+above, faintest) {
		c.heard = min(c.heard+1, 1<<20)
		share := max(1-hold, 1/float64(c.heard))
		c.speech += share * (mean - c.speech)
		if c.heard >= sure {
			c.move(Target - 10*math.Log10(c.speech+1e-12))
		}
	}
	c.from = c.to
	c.to = float32(math.Pow(10, c.gain/20))
	c.d = (c.to - c.from) / window
}

// move brings the gain a step nearer to what it should be.
func (c *Control) move(want float64) {
	want = min(max(want, least), most)
	c.gain = min(max(want, c.gain-down), c.gain+up)
}
