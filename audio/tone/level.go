package tone

import "math"

// FullScaleDBm0 is the level of a sine of amplitude 1.0: +3.14 dBm0 by
// ITU-T G.711 (A-law; µ-law's 3.17 is the same to the ear).
const FullScaleDBm0 = 3.14

// Amplitude gives the peak of a sine of a level in dBm0, full scale 1.0.
func Amplitude(dBm0 float64) float64 {
	return math.Pow(10, (dBm0-FullScaleDBm0)/20)
}
