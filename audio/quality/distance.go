package quality

import (
	"math"
	"time"
)

// Frames in which clean is further than this below its loudest one do not
// count, in dB.
const quiet = 40

// Limits of a frame's signal-to-noise ratio, in dB.
const (
	leastSNR = -10
	mostSNR  = 35
)

// SegmentalSNR is the mean signal-to-noise ratio in dB of the frames of 20 ms
// in which clean speaks, each between -10 and 35. The two must be aligned, and
// of the same level.
func SegmentalSNR(clean, degraded []float64, rate int) float64 {
	frame := rate / 50
	sum, count := 0.0, 0
	spoken(clean, degraded, frame, frame, func(x, y []float64) {
		var signal, noise float64
		for i, v := range x {
			signal += v * v
			noise += (v - y[i]) * (v - y[i])
		}
		sum += min(mostSNR, max(leastSNR, 10*math.Log10(signal/(noise+1e-20))))
		count++
	})
	return sum / float64(count)
}

// SpectralDistance is the mean distance in dB of the log power spectra of the
// frames of 32 ms in which clean speaks, over 100 Hz to 3.8 kHz (7 kHz at
// higher rates). Bins further than 50 dB below the frame's strongest are raised
// to there: nobody hears them.
func SpectralDistance(clean, degraded []float64, rate int) float64 {
	size := 1
	for size*1000 < 32*rate {
		size *= 2
	}
	window, transform := hann(size), newFFT(size)
	px, py := make([]float64, size/2+1), make([]float64, size/2+1)
	room := make([]complex128, size)
	low, high := size*100/rate, size*min(7000, rate*19/40)/rate
	sum, count := 0.0, 0
	spoken(clean, degraded, size, size/2, func(x, y []float64) {
		transform.power(px, x, window, room)
		transform.power(py, y, window, room)
		floor := 0.0
		for _, p := range px {
			floor = max(floor, p)
		}
		floor = floor*1e-5 + 1e-20
		square := 0.0
		for k := low; k < high; k++ {
			d := 10 * math.Log10(max(px[k], floor)/max(py[k], floor))
			square += d * d
		}
		sum += math.Sqrt(square / float64(high-low))
		count++
	})
	return sum / float64(count)
}

// LongestGap is the longest time in which clean speaks and degraded is silent,
// 30 dB and more below it, in steps of 2.5 ms.
func LongestGap(clean, degraded []float64, rate int) time.Duration {
	const below = 1e-3 // of the power
	step := rate / 400
	loudest := 0.0
	n := min(len(clean), len(degraded)) / step
	power := func(x []float64, i int) float64 {
		// Over 10 ms, so that a zero crossing or closed vocal folds are no gap.
		v := norm(x[max(0, i*step-3*step/2):min(len(x), (i+1)*step+3*step/2)])
		return v * v
	}
	for i := range n {
		loudest = max(loudest, power(clean, i))
	}
	longest, run := 0, 0
	for i := range n {
		if p := power(clean, i); p > loudest*1e-3 && norm(degraded[i*step:(i+1)*step]) < norm(clean[i*step:(i+1)*step])*math.Sqrt(below) {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return time.Duration(longest*step) * time.Second / time.Duration(rate)
}

// spoken calls do with each frame in which clean speaks.
func spoken(clean, degraded []float64, frame, hop int, do func(x, y []float64)) {
	n := min(len(clean), len(degraded))
	loudest := 0.0
	for at := 0; at+frame <= n; at += hop {
		loudest = max(loudest, norm(clean[at:at+frame]))
	}
	least := loudest * math.Pow(10, -quiet/20.0)
	for at := 0; at+frame <= n; at += hop {
		if x := clean[at : at+frame]; norm(x) > least {
			do(x, degraded[at:at+frame])
		}
	}
}
