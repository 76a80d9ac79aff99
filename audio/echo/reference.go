package echo

import "deskset/audio/spectrum"

// Sizes at 16 kHz, in samples.
const (
	coreRate = 16000
	// hop is what is worked on at a time: 2.5 ms.
	hop = 40
	// window is the length of the echo filter's transform, tap what one of its
	// partitions covers. window-tap is what a transform yields at most.
	window   = 512
	tap      = 320
	bins     = window/2 + 1
	tapHops  = tap / hop
	parts    = 14 // 280 ms behind the bulk delay
	pastSize = 1 << 14
	// longestDelay is how far back the reference can be asked for.
	longestDelay = pastSize - parts*tap - 2*window
)

// reference keeps what the loudspeaker says: the past of 1 s at 16 kHz by the
// microphone's clock, and the spectra that the echo filter works with, taken
// behind the bulk delay.
type reference struct {
	past    [pastSize]float32
	count   int // samples so far
	delay   int // bulk delay
	stale   int // hops until all spectra are of this delay
	spectra [parts * tapHops]spectrum.Bins
	head    int // of spectra: the latest
	fft     *spectrum.Transform
	block   [window]float32
}

func (r *reference) init() {
	r.fft = spectrum.New(window)
	for i := range r.spectra {
		r.spectra[i] = spectrum.NewBins(bins)
	}
}

// restart forgets the past.
func (r *reference) restart() {
	clear(r.past[:])
	for _, s := range r.spectra {
		s.Clear()
	}
	r.count, r.delay, r.stale = 0, 0, 0
}

// push takes the next hop.
func (r *reference) push(far []float32) {
	for _, v := range far {
		r.past[r.count%pastSize] = v
		r.count++
	}
	r.head = (r.head + 1) % len(r.spectra)
	r.take(0)
	if r.stale > 0 {
		r.stale--
		for p := 1; p < parts; p++ {
			r.take(p)
		}
	}
}

// take computes the spectrum that partition p uses now.
func (r *reference) take(p int) {
	r.copyPast(r.block[:], r.delay+p*tap)
	r.fft.Forward(*r.at(p), r.block[:])
}

// copyPast fills dst with the samples that ended so long ago.
func (r *reference) copyPast(dst []float32, ago int) {
	at := (r.count - ago - len(dst) + 4*pastSize) % pastSize
	n := copy(dst, r.past[at:])
	copy(dst[n:], r.past[:])
}

// at is the spectrum for a partition.
func (r *reference) at(p int) *spectrum.Bins {
	return &r.spectra[(r.head+len(r.spectra)-p*tapHops)%len(r.spectra)]
}

// setDelay moves the filter to another bulk delay. The spectra of the past are
// taken anew in the next hops, those that are needed at once at once.
func (r *reference) setDelay(delay int) {
	r.delay = min(max(delay, 0), longestDelay)
	r.stale = tapHops
}
