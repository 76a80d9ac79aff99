package jitter

import "math"

// maxOrder bounds the order of a vocal tract's filter.
const maxOrder = 32

// tract is the vocal tract of a piece of voice: an all-pole filter found by
// linear prediction.
type tract struct {
	order    int
	a        [maxOrder + 1]float64 // a[0] is 1
	window   []float64
	windowed []float64
	// out is what went before and what the filter has made since; at is the next.
	out []float64
	at  int
}

// newTract makes one that can make so many samples at a time.
func newTract(rate, samples int) tract {
	order := min(maxOrder, 8+rate/1000)
	n := ceilMs(rate, tractTime)
	return tract{order: order, window: leaning(n), windowed: make([]float64, n), out: make([]float64, order+samples+1)}
}

// leaning is a window of n samples that leans to the end, where the voice will
// go on.
func leaning(n int) []float64 {
	window := make([]float64, n)
	rise := n * 4 / 5
	for i := range window {
		if i < rise {
			window[i] = math.Sin(math.Pi / 2 * (float64(i) + 0.5) / float64(rise))
		} else {
			window[i] = math.Cos(math.Pi / 2 * (float64(i-rise) + 0.5) / float64(n-rise))
		}
	}
	return window
}

// find analyses x, as long as the window, by autocorrelation.
func (t *tract) find(x []float32) {
	for i, v := range x {
		t.windowed[i] = float64(v) * t.window[i]
	}
	var r [maxOrder + 1]float64
	for k := 0; k <= t.order; k++ {
		for i, v := range t.windowed[k:] {
			r[k] += v * t.windowed[i]
		}
	}
	t.solve(&r)
}

// solve finds the filter of an autocorrelation (Levinson, Durbin).
func (t *tract) solve(r *[maxOrder + 1]float64) {
	t.a = [maxOrder + 1]float64{1}
	// A little white noise keeps the filter from being sharper than a voice.
	left := r[0]*1.0001 + 1e-9
	for i := 1; i <= t.order; i++ {
		sum := r[i]
		for j := 1; j < i; j++ {
			sum += t.a[j] * r[i-j]
		}
		k := -sum / left
		for j, m := 1, i-1; j <= m; j, m = j+1, m-1 {
			t.a[j], t.a[m] = t.a[j]+k*t.a[m], t.a[m]+k*t.a[j]
		}
		t.a[i] = k
		left *= 1 - k*k
	}
	// Wider resonances do not ring on.
	const widen = 0.994
	for i, w := 1, widen; i <= t.order; i, w = i+1, w*widen {
		t.a[i] *= w
	}
}

// residual writes what excites the filter to make the end of x, and begins
// there.
func (t *tract) residual(dst, x []float32) {
	x = x[len(x)-len(dst)-t.order:]
	for i := range dst {
		sum := 0.0
		for k := 0; k <= t.order; k++ {
			sum += t.a[k] * float64(x[t.order+i-k])
		}
		dst[i] = float32(sum)
	}
	for i, v := range x[len(x)-t.order:] {
		t.out[i] = float64(v)
	}
	t.at = t.order
}

// next gives the next sample for one of excitation.
func (t *tract) next(excitation float32) float32 {
	sum := float64(excitation)
	for k := 1; k <= t.order; k++ {
		sum -= t.a[k] * t.out[t.at-k]
	}
	t.out[t.at] = sum
	t.at++
	return float32(sum)
}
