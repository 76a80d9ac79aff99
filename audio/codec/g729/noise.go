package g729

// noise is the comfort noise of one decoder (section B.4.4).
type noise struct {
	lsp    [order]int16 // of the last silence insertion descriptor
	target int16        // its gain, Q3
	gain   int16        // smoothed, Q3
	seed   uint16
}

// noiseSeed is where the random excitation starts after speech, on both sides.
const noiseSeed = 11111

// comfort makes a frame of comfort noise; nil is a frame that was not sent or
// was erased: what the last descriptor said goes on.
func (d *Decoder) comfort(s *silence, out []int16) {
	d.noise.advance(s, &d.lsf, d.silent)
	filters := d.interpolate(d.noise.lsp)
	for i := range filters {
		comfortExcitation(d.exc[:], pastExcitation+i*subframeSamples, d.noise.gain, &d.noise.seed)
	}
	for i := range filters {
		d.synthesize(&filters[i], i, out, d.delay, false)
	}
	d.sharpness = leastSharpness
	d.finish(out)
	d.silent = true
}

// advance goes on to the next silent frame, of the decoder or of the encoder,
// which draws the same noise; silent says that the last frame was one too.
func (n *noise) advance(s *silence, memory *lsfMemory, silent bool) {
	if s != nil {
		lsf := memory.silence(s)
		n.lsp = lsfToLSP(&lsf)
		n.target = noiseGain[s.gain]
	}
	if silent { // equation B.19, each product rounded as bcg729 does
		n.gain = add16(mulr16(n.gain, 7<<12), mulr16(n.target, 1<<12))
	} else {
		n.gain = n.target
	}
}

// silence gives the LSF of a silence insertion descriptor (section B.4.2.2).
func (m *lsfMemory) silence(s *silence) [order]int16 {
	codeword := lspFirst[noiseFirstRow[s.first]]
	low, high := noiseSecondRow[0][s.second], noiseSecondRow[1][s.second]
	for i := range order / 2 {
		codeword[i] = add16(codeword[i], lspSecond[low][i])
		codeword[i+order/2] = add16(codeword[i+order/2], lspSecond[high][i+order/2])
	}
	spread(codeword[:], wideGap)
	lsf := m.compose(&codeword, &noisePredict[s.predictor], &noiseWeight[s.predictor])
	m.push(&codeword)
	stabilize(&lsf)
	return lsf
}

// comfortExcitation writes a subframe of random excitation of the given gain
// (Q3) to exc from position at on, and says which adaptive codebook it used:
// its gain (Q14) and delay.
//
// It is the mixture of section B.4.4 with the Gaussian part fixed at a half of
// the gain: pitch and Gaussian noise come first, and the gain of the four
// pulses is then the one that makes the energy right.
func comfortExcitation(exc []int16, at int, gain int16, seed *uint16) (pitchGain int16, delay int) {
	out := exc[at:][:subframeSamples]
	if gain == 0 {
		clear(out)
		return 0, subframeSamples + 1
	}
	pulses, delay, thirds := randomCodebooks(seed)
	pitchGain = int16(random(seed) & 0x1FFF) // below 0.5
	gauss := gaussian(seed, gain)
	adaptiveVector(exc, at, delay, thirds)
	for i, v := range out {
		out[i] = add16(mulr16(v, pitchGain<<1), gauss[i])
	}
	pulseGain, ok := pulses.level(out, gain)
	if !ok {
		pitchGain = 0
		copy(out, gauss[:])
		pulseGain = pulses.levelAlone(out, gain)
	}
	for _, p := range pulses {
		out[p.at] = add16(out[p.at], p.signed(pulseGain))
	}
	return pitchGain, delay
}

// pulse is one of four of the fixed codebook.
type pulse struct {
	at       int
	positive bool
}

func (p pulse) signed(x int16) int16 {
	if p.positive {
		return x
	}
	return neg16(x)
}

type pulseSet [4]pulse

