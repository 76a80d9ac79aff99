// Package resample changes the sample rate between the sound card (48 kHz) and
// the codecs (8, 16 and 48 kHz) by a polyphase Kaiser-windowed FIR filter.
//
// The filter spans 24 samples of the lower rate: 1.5 ms of delay at 8 kHz,
// 0.75 ms at 16 kHz. Its pass band reaches 3.4 kHz at 8 kHz (0.1 dB), with
// images and aliases of that band at least 57 dB down (the tests print what
// they measure, 63 dB and more).
//
//	up, err := resample.New(8000, 48000)
//	n := up.Process(dst, src) // len(dst) >= up.Outputs(len(src))
//
// Process allocates nothing.
package resample

import (
	"fmt"
	"math"
)

const (
	// span is the filter's length in samples of the lower rate.
	span = 24
	// attenuation in dB that shapes the window. Above 60 the transition band
	// grows at the cost of speech between 3.2 and 3.4 kHz.
	attenuation = 60
	// cutoff is the -6 dB point in parts of the lower rate: a little below the
	// half, which moves the first lobe of the stop band off 4.6 kHz.
	cutoff = 0.494
	// maxFactor bounds the ratio in lowest terms; 44.1 to 48 kHz is 160/147.
	maxFactor = 512
	// block is how many samples are filtered at a time.
	block = 512
)

// Resampler changes the rate of one signal. It keeps the signal's past, so
// each signal has its own; it is not safe for concurrent use.
type Resampler struct {
	up, down int         // ratio in lowest terms
	taps     int         // per phase
	phases   [][]float32 // up filters, each reversed in time
	phase    int         // position of the next output after the next input, in 1/up of an input
	// buf holds taps-1 samples of the past, then room for a block.
	buf []float32
}

// New makes a resampler; rates in Hz.
func New(from, to int) (*Resampler, error) {
	if from <= 0 || to <= 0 {
		return nil, fmt.Errorf("resample from %d to %d Hz: rates must be positive", from, to)
	}
	d := gcd(from, to)
	r := &Resampler{up: to / d, down: from / d}
	if r.up > maxFactor || r.down > maxFactor {
		return nil, fmt.Errorf("resample from %d to %d Hz: ratio %d/%d is too uneven", from, to, r.up, r.down)
	}
	low := min(from, to)
	r.taps = (span*from + low - 1) / low
	r.phases = design(r.up, r.taps, 2*cutoff*float64(low)/float64(from*r.up))
	r.buf = make([]float32, r.taps-1+block)
	return r, nil
}

// Outputs tells how many samples Process will give for the next n.
func (r *Resampler) Outputs(n int) int {
	return max(0, (n*r.up-r.phase+r.down-1)/r.down)
}

// Inputs tells how many samples Process must get to give at least n.
func (r *Resampler) Inputs(n int) int {
	if n <= 0 {
		return 0
	}
	return ((n-1)*r.down+r.phase)/r.up + 1
}

// Process filters all of src into dst and gives the number of samples written.
// dst must have room for Outputs(len(src)).
func (r *Resampler) Process(dst, src []float32) int {
	n := 0
	past := r.taps - 1
	for len(src) > 0 {
		take := copy(r.buf[past:], src)
		src = src[take:]
		for i := range take {
			for r.phase < r.up {
				dst[n] = dot(r.phases[r.phase], r.buf[i:i+r.taps])
				n++
				r.phase += r.down
			}
			r.phase -= r.up
		}
		copy(r.buf, r.buf[take:take+past])
	}
	return n
}

// Reset forgets the signal's past.
func (r *Resampler) Reset() {
	clear(r.buf)
	r.phase = 0
}

// dot sums in four chains, so that the processor need not wait for each
// addition.
func dot(h, x []float32) float32 {
	var a, b, c, d float32
	x = x[:len(h)]
	for len(h) >= 4 && len(x) >= 4 {
		a += h[0] * x[0]
		b += h[1] * x[1]
		c += h[2] * x[2]
		d += h[3] * x[3]
		h, x = h[4:], x[4:]
	}
	for i, v := range h {
		a += v * x[i]
	}
	return a + b + c + d
}

// design makes a low-pass filter for the common multiple of both rates, of a
// band width relative to half that multiple, and deals its taps out to the phases. Each phase is scaled to the same gain at
// 0 Hz: else a constant would come out as a tone.
func design(up, taps int, band float64) [][]float32 {
	beta := 0.1102 * (attenuation - 8.7)
	length := up * taps
	centre := float64(length-1) / 2
	phases := make([][]float32, up)
	for p := range phases {
		h := make([]float64, taps)
		sum := 0.0
		for k := range h {
			at := float64(k*up+p) - centre
			v := sinc(band*at) * kaiser(at/centre, beta)
			h[taps-1-k] = v
			sum += v
		}
		phases[p] = make([]float32, taps)
		for k, v := range h {
			phases[p][k] = float32(v / sum)
		}
	}
	return phases
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func kaiser(x, beta float64) float64 {
	return bessel0(beta*math.Sqrt(max(0, 1-x*x))) / bessel0(beta)
}

// bessel0 is the modified Bessel function of order 0, by its power series.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
