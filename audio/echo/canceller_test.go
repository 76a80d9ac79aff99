package echo

import (
	"math"
	"math/rand/v2"
	"testing"

	"deskset/audio/mix"
)

// sweep is what a wideband microphone may hear: noise that fills all bands.
func hiss(n int, amplitude float64) []float32 {
	rng := rand.New(rand.NewPCG(5, 5))
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(amplitude * rng.NormFloat64())
	}
	return out
}

// through passes a microphone in blocks of one size, beside a loudspeaker.
func through(c *Canceller, mic, far []float32, block int) []float32 {
	out := make([]float32, len(mic))
	copy(out, mic)
	for i := 0; i < len(out); i += block {
		end := min(i+block, len(out))
		c.Near(out[i:end])
		if far != nil {
			c.Far(far[i:end])
		}
	}
	return out
}

func TestNothingIsDoneUnlessItIsWanted(t *testing.T) {
	mic := hiss(4800, 0.1)
	out := through(New(), mic, mic, 240)
	for i := range out {
		if out[i] != mic[i] {
			t.Fatalf("sample %d is %v, want %v", i, out[i], mic[i])
		}
	}
}

func TestAVoiceWithoutEchoPassesWhole(t *testing.T) {
	for _, block := range []int{120, 240, 480, 77, 441} {
		c := New()
		c.Set(Settings{Echo: true})
		// Loud beside its own noise floor: the comfort noise does not count.
		mic := make([]float32, 2*mix.Rate)
		for i := range mic {
			s := float64(i) / mix.Rate
			for _, hz := range []float64{200, 1500, 6500, 7900, 8300, 12000, 17000} {
				mic[i] += float32(0.05 * math.Sin(2*math.Pi*hz*s))
			}
		}
		out := through(c, mic, make([]float32, len(mic)), block)
		late := Delay
		if block%hopCard != 0 {
			late = -1
		}
		best := math.Inf(-1)
		for lag := Delay; lag < Delay+hopCard; lag++ {
			if late >= 0 && lag != late {
				continue
			}
			var signal, noise float64
			for i := mix.Rate; i < len(mic); i++ {
				d := float64(out[i] - mic[i-lag])
				signal += float64(mic[i-lag]) * float64(mic[i-lag])
				noise += d * d
			}
			best = max(best, 10*math.Log10(signal/noise))
		}
		if best < 35 {
			t.Errorf("blocks of %d: the voice is %.1f dB above what was done to it, want 35", block, best)
		}
	}
}

func TestCancellerAllocatesNothing(t *testing.T) {
	c := New()
	c.Set(Settings{Echo: true, Noise: true})
	mic, far := hiss(480, 0.1), hiss(480, 0.1)
	through(c, hiss(mix.Rate, 0.1), hiss(mix.Rate, 0.1), 480)
	if n := testing.AllocsPerRun(300, func() { c.Far(far); c.Near(mic) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestDelayIsWithinItsBudget(t *testing.T) {
	if ms := float64(Delay) * 1000 / mix.Rate; ms > 5 {
		t.Errorf("the microphone is %.2f ms late, want 5 at most", ms)
	}
}
