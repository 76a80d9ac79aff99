package engine

import "deskset/audio/mix"

// farewellTime is how long the last sample of a sound that has been cut off
// dies away: 5 ms, in samples.
const farewellTime = mix.Rate / 200

// farewell takes the click out of the end of a call, or of a microphone that is
// exchanged. The sound is gone at once and cannot fade; what is left of it is
// the step from where it stood, which is made a slope.
type farewell struct {
	streams int // as many were heard
	left    bool
	last    float32 // what they came to
	step    float32
	rest    int // samples
}

// count notes of how many streams the next block is the sum.
func (f *farewell) count(streams int) {
	f.left = f.left || streams < f.streams
	f.streams = streams
}

// leave notes that the next block does not continue the last one.
func (f *farewell) leave() { f.left = true }

// apply mends the block.
func (f *farewell) apply(block []float32) {
	if len(block) == 0 {
		return
	}
	if f.left {
		f.step, f.rest, f.left = f.last-block[0], farewellTime, false
	}
	for i := range block[:min(len(block), f.rest)] {
		block[i] += f.step * float32(f.rest) / farewellTime
		f.rest--
	}
	f.last = block[len(block)-1]
}
