package linear

import (
	"math"
	"testing"
)

func TestSamplesSurviveTheWayBack(t *testing.T) {
	for v := -32768; v <= 32767; v++ {
		if got := Sample(Sound(int16(v))); got != int16(v) {
			t.Fatalf("%d became %d", v, got)
		}
	}
}

func TestSamplesAreRoundedAndClipped(t *testing.T) {
	const step = 1.0 / 32768
	for v, want := range map[float64]int16{
		0: 0, 0.4 * step: 0, 0.6 * step: 1, -0.4 * step: 0, -0.6 * step: -1, 1.5 * step: 2, -1.5 * step: -2,
		0.5: 16384, -0.5: -16384, 1: 32767, -1: -32768, 7: 32767, -7: -32768,
		math.Inf(1): 32767, math.Inf(-1): -32768,
	} {
		if got := Sample(float32(v)); got != want {
			t.Errorf("%g: %d, want %d", v, got, want)
		}
	}
	if got := Sample(float32(math.NaN())); got != 0 {
		t.Errorf("no number: %d, want silence", got)
	}
}
