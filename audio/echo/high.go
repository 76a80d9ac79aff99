package echo

import "math"

// highBand is what lies above 8 kHz: it is not cancelled but turned down, whole,
// as far as the band below it says that there is echo, and by its own noise.
type highBand struct {
	noise  minimum
	smooth float32
	gain   float32
}

func (h *highBand) init() {
	h.noise.init(1)
	h.gain = 1
}

// apply turns a hop down.
func (h *highBand) apply(block []float32, echo float32, denoise bool) {
	power := [1]float32{energy(block)}
	h.noise.add(power[:])
	h.smooth = 0.8*h.smooth + 0.2*power[0]
	target := echo
	if denoise {
		g := 1 - h.noise.level[0]/(h.smooth+tiny)
		target *= max(noiseDepth, float32(math.Sqrt(float64(max(0, g)))))
	}
	step := (target - h.gain) / float32(len(block))
	for i := range block {
		h.gain += step
		block[i] *= h.gain
	}
	h.gain = target
}
