package g729

import "math"

// Tables that follow from a formula of the Recommendation or from what table
// 12 says they are for; the test compares them with the figures of the
// standard. What saturates (1.0 in Q15) is one less.
var (
	cosTable  [65]int16 // cos(i π/64), Q15 (LSF to LSP)
	cosSlope  [64]int16 // 16 times the step to the next entry
	logTable  [33]int16 // log2(1 + i/32), 1.0 being 32767
	powTable  [33]int16 // 2^(i/32), Q14
	sqrtTable [49]int16 // 1/sqrt(1 + i/16), Q15

	gainPredictor [4]int16           // equation 69, Q13
	initialLSF    [order]int16       // i π/11 (section 3.2.4), Q13
	noiseGain     [32]int16          // levels of a SID frame (section B.4.2.1) as amplitudes, Q3
	noisePredict  [2][4][order]int16 // MA predictors of SID frames, equation B.18, Q15
)

func nearest(x float64) int16 {
	return int16(min(max(math.Round(x), -1<<15), 1<<15-1))
}

func init() {
	for i := range cosTable {
		cosTable[i] = nearest(1 << 15 * math.Cos(float64(i)*math.Pi/64))
	}
	for i := range cosSlope {
		here, next := math.Cos(float64(i)*math.Pi/64), math.Cos(float64(i+1)*math.Pi/64)
		cosSlope[i] = nearest(1 << 19 * (next - here))
	}
	for i := range logTable {
		logTable[i] = nearest((1<<15 - 1) * math.Log2(1+float64(i)/32))
		powTable[i] = nearest(1 << 14 * math.Exp2(float64(i)/32))
	}
	for i := range sqrtTable {
		sqrtTable[i] = nearest(1 << 15 / math.Sqrt(1+float64(i)/16))
	}
	for i, b := range [4]float64{0.68, 0.58, 0.34, 0.19} {
		gainPredictor[i] = nearest(1 << 13 * b)
	}
	for i := range initialLSF {
		initialLSF[i] = int16(1 << 13 * float64(i+1) * math.Pi / 11)
	}
	for i := range noiseGain {
		level := 16 + 2*float64(i-6) // dB
		switch {
		case i == 0:
			level = -12
		case i < 6:
			level = 4 * float64(i-2)
		}
		noiseGain[i] = nearest(8 * math.Pow(10, level/20))
	}
	noisePredict[0] = lspPredictor[0]
	const first, second = 19660, 13107 // 0.6 and 0.4 in Q15, cut off
	for k := range noisePredict[1] {
		for i := range noisePredict[1][k] {
			sum := int32(lspPredictor[0][k][i])*first + int32(lspPredictor[1][k][i])*second
			noisePredict[1][k][i] = int16(sum >> 15)
		}
	}
}
