package g729

// synthesize filters in through 1/A(z) (equation 77) to out, from the last
// samples in memory, which it leaves as they are. It says whether a sum went
// over the limit. in and out may be the same; both hold at most a frame.
func synthesize(a *lpc, in, out []int16, memory *[order]int16) (overflow bool) {
	var y [order + frameSamples]int16
	copy(y[:], memory[:])
	for n, x := range in {
		sum := product(x, a[0])
		past := (*[order]int16)(y[n:])
		for j := 1; j <= order; j++ {
			sum -= product(a[j], past[order-j])
			if !fits32(sum) {
				overflow = true
				sum = int64(sat32(sum))
			}
		}
		sum <<= 3 // Q13 to Q16
		if !fits32(sum) || !fits32(sum+1<<15) {
			overflow = true
			sum = int64(sat32(sum))
		}
		y[order+n] = round16(int32(sum))
	}
	copy(out, y[order:order+len(in)])
	return overflow
}

// residual filters with A(z) what lies in x from position at on; the samples
// before are the filter's past.
func residual(a *lpc, x []int16, at int, out []int16) {
	for n := range out {
		sum := mul32(x[at+n], a[0])
		for j := 1; j <= order; j++ {
			sum = mac32(sum, a[j], x[at+n-j])
		}
		out[n] = round16(shl32(sum, 3))
	}
}

// energy is the sum of squares, doubled as every product is.
func energy(x []int16, from int32) int32 { return correlate(x, x, from) }

// correlate adds the products of two signals to from.
func correlate(x, y []int16, from int32) int32 {
	y = y[:len(x)]
	for i, v := range x {
		from = mac32(from, v, y[i])
	}
	return from
}
