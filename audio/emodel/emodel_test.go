package emodel

import (
	"math"
	"testing"
	"time"
)

// TestRatingsOfTheRecommendation: G.107 gives 93.2 for its defaults, G.113
// appendix I and G.108 what delay and loss make of it.
func TestRatingsOfTheRecommendation(t *testing.T) {
	for _, c := range []struct {
		name   string
		c      Conditions
		rating float64
		off    float64
	}{
		{"all defaults", Conditions{}, 93.2, 0.1},
		{"100 ms", Conditions{OneWay: 100 * time.Millisecond}, 90.7, 0.5},
		{"150 ms", Conditions{OneWay: 150 * time.Millisecond}, 89.5, 0.7},
		{"200 ms", Conditions{OneWay: 200 * time.Millisecond}, 86.6, 1},
		{"300 ms", Conditions{OneWay: 300 * time.Millisecond}, 73, 1.5},
		{"400 ms", Conditions{OneWay: 400 * time.Millisecond}, 62, 2},
		{"G.729A", Conditions{Ie: 11, Bpl: 19}, 82.2, 0.1},
		// Ie,eff = 11 + 84*2/(2+19)
		{"G.729A, 2 % loss", Conditions{Ie: 11, Bpl: 19, Loss: 2}, 93.2 - 19, 0.1},
		// 95*5/(5+25.1), and in bursts twice as long as at random
		{"G.711 with concealment, 5 %", Conditions{Bpl: 25.1, Loss: 5}, 93.2 - 15.78, 0.1},
		{"the same in bursts", Conditions{Bpl: 25.1, Loss: 5, BurstRatio: 2}, 93.2 - 17.21, 0.1},
	} {
		if got := Rating(c.c); math.Abs(got-c.rating) > c.off {
			t.Errorf("%s: R %.2f, want %.1f", c.name, got, c.rating)
		}
	}
}

// TestScoresOfTheRecommendation: G.107 table B.1.
func TestScoresOfTheRecommendation(t *testing.T) {
	for r, want := range map[float64]float64{-5: 1, 0: 1, 50: 2.58, 60: 3.10, 70: 3.60, 80: 4.03, 90: 4.34, 93.2: 4.41, 100: 4.5, 120: 4.5} {
		if got := MOS(r); math.Abs(got-want) > 0.01 {
			t.Errorf("R %v: MOS %.3f, want %.2f", r, got, want)
		}
	}
	if !(MOS(math.NaN()) == 1) {
		t.Error("no number is no voice")
	}
}

// TestWorseIsNeverBetter: more delay, loss or burst never raises the score.
func TestWorseIsNeverBetter(t *testing.T) {
	worse := func(name string, c func(x float64) Conditions) {
		last := math.Inf(1)
		for x := 0.0; x <= 100; x += 0.5 {
			r := Rating(c(x))
			if r > last+1e-9 || math.IsNaN(r) || MOS(r) < 1 || MOS(r) > 4.5 {
				t.Errorf("%s at %v: R %v after %v", name, x, r, last)
			}
			last = r
		}
	}
	worse("delay", func(x float64) Conditions {
		return Conditions{OneWay: time.Duration(x * 20 * float64(time.Millisecond))}
	})
	worse("loss", func(x float64) Conditions { return Conditions{Bpl: 10, Loss: x} })
	worse("bursts", func(x float64) Conditions { return Conditions{Bpl: 10, Loss: 5, BurstRatio: 1 + x} })
	if l, c := Listening(Conditions{OneWay: time.Second, Ie: 5}), Rating(Conditions{Ie: 5}); l != c {
		t.Errorf("listening %v, without delay %v", l, c)
	}
}
