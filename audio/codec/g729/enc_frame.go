package g729

import "math"

// coder codes one frame after the other by analysis and synthesis (section 3,
// A.3). What it chooses it puts through the decoder's own arithmetic, so that
// both ends have the same state and no rounding adds up.
type coder struct {
	lsf       lsfMemory
	lsp       [order]int16 // quantized, of the frame before
	exc       [pastExcitation + frameSamples]int16
	gains     gainMemory
	sharpness int16
	noise     noise
	silent    bool // the last frame was not speech

	weighted [maxDelay + frameSamples]float64
	error    [order]float64 // state of the weighted synthesis filter, section A.3.10
	tame     taming
	book     adaptiveBook
	search   pulseSearch
}

func newCoder() coder {
	return coder{
		lsf:       newLSFMemory(),
		lsp:       initialLSP,
		gains:     newGainMemory(),
		sharpness: leastSharpness,
		tame:      newTaming(),
	}
}

const (
	// weighting is γ of equation A.1, lowPass the factor of A'(z).
	weighting = 0.75
	lowPass   = 0.7
)

// filter holds coefficients of A(z), the first is 1.
type filter [order + 1]float64

// speech codes the present frame as speech.
func (c *coder) speech(a *analysis, present *[order + frameSamples]float64) (s speech) {
	quantizeLSF(&c.lsf, &a.lsf, &s)
	codeword := speechCodeword(s.first, s.low, s.high)
	lsf := c.lsf.compose(&codeword, &lspPredictor[s.predictor], &lspWeight[s.predictor])
	c.lsf.push(&codeword)
	stabilize(&lsf)
	filters := c.interpolate(lsfToLSP(&lsf))
	residual := c.weigh(present, &filters)

	r := rangeFor(openLoop(&c.weighted), 3, 6)
	delay, thirds := c.subframe(0, &filters[0], &residual[0], r, 85, &s.sub[0])
	s.sub[0].delay = firstDelayIndex(delay, thirds)
	s.parity = delayParity(s.sub[0].delay)
	r = rangeFor(delay, 5, 9)
	delay, thirds = c.subframe(1, &filters[1], &residual[1], r, maxDelay+1, &s.sub[1])
	s.sub[1].delay = secondDelayIndex(delay, thirds, r)
	copy(c.exc[:], c.exc[frameSamples:])
	c.noise.seed, c.silent = noiseSeed, false
	return s
}

// silence follows what the decoder does in a frame that is described by s, or
// not sent: it makes comfort noise, of which the adaptive codebook and all
// filters keep the memory (section B.4.4).
func (c *coder) silence(s *silence, present *[order + frameSamples]float64) {
	c.noise.advance(s, &c.lsf, c.silent)
	filters := c.interpolate(c.noise.lsp)
	residual := c.weigh(present, &filters)
	for sub := range filters {
		at := pastExcitation + sub*subframeSamples
		gain, delay := comfortExcitation(c.exc[:], at, c.noise.gain, &c.noise.seed)
		c.tame.add(delay, float64(gain)/(1<<14))
		for n, x := range c.exc[at : at+subframeSamples] {
			residual[sub][n] -= float64(x)
		}
		wide := filters[sub].expanded()
		x := c.target(&residual[sub], &wide)
		copy(c.error[:], x[subframeSamples-order:])
	}
	copy(c.exc[:], c.exc[frameSamples:])
	c.sharpness = leastSharpness
	c.silent = true
}

// interpolate gives the quantized filters of the two subframes (section
// A.3.2.5).
func (c *coder) interpolate(lsp [order]int16) (filters [2]filter) {
	middle := interpolateLSP(&c.lsp, &lsp)
	c.lsp = lsp
	for i, a := range [2]lpc{lspToLP(&middle), lspToLP(&lsp)} {
		for k, q := range a {
			filters[i][k] = float64(q) / (1 << 12)
		}
	}
	return filters
}

// weigh computes the residual (equation A.3), and the weighted speech for the
// pitch estimate (equation A.2).
func (c *coder) weigh(present *[order + frameSamples]float64, filters *[2]filter) (residual [2][subframeSamples]float64) {
	copy(c.weighted[:], c.weighted[frameSamples:])
	for sub := range filters {
		a := &filters[sub]
		wide := a.expanded()
		for i := order; i > 0; i-- {
			wide[i] -= lowPass * wide[i-1]
		}
		from := sub * subframeSamples
		for n := range subframeSamples {
			s := present[from+n:][:order+1]
			r := s[order]
			for i := 1; i <= order; i++ {
				r += a[i] * s[order-i]
			}
			residual[sub][n] = r
		}
		synthesis(c.weighted[maxDelay-order+from:], residual[sub][:], &wide)
	}
	return residual
}

