package mix

import (
	"math"
	"testing"
)

func sine(hz, amplitude float64, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(amplitude * math.Sin(2*math.Pi*hz*float64(i)/Rate))
	}
	return out
}

// goertzel gives the amplitude of one frequency in a block.
func goertzel(block []float32, hz float64) float64 {
	var re, im float64
	for i, v := range block {
		s, c := math.Sincos(2 * math.Pi * hz * float64(i) / Rate)
		re += float64(v) * c
		im += float64(v) * s
	}
	return 2 * math.Hypot(re, im) / float64(len(block))
}

func TestAddStopsAtTheShorterBlock(t *testing.T) {
	dst := []float32{1, 2, 3}
	Add(dst, []float32{10, 20})
	if dst[0] != 11 || dst[1] != 22 || dst[2] != 3 {
		t.Fatal(dst)
	}
	Add(dst[:1], []float32{1, 1})
	if dst[0] != 12 || dst[1] != 22 {
		t.Fatal(dst)
	}
}

func TestGainRampsWithoutAClickInBlocksOfAnySize(t *testing.T) {
	for _, size := range []int{1, 7, 240, 480, 4096} {
		var g Gain
		g.Jump(1)
		g.Set(0)
		last := float32(1)
		for done := 0; done < 2*rampSamples; done += size {
			block := make([]float32, size)
			for i := range block {
				block[i] = 1
			}
			g.Apply(block)
			for _, v := range block {
				if d := math.Abs(float64(v - last)); d > 1.01/float64(rampSamples) {
					t.Fatalf("blocks of %d: step of %.5f, want at most %.5f", size, d, 1/float64(rampSamples))
				}
				last = v
			}
		}
		if last != 0 || !g.Silent() {
			t.Errorf("blocks of %d: ends at %g, want exactly 0", size, last)
		}
	}
}

func TestGainTurnedRoundInTheMiddleOfARampDoesNotJump(t *testing.T) {
	var g Gain
	block := []float32{1, 1, 1, 1}
	g.Set(1)
	g.Apply(block)
	g.Set(0.5)
	last := block[3]
	for range rampSamples + 1 {
		one := []float32{1}
		g.Apply(one)
		if math.Abs(float64(one[0]-last)) > 0.003 {
			t.Fatalf("jump from %g to %g", last, one[0])
		}
		last = one[0]
	}
	if last != 0.5 {
		t.Errorf("ends at %g, want 0.5", last)
	}
}

func TestVolumeStepsAreEqualInDecibels(t *testing.T) {
	s := Steps{Top: 15, UnityStep: 12, StepDB: 2.5}
	for i := 1; i <= s.Top; i++ {
		db := 20 * math.Log10(float64(s.Gain(i)/s.Gain(i-1)))
		if math.Abs(db-2.5) > 0.001 {
			t.Errorf("step %d is %.3f dB, want 2.5", i, db)
		}
	}
	if s.Gain(12) != 1 || s.Gain(0) == 0 || s.Gain(-3) != s.Gain(0) || s.Gain(99) != s.Gain(15) {
		t.Error("unity, lowest or clamped step is wrong")
	}
	s.MuteAtZero = true
	if s.Gain(0) != 0 || s.Gain(1) == 0 {
		t.Error("step 0 must be silent and step 1 not")
	}
}

func TestLimiterLeavesQuietSoundUntouched(t *testing.T) {
	var l Limiter
	block := sine(440, 0.8, Rate/10)
	want := sine(440, 0.8, Rate/10)
	l.Apply(block)
	for i := range block {
		if block[i] != want[i] {
			t.Fatalf("sample %d changed from %g to %g", i, want[i], block[i])
		}
	}
}

func TestLimiterHoldsTheCeilingWithLittleDistortion(t *testing.T) {
	var l Limiter
	block := sine(440, 3, Rate)
	l.Apply(block)
	for i, v := range block {
		if math.Abs(float64(v)) > Ceiling+1e-6 {
			t.Fatalf("sample %d is %g, above %g", i, v, Ceiling)
		}
	}
	steady := block[Rate/2:]
	harmonics := math.Hypot(goertzel(steady, 880), goertzel(steady, 1320))
	if thd := harmonics / goertzel(steady, 440); thd > 0.01 {
		t.Errorf("distortion %.2f %%, want below 1", 100*thd)
	}
}

func TestLimiterTurnsWhatIsNotANumberIntoSilence(t *testing.T) {
	var l Limiter
	inf := float32(math.Inf(1))
	block := []float32{float32(math.NaN()), inf, -inf, 0.5, math.MaxFloat32, -math.MaxFloat32}
	l.Apply(block)
	for i, v := range block {
		if !(v >= -Ceiling && v <= Ceiling) {
			t.Errorf("sample %d: %g", i, v)
		}
	}
	if block[3] != 0.5 {
		t.Errorf("sound after a fault: %g, want 0.5", block[3])
	}
}

func TestMeterGivesDBm0(t *testing.T) {
	tests := []struct {
		amplitude float64
		want      int
	}{{1, 3}, {0.5, -3}, {0.1, -17}, {0.001, -57}, {0, Silence}}
	for _, test := range tests {
		var m Meter
		for block := sine(1000, test.amplitude, 2*meterWindow); len(block) > 0; block = block[100:] {
			m.Add(block[:100])
		}
		if got := m.Level(); got != test.want {
			t.Errorf("sine of %g: %d dBm0, want %d", test.amplitude, got, test.want)
		}
		m.Reset()
		if got := m.Level(); got != Silence {
			t.Errorf("after Reset: %d", got)
		}
	}
}

func TestPeakIsTheLoudestOfTheLastSecond(t *testing.T) {
	var m Meter
	m.Add(sine(1000, 0.1, meterWindow))
	for second := range 9 {
		m.Add(make([]float32, meterWindow))
		if m.Peak() != -17 || m.Level() != Silence {
			t.Fatalf("after %d windows of silence: peak %d, level %d", second+1, m.Peak(), m.Level())
		}
	}
	m.Add(make([]float32, meterWindow))
	if got := m.Peak(); got != Silence {
		t.Errorf("a second later: %d", got)
	}
	m.Add(sine(1000, 0.1, meterWindow))
	if m.Reset(); m.Peak() != Silence {
		t.Error("after Reset:", m.Peak())
	}
}

func TestNothingAllocates(t *testing.T) {
	block, other := sine(440, 2, 480), sine(300, 1, 480)
	var g Gain
	var l Limiter
	var m Meter
	if n := testing.AllocsPerRun(100, func() {
		g.Set(1)
		Add(block, other)
		g.Apply(block)
		l.Apply(block)
		m.Add(block)
	}); n != 0 {
		t.Errorf("%g allocations per block, want 0", n)
	}
}

func BenchmarkChain(b *testing.B) {
	block, other := sine(440, 2, 240), sine(300, 1, 240)
	var g Gain
	var l Limiter
	var m Meter
	g.Jump(0.5)
	b.ReportAllocs()
	for b.Loop() {
		Add(block, other)
		g.Apply(block)
		l.Apply(block)
		m.Add(block)
	}
}
