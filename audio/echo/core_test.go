package echo

import (
	"fmt"
	"math"
	"os"
	"testing"
	"time"

	"deskset/audio/quality"
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

func TestTmp(t *testing.T) {
	if os.Getenv("TUNE") == "" {
		t.Skip()
	}
	second := room{delay: 22, reverb: 250, gain: -6, seed: 11}
	for _, sc := range []scene{
		{room: room{delay: 20, reverb: 300, gain: -6, seed: 3}, noise: -70},
		{room: room{delay: 20, reverb: 300, gain: -6, seed: 3}, noise: -70, then: &second, change: 10},
		{room: room{delay: 20, reverb: 300, gain: -6, seed: 3}, noise: -70, drift: 50},
		{room: room{delay: 20, reverb: 300, gain: -6, seed: 3}, noise: -70, clip: 4},
	} {
		sig := sc.play(t, 16000)
		began := time.Now()
		out := sig.core(t, false)
		took := time.Since(began)
		for s := 0; s < 29; s++ {
			a, b := s*16000, (s+1)*16000
			fmt.Printf("%d:%.1f ", s, 10*math.Log10(power(sig.echo[a:b])/power(out[a:b])))
		}
		a, b := int(talkFrom)*16000, int(talkTo)*16000
		clean, deg, lag := quality.Align(sig.voice[a:b], out[a:b], 800)
		_, mic, _ := quality.Align(sig.voice[a:b], sig.mic[a:b], 800)
		fmt.Printf("\nSTOI %.3f lag %d (mic %.3f) %v per 10 ms\n", quality.STOI(clean, deg, 16000), lag, quality.STOI(sig.voice[a:b][:len(mic)], mic, 16000), took/time.Duration(len(out)/160))
	}
}
