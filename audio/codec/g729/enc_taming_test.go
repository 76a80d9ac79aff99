package g729

import (
	"math"
	"testing"
)

// TestDifferenceDoesNotGrow: after a lost frame the decoder's adaptive codebook
// is not the encoder's. On steady tones, whose pitch gain is about 1 for ever,
// the difference may stay but must not grow.
func TestDifferenceDoesNotGrow(t *testing.T) {
	for _, hertz := range []float64{60, 100, 200, 333, 500, 1000, 3000} {
		pcm := make([]int16, 4*8000)
		for i := range pcm {
			pcm[i] = int16(12000 * math.Sin(2*math.Pi*hertz*float64(i)/8000))
		}
		frames := encodeFrames(NewEncoder(), pcm)
		whole := decodeFrames(t, frames)
		frames[60], frames[61] = nil, nil
		broken := decodeFrames(t, frames)
		difference := func(from, to float64) (sum float64) {
			for n := int(8000 * from); n < int(8000*to); n++ {
				d := float64(whole[n]) - float64(broken[n])
				sum += d * d / (8000 * (to - from))
			}
			return math.Sqrt(sum)
		}
		soon, late := difference(0.65, 1), difference(3.5, 4)
		t.Logf("%4.0f Hz: difference %.0f, after 3 s %.0f", hertz, soon, late)
		if late > 1.2*soon+50 {
			t.Errorf("%.0f Hz: a difference of %.0f grew to %.0f", hertz, soon, late)
		}
	}
}

// TestTamingWatchesHighGains: rounding alone, fed back with gains above 1, meets
// the limit before it is as loud as speech.
func TestTamingWatchesHighGains(t *testing.T) {
	tame := newTaming()
	for i := range 400 {
		search, quantized := tame.limits(50)
		if tame.worst(50) > 1<<17 {
			t.Fatalf("after %d subframes a difference may be %.0f", i, tame.worst(50))
		}
		if quantized < 1 && search > 1 {
			t.Fatalf("a gain of %.2f is searched, %.2f quantized", search, quantized)
		}
		tame.add(50, min(1.2, quantized))
	}
	if _, quantized := tame.limits(50); quantized > 1 && tame.worst(50) < 1000 {
		t.Errorf("limit %.2f at %.0f: taming never began", quantized, tame.worst(50))
	}
	for range 400 {
		tame.add(50, 0.5)
	}
	if _, quantized := tame.limits(50); quantized < 1 {
		t.Error("it is never over")
	}
}
