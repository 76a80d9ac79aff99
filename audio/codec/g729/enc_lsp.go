package g729

import "math"

// Section 3.2.4: line spectral frequencies become 18 bits, or 10 in a
// description of silence (section B.4.2.2).

// lspPredict is one of the switched predictors: weights of the past and what
// they leave for the present.
type lspPredict struct {
	past    [4][order]float64
	present [order]float64
}

// The codebooks in floating point, radians.
var (
	lspFirstRows  [128][order]float64
	lspSecondRows [32][order]float64
	lspPredicts   [2]lspPredict
)

func init() {
	for i := range lspFirstRows {
		lspFirstRows[i] = scaled(&lspFirst[i], 13)
	}
	for i := range lspSecondRows {
		lspSecondRows[i] = scaled(&lspSecond[i], 13)
	}
	for p := range lspPredicts {
		lspPredicts[p].fill(&lspPredictor[p])
	}
}

func (p *lspPredict) fill(from *[4][order]int16) {
	for i := range p.present {
		p.present[i] = 1
		for k := range from {
			p.past[k][i] = float64(from[k][i]) / (1 << 15)
			p.present[i] -= p.past[k][i]
		}
	}
}

func scaled(q *[order]int16, bits int) (f [order]float64) {
	for i, x := range q {
		f[i] = float64(x) / float64(int(1)<<bits)
	}
	return f
}

// wanted is equation 23: the codeword that would give lsf exactly.
func (p *lspPredict) wanted(memory *lsfMemory, lsf *[order]float64) (l [order]float64) {
	for i := range l {
		sum := lsf[i]
		for k := range memory {
			sum -= p.past[k][i] * float64(memory[k][i]) / (1 << 13)
		}
		l[i] = sum / p.present[i]
	}
	return l
}

// lspWeights is equation 22: errors count more where neighbours are close, for
// there the spectrum has its peaks.
func lspWeights(lsf *[order]float64) (w [order]float64) {
	for i := range w {
		before, after := 0.04*math.Pi, 0.92*math.Pi
		if i > 0 {
			before = lsf[i-1]
		}
		if i < order-1 {
			after = lsf[i+1]
		}
		w[i] = 1
		if d := after - before - 1; d < 0 {
			w[i] += 10 * d * d
		}
	}
	w[4] *= 1.2
	w[5] *= 1.2
	return w
}

// quantizeLSF chooses the four indices of a frame of speech.
func quantizeLSF(memory *lsfMemory, lsf *[order]float64, s *speech) {
	weights := lspWeights(lsf)
	best := math.Inf(1)
	for p := range lspPredicts {
		predict := &lspPredicts[p]
		wanted := predict.wanted(memory, lsf)
		w := predict.weights(&weights)
		first := nearestRow(&wanted)
		low := nearestHalf(first, 0, &wanted, &w)
		high := nearestHalf(first, 5, &wanted, &w)
		codeword := speechCodeword(uint16(first), uint16(low), uint16(high))
		l := scaled(&codeword, 13)
		if e := weightedError(l[:], wanted[:], w[:]); e < best {
			best = e
			s.predictor, s.first, s.low, s.high = uint16(p), uint16(first), uint16(low), uint16(high)
		}
	}
}

// weights are those of an error of the codeword: it is an error of the frequency
// times what the predictor leaves for the present.
func (p *lspPredict) weights(ofLSF *[order]float64) (w [order]float64) {
	for i := range w {
		w[i] = ofLSF[i] * p.present[i] * p.present[i]
	}
	return w
}

func nearestRow(wanted *[order]float64) (row int) {
	best := math.Inf(1)
	for r := range lspFirstRows {
		e := 0.0
		for i, l := range &lspFirstRows[r] {
			d := l - wanted[i]
			e += d * d
		}
		if e < best {
			best, row = e, r
		}
	}
	return row
}

// nearestHalf chooses the half row of the second codebook, from column at, that
// brings a row of the first one closest to what is wanted.
func nearestHalf(first, at int, wanted, w *[order]float64) (row int) {
	best := math.Inf(1)
	base := lspFirstRows[first][at : at+5]
	for r := range lspSecondRows {
		var l [5]float64
		for i := range l {
			l[i] = base[i] + lspSecondRows[r][at+i]
		}
		moveApart(l[:])
		if e := weightedError(l[:], wanted[at:at+5], w[at:at+5]); e < best {
			best, row = e, r
		}
	}
	return row
}

// moveApart is the decoder's spread to 0.0012.
func moveApart(l []float64) {
	for i := 1; i < len(l); i++ {
		if gap := l[i-1] - l[i] + 0.0012; gap > 0 {
			l[i-1] -= gap / 2
			l[i] += gap / 2
		}
	}
}

func weightedError(l, wanted, w []float64) (e float64) {
	wanted, w = wanted[:len(l)], w[:len(l)]
	for i := range l {
		d := l[i] - wanted[i]
		e += w[i] * d * d
	}
	return e
}
