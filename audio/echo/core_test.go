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
