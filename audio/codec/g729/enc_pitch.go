package g729

import "math"

// The pitch: an open-loop estimate per frame (section A.3.4), then the adaptive
// codebook per subframe (section A.3.7).

// openLoop estimates the delay from the weighted speech, of which the present
// frame starts at maxDelay.
func openLoop(sw *[maxDelay + frameSamples]float64) int {
	t1, r1 := bestDelay(sw, 20, 39, 1)
	t2, r2 := bestDelay(sw, 40, 79, 1)
	t3, r3 := bestDelay(sw, 80, 143, 2)
	for _, t := range [2]int{t3 - 1, t3 + 1} {
		if r := delayCorrelation(sw, t); t >= 80 && t <= maxDelay && r > r3 {
			t3, r3 = t, r
		}
	}
	n1, n2, n3 := normalized(sw, t1, r1), normalized(sw, t2, r2), normalized(sw, t3, r3)
	// A short delay wins over its multiples: they too fit a periodic signal.
	if isMultiple(t3, t2) {
		n2 += multipleBonus * n3
	}
	if isMultiple(t2, t1) {
		n1 += multipleBonus * n2
	}
	best, n := t1, n1
	if n2 > n {
		best, n = t2, n2
	}
	if n3 > n {
		best = t3
	}
	return best
}

// multipleBonus is what a delay gains from a multiple that fits too.
const multipleBonus = 0.2

// isMultiple says whether long is about two or three times short.
func isMultiple(long, short int) bool {
	for times := 2; times <= 3; times++ {
		if d := times*short - long; -2*times <= d && d <= 2*times {
			return true
		}
	}
	return false
}

func bestDelay(sw *[maxDelay + frameSamples]float64, from, to, step int) (delay int, r float64) {
	r = math.Inf(-1)
	for t := from; t <= to; t += step {
		if x := delayCorrelation(sw, t); x > r {
			delay, r = t, x
		}
	}
	return delay, r
}

// delayCorrelation is equation A.4, over the even samples.
func delayCorrelation(sw *[maxDelay + frameSamples]float64, delay int) float64 {
	now, then := sw[maxDelay:], sw[maxDelay-delay:][:frameSamples]
	// Four sums at a time do not wait for one another.
	var r0, r1, r2, r3 float64
	for n := 0; n+7 <= len(now) && n+7 <= len(then); n += 8 {
		r0 += now[n] * then[n]
		r1 += now[n+2] * then[n+2]
		r2 += now[n+4] * then[n+4]
		r3 += now[n+6] * then[n+6]
	}
	return r0 + r1 + r2 + r3
}

// normalized is equation A.5; the root is taken of the energy so that it does
// not depend on the level.
func normalized(sw *[maxDelay + frameSamples]float64, delay int, r float64) float64 {
	then := sw[maxDelay-delay:][:frameSamples]
	energy := 0.01
	for n := 0; n < len(then); n += 2 {
		energy += then[n] * then[n]
	}
	return r / math.Sqrt(energy)
}

// adaptiveBook is the adaptive codebook as it is searched: the past excitation, and
// the subframe that is being made.
type adaptiveBook [pastExcitation + subframeSamples]float64

func (u *adaptiveBook) present() *[subframeSamples]float64 {
	return (*[subframeSamples]float64)(u[pastExcitation:])
}

// fill takes the past, and the residual to stand in for what is not known yet.
func (u *adaptiveBook) fill(past *[pastExcitation]int16, residual *[subframeSamples]float64) {
	for i, x := range past {
		u[i] = float64(x)
	}
	*u.present() = *residual
}

// interpolationTaps is b30 by fraction: distances t/3, t/3+1 ...
var interpolationTaps [3][10]float64

func init() {
	for t := range interpolationTaps {
		for i := range interpolationTaps[t] {
			interpolationTaps[t][i] = float64(interpolation[t+3*i]) / (1 << 15)
		}
	}
}

// interpolate writes the adaptive-codebook vector of section 3.7.1, for a delay
// of delay + thirds/3, into the present subframe: delays below 40 repeat what was
// just written.
func (u *adaptiveBook) interpolate(delay, thirds int) {
	// In equation 40 a delay is k - t/3.
	k, t := delay, -thirds
	if thirds > 0 {
		k, t = delay+1, 3-thirds
	}
	back := &interpolationTaps[t]
	forth := interpolationTaps[(3-t)%3][:]
	if t == 0 {
		forth = forth[1:] // b30(3 + 3i), of which the last, b30(30), is 0
	}
	for n := range subframeSamples {
		at := pastExcitation + n - k
		past, next := u[at-9:at+1], u[at+1:][:len(forth)]
		sum := 0.0
		for i, tap := range back {
			sum += past[9-i] * tap
		}
		for i, tap := range forth {
			sum += next[i] * tap
		}
		u[pastExcitation+n] = sum
	}
}

// delayRange holds the whole delays that are searched.
type delayRange struct{ from, to int }

// rangeFor is the range of the first subframe about the open-loop delay (below
// 3, 6 wide) and of the second one about the first one's (below 5, 9 wide),
// section 3.7.
func rangeFor(delay, below, width int) delayRange {
	from := min(max(delay-below, minDelay), maxDelay-width)
	return delayRange{from, from + width}
}

// search finds the delay whose excitation, filtered by h, explains most of the
// target x: section 3.7's equation 37, which A.3.7 cuts to its numerator for the
// sake of slower machines. Fractions are tried for delays below wholeFrom.
func (u *adaptiveBook) search(x, h *[subframeSamples]float64, r delayRange, wholeFrom int) (delay, thirds int) {
	best := math.Inf(-1)
	yk := convolve((*[subframeSamples]float64)(u[pastExcitation-r.from:]), h)
	for k := r.from; ; k++ {
		if score := likeness(x, &yk); score > best {
			best, delay = score, k
		}
		if k == r.to {
			break
		}
		first := u[pastExcitation-k-1] // equation 38
		for n := subframeSamples - 1; n > 0; n-- {
			yk[n] = yk[n-1] + first*h[n]
		}
		yk[0] = first * h[0]
	}
	if delay >= wholeFrom {
		return delay, 0
	}
	best = math.Inf(-1)
	for t := -1; t <= 1; t++ {
		u.interpolate(delay, t)
		yk = convolve(u.present(), h)
		if score := likeness(x, &yk); score > best {
			best, thirds = score, t
		}
	}
	return delay, thirds
}

// likeness is what a filtered vector with its best gain takes away from the
// target's energy, negative where that gain would be.
func likeness(x, y *[subframeSamples]float64) float64 {
	xy, yy := 0.0, 0.0
	for n := range x {
		xy += x[n] * y[n]
		yy += y[n] * y[n]
	}
	return xy * math.Abs(xy) / (yy + 1e-9)
}

// convolve filters v by the impulse response h (equation 44).
func convolve(v, h *[subframeSamples]float64) (y [subframeSamples]float64) {
	for i, x := range v {
		addTail(y[i:], h, x)
	}
	return y
}

// firstDelayIndex is P1, equation 41; from 86 on delays are whole.
func firstDelayIndex(delay, thirds int) uint16 {
	if delay > 85 {
		return uint16(delay - 85 + 197)
	}
	return uint16(3*(delay-19) + thirds - 1)
}

// secondDelayIndex is P2, equation 42.
func secondDelayIndex(delay, thirds int, r delayRange) uint16 {
	return uint16(3*(delay-r.from) + thirds + 2)
}

// dot is the inner product; b is as long as a at least.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i, x := range a {
		s0 += x * b[i]
	}
	return s0 + s1 + s2 + s3
}
