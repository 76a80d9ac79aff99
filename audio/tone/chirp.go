package tone

import "math"

// warble is a built-in ring: a bell-like tone that swings between two pitches.
// The real phone's chirps are not documented and not ours; these are drawn to
// be heard across a room and pleasant at the desk.
type warble struct {
	seconds   float64
	low, high float64 // Hz
	swings    float64 // between the pitches, per second
	// overtones are amplitudes of the 2nd, 3rd ... harmonic relative to the
	// first; they decay faster than it does.
	overtones []float64
	decay     float64 // of the first harmonic, per second
}

var (
	chirp1 = warble{seconds: 1.0, low: 880, high: 1175, swings: 14, overtones: []float64{0.35, 0.2}, decay: 1.2}
	chirp2 = warble{seconds: 1.1, low: 587, high: 784, swings: 9, overtones: []float64{0.5, 0.25, 0.12}, decay: 0.8}
)

// ringPeak leaves the volume control room above and below.
const ringPeak = 0.5

// synthesize makes one round of the ring. It takes some milliseconds.
func (w warble) synthesize(rate int) []float32 {
	samples := make([]float64, int(w.seconds*float64(rate)))
	// The k-th harmonic has fallen to fall to the power of k.
	phase, peak, fall := 0.0, 0.0, 1.0
	falling := math.Exp(-w.decay / float64(rate))
	for i := range samples {
		t := float64(i) / float64(rate)
		// A swing that lingers on both pitches, as a relay's beat does.
		swing := 0.5 - 0.5*math.Tanh(4*math.Sin(2*math.Pi*w.swings*t))/math.Tanh(4)
		phase += 2 * math.Pi * (w.low + (w.high-w.low)*swing) / float64(rate)
		samples[i] = w.harmonics(phase, fall)
		fall *= falling
		peak = max(peak, math.Abs(samples[i]))
	}
	out := make([]float32, len(samples))
	for i, v := range samples {
		out[i] = float32(v / peak * ringPeak)
	}
	soften(out, rate)
	return out
}

// harmonics sums sin(k*phase), each from the two before it.
func (w warble) harmonics(phase, fall float64) float64 {
	sin, cos := math.Sincos(phase)
	before, now, fallen := 0.0, sin, fall
	sum := fallen * sin
	for _, amplitude := range w.overtones {
		before, now = now, 2*cos*now-before
		fallen *= fall
		sum += amplitude * fallen * now
	}
	return sum
}
