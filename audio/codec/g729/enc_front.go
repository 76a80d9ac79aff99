package g729

import "math"

// The encoder calculates in floating point: what it chooses need not be the
// same bit for bit (Annex C), only what it sends must mean the same to every
// decoder. Sections 3.1 and 3.2 with A.3.2 are in this file: from samples to
// the linear prediction of a frame.

const (
	windowSamples = 240 // of the analysis, section 3.2.1
	pastSamples   = 120 // of them before the present frame
	lookAhead     = 40  // and after it
	correlations  = 13  // silence detection needs two more than prediction (B.3.1)
)

var (
	// analysisWindow is equation 3, lagWindow equations 6 and 7.
	analysisWindow [windowSamples]float64
	lagWindow      [order + 1]float64
)

func init() {
	for n := range analysisWindow {
		if n < 200 {
			analysisWindow[n] = 0.54 - 0.46*math.Cos(2*math.Pi*float64(n)/399)
		} else {
			analysisWindow[n] = math.Cos(2 * math.Pi * float64(n-200) / 159)
		}
	}
	lagWindow[0] = 1.0001
	for k := 1; k <= order; k++ {
		w := 2 * math.Pi * 60 / 8000 * float64(k)
		lagWindow[k] = math.Exp(-w * w / 2)
	}
}

// front is what comes before all decisions: its state depends on nothing but
// the samples, so a copy can look ahead in a packet.
type front struct {
	x, y   [2]float64 // of the high-pass filter, latest first
	speech [windowSamples]float64
	// lsp of the frame before stand in when roots are not found.
	lsp [order]float64
}

// analysis is what front knows of a frame.
type analysis struct {
	r        [correlations]float64 // of the windowed speech, equation 5
	modified [order + 1]float64    // equation 7
	lsp, lsf [order]float64
}

func newFront() (f front) {
	for i, q := range initialLSP {
		f.lsp[i] = float64(q) / (1 << 15)
	}
	return f
}

// present is the frame to be encoded, 5 ms older than the input, with the order
// samples before it.
func (f *front) present() *[order + frameSamples]float64 {
	return (*[order + frameSamples]float64)(f.speech[pastSamples-order:])
}

// analyse takes the next 10 ms of input.
func (f *front) analyse(pcm *[frameSamples]int16) (a analysis) {
	copy(f.speech[:], f.speech[frameSamples:])
	f.highPass((*[frameSamples]float64)(f.speech[windowSamples-frameSamples:]), pcm)

	var windowed [windowSamples]float64
	for n, s := range f.speech {
		windowed[n] = s * analysisWindow[n]
	}
	for k := range a.r {
		a.r[k] = dot(windowed[k:], windowed[:])
	}
	a.r[0] = max(a.r[0], 1)
	for k := range a.modified {
		a.modified[k] = a.r[k] * lagWindow[k]
	}
	lp, _ := linearPrediction(&a.modified)
	if lsp, ok := toLSP(&lp); ok {
		f.lsp = lsp
	}
	a.lsp = f.lsp
	for i, q := range a.lsp {
		a.lsf[i] = frequency(q)
	}
	return a
}

// highPass is equation 1, which also halves the input. What would be left of a
// silent line after minutes is too small to be a normal number, and slow.
func (f *front) highPass(out *[frameSamples]float64, pcm *[frameSamples]int16) {
	x1, x2, y1, y2 := f.x[0], f.x[1], f.y[0], f.y[1]
	for n, s := range pcm {
		x := float64(s)
		y := 0.46363718*x - 0.92724705*x1 + 0.46363718*x2 + 1.9059465*y1 - 0.9114024*y2
		if math.Abs(y) < 1e-6 {
			y = 0
		}
		x1, x2, y1, y2 = x, x1, y, y1
		out[n] = y
	}
	f.x, f.y = [2]float64{x1, x2}, [2]float64{y1, y2}
}

// linearPrediction is the Levinson-Durbin algorithm of section 3.2.2: coefficients a with
// a[0] = 1, and the energy that they leave unexplained.
func linearPrediction(r *[order + 1]float64) (a filter, left float64) {
	a[0], left = 1, r[0]
	for i := 1; i <= order; i++ {
		sum := 0.0
		for j := range i {
			sum += a[j] * r[i-j]
		}
		k := -sum / left
		before := a
		for j := 1; j < i; j++ {
			a[j] += k * before[i-j]
		}
		a[i] = k
		left *= 1 - k*k
	}
	return a, left
}

const (
	gridPoints = 50 // section A.3.2.3
	bisections = 4
)

// lspGrid runs from cos 0 to cos π.
var lspGrid [gridPoints + 1]float64

func init() {
	for i := range lspGrid {
		lspGrid[i] = math.Cos(math.Pi * float64(i) / gridPoints)
	}
}

// toLSP finds the ten roots of the sum and difference polynomials, section
// 3.2.3; it fails when a pair of them lies closer than the grid can see.
func toLSP(a *filter) (lsp [order]float64, ok bool) {
	var f [2][6]float64 // equation 15
	f[0][0], f[1][0] = 1, 1
	for i := range 5 {
		f[0][i+1] = a[i+1] + a[10-i] - f[0][i]
		f[1][i+1] = a[i+1] - a[10-i] + f[1][i]
	}
	found := 0
	high := lspGrid[0]
	value := chebyshev(&f[0], high)
	for _, low := range lspGrid[1:] {
		next := chebyshev(&f[found&1], low)
		for value*next <= 0 {
			lsp[found] = root(&f[found&1], high, low, value, next)
			if found++; found == order {
				return lsp, true
			}
			// The roots of the two polynomials alternate: the other one goes
			// on from here.
			high = lsp[found-1]
			value, next = chebyshev(&f[found&1], high), chebyshev(&f[found&1], low)
		}
		high, value = low, next
	}
	return lsp, false
}

// root narrows an interval with a change of sign and then takes the chord.
func root(f *[6]float64, high, low, atHigh, atLow float64) float64 {
	for range bisections {
		middle := (high + low) / 2
		value := chebyshev(f, middle)
		if value*atHigh <= 0 {
			low, atLow = middle, value
		} else {
			high, atHigh = middle, value
		}
	}
	if atHigh == atLow {
		return high
	}
	return high - atHigh*(low-high)/(atLow-atHigh)
}

// chebyshev is equation 17 at x.
func chebyshev(f *[6]float64, x float64) float64 {
	b1, b2 := 1.0, 0.0
	for _, c := range f[1:5] {
		b1, b2 = 2*x*b1-b2+c, b1
	}
	return x*b1 - b2 + f[5]/2
}

// frequency is the inverse of the decoder's cosine, which runs straight between
// the 65 entries of a table. Its error, up to 3e-4, would broaden every formant
// if the inverse were exact.
func frequency(q float64) float64 {
	const step = math.Pi / 64
	i := min(max(int(math.Acos(q)/step), 0), 63)
	high, low := float64(cosTable[i])/(1<<15), float64(cosTable[i+1])/(1<<15)
	return step * (float64(i) + (high-q)/(high-low))
}
