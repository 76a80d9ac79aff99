package g729

// postfilter is the adaptive postfilter of section A.4.2.
type postfilter struct {
	speech   [order + subframeSamples]int16 // reconstructed, with the past of the numerator
	residual [maxDelay + subframeSamples]int16
	scaled   [maxDelay + subframeSamples]int16 // a quarter of it, so that sums fit
	memory   [order]int16                      // of 1/A(z/gamma_d)
	tilt     int16                             // last sample before tilt compensation
	gain     int16                             // of the gain control, Q12
}

const (
	gammaN = 18022 // 0.55, Q15
	gammaD = 22938 // 0.7
	gammaT = 26214 // 0.8

	gainKeep = 29491 // 0.9 in the adaptive gain control
	gainTake = 3276  // 0.1
)

func newPostfilter() postfilter { return postfilter{gain: 1 << 12} }

// apply filters a subframe in place. The long-term filter rests in comfort
// noise (voiced is false).
func (p *postfilter) apply(a *lpc, speech []int16, delay int, voiced bool) {
	copy(p.speech[order:], speech)
	numerator, denominator := a.weaken(gammaN), a.weaken(gammaD)

	current := p.residual[maxDelay:]
	residual(&numerator, p.speech[:], order, current)
	for i, r := range current {
		p.scaled[maxDelay+i] = r >> 2
	}
	var y [subframeSamples]int16
	if voiced {
		p.harmonics(delay, y[:])
	} else {
		copy(y[:], current)
	}
	copy(p.residual[:], p.residual[subframeSamples:])
	copy(p.scaled[:], p.scaled[subframeSamples:])

	p.compensate(tiltOf(&numerator, &denominator), y[:])
	synthesize(&denominator, y[:], y[:], &p.memory)
	copy(p.memory[:], y[subframeSamples-order:])
	p.control(p.speech[order:], y[:])
	copy(speech, y[:])
	copy(p.speech[:], p.speech[subframeSamples:])
}

// harmonics is the long-term postfilter of section A.4.2.1.
func (p *postfilter) harmonics(delay int, out []int16) {
	least := min(delay-3, maxDelay-6)
	now := p.scaled[maxDelay:]
	best, most := least, int32(-1<<31)
	for d := least; d <= least+6; d++ {
		if c := correlate(now, p.scaled[maxDelay-d:], 0); c > most {
			best, most = d, c
		}
	}
	past := p.residual[maxDelay-best:]
	copy(out, p.residual[maxDelay:])
	own, other, ok := longTermGains(max(most, 0), energy(p.scaled[maxDelay-best:][:subframeSamples], 1), energy(now, 1))
	if !ok {
		return
	}
	for i, r := range out {
		out[i] = add16(mul16(own, r), mul16(other, past[i]))
	}
}

// longTermGains are the factors of the current and the delayed sample in
// equation A.11, Q15, from the correlation and the energies of both; with less
// than 3 dB of prediction gain (equation 82) there is no filter.
func longTermGains(correlation, past, now int32) (own, other int16, ok bool) {
	shift := norm32(max(correlation, past, now))
	c := round16(shl32(correlation, shift))
	e := round16(shl32(past, shift))
	n := round16(shl32(now, shift))
	if sub32(mul32(c, c), mul32(e, n)>>1) < 0 {
		return 0, 0, false
	}
	if c > e { // the gain is bounded by 1, and gamma_p is a half
		return 21845, 10923, true
	}
	c, e = c>>2, e>>1
	if c+e <= 0 {
		return 1<<15 - 1, 0, true
	}
	other = div16(c, c+e)
	return 1<<15 - 1 - other, other, true
}

// tiltOf is -gamma_t k1' of equation A.14, Q15.
func tiltOf(numerator, denominator *lpc) int16 {
	var h [22]int16
	copy(h[:], numerator[:])
	synthesize(denominator, h[:], h[:], new([order]int16))
	r0, r1 := high16(energy(h[:], 0)), high16(correlate(h[:21], h[1:], 0))
	if r1 <= 0 {
		return 0
	}
	return div16(mul16(r1, gammaT), r0)
}

// compensate is the tilt filter of equation A.13.
func (p *postfilter) compensate(tilt int16, x []int16) {
	for i, v := range x {
		x[i] = sub16(v, mul16(tilt, p.tilt))
		p.tilt = v
	}
}

// control is the adaptive gain control of section A.4.2.4: it gives x the level
// of the speech.
func (p *postfilter) control(speech, x []int16) {
	after := quarterEnergy(x)
	if after == 0 {
		p.gain = 0
		return
	}
	target := int16(0)
	if before := quarterEnergy(speech); before != 0 {
		upAfter, upBefore := norm32(after)-1, norm32(before)
		ratio := int32(div16(round16(shl32(after, upAfter)), round16(shl32(before, upBefore))))
		root := inverseSqrt(shr32(shl32(ratio, 7), upAfter-upBefore))
		target = mul16(round16(shl32(root, 9)), gainTake)
	}
	for i, v := range x {
		p.gain = add16(mul16(p.gain, gainKeep), target)
		x[i] = high16(shl32(mul32(v, p.gain), 3))
	}
}

// quarterEnergy is the energy of a quarter of the signal.
func quarterEnergy(x []int16) (sum int32) {
	for _, v := range x {
		sum = mac32(sum, v>>2, v>>2)
	}
	return sum
}

// highpass is the output filter of section 4.2.5, which also doubles the level.
type highpass struct {
	x1, x2 int16
	y1, y2 int32 // Q16
}

func (h *highpass) apply(speech []int16) {
	// Equation 91, Q13.
	const b0, b1, b2, a1, a2 = 7699, -15398, 7699, 15836, -7667
	for i, x := range speech {
		hi, lo := split32(h.y1)
		sum := mulSplit16(hi, lo, a1)
		hi, lo = split32(h.y2)
		sum = add32(sum, mulSplit16(hi, lo, a2))
		sum = mac32(mac32(mac32(sum, x, b0), h.x1, b1), h.x2, b2)
		sum = shl32(sum, 2)
		speech[i] = round16(shl32(sum, 1))
		h.x2, h.x1 = h.x1, x
		h.y2, h.y1 = h.y1, sum
	}
}
