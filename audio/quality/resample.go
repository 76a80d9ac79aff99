package quality

import "math"

// lobes of the sinc on either side of a sample, counted at the lower rate.
const lobes = 32

// Resample gives x at another rate without delay, by a Hann-windowed sinc: a
// tool of its own, so that the resampler of the program cannot hide its faults
// from itself.
func Resample(x []float64, from, to int) []float64 {
	if from == to {
		return x
	}
	d := gcd(from, to)
	up, down := to/d, from/d
	cut := min(1, float64(to)/float64(from))
	reach := int(math.Ceil(lobes / cut))
	phases := make([][]float64, up)
	for p := range phases {
		phases[p] = make([]float64, 2*reach)
		for i := range phases[p] {
			at := float64(i-reach+1) - float64(p)/float64(up)
			phases[p][i] = cut * sinc(cut*at) * (0.5 + 0.5*math.Cos(math.Pi*at/float64(reach)))
		}
	}
	out := make([]float64, len(x)*up/down)
	for i := range out {
		at, taps := i*down/up-reach+1, phases[i*down%up]
		for j := max(0, -at); j < len(taps) && at+j < len(x); j++ {
			out[i] += taps[j] * x[at+j]
		}
	}
	return out
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
