package quality

import "math"

// Constants of STOI: Taal 2011, section II.
const (
	stoiRate    = 10000
	stoiFrame   = 256
	stoiHop     = stoiFrame / 2
	stoiFFT     = 512
	stoiBands   = 15
	stoiLowest  = 150.0 // Hz, centre of the first third octave
	stoiSegment = 30    // frames, 384 ms
	stoiDynamic = 40.0  // dB below the loudest frame: what is not speech
	stoiClip    = 15.0  // dB, the lowest signal-to-distortion ratio
)

// STOI is the short-time objective intelligibility of degraded, which must be
// aligned with clean: about 0 for what has nothing to do with it, 1 for the
// same. It is NaN for less than 0.4 s of speech.
func STOI(clean, degraded []float64, rate int) float64 {
	n := min(len(clean), len(degraded))
	x, y := speechOnly(Resample(clean[:n], rate, stoiRate), Resample(degraded[:n], rate, stoiRate))
	bx, by := thirdOctaves(x), thirdOctaves(y)
	sum, count := 0.0, 0
	for m := 0; m+stoiSegment <= len(bx[0]); m++ {
		for band := range bx {
			sum += segmentLikeness(bx[band][m:m+stoiSegment], by[band][m:m+stoiSegment])
			count++
		}
	}
	return sum / float64(count)
}

// speechOnly takes the frames out of both in which clean is silent, and joins
// the rest by overlapping and adding.
func speechOnly(x, y []float64) (speechX, speechY []float64) {
	window := hann(stoiFrame)
	var levels []float64
	loudest := math.Inf(-1)
	for at := 0; at+stoiFrame < len(x); at += stoiHop {
		sum := 0.0
		for i, w := range window {
			sum += w * w * x[at+i] * x[at+i]
		}
		level := 10 * math.Log10(sum+1e-30)
		levels = append(levels, level)
		loudest = max(loudest, level)
	}
	outX, outY := make([]float64, len(x)), make([]float64, len(x))
	kept := 0
	for m, level := range levels {
		if level <= loudest-stoiDynamic {
			continue
		}
		for i, w := range window {
			outX[kept+i] += w * x[m*stoiHop+i]
			outY[kept+i] += w * y[m*stoiHop+i]
		}
		kept += stoiHop
	}
	end := min(len(outX), kept+stoiHop)
	return outX[:end], outY[:end]
}

// thirdOctaves gives the amplitude of each band in each frame.
func thirdOctaves(x []float64) [stoiBands][]float64 {
	var out [stoiBands][]float64
	var edges [stoiBands][2]int
	for k := range edges {
		for side, third := range []float64{float64(2*k-1) / 6, float64(2*k+1) / 6} {
			edges[k][side] = int(math.Round(stoiLowest * math.Exp2(third) * stoiFFT / stoiRate))
		}
	}
	window, transform := hann(stoiFrame), newFFT(stoiFFT)
	bins, room := make([]float64, stoiFFT/2+1), make([]complex128, stoiFFT)
	for at := 0; at+stoiFrame < len(x); at += stoiHop {
		transform.power(bins, x[at:], window, room)
		for k, edge := range edges {
			sum := 0.0
			for _, p := range bins[edge[0]:edge[1]] {
				sum += p
			}
			out[k] = append(out[k], math.Sqrt(sum))
		}
	}
	return out
}

// segmentLikeness is the correlation of one band over a segment, the degraded
// one brought to the same level and clipped where it is far too loud.
func segmentLikeness(x, y []float64) float64 {
	const tiny = 1e-15
	scale := norm(x) / (norm(y) + tiny)
	most := 1 + math.Pow(10, stoiClip/20)
	var clipped [stoiSegment]float64
	for i := range clipped {
		clipped[i] = min(y[i]*scale, x[i]*most)
	}
	return correlation(x, clipped[:])
}

func norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum)
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// correlation of what deviates from the mean, -1 to 1.
func correlation(x, y []float64) float64 {
	const tiny = 1e-15
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xy += dx * dy
		xx += dx * dx
		yy += dy * dy
	}
	return xy / (math.Sqrt(xx*yy) + tiny)
}
