package g729

import "math/bits"

// The operations of table 11: fractional arithmetic on words of 16 and 32 bits
// that stays at the limit where the result does not fit. A product of two Q15
// words is Q31, so every product is doubled. Nothing notes an overflow on the
// side: code that must know of one calls fits32 on the exact sum.

func sat16(x int32) int16 { return int16(min(max(x, -1<<15), 1<<15-1)) }
func sat32(x int64) int32 { return int32(min(max(x, -1<<31), 1<<31-1)) }

// fits32 says whether sat32 would leave x as it is.
func fits32(x int64) bool { return x == int64(int32(x)) }

func add16(a, b int16) int16 { return sat16(int32(a) + int32(b)) }
func sub16(a, b int16) int16 { return sat16(int32(a) - int32(b)) }
func neg16(a int16) int16    { return sat16(-int32(a)) }
func abs16(a int16) int16    { return sat16(max(int32(a), -int32(a))) }

func add32(a, b int32) int32 { return sat32(int64(a) + int64(b)) }
func sub32(a, b int32) int32 { return sat32(int64(a) - int64(b)) }

// mul16 is a product of fractions, cut off; mulr16 rounds it.
func mul16(a, b int16) int16  { return sat16(int32(a) * int32(b) >> 15) }
func mulr16(a, b int16) int16 { return sat16((int32(a)*int32(b) + 1<<14) >> 15) }

// product is the doubled product that does not stay at the limit: only
// -1 times -1 needs more than 32 bits.
func product(a, b int16) int64 { return int64(a) * int64(b) * 2 }

func mul32(a, b int16) int32            { return sat32(product(a, b)) }
func mac32(sum int32, a, b int16) int32 { return add32(sum, mul32(a, b)) }
func msu32(sum int32, a, b int16) int32 { return sub32(sum, mul32(a, b)) }

func high16(x int32) int16  { return int16(x >> 16) }
func round16(x int32) int16 { return high16(add32(x, 1<<15)) }
func wide(hi int16) int32   { return int32(hi) << 16 }

// shl16 and shl32 shift to the left, to the right when n is negative.
func shl16(x int16, n int) int16 {
	if n < 0 {
		return x >> min(-n, 15)
	}
	return sat16(sat32(int64(x) << min(n, 16)))
}

func shl32(x int32, n int) int32 {
	if n < 0 {
		return x >> min(-n, 31)
	}
	return sat32(int64(x) << min(n, 32))
}

func shr32(x int32, n int) int32 { return shl32(x, -n) }

// shrr32 shifts to the right and rounds; n is 0 to 31.
func shrr32(x int32, n int) int32 {
	if n == 0 {
		return x
	}
	return int32((int64(x) + 1<<(n-1)) >> n)
}

// norm32 is how far x can be shifted to the left without overflow; 0 for 0.
func norm32(x int32) int {
	if x == 0 {
		return 0
	}
	return bits.LeadingZeros32(uint32(x^x>>31)) - 1
}

func norm16(x int16) int {
	if x == 0 {
		return 0
	}
	return bits.LeadingZeros16(uint16(x^x>>15)) - 1
}

// div16 is the fraction a/b for 0 <= a <= b, b > 0, cut off.
func div16(a, b int16) int16 {
	if a >= b {
		return 1<<15 - 1
	}
	return int16(int32(a) << 15 / int32(b))
}

// A number of 32 bits is multiplied in two parts: hi holds its upper 16 bits,
// lo the 15 bits below them; the last bit is lost.

func split32(x int32) (hi, lo int16) {
	hi = high16(x)
	return hi, int16(x>>1 - int32(hi)<<15)
}

func join32(hi, lo int16) int32 { return sat32(int64(hi)<<16 + int64(lo)<<1) }

// mulSplit16 is a split number times a fraction.
func mulSplit16(hi, lo, n int16) int32 {
	return mac32(mul32(hi, n), mul16(lo, n), 1)
}

// log2 is the base 2 logarithm of x > 0 as an integer part and a fraction in
// Q15, by linear interpolation in logTable.
func log2(x int32) (exponent, fraction int16) {
	if x <= 0 {
		return 0, 0
	}
	n := norm32(x)
	x <<= n
	i := x>>25 - 32 // bits 25 to 30 are 32 to 63
	position := int16(x >> 10 & 0x7FFF)
	y := msu32(wide(logTable[i]), sub16(logTable[i], logTable[i+1]), position)
	return int16(30 - n), high16(y)
}

// pow2 is 2 to the power exponent + fraction (Q15), an integer of 31 bits.
func pow2(exponent, fraction int16) int32 {
	x := int32(fraction) << 6
	i := high16(x)
	position := int16(x >> 1 & 0x7FFF)
	y := msu32(wide(powTable[i]), sub16(powTable[i], powTable[i+1]), position)
	return roundShift(y, 30-int(exponent))
}

// roundShift shifts by 0 to 31 and more to the right with rounding.
func roundShift(x int32, n int) int32 {
	if n > 31 {
		return 0
	}
	if n <= 0 {
		return shl32(x, -n)
	}
	return shrr32(x, n)
}

// inverseSqrt is 1/sqrt(x) in Q30 for an integer x > 0.
func inverseSqrt(x int32) int32 {
	if x <= 0 {
		return 1<<30 - 1
	}
	n := norm32(x)
	x <<= n
	e := 30 - n
	if e&1 == 0 {
		x >>= 1
	}
	i := x>>25 - 16 // bits 25 to 30 are 16 to 63
	position := int16(x >> 10 & 0x7FFF)
	y := msu32(wide(sqrtTable[i]), sub16(sqrtTable[i], sqrtTable[i+1]), position)
	return y >> (e>>1 + 1)
}