// expanded is Â(z/γ).
func (a *filter) expanded() (wide filter) {
	factor := 1.0
	for i := range wide {
		wide[i] = a[i] * factor
		factor *= weighting
	}
	return wide
}

// synthesis filters in by 1/a to out, whose first samples are those before.
func synthesis(out, in []float64, a *filter) {
	for n, x := range in {
		line := out[n:][:order+1]
		for i := 1; i <= order; i++ {
			x -= a[i] * line[order-i]
		}
		line[order] = x
	}
}

// subframe chooses delay, code and gains of 5 ms.
func (c *coder) subframe(sub int, a *filter, residual *[subframeSamples]float64, r delayRange, wholeFrom int, e *excitation) (delay, thirds int) {
	wide := a.expanded()
	h := impulse(&wide)
	x := c.target(residual, &wide)

	at := pastExcitation + sub*subframeSamples
	c.book.fill((*[pastExcitation]int16)(c.exc[at-pastExcitation:]), residual)
	delay, thirds = c.book.search(&x, &h, r, wholeFrom)
	adaptiveVector(c.exc[:], at, delay, thirds)
	exc := (*[subframeSamples]int16)(c.exc[at:])
	y := filtered(exc, &h, 1)

	searchLimit, gainLimit := c.tame.limits(delay)
	code := c.pulses(&x, &y, &h, delay, searchLimit, e)
	z := filtered((*[subframeSamples]int16)(&code), &h, 1<<13)

	mantissa, exponent := c.gains.predict(&code)
	products := match(&x, &y, &z)
	quantizeGains(&products, math.Ldexp(float64(mantissa), -exponent), gainLimit, e)
	pitchGain, codeGain := c.gains.decode(e.gainOne, e.gainTwo, &code)
	addCodebooks(exc[:], &code, pitchGain, codeGain)
	c.sharpness = min(max(pitchGain, leastSharpness), mostSharpness)

	pitch, gain := float64(pitchGain)/(1<<14), float64(codeGain)/2
	c.tame.add(delay, pitch)
	for i := range c.error { // equation A.10
		n := subframeSamples - order + i
		c.error[i] = x[n] - pitch*y[n] - gain*z[n]
	}
	return delay, thirds
}

// impulse is the response h of section A.3.5.
func impulse(a *filter) (h [subframeSamples]float64) {
	var line [order + subframeSamples]float64
	unit := [subframeSamples]float64{1}
	synthesis(line[:], unit[:], a)
	copy(h[:], line[order:])
	return h
}

// target is x of section A.3.6.
func (c *coder) target(residual *[subframeSamples]float64, a *filter) (x [subframeSamples]float64) {
	var line [order + subframeSamples]float64
	copy(line[:], c.error[:])
	synthesis(line[:], residual[:], a)
	copy(x[:], line[order:])
	return x
}

// pulses chooses the fixed codebook's entry for what the pitch leaves of the
// target (section 3.8.1) and gives it as the decoder makes it.
func (c *coder) pulses(x, y, h *[subframeSamples]float64, delay int, limit float64, e *excitation) codeVector {
	pitch := 0.0
	if yy := dot(y[:], y[:]); yy > 0 {
		pitch = min(max(dot(x[:], y[:])/yy, 0), limit) // equation 43
	}
	rest, harmonic := *x, *h
	for n := range rest {
		rest[n] -= pitch * y[n]
	}
	sharpness := float64(c.sharpness) / (1 << 14)
	for n := delay; n < subframeSamples; n++ { // equation 49
		harmonic[n] += sharpness * harmonic[n-delay]
	}
	c.search.prepare(&rest, &harmonic)
	found := c.search.best()
	e.pulses, e.signs = found.codewords()
	code := newCodeVector(e.pulses, e.signs)
	code.sharpen(delay, c.sharpness)
	return code
}

// filtered is a vector in units of 1/one filtered by the impulse response.
func filtered(v *[subframeSamples]int16, h *[subframeSamples]float64, one float64) (out [subframeSamples]float64) {
	for i, x := range v {
		if x == 0 {
			continue
		}
		addTail(out[i:], h, float64(x)/one)
	}
	return out
}

func addTail(tail []float64, h *[subframeSamples]float64, gain float64) {
	for n := range tail {
		tail[n] += gain * h[n]
	}
}