// randomCodebooks draws delay and pulses from two random words.
func randomCodebooks(seed *uint16) (pulses pulseSet, delay, thirds int) {
	r := int(random(seed))
	if thirds = r&3 - 1; thirds == 2 {
		thirds = 0
	}
	delay = r>>2&63 + 40
	pulses[0] = pulse{r >> 8 & 7 * 5, r>>11&1 == 1}
	pulses[1] = pulse{r>>12&7*5 + 1, r>>15&1 == 1}
	r = int(random(seed))
	pulses[2] = pulse{r&7*5 + 2, r>>3&1 == 1}
	pulses[3] = pulse{r>>5&7*5 + 3 + r>>4&1, r>>8&1 == 1}
	return pulses, delay, thirds
}

// gaussian gives noise of half the gain (Q3): each sample is a sum of twelve
// random words.
func gaussian(seed *uint16, gain int16) (noise [subframeSamples]int16) {
	const halfRootTen = 19043 // 0.5 sqrt(10) - 1, Q15
	total := int32(0)
	for i := range noise {
		sum := int32(0)
		for range 12 {
			sum += int32(int16(random(seed)))
		}
		noise[i] = int16(sum >> 7)
		total = mac32(total, noise[i], noise[i])
	}
	hi, lo := split32(inverseSqrt(total >> 1))
	factor := mulSplit16(hi, lo, add16(gain, mulr16(gain, halfRootTen))) // Q17
	up := norm32(factor)
	mantissa := high16(shl32(factor, up))
	for i, v := range noise {
		noise[i] = sat16(roundShift(int32(mulr16(v, mantissa)), up-14))
	}
	return noise
}

// level solves equation B.20 for the gain of the pulses: with b the correlation
// of pulses and x, and c the energy of x less the one that is wanted, it is the
// smaller root of 4 g^2 + 2 b g + c. There may be none.
func (s *pulseSet) level(x []int16, gain int16) (g int16, ok bool) {
	peak := int16(0)
	for _, v := range x {
		peak = max(peak, abs16(v))
	}
	down := 0 // so that the energy fits
	if peak > 0 {
		down = max(3-norm16(peak), 0)
	}
	total := int32(0)
	for _, v := range x {
		total = mac32(total, v>>down, v>>down)
	}
	b := s.correlation(x, down) >> 1
	delta := sub32(wantedEnergy(gain)>>(1+2*down), total)
	if delta = mac32(delta, b, b); delta < 0 {
		return 0, false
	}
	return smallerRoot(delta, b, down+1), true
}

// levelAlone is level for x that has a quarter of the energy wanted: there is
// always a root.
func (s *pulseSet) levelAlone(x []int16, gain int16) int16 {
	var all int16
	for _, p := range s {
		all |= abs16(x[p.at])
	}
	down := 1
	if all&0x4000 != 0 {
		down = 2
	}
	b := s.correlation(x, down)
	const threeQuarters = 24576
	hi, lo := split32(wantedEnergy(gain))
	delta := mac32(mulSplit16(hi, lo, threeQuarters)>>(2*down-1), b, b)
	return smallerRoot(delta, b, down)
}

// correlation is that of the pulses and x, less the bits that go down.
func (s *pulseSet) correlation(x []int16, down int) (sum int16) {
	for _, p := range s {
		sum = add16(sum, p.signed(x[p.at]>>down))
	}
	return sum
}

// wantedEnergy is four times that of a subframe with the gain (Q3).
func wantedEnergy(gain int16) int32 {
	return mul32(gain, int16(mul32(gain, subframeSamples)>>6))
}

// smallerRoot is (sqrt(delta) - b)/4 or (-sqrt(delta) - b)/4, whichever is
// nearer to 0. b lacks down bits, delta is doubled and lacks them twice.
func smallerRoot(delta int32, b int16, down int) int16 {
	const most = 5000
	root := squareRoot(delta)
	g := sub16(root, b)
	if other := neg16(add16(b, root)); abs16(other) < abs16(g) {
		g = other
	}
	return min(max(sat16(roundShift(int32(g), 2-down)), -most), most)
}

// squareRoot is the root of x/2 without its last bit.
func squareRoot(x int32) (root int16) {
	for bit := int16(1 << 14); bit > 1; bit >>= 1 {
		if mul32(root+bit, root+bit) <= x {
			root += bit
		}
	}
	return root
}
