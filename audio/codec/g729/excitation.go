package g729

const (
	// pastExcitation is as far as the adaptive codebook looks back: the longest
	// delay and one side of the interpolation filter.
	pastExcitation = maxDelay + 11

	leastSharpness = 3277  // 0.2, Q14 (equation 47)
	mostSharpness  = 13017 // 0.8 would be 13107: the vectors have 0.7945
)

// firstDelay gives the pitch delay of an index P1 as whole samples and thirds
// (section 4.1.3).
func firstDelay(index uint16) (delay, thirds int) {
	if index >= 197 {
		return int(index) - 112, 0
	}
	delay = (int(index)+2)/3 + 19
	return delay, int(index) - 3*delay + 58
}

// leastSecondDelay is t_min for the delay of the first subframe.
func leastSecondDelay(first int) int {
	return min(max(first-5, minDelay), maxDelay-9)
}

// secondDelay gives the delay of an index P2.
func secondDelay(index uint16, first int) (delay, thirds int) {
	step := (int(index)+2)/3 - 1
	return step + leastSecondDelay(first), int(index) - 2 - 3*step
}

// adaptiveVector writes the adaptive-codebook vector of equation 40 to exc from
// position at on, made of the samples before.
func adaptiveVector(exc []int16, at, delay, thirds int) {
	at0, phase := at-delay, -thirds
	if phase < 0 {
		phase += 3
		at0--
	}
	for n := range subframeSamples {
		sum := int32(0)
		for i := range 10 {
			sum = mac32(sum, exc[at0+n-i], interpolation[phase+3*i])
			sum = mac32(sum, exc[at0+n+1+i], interpolation[3-phase+3*i])
		}
		exc[at+n] = round16(sum)
	}
}

// codeVector is the fixed-codebook vector of section 3.8, Q13.
type codeVector [subframeSamples]int16

// newCodeVector sets the pulses of equation 45.
func newCodeVector(pulses, signs uint16) (c codeVector) {
	for track := range 4 {
		at := int(pulses>>(3*track)&7)*5 + track
		if track == 3 {
			at = int(pulses>>10&7)*5 + 3 + int(pulses>>9&1)
		}
		c[at] = -1 << 13
		if signs>>track&1 == 1 {
			c[at] = 1<<13 - 1
		}
	}
	return c
}

// sharpen is the harmonic filter of equation 48; sharpness is Q14.
func (c *codeVector) sharpen(delay int, sharpness int16) {
	for n := delay; n < subframeSamples; n++ {
		c[n] = add16(c[n], mul16(c[n-delay], shl16(sharpness, 1)))
	}
}

// gainMemory predicts the gain of the fixed codebook: the last four prediction
// errors of equation 72 in dB, latest first, Q10.
type gainMemory [4]int16

const leastGainError = -14 << 10

func newGainMemory() gainMemory {
	return gainMemory{leastGainError, leastGainError, leastGainError, leastGainError}
}

// predict is equation 71: the predicted gain as mantissa times 2^-exponent.
func (m *gainMemory) predict(c *codeVector) (mantissa int16, exponent int) {
	const (
		minusThreeDB = -24660 // -10 log10(2), Q13
		mean         = 32588  // 30 dB + 10 log10(40 * 2^27), Q8
		toLog2       = 5439   // log2(10)/20, Q15
	)
	level, fraction := log2(energy(c[:], 0))
	sum := mulSplit16(level, fraction, minusThreeDB)
	sum = shl32(mac32(sum, mean, 32), 10) // Q14 to Q24
	for i, u := range m {
		sum = mac32(sum, gainPredictor[i], u)
	}
	level, fraction = split32(mul32(high16(sum), toLog2) >> 8) // Q16
	return int16(pow2(14, fraction)), 14 - int(level)
}

func (m *gainMemory) push(u int16) {
	copy(m[1:], m[:3])
	m[0] = u
}

// update notes the correction factor of the gain (Q13), equation 72.
func (m *gainMemory) update(correction int32) {
	const sixDB = 24660 // 20 log10(2), Q12
	exponent, fraction := log2(correction)
	m.push(mul16(high16(shl32(join32(exponent-13, fraction), 13)), sixDB))
}

// fade takes the place of update in an erased frame, equation 95.
func (m *gainMemory) fade() {
	sum := int32(0)
	for _, u := range m {
		sum += int32(u)
	}
	m.push(max(sub16(int16(sum>>2), 4<<10), leastGainError))
}

// decode gives the gains of the two codebooks, Q14 and Q1 (equations 73
// and 74), for the indices of a subframe.
func (m *gainMemory) decode(one, two uint16, c *codeVector) (pitch, code int16) {
	a, b := &gainFirst[gainFirstRow[one]], &gainSecond[gainSecondRow[two]]
	mantissa, exponent := m.predict(c)
	correction := int32(a[1]) + int32(b[1])
	gain := shl32(mul32(int16(correction>>1), mantissa), 4-exponent)
	m.update(correction)
	return add16(a[0], b[0]), high16(gain)
}

// addCodebooks turns the adaptive vector in exc into the excitation of equation
// 75.
func addCodebooks(exc []int16, c *codeVector, pitchGain, codeGain int16) {
	for i, v := range c {
		exc[i] = round16(shl32(mac32(mul32(exc[i], pitchGain), v, codeGain), 1))
	}
}

// random advances the generator of equation 96.
func random(seed *uint16) uint16 {
	*seed = *seed*31821 + 13849
	return *seed
}
