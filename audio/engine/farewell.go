package engine

import "deskset/audio/mix"

// farewellTime is how long the last sample of a call that has ended dies away:
// 5 ms, in samples.
const farewellTime = mix.Rate / 200

// farewell takes the click out of the end of a call. Its stream is gone at once
// and cannot fade; what is left of it is the step from where it stood, which is
// made a slope.
type farewell struct {
	streams int     // as many were heard
	last    float32 // what they came to
	step    float32
	left    int // samples
}

// apply mends the sum of so many streams.
func (f *farewell) apply(block []float32, streams int) {
	if len(block) == 0 {
		return
	}
	if streams < f.streams {
		f.step, f.left = f.last-block[0], farewellTime
	}
	f.streams = streams
	for i := range block[:min(len(block), f.left)] {
		block[i] += f.step * float32(f.left) / farewellTime
		f.left--
	}
	f.last = block[len(block)-1]
}
