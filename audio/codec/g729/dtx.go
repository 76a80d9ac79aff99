package g729

import "math"

// What is sent in silence, section B.4.

const (
	pairFrames  = 2 // Ncur
	pastFrames  = 6 // Np
	leastGap    = 2 // Nmin, frames from one description to the next
	filterApart = 1.20226
	averageFits = 1.12202
	// levelApart is what thr2, more than one step of 2 dB between quantized
	// levels, comes to for the level itself. Where steps are 4 dB a level near
	// the middle of one would else be described again and again.
	levelApart = 3 // dB
)

// describer decides which silent frames are sent, and makes their description.
type describer struct {
	correlations [pastFrames + 1][order + 1]float64 // latest first
	energy       float64                            // left by the prediction of the frame before
	silent       bool                               // the frame before was not sent as speech
	filter       filter                             // last sent, before quantization
	level        int                                // last sent
	since        int                                // frames since then
	changed      bool                               // so that a description is due
}

// hear takes every frame, of speech too (section B.4.1.1).
func (d *describer) hear(a *analysis) {
	copy(d.correlations[1:], d.correlations[:])
	d.correlations[0] = a.modified
}

// speak notes that the frame is sent as speech.
func (d *describer) speak() { d.silent = false }

// sum adds the correlations of frames from that many ago on.
func (d *describer) sum(from, frames int) (r [order + 1]float64) {
	for _, frame := range d.correlations[from : from+frames] {
		for i, x := range frame {
			r[i] += x
		}
	}
	r[0] = max(r[0], 1)
	return r
}

// decide takes a silent frame and makes the description that is to be sent. That
// is due in the first one, and when filter or level have changed since the last
// description; then it waits for a frame that may be one (see Encode).
func (d *describer) decide(mayDescribe bool, memory *lsfMemory) (s silence, ok bool) {
	now := d.sum(0, pairFrames)
	current, left := linearPrediction(&now)
	first := !d.silent
	db := pairDB(left)
	if !first {
		db = pairDB((left + d.energy) / 2)
		d.changed = d.changed || filterDistance(&d.filter, &now) >= left*filterApart ||
			noiseLevel(db) != d.level && math.Abs(db-noiseDB(d.level)) > levelApart
		d.since++
	}
	d.energy, d.silent = left, true
	if !first && !(mayDescribe && d.changed && d.since >= leastGap) {
		return s, false
	}
	d.since, d.changed = 0, false
	d.level = noiseLevel(db)
	d.filter = d.average(&current, &now, left)
	lsf := d.frequencies()
	return quantizeNoise(memory, &lsf, d.level), true
}

// average is the filter of equation B.17: that of the frames before unless the
// present one is too different.
func (d *describer) average(current *filter, now *[order + 1]float64, left float64) filter {
	past := d.sum(1, pastFrames)
	before, _ := linearPrediction(&past)
	if filterDistance(&before, now) >= left*averageFits {
		return *current
	}
	return before
}

// frequencies are the LSF of the filter; should a pair of roots lie too close to
// be found, those of a flat spectrum.
func (d *describer) frequencies() (lsf [order]float64) {
	lsp, ok := toLSP(&d.filter)
	for i := range lsf {
		lsf[i] = float64(i+1) * math.Pi / (order + 1)
		if ok {
			lsf[i] = frequency(lsp[i])
		}
	}
	return lsf
}

// filterDistance is the left side of equation B.12: the energy that a filter
// leaves of a signal with the correlations r.
func filterDistance(a *filter, r *[order + 1]float64) (sum float64) {
	for j := range r {
		own := dot(a[:order+1-j], a[j:]) // equation B.13
		if j > 0 {
			own *= 2
		}
		sum += own * r[j]
	}
	return sum
}

// pairDB is the level of the energy that the prediction leaves of a pair of
// frames (equation B.15). The scaling factor there, 0.125, belongs to the
// fixed-point program's correlations; with ours it is 1: noise comes back at its
// own level, and as bcg729 describes it.
func pairDB(left float64) float64 {
	return 10 * math.Log10(left/(pairFrames*frameSamples)+1e-3)
}

// noiseLevel quantizes a level (section B.4.2.1).
func noiseLevel(db float64) int {
	switch {
	case db < -8:
		return 0
	case db < 14:
		return min(max(int(math.Round((db+4)/4))+1, 1), 5)
	default:
		return min(int(math.Round((db-16)/2))+6, len(noiseGain)-1)
	}
}

// noiseDB is the level that an index names.
func noiseDB(level int) float64 {
	switch {
	case level == 0:
		return -12
	case level < 6:
		return float64(4*level - 8)
	default:
		return float64(2*level + 4)
	}
}

// noisePredicts are the MA predictors of equation B.18.
var noisePredicts [2]lspPredict

func init() {
	// Not noisePredict: another file's init fills it, perhaps later.
	noisePredicts[0].fill(&lspPredictor[0])
	noisePredicts[1] = noisePredicts[0]
	var other lspPredict
	other.fill(&lspPredictor[1])
	second := &noisePredicts[1]
	for i := range second.present {
		second.present[i] = 0.6*second.present[i] + 0.4*other.present[i]
		for k := range second.past {
			second.past[k][i] = 0.6*second.past[k][i] + 0.4*other.past[k][i]
		}
	}
}

// quantizeNoise chooses the indices of a description. It tries every pair of
// rows with each predictor: a description is rare.
func quantizeNoise(memory *lsfMemory, lsf *[order]float64, level int) (s silence) {
	weights := lspWeights(lsf)
	best := math.Inf(1)
	for p := range noisePredicts {
		predict := &noisePredicts[p]
		wanted := predict.wanted(memory, lsf)
		w := predict.weights(&weights)
		for i, row := range noiseFirstRow {
			for j := range noiseSecondRow[0] {
				l := noiseSum(&lspFirstRows[row], j)
				if e := weightedError(l[:], wanted[:], w[:]); e < best {
					best = e
					s.predictor, s.first, s.second = uint16(p), uint16(i), uint16(j)
				}
			}
		}
	}
	s.gain = uint16(level)
	return s
}

// noiseSum is the codeword of a first row and a second index.
func noiseSum(first *[order]float64, second int) (l [order]float64) {
	low, high := &lspSecondRows[noiseSecondRow[0][second]], &lspSecondRows[noiseSecondRow[1][second]]
	for i := range order / 2 {
		l[i] = first[i] + low[i]
		l[i+order/2] = first[i+order/2] + high[i+order/2]
	}
	moveApart(l[:])
	return l
}
