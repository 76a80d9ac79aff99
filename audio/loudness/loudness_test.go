package loudness

import (
	"math"
	"sync"
	"testing"

	"deskset/audio/mix"
	"deskset/audio/quality/speech"
)

// spoken is the lab's speech at a level in dB of its loud parts.
func spoken(t *testing.T, db float64) []float32 {
	x := lab(t)
	scale := math.Pow(10, (db-active(x))/20)
	out := make([]float32, len(x))
	for i, v := range x {
		out[i] = float32(v * scale)
	}
	return out
}

// lab is the lab's speech; to bring it to this rate takes a while.
func lab(t *testing.T) []float64 {
	labOnce.Do(func() { labSpeech = speech.Lab(t, mix.Rate) })
	return labSpeech
}

var (
	labOnce   sync.Once
	labSpeech []float64
)

// active is the level of the windows within 20 dB of the loudest.
func active(x []float64) float64 {
	var levels []float64
	loudest := 0.0
	for ; len(x) >= window; x = x[window:] {
		sum := 0.0
		for _, v := range x[:window] {
			sum += v * v
		}
		levels = append(levels, sum/window)
		loudest = max(loudest, sum/window)
	}
	sum, n := 0.0, 0
	for _, v := range levels {
		if v > loudest/100 {
			sum += v
			n++
		}
	}
	return 10 * math.Log10(sum/float64(n))
}

func doubles(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func TestSpeechComesToItsLevel(t *testing.T) {
	for _, from := range []float64{-14, -24, -32, -40} {
		var c Control
		x := spoken(t, from)
		for i := 0; i < len(x); i += 240 {
			c.Apply(x[i:min(i+240, len(x))])
		}
		if got := active(doubles(x[len(x)/2:])); math.Abs(got-Target) > 3.5 {
			t.Errorf("speech of %g dB comes out at %.1f dB, want %g", from, got, Target)
		}
	}
}

func TestNoiseAndSilenceAreNotBroughtUp(t *testing.T) {
	var c Control
	state := uint32(1)
	block := make([]float32, 480)
	for range 1000 {
		for i := range block {
			state = state*1664525 + 1013904223
			block[i] = (float32(state>>8)/(1<<24) - 0.5) * 0.01
		}
		c.Apply(block)
	}
	if c.Gain() > 1 {
		t.Errorf("noise is brought up by %.1f dB", c.Gain())
	}
}

func TestALoudWordAfterQuietOnesDoesNotClip(t *testing.T) {
	var c Control
	x := spoken(t, -42)
	c.Apply(x)
	loud := spoken(t, -12)
	c.Apply(loud)
	for i, v := range loud {
		if v > mix.Ceiling+1e-4 || v < -mix.Ceiling-1e-4 {
			t.Fatalf("sample %d is %v", i, v)
		}
	}
}

func TestFaultsDoNotStay(t *testing.T) {
	var c Control
	c.Apply([]float32{float32(math.NaN()), float32(math.Inf(1)), 1e30})
	x := spoken(t, -30)
	c.Apply(x)
	if got := active(doubles(x[len(x)/2:])); math.Abs(got-Target) > 4 {
		t.Errorf("after a fault speech comes out at %.1f dB", got)
	}
}

func TestApplyAllocatesNothing(t *testing.T) {
	var c Control
	block := make([]float32, 480)
	if n := testing.AllocsPerRun(200, func() { c.Apply(block) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
