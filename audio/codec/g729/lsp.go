package g729

// lpc are the coefficients of A(z), Q12; the first is 1.0.
type lpc [order + 1]int16

// lsfMemory is the memory of the switched prediction of section 3.2.4: the last
// four codewords (the l of equation 19), latest first, Q13.
type lsfMemory [4][order]int16

func newLSFMemory() lsfMemory {
	return lsfMemory{initialLSF, initialLSF, initialLSF, initialLSF}
}

func (m *lsfMemory) push(codeword *[order]int16) {
	copy(m[1:], m[:3])
	m[0] = *codeword
}

// compose gives the LSF of equation 20 for a codeword.
func (m *lsfMemory) compose(codeword *[order]int16, predictor *[4][order]int16, weight *[order]int16) (lsf [order]int16) {
	for i := range lsf {
		sum := mul32(codeword[i], weight[i])
		for k := range m {
			sum = mac32(sum, m[k][i], predictor[k][i])
		}
		lsf[i] = high16(sum)
	}
	return lsf
}

// extract is the inverse of compose, equations 23 and 92; inverse holds one
// over the weight, Q12.
func (m *lsfMemory) extract(lsf *[order]int16, predictor *[4][order]int16, inverse *[order]int16) (codeword [order]int16) {
	for i := range codeword {
		rest := wide(lsf[i])
		for k := range m {
			rest = msu32(rest, m[k][i], predictor[k][i])
		}
		codeword[i] = high16(shl32(mul32(high16(rest), inverse[i]), 3))
	}
	return codeword
}

// spread moves neighbours apart to a distance of at least gap, Q13.
func spread(codeword []int16, gap int16) {
	for i := 1; i < len(codeword); i++ {
		if half := add16(sub16(codeword[i-1], codeword[i]), gap) >> 1; half > 0 {
			codeword[i-1] = sub16(codeword[i-1], half)
			codeword[i] = add16(codeword[i], half)
		}
	}
}

// Distances and limits of section 3.2.4, Q13.
const (
	wideGap    = 10    // 0.0012
	narrowGap  = 5     // 0.0006
	lowestLSF  = 40    // 0.005
	stableGap  = 321   // 0.0391, rounded up
	highestLSF = 25681 // 3.135
)

// stabilize orders LSF and keeps them apart, so that the filter is stable. One
// pass puts neighbours in order; what the distances push up stays in order.
func stabilize(lsf *[order]int16) {
	for i := range order - 1 {
		if lsf[i+1] < lsf[i] {
			lsf[i], lsf[i+1] = lsf[i+1], lsf[i]
		}
	}
	lsf[0] = max(lsf[0], lowestLSF)
	for i := range order - 1 {
		lsf[i+1] = max(lsf[i+1], add16(lsf[i], stableGap))
	}
	lsf[order-1] = min(lsf[order-1], highestLSF)
}

// speechCodeword is equation 19 with the distances kept.
func speechCodeword(first, low, high uint16) [order]int16 {
	codeword := lspFirst[first]
	for i := range order / 2 {
		codeword[i] = add16(codeword[i], lspSecond[low][i])
		codeword[i+order/2] = add16(codeword[i+order/2], lspSecond[high][i+order/2])
	}
	spread(codeword[:], wideGap)
	spread(codeword[:], narrowGap)
	return codeword
}

// lsfToLSP takes the cosine of frequencies (Q13), by linear interpolation, Q15.
func lsfToLSP(lsf *[order]int16) (lsp [order]int16) {
	const overTwoPi = 20861 // Q17
	for i, f := range lsf {
		turn := mul16(f, overTwoPi) // Q15 of a full turn: half a turn is 64 segments of 256
		segment, offset := min(turn>>8, 63), turn&0xFF
		lsp[i] = add16(cosTable[segment], int16(mul32(cosSlope[segment], offset)>>13))
	}
	return lsp
}

// interpolateLSP is the first subframe's half way of equation 24.
func interpolateLSP(previous, current *[order]int16) (lsp [order]int16) {
	for i := range lsp {
		lsp[i] = add16(previous[i]>>1, current[i]>>1)
	}
	return lsp
}

// lspToLP is section 3.2.6.
func lspToLP(lsp *[order]int16) (a lpc) {
	sum := lspPolynomial(lsp, 0)
	difference := lspPolynomial(lsp, 1)
	for i := order / 2; i > 0; i-- { // equation 25
		sum[i] = add32(sum[i], sum[i-1])
		difference[i] = sub32(difference[i], difference[i-1])
	}
	a[0] = 1 << 12
	for i := 1; i <= order/2; i++ { // equation 26, Q24 to Q12
		a[i] = int16(shrr32(add32(sum[i], difference[i]), 13))
		a[order+1-i] = int16(shrr32(sub32(sum[i], difference[i]), 13))
	}
	return a
}

// lspPolynomial expands the product of 1 - 2 q z^-1 + z^-2 over every other
// LSP, Q24.
func lspPolynomial(lsp *[order]int16, from int) (f [order/2 + 1]int32) {
	const minusTwo = 512 // times a Q15 word: 2.0 in Q24
	f[0] = 1 << 24
	f[1] = msu32(0, lsp[from], minusTwo)
	for i := 2; i <= order/2; i++ {
		q := lsp[from+2*(i-1)]
		f[i] = f[i-2] // the polynomial is symmetric
		for j := i; j > 1; j-- {
			hi, lo := split32(f[j-1])
			f[j] = sub32(add32(f[j], f[j-2]), shl32(mulSplit16(hi, lo, q), 1))
		}
		f[1] = msu32(f[1], q, minusTwo)
	}
	return f
}

// weaken is A(z/gamma), gamma in Q15.
func (a *lpc) weaken(gamma int16) (b lpc) {
	b[0] = a[0]
	factor := gamma
	for i := 1; i <= order; i++ {
		b[i] = round16(mul32(a[i], factor))
		factor = round16(mul32(factor, gamma))
	}
	return b
}
