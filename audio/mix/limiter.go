package mix

import "math"

// Ceiling is the highest sample that leaves a [Limiter], 1 dB below full scale.
const Ceiling = 0.891

// limiterRelease is the factor by which the limiter's envelope falls per
// sample: to half in about 70 ms. Slower than one period of any voice, so the
// gain hardly moves within a wave and the limiter adds little distortion.
var limiterRelease = float32(math.Exp(-1.0 / (0.1 * Rate)))

// Limiter turns a block down where it would pass [Ceiling], and lets it through
// untouched where it would not. Attack is immediate: no sample gets past. The
// zero value is ready.
type Limiter struct {
	envelope float32
}

// absurd is more than any sum of voices reaches, 30 dB above full scale. What
// passes it is a fault, and following it would keep the phone silent for long.
const absurd = 32

// Apply limits the block. What is not a number, or absurdly loud, becomes
// silence, so that a fault of one source cannot poison the card.
func (l *Limiter) Apply(block []float32) {
	e := l.envelope
	for i, v := range block {
		a := v
		if a < 0 {
			a = -a
		}
		if !(a <= absurd) { // so that NaN is caught too
			block[i] = 0
			continue
		}
		e *= limiterRelease
		if a > e {
			e = a
		}
		if e > Ceiling {
			block[i] = v * (Ceiling / e)
		}
	}
	if e < 1e-9 { // keep clear of slow denormal numbers
		e = 0
	}
	l.envelope = e
}
