// Package mix is the arithmetic between streams and sound cards: adding
// blocks, volumes that move without a click, a limiter so that a sum of
// voices never overflows, and level meters.
//
// Everything works in place on mono blocks of float32 samples at 48 kHz, full
// scale ±1.0, and is made for the callbacks of a sound card: no allocation, no
// lock, no clock. A value belongs to one callback; only [Meter.Level] may be
// read from elsewhere.
//
// The usual order in a playback callback:
//
//	clear(block)
//	for _, s := range sources {
//		s.Read(scratch)
//		mix.Add(block, scratch)
//	}
//	volume.Apply(block)
//	limiter.Apply(block)
//	meter.Add(block)
package mix

// Rate is the sample rate of every block, in Hz.
const Rate = 48000

// Add adds src to dst, sample by sample, as far as both reach.
func Add(dst, src []float32) {
	n := min(len(dst), len(src))
	dst, src = dst[:n], src[:n]
	for i, v := range src {
		dst[i] += v
	}
}
