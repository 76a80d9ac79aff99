package g729

import (
	"math"
	"testing"
)

func TestArithmeticStaysAtTheLimit(t *testing.T) {
	const lo16, hi16 = math.MinInt16, math.MaxInt16
	const lo32, hi32 = math.MinInt32, math.MaxInt32
	for name, c := range map[string][2]int{
		"add16":          {int(add16(hi16, 1)), hi16},
		"sub16":          {int(sub16(lo16, 1)), lo16},
		"neg16":          {int(neg16(lo16)), hi16},
		"abs16":          {int(abs16(lo16)), hi16},
		"mul16":          {int(mul16(lo16, lo16)), hi16},
		"mul16 cuts":     {int(mul16(-1, 1)), -1},
		"mulr16":         {int(mulr16(lo16, lo16)), hi16},
		"mulr16 rounds":  {int(mulr16(-1, 1)), 0},
		"mul32":          {int(mul32(lo16, lo16)), hi32},
		"mac32":          {int(mac32(hi32, 1, 1)), hi32},
		"msu32":          {int(msu32(lo32, 1, 1)), lo32},
		"round16":        {int(round16(hi32)), hi16},
		"round16 half":   {int(round16(0x8000)), 1},
		"shl16":          {int(shl16(-2, 15)), lo16},
		"shl16 zero":     {int(shl16(0, 40)), 0},
		"shl16 far":      {int(shl16(1, 40)), hi16},
		"shl16 negative": {int(shl16(-4, -1)), -2},
		"shl32":          {int(shl32(1, 31)), hi32},
		"shl32 far":      {int(shl32(-1, 99)), lo32},
		"shr32":          {int(shr32(-3, 1)), -2},
		"shrr32":         {int(shrr32(3, 1)), 2},
		"shrr32 limit":   {int(shrr32(hi32, 31)), 1},
		"norm32":         {norm32(1), 30},
		"norm32 minus":   {norm32(-1), 31},
		"norm32 lowest":  {norm32(lo32), 0},
		"norm16":         {norm16(1), 14},
		"norm16 minus":   {norm16(-1), 15},
		"div16":          {int(div16(1, 2)), 16384},
		"div16 equal":    {int(div16(7, 7)), hi16},
	} {
		if c[0] != c[1] {
			t.Errorf("%s gives %d, want %d", name, c[0], c[1])
		}
	}
}

func TestSplitNumbersMultiply(t *testing.T) {
	for _, x := range []int32{1 << 30, 0x3FFFFFFE, -0x12345678, 0x7FFFFFFE, -1 << 31} {
		hi, lo := split32(x)
		if back := join32(hi, lo); back != x&^1 {
			t.Errorf("%#x split and joined is %#x", x, back)
		}
		want := float64(x) * 12345 / (1 << 15)
		if got := mulSplit16(hi, lo, 12345); math.Abs(float64(got)-want) > 4 {
			t.Errorf("%d * 12345 is %d, want %.0f", x, got, want)
		}
	}
}

func TestFunctionsFollowTheirFormula(t *testing.T) {
	for _, x := range []int32{1, 2, 3, 100, 4711, 1 << 20, 1<<20 + 7, 1<<31 - 1} {
		e, f := log2(x)
		if got, want := float64(e)+float64(f)/(1<<15), math.Log2(float64(x)); math.Abs(got-want) > 2e-4 {
			t.Errorf("log2(%d) = %f, want %f", x, got, want)
		}
		if got := pow2(e, f); math.Abs(float64(got)-float64(x)) > 1+3e-4*float64(x) {
			t.Errorf("2^log2(%d) = %d", x, got)
		}
		got, want := float64(inverseSqrt(x)), (1<<30)/math.Sqrt(float64(x))
		if math.Abs(got-want) > 2+4e-4*want {
			t.Errorf("1/sqrt(%d) = %.0f, want %.0f", x, got, want)
		}
	}
}
