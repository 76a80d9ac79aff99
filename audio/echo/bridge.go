package echo

import (
	"math"
	"sync/atomic"
)

const (
	bridgeSize = 1 << 14
	// slack is how much of the reference waits for the microphone: two blocks of
	// 5 ms, as the two cards ask when they please. It makes the echo seem to come
	// earlier by as much, which it can bear: behind what waits here lie the
	// buffers of both cards.
	slack = 10 * coreRate / 1000
	// A loudspeaker that has given nothing for so long stands still, and what it
	// says then is not what was due: 60 ms. A microphone that is so far behind
	// has stood still itself.
	stalled  = 60 * coreRate / 1000
	tooMuch  = slack + 120*coreRate/1000
	sincSide = 8 // samples on each side
	sincStep = 64
)

// bridge carries the reference from the callback of the loudspeaker's card to that
// of the microphone's. It is one sample for one by their counts, which no
// lateness of a callback can disturb, and a little more or less as the clocks
// are found to differ.
type bridge struct {
	ring    [bridgeSize]float32
	written atomic.Uint64

	// The microphone's.
	flowing bool
	next    uint64  // sample that is read next
	part    float64 // and how far beyond it
}

// put adds a block; the loudspeaker's callback.
func (b *bridge) put(block []float32) {
	at := b.written.Load()
	for i, v := range block {
		b.ring[(at+uint64(i))%bridgeSize] = v
	}
	b.written.Store(at + uint64(len(block)))
}

// take overwrites dst with what comes next; rate is by how much more than one
// sample is read for each of dst.
func (b *bridge) take(dst []float32, rate float64) {
	written := b.written.Load()
	if !b.flow(written) {
		clear(dst)
		return
	}
	for i := range dst {
		dst[i] = b.read(written)
		b.part += 1 + rate
		whole := math.Floor(b.part)
		b.part -= whole
		b.next += uint64(whole)
	}
}

// flow sees to it that what is read is what is due, and tells whether anything
// is.
func (b *bridge) flow(written uint64) bool {
	waits := int64(written - b.next)
	switch {
	case b.flowing && waits > -stalled && waits < tooMuch:
		return true
	case b.flowing && waits <= -stalled:
		b.flowing = false // until it says something again
		b.next = written
		return false
	case !b.flowing && (waits == 0 || written < slack+sincSide):
		return false
	}
	b.next, b.part, b.flowing = written-slack-sincSide, 0, true
	return true
}

// read interpolates; what has not come yet is silence.
func (b *bridge) read(written uint64) float32 {
	if int64(written-b.next) <= sincSide {
		return 0
	}
	phase := b.part * sincStep
	step := int(phase)
	mix := float32(phase - float64(step))
	low, high := &sincs[step], &sincs[step+1]
	var sum float32
	first := b.next - sincSide + 1
	for j := range low {
		sum += b.ring[(first+uint64(j))%bridgeSize] * (low[j] + mix*(high[j]-low[j]))
	}
	return sum
}

// sincs are the interpolator's taps for each part of a sample: sincs, windowed.
var sincs = func() (t [sincStep + 1][2 * sincSide]float32) {
	for step := range t {
		for j := range t[step] {
			at := float64(j-sincSide+1) - float64(step)/sincStep
			v := math.Cos(math.Pi * at / (2*sincSide + 2))
			v *= v
			if at != 0 {
				v *= math.Sin(math.Pi*at) / (math.Pi * at)
			}
			t[step][j] = float32(v)
		}
	}
	return t
}()
