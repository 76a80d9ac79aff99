package quality

import "math"

// Align finds the delay of degraded against clean, at most so many samples
// either way, by their cross-correlation, and gives what they have in common.
// A positive lag means that degraded is late.
func Align(clean, degraded []float64, most int) (x, y []float64, lag int) {
	lag = bestLag(clean, degraded, most)
	x, y = clean, degraded
	if lag >= 0 {
		y = y[min(lag, len(y)):]
	} else {
		x = x[min(-lag, len(x)):]
	}
	n := min(len(x), len(y))
	return x[:n], y[:n], lag
}

// bestLag is where the cross-correlation is strongest, of either sign.
func bestLag(x, y []float64, most int) int {
	size := 1
	for size < len(x)+len(y) {
		size *= 2
	}
	f := newFFT(size)
	a, b := make([]complex128, size), make([]complex128, size)
	for i, v := range x {
		a[i] = complex(v, 0)
	}
	for i, v := range y {
		b[i] = complex(v, 0)
	}
	f.forward(a)
	f.forward(b)
	// The conjugate of the product's conjugate transform is the inverse one; only
	// the absolute value is of interest, so its scale is too.
	for i := range a {
		a[i] *= complex(real(b[i]), -imag(b[i]))
	}
	f.forward(a)
	best, bestValue := 0, -1.0
	for lag := -min(most, len(x)-1); lag <= min(most, len(y)-1); lag++ {
		if v := math.Abs(real(a[(lag+size)%size])); v > bestValue {
			best, bestValue = lag, v
		}
	}
	return best
}

// Follow gives degraded as clean has it in time, for voice whose delay changes
// on the way: pieces of half a second are aligned one by one, each within
// so many samples of the last, and blended. What is missing stays missing.
// The lags are those of the pieces.
func Follow(clean, degraded []float64, rate, most int) (y []float64, lags []int) {
	piece := rate / 2
	hop := piece / 2
	window := make([]float64, piece)
	for i := range window {
		window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(piece))
	}
	y = make([]float64, len(clean))
	_, _, lag := Align(clean, degraded, rate)
	// Where to look is found out at a low rate.
	step := max(1, rate/4000)
	lowClean, lowDegraded := lower(clean, step), lower(degraded, step)
	for at := -hop; at < len(clean); at += hop {
		x := clean[max(0, at):min(len(clean), at+piece)]
		low := lowClean[max(0, at)/step : min(len(lowClean), (at+piece)/step)]
		lag += step * localLag(low, lowDegraded, (max(0, at)+lag)/step, most/step)
		lag += localLag(x, degraded, max(0, at)+lag, step)
		lags = append(lags, lag)
		for i, w := range window {
			if from := at + i + lag; at+i >= 0 && at+i < len(y) && from >= 0 && from < len(degraded) {
				y[at+i] += w * degraded[from]
			}
		}
	}
	return y, lags
}

// lower gives the means of so many samples each.
func lower(x []float64, step int) []float64 {
	out := make([]float64, len(x)/step)
	for i := range out {
		out[i] = mean(x[i*step : (i+1)*step])
	}
	return out
}

// localLag finds by how much x must move against y, around a position there, to
// fit best; 0 where x is silent or fits nowhere.
func localLag(x, y []float64, at, most int) int {
	best, bestValue := 0, 0.3 // below that it is chance
	nx := norm(x)
	for d := range 2*most + 1 {
		lag := (d + 1) / 2
		if d%2 == 1 {
			lag = -lag
		}
		from := at + lag
		if from < 0 || from+len(x) > len(y) {
			continue
		}
		dot, yy := 0.0, 0.0
		for i, v := range x {
			w := y[from+i]
			dot += v * w
			yy += w * w
		}
		if v := dot / (nx*math.Sqrt(yy) + 1e-9); v > bestValue {
			best, bestValue = lag, v
		}
	}
	return best
}
