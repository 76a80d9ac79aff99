package echo

import (
	"testing"
)

// floats runs the core over a scene.
func (s signals) core(t testing.TB, denoise bool) []float64 {
	var c core
	c.init()
	return s.runCore(&c, denoise)
}

func (s signals) runCore(c *core, denoise bool) []float64 {
	var mic, far, out [hop]float32
	var all []float64
	for i := 0; i+hop <= len(s.far); i += hop {
		for j := range far {
			far[j], mic[j] = float32(s.far[i+j]), float32(s.mic[i+j])
		}
		c.run(out[:], mic[:], far[:], true, denoise)
		for _, v := range out {
			all = append(all, float64(v))
		}
	}
	return all[hop:] // its delay
}

func BenchmarkCore(b *testing.B) {
	sig := scene{room: room{delay: 20, reverb: 300, gain: -6, seed: 3}, noise: -70}.play(b, 16000)
	var c core
	c.init()
	var mic, far, out [hop]float32
	i := 0
	for b.Loop() {
		for range batchHops {
			if i+hop > len(sig.far) {
				i = 0
			}
			for j := range far {
				far[j], mic[j] = float32(sig.far[i+j]), float32(sig.mic[i+j])
			}
			i += hop
			c.run(out[:], mic[:], far[:], true, true)
		}
	}
}
