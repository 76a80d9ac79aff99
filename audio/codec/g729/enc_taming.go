package g729

// taming bounds what can become of a small difference between the decoder's
// excitation and ours, of rounding or of a bit error long ago. The adaptive
// codebook feeds it back: a gain above 1 in every period lets it grow without
// end, although what we hear here stays right. For every subframe of the
// excitation the bound is kept, in units of the difference of one sample.
type taming struct {
	bound [(pastExcitation+subframeSamples-1)/subframeSamples + 1]float64 // latest first
}

const (
	// growthLimit: rounding must not grow to the size of speech.
	growthLimit = 60000
	// tamedSearch and tamedGain limit the pitch gain from there on, in the
	// search and as quantized.
	tamedSearch = 1
	tamedGain   = 0.94
	maxGain     = 1.2 // equation 43
)

func newTaming() (t taming) {
	for i := range t.bound {
		t.bound[i] = 1
	}
	return t
}

// worst is the bound over the subframes that a delay reads, with the taps of
// its interpolation filter.
func (t *taming) worst(delay int) (bound float64) {
	from := max(delay-subframeSamples-10, 0) / subframeSamples
	to := min((delay+10)/subframeSamples, len(t.bound)-1)
	for _, b := range t.bound[from : to+1] {
		bound = max(bound, b)
	}
	return bound
}

// limits gives the largest pitch gain for a delay, in the search and quantized.
func (t *taming) limits(delay int) (search, quantized float64) {
	if t.worst(delay) > growthLimit {
		return tamedSearch, tamedGain
	}
	return maxGain, maxGain * 2
}

// add notes the gain of the next subframe. A delay below 40 applies it more than
// once.
func (t *taming) add(delay int, gain float64) {
	bound := t.worst(delay)
	for n := 0; n < subframeSamples; n += delay {
		bound = 1 + gain*bound
	}
	copy(t.bound[1:], t.bound[:])
	t.bound[0] = min(bound, 2*growthLimit)
}
