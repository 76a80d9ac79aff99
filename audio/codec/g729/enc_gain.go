package g729

import "math"

// The gains, section 3.9.

// The codebooks: pitch gain and correction of the fixed-codebook gain.
var (
	gainFirstRows  [8][2]float64
	gainSecondRows [16][2]float64
)

func init() {
	for i, row := range gainFirst {
		gainFirstRows[i] = [2]float64{float64(row[0]) / (1 << 14), float64(row[1]) / (1 << 13)}
	}
	for i, row := range gainSecond {
		gainSecondRows[i] = [2]float64{float64(row[0]) / (1 << 14), float64(row[1]) / (1 << 13)}
	}
}

// weightedMatch holds the products of equation 63 among target x, filtered
// adaptive-codebook vector y and filtered fixed-codebook vector z.
type weightedMatch struct{ xy, xz, yy, yz, zz float64 }

func match(x, y, z *[subframeSamples]float64) (m weightedMatch) {
	for n := range x {
		m.xy += x[n] * y[n]
		m.xz += x[n] * z[n]
		m.yy += y[n] * y[n]
		m.yz += y[n] * z[n]
		m.zz += z[n] * z[n]
	}
	return m
}

// quantizeGains tries all 128 pairs of rows for the least error: 32 after a
// choice beforehand as in section 3.9.2 would do for a slower machine. Pitch
// gains above limit are left out.
func quantizeGains(m *weightedMatch, predicted, limit float64, e *excitation) {
	best := math.Inf(1)
	for i, first := range &gainFirstRows {
		for j, second := range &gainSecondRows {
			p, c := first[0]+second[0], first[1]+second[1]
			if p > limit {
				break // rows of the second codebook are in order of this gain
			}
			g := c * predicted
			if err := p*(p*m.yy-2*m.xy) + g*(g*m.zz-2*m.xz) + 2*p*g*m.yz; err < best {
				best = err
				e.gainOne, e.gainTwo = uint16(gainFirstIndex[i]), uint16(gainSecondIndex[j])
			}
		}
	}
}
