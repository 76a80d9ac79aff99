package resample

import (
	"math"
	"testing"
)

// run resamples one second and a half of a sine of amplitude 0.5 and gives the
// last second, free of the start.
func run(t *testing.T, from, to int, hz float64) []float32 {
	t.Helper()
	r, err := New(from, to)
	if err != nil {
		t.Fatal(err)
	}
	src := make([]float32, from*3/2)
	for i := range src {
		src[i] = float32(0.5 * math.Sin(2*math.Pi*hz*float64(i)/float64(from)))
	}
	dst := make([]float32, r.Outputs(len(src)))
	n := r.Process(dst, src)
	if n != len(dst) {
		t.Fatalf("%d samples came, Outputs said %d", n, len(dst))
	}
	return dst[n-to:]
}

// level of a tone in dB relative to amplitude 0.5, through a Hann window.
func level(x []float32, hz float64, rate int) float64 {
	var re, im float64
	n := float64(len(x))
	for i, v := range x {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/n)
		angle := 2 * math.Pi * hz * float64(i) / float64(rate)
		re += w * float64(v) * math.Cos(angle)
		im += w * float64(v) * math.Sin(angle)
	}
	return 20 * math.Log10(4*math.Hypot(re, im)/n/0.5+1e-12)
}

func TestPassBandIsFlat(t *testing.T) {
	for _, rates := range [][2]int{{8000, 48000}, {48000, 8000}, {16000, 48000}, {48000, 16000}} {
		low := float64(min(rates[0], rates[1]))
		worst := 0.0
		for hz := 100.0; hz <= 0.425*low; hz += 100 { // 3.4 kHz of 8
			l := level(run(t, rates[0], rates[1], hz), hz, rates[1])
			limit := 0.1
			if hz <= 0.375*low {
				limit = 0.02
			}
			if math.Abs(l) > limit {
				t.Errorf("%d to %d Hz: %.2f dB at %g Hz, limit %g", rates[0], rates[1], l, hz, limit)
			}
			worst = max(worst, math.Abs(l))
		}
		t.Logf("%d to %d Hz: ripple %.3f dB up to %g Hz", rates[0], rates[1], worst, 0.425*low)
	}
}

// Upwards, a tone must not show again mirrored at multiples of the lower rate.
func TestImagesAre57dBDown(t *testing.T) {
	for _, from := range []int{8000, 16000} {
		worst := -200.0
		for _, part := range []float64{0.0125, 0.125, 0.25, 0.375, 0.425} {
			hz := part * float64(from)
			y := run(t, from, 48000, hz)
			for k := float64(from); k < 24000+hz; k += float64(from) {
				for _, image := range []float64{k - hz, k + hz} {
					if image < 24000 {
						worst = max(worst, level(y, image, 48000))
					}
				}
			}
		}
		t.Logf("%d to 48000 Hz: worst image %.1f dB", from, worst)
		if worst > -57 {
			t.Errorf("%d to 48000 Hz: image at %.1f dB, want -57 or less", from, worst)
		}
	}
}

// Downwards, what lies above the new band must not fold into the speech band.
func TestAliasesAre57dBDown(t *testing.T) {
	for _, to := range []int{8000, 16000} {
		worst := -200.0
		for hz := 0.575 * float64(to); hz < 23900; hz += 391 {
			alias := math.Abs(hz - math.Round(hz/float64(to))*float64(to))
			worst = max(worst, level(run(t, 48000, to, hz), alias, to))
		}
		t.Logf("48000 to %d Hz: worst alias %.1f dB", to, worst)
		if worst > -57 {
			t.Errorf("48000 to %d Hz: alias at %.1f dB, want -57 or less", to, worst)
		}
	}
}

// An impulse through both directions comes out after twice the delay that the
// package promises.
func TestDelayIsOneAndAHalfMilliseconds(t *testing.T) {
	up, _ := New(8000, 48000)
	src := make([]float32, 100)
	src[0] = 1
	dst := make([]float32, 600)
	up.Process(dst, src)
	at := 0
	for i, v := range dst {
		if v > dst[at] {
			at = i
		}
	}
	if delay := float64(at) / 48; delay < 1.3 || delay > 1.6 {
		t.Errorf("delay %.2f ms, want about 1.5", delay)
	}
}

func TestBlocksOfAnySizeGiveTheSameSignal(t *testing.T) {
	for _, rates := range [][2]int{{8000, 48000}, {48000, 8000}, {44100, 48000}} {
		whole, _ := New(rates[0], rates[1])
		parts, _ := New(rates[0], rates[1])
		src := make([]float32, 3000)
		for i := range src {
			src[i] = float32(math.Sin(float64(i * i)))
		}
		want := make([]float32, whole.Outputs(len(src)))
		whole.Process(want, src)
		var got []float32
		for size := 1; len(src) > 0; size = size*3%601 + 1 {
			n := min(size, len(src))
			out := make([]float32, parts.Outputs(n))
			if k := len(out); k > 0 && (parts.Inputs(k) > n || parts.Inputs(k+1) <= n) {
				t.Fatalf("Inputs(%d)=%d, Inputs(%d)=%d do not fit Outputs(%d)", k, parts.Inputs(k), k+1, parts.Inputs(k+1), n)
			}
			parts.Process(out, src[:n])
			got, src = append(got, out...), src[n:]
		}
		if len(got) != len(want) {
			t.Fatalf("%v: %d samples in parts, %d at once", rates, len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%v: sample %d is %v in parts, %v at once", rates, i, got[i], want[i])
			}
		}
	}
}

func TestAbsurdRatesAreRefused(t *testing.T) {
	for _, rates := range [][2]int{{0, 48000}, {8000, -1}, {8001, 48000}} {
		if _, err := New(rates[0], rates[1]); err == nil {
			t.Errorf("%v: no error", rates)
		}
	}
}

func TestProcessDoesNotAllocate(t *testing.T) {
	r, _ := New(48000, 8000)
	src, dst := make([]float32, 960), make([]float32, 160)
	if n := testing.AllocsPerRun(100, func() { r.Process(dst, src) }); n != 0 {
		t.Errorf("%v allocations per frame, want 0", n)
	}
}

func BenchmarkFrame20ms(b *testing.B) {
	for _, c := range []struct {
		name     string
		from, to int
	}{{"8to48", 8000, 48000}, {"48to8", 48000, 8000}, {"16to48", 16000, 48000}, {"48to16", 48000, 16000}} {
		b.Run(c.name, func(b *testing.B) {
			r, _ := New(c.from, c.to)
			src, dst := make([]float32, c.from/50), make([]float32, c.to/50)
			b.ReportAllocs()
			for b.Loop() {
				r.Process(dst, src)
			}
		})
	}
}
