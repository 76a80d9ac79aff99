package speech

import (
	"math"
	"testing"
)

func TestEveryVoiceSpeaks(t *testing.T) {
	for name, say := range map[string]func(testing.TB, int) []float64{"lab": Lab, "person": Person, "espeak": Espeak} {
		t.Run(name, func(t *testing.T) {
			for _, rate := range []int{8000, 16000} {
				x := say(t, rate)
				sum := 0.0
				for _, v := range x {
					sum += v * v
				}
				level := 10 * math.Log10(sum/float64(len(x)))
				t.Logf("%d Hz: %.1f s, %.1f dBov", rate, float64(len(x))/float64(rate), level)
				if len(x) < 10*rate || len(x) > 90*rate || level < -40 || level > -10 {
					t.Errorf("%d Hz: %d samples at %.1f dBov", rate, len(x), level)
				}
			}
		})
	}
}

func TestSamplesConvert(t *testing.T) {
	in := []int16{0, 1, -1, 32767, -32768}
	got := Int16(Floats(in))
	for i := range in {
		if got[i] != in[i] {
			t.Errorf("%d became %d", in[i], got[i])
		}
	}
	if got := Int16([]float64{2, -2}); got[0] != 32767 || got[1] != -32768 {
		t.Errorf("not limited: %v", got)
	}
}
