package quality_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"deskset/audio/quality"
	"deskset/audio/quality/speech"
)

// noisy adds white noise at a ratio in dB.
func noisy(x []float64, snr float64) []float64 {
	random := rand.New(rand.NewPCG(1, 2))
	power := 0.0
	for _, v := range x {
		power += v * v
	}
	sigma := math.Sqrt(power / float64(len(x)) * math.Pow(10, -snr/10))
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v + sigma*random.NormFloat64()
	}
	return y
}

func TestEqualIsPerfect(t *testing.T) {
	for _, rate := range []int{8000, 16000, 48000} {
		x := speech.Lab(t, rate)[:5*rate]
		if s := quality.STOI(x, x, rate); math.Abs(s-1) > 1e-6 {
			t.Errorf("%d Hz: STOI %v, want 1", rate, s)
		}
		if s := quality.SegmentalSNR(x, x, rate); s != 35 {
			t.Errorf("%d Hz: segmental SNR %v, want 35", rate, s)
		}
		if d := quality.SpectralDistance(x, x, rate); d != 0 {
			t.Errorf("%d Hz: spectral distance %v, want 0", rate, d)
		}
		if g := quality.LongestGap(x, x, rate); g != 0 {
			t.Errorf("%d Hz: gap of %v, want none", rate, g)
		}
	}
}

func TestNoiseLowersEveryScore(t *testing.T) {
	x := speech.Person(t, 8000)[:10*8000]
	lastSTOI, lastSNR, lastLSD := 1.0, 35.0, 0.0
	for _, snr := range []float64{30, 20, 10, 0, -10, -20} {
		y := noisy(x, snr)
		s, seg, d := quality.STOI(x, y, 8000), quality.SegmentalSNR(x, y, 8000), quality.SpectralDistance(x, y, 8000)
		t.Logf("%4.0f dB: STOI %.3f, segmental SNR %5.1f dB, LSD %4.1f dB", snr, s, seg, d)
		if s >= lastSTOI || seg >= lastSNR || d <= lastLSD {
			t.Errorf("%4.0f dB: not worse than with less noise", snr)
		}
		lastSTOI, lastSNR, lastLSD = s, seg, d
	}
	if s := quality.STOI(x, noisy(x, 30), 8000); s < 0.97 {
		t.Errorf("STOI of faint noise is %.3f", s)
	}
	if lastSTOI > 0.45 {
		t.Errorf("STOI of speech drowned in noise is %.3f", lastSTOI)
	}
}

func TestIntelligibilityDoesNotAskForTheLevel(t *testing.T) {
	x := speech.Lab(t, 8000)[:10*8000]
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v / 4
	}
	if s := quality.STOI(x, y, 8000); s < 0.999 {
		t.Errorf("STOI %v at a quarter of the level, want 1", s)
	}
	if d := quality.SpectralDistance(x, y, 8000); math.Abs(d-11.3) > 1 {
		t.Errorf("spectral distance %.2f dB at a quarter of the level, want 12 less what lies below the floor", d)
	}
}

func TestSegmentalSNROfKnownNoise(t *testing.T) {
	x, y := make([]float64, 8000), make([]float64, 8000)
	for i := range x {
		x[i] = math.Sin(float64(i))
		y[i] = 0.9 * x[i]
	}
	if s := quality.SegmentalSNR(x, y, 8000); math.Abs(s-20) > 1e-6 {
		t.Errorf("%v dB, want 20", s)
	}
}

func TestAlignFindsTheDelay(t *testing.T) {
	x := speech.Lab(t, 8000)[:24000]
	for _, lag := range []int{0, 1, 777, -1, -333} {
		y := make([]float64, 0, len(x)+1000)
		if lag > 0 {
			y = append(y, make([]float64, lag)...)
		}
		y = append(y, x[max(0, -lag):]...)
		a, b, got := quality.Align(x, noisy(y, 10), 1000)
		if got != lag || len(a) != len(b) {
			t.Errorf("delay %d, want %d", got, lag)
		}
	}
}

func TestFollowUndoesADelayThatChanges(t *testing.T) {
	const rate = 8000
	x := speech.Lab(t, rate)
	x = x[:10*rate]
	// 20 ms are inserted in the middle; behind, the clock is 500 ppm slow.
	y := append(append([]float64{}, x[:5*rate]...), make([]float64, rate/50)...)
	for i := 0; i < 5*rate-4; i++ {
		at := float64(i) * (1 - 500e-6)
		k := int(at)
		f := at - float64(k)
		y = append(y, (1-f)*x[5*rate+k]+f*x[5*rate+k+1])
	}
	_, straight, _ := quality.Align(x, y, rate)
	plain := quality.STOI(x, straight, rate)
	followed, lags := quality.Follow(x, y, rate, rate/20)
	got := quality.STOI(x, followed, rate)
	t.Logf("STOI %.3f as it is, %.3f followed; lags %v", plain, got, lags)
	if got < 0.96 || got <= plain {
		t.Errorf("STOI %.3f followed, %.3f before", got, plain)
	}
}

func TestGapIsMeasured(t *testing.T) {
	const rate = 8000
	x, y := make([]float64, rate), make([]float64, rate)
	for i := range x {
		x[i] = math.Sin(float64(i))
		if i < 4000 || i >= 4400 { // 50 ms
			y[i] = x[i]
		}
	}
	if g := quality.LongestGap(x, y, rate); g < 48*time.Millisecond || g > 52*time.Millisecond {
		t.Errorf("gap of %v, want 50 ms", g)
	}
}

func TestResampleKeepsTones(t *testing.T) {
	for _, c := range [][2]int{{8000, 10000}, {8000, 48000}, {48000, 8000}, {22050, 16000}, {16000, 10000}} {
		from, to := c[0], c[1]
		in := make([]float64, from)
		for i := range in {
			in[i] = math.Sin(2 * math.Pi * 1000 * float64(i) / float64(from))
		}
		for i, v := range quality.Resample(in, from, to) {
			if i < to/10 || i > to*9/10 {
				continue
			}
			if want := math.Sin(2 * math.Pi * 1000 * float64(i) / float64(to)); math.Abs(v-want) > 0.002 {
				t.Fatalf("%d to %d Hz: sample %d is %.4f, want %.4f", from, to, i, v, want)
			}
		}
	}
}
