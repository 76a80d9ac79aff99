package mix

import (
	"math"
	"time"
)

// rampTime is how long a [Gain] takes from one value to the next. 10 ms is
// long enough that speech is not heard to click and short enough that mute
// feels immediate.
const rampTime = 10 * time.Millisecond

const rampSamples = int(rampTime * Rate / time.Second)

// Gain is a volume whose changes are spread over [rampTime]. The zero value is
// silent.
type Gain struct {
	now, target float32
	step        float32
	left        int // samples until target is reached
}

// Set starts a ramp from the present value to target, a linear factor. Setting
// the target that is already set changes nothing.
func (g *Gain) Set(target float32) {
	if target == g.target {
		return
	}
	g.target = target
	g.left = rampSamples
	g.step = (target - g.now) / float32(rampSamples)
}

// Jump sets the value with no ramp: for a gain whose signal has not begun.
func (g *Gain) Jump(target float32) { *g = Gain{now: target, target: target} }

// Silent tells that the gain is zero and stays so: the signal behind it need
// not be computed.
func (g *Gain) Silent() bool { return g.left == 0 && g.now == 0 }

// Apply multiplies the block. A gain of exactly zero leaves exact zeros.
func (g *Gain) Apply(block []float32) {
	n := min(g.left, len(block))
	for i := range block[:n] {
		g.now += g.step
		block[i] *= g.now
	}
	g.left -= n
	if g.left > 0 {
		return
	}
	g.now = g.target
	rest := block[n:]
	switch g.now {
	case 1:
	case 0:
		clear(rest)
	default:
		for i := range rest {
			rest[i] *= g.now
		}
	}
}

// Steps is the scale of a volume control in equal steps of loudness: a number
// of decibels for each step, so that each press of the key sounds like the one
// before.
type Steps struct {
	// Top is the highest step, UnityStep the one that changes nothing.
	Top, UnityStep int
	// StepDB is the distance of two steps in dB.
	StepDB float64
	// MuteAtZero makes step 0 silent instead of merely low.
	MuteAtZero bool
}

// Gain gives the linear factor of a step; steps out of range are taken as the
// nearest.
func (s Steps) Gain(step int) float32 {
	step = min(max(step, 0), s.Top)
	if step == 0 && s.MuteAtZero {
		return 0
	}
	return float32(math.Pow(10, float64(step-s.UnityStep)*s.StepDB/20))
}
