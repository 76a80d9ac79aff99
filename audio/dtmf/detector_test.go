package dtmf

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"deskset/audio/tone"
)

// burst makes a pair of sines at 8 kHz; dBm0 is the low group's level, twist
// what the high group is above it, detune a factor on both frequencies.
func burst(digit byte, seconds, dBm0, twist, detune float64) []float32 {
	low, high, _ := tone.KeyTone(digit)
	x := make([]float32, int(seconds*clock))
	for i := range x {
		at := 2 * math.Pi * float64(i) / clock * detune
		x[i] = float32(tone.Amplitude(dBm0)*math.Sin(low*at+1) + tone.Amplitude(dBm0+twist)*math.Sin(high*at))
	}
	return x
}

func silence(seconds float64) []float32 { return make([]float32, int(seconds*clock)) }

func detect(x []float32) string {
	got := ""
	d := NewDetector(clock)
	for len(x) > 0 {
		n := min(80, len(x))
		d.Write(x[:n], func(digit byte) { got += string(digit) })
		x = x[n:]
	}
	return got
}

func TestDetectorAcceptsWhatQ24Demands(t *testing.T) {
	for _, digit := range []byte(pad16) {
		for _, c := range []struct {
			name                          string
			seconds, level, twist, detune float64
		}{
			{"nominal", 0.1, -8, 2, 1},
			{"shortest", 0.0405, -10, 0, 1},
			{"1.5 % high", 0.06, -10, 0, 1.015},
			{"1.5 % low", 0.06, -10, 0, 0.985},
			{"soft", 0.06, -28, 0, 1},
			{"loud", 0.06, -3, 0, 1},
			{"high group 4 dB over", 0.06, -12, 4, 1},
			{"high group 8 dB under", 0.06, -6, -8, 1},
		} {
			for lead := range 10 { // however the blocks fall
				x := append(silence(0.02+float64(lead)*0.0013), burst(digit, c.seconds, c.level, c.twist, c.detune)...)
				x = append(x, silence(0.1)...)
				if got := detect(x); got != string(digit) {
					t.Errorf("%c, %s, lead %d: detected %q", digit, c.name, lead, got)
				}
			}
		}
	}
}

const pad16 = "123A456B789C*0#D"

func TestDetectorRefusesWhatQ24Forbids(t *testing.T) {
	for _, digit := range []byte(pad16) {
		for _, c := range []struct {
			name                          string
			seconds, level, twist, detune float64
		}{
			{"3.5 % high", 0.2, -10, 0, 1.035},
			{"3.5 % low", 0.2, -10, 0, 0.965},
			{"too short", 0.02, -10, 0, 1},
			{"too soft", 0.2, -45, 0, 1},
			{"high group 12 dB over", 0.2, -16, 12, 1},
			{"high group 15 dB under", 0.2, -5, -15, 1},
		} {
			x := append(silence(0.0225), burst(digit, c.seconds, c.level, c.twist, c.detune)...)
			x = append(x, silence(0.1)...)
			if got := detect(x); got != "" {
				t.Errorf("%c, %s: detected %q", digit, c.name, got)
			}
		}
	}
}

func TestDetectorTellsRepeatedDigitsApart(t *testing.T) {
	var x []float32
	for _, digit := range []byte("1122#") {
		x = append(append(x, burst(digit, 0.05, -8, 2, 1)...), silence(0.045)...)
	}
	if got := detect(x); got != "1122#" {
		t.Errorf("detected %q, want 1122#", got)
	}
}

func TestDetectorBridgesADropout(t *testing.T) {
	x := burst('6', 0.2, -8, 2, 1)
	clear(x[800:880]) // 10 ms
	if got := detect(append(x, silence(0.1)...)); got != "6" {
		t.Errorf("detected %q, want one 6", got)
	}
}

func TestDetectorHearsThroughNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var x []float32
	want := ""
	for range 20 {
		for _, digit := range []byte(pad16) {
			x = append(append(x, burst(digit, 0.08, -10, 0, 1)...), silence(0.06)...)
			want += string(digit)
		}
	}
	noise := tone.Amplitude(-10-18) / math.Sqrt2 // 18 dB below each sine
	for i := range x {
		x[i] += float32(noise * random.NormFloat64())
	}
	if got := detect(x); got != want {
		t.Errorf("detected %d digits of %d", len(got), len(want))
	}
}

// talk is a crude voice: pitch pulses that glide, through three resonances that
// wander over the DTMF band, with pauses. Its harmonics hit pairs of DTMF
// frequencies all the time.
func talk(random *rand.Rand, seconds int) []float32 {
	x := make([]float32, seconds*clock)
	var y1, y2 [3]float64
	formants := [3]float64{500, 1300, 2400}
	pitch, phase, loud := 120.0, 0.0, 0.0
	for i := range x {
		if i%400 == 0 {
			pitch = min(max(pitch+random.NormFloat64()*8, 80), 300)
			for k := range formants {
				formants[k] = min(max(formants[k]*(1+0.08*random.NormFloat64()), 300), 3200)
			}
			loud = max(0, random.Float64()*1.3-0.3)
		}
		phase += pitch / clock
		pulse := 0.02 * random.NormFloat64()
		if phase >= 1 {
			phase--
			pulse = 1
		}
		sum := 0.0
		for k, f := range formants {
			r := 0.97
			y := pulse + 2*r*math.Cos(2*math.Pi*f/clock)*y1[k] - r*r*y2[k]
			y2[k], y1[k] = y1[k], y
			sum += y
		}
		x[i] = float32(0.08 * loud * sum)
	}
	return x
}

func TestTalkDoesNotDial(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	if got := detect(talk(random, 600)); got != "" {
		t.Errorf("10 min of talk dialled %q", got)
	}
	noise := silence(60)
	for i := range noise {
		noise[i] = float32(0.1 * random.NormFloat64())
	}
	if got := detect(noise); got != "" {
		t.Errorf("noise dialled %q", got)
	}
	for hz := 300.0; hz < 3400; hz += 1.7 {
		x := silence(0.1)
		for i := range x {
			x[i] = float32(0.5 * math.Sin(2*math.Pi*hz*float64(i)/clock))
		}
		if got := detect(x); got != "" {
			t.Errorf("a single tone of %g Hz dialled %q", hz, got)
		}
	}
	for _, pair := range [][2]float64{{350, 440}, {440, 480}, {480, 620}, {400, 450}, {425, 425}} {
		x := silence(2)
		for i := range x {
			at := 2 * math.Pi * float64(i) / clock
			x[i] = float32(0.2*math.Sin(pair[0]*at) + 0.2*math.Sin(pair[1]*at))
		}
		if got := detect(x); got != "" {
			t.Errorf("call progress %v dialled %q", pair, got)
		}
	}
}

func TestGeneratorSpeaksToTheDetector(t *testing.T) {
	for level := -6; level <= 6; level += 3 {
		keys := &Keys{}
		for _, digit := range []byte(pad16) {
			keys.Down(digit)
			keys.Up()
		}
		g := NewGenerator(keys, clock)
		g.SetLevel(level)
		var x []float32
		block := make([]float32, 80)
		peak := 0.0
		for range 100 * len(pad16) / 5 {
			for i := range block {
				block[i] = 0.3 // voice
			}
			g.Apply(block)
			x = append(x, block...)
			for _, v := range block {
				peak = max(peak, math.Abs(float64(v)))
			}
		}
		if got := detect(x); got != pad16 {
			t.Errorf("level %+d: detected %q", level, got)
		}
		if peak >= 1 {
			t.Errorf("level %+d clips: %g", level, peak)
		}
		if block[79] != 0.3 {
			t.Error("the voice does not return after the last digit")
		}
	}
}

func TestGeneratorLevelFollowsTheGuide(t *testing.T) {
	for _, c := range []struct{ set, want float64 }{{-6, -14}, {-3, -11}, {0, -8}, {3, -5}} {
		keys := &Keys{}
		keys.Down('1')
		g := NewGenerator(keys, clock)
		g.SetLevel(int(c.set))
		x := silence(1)
		for at := 0; at < len(x); at += 80 {
			g.Apply(x[at : at+80])
		}
		for i, hz := range []float64{697, 1209} {
			var re, im float64
			for k, v := range x[400:] {
				sin, cos := math.Sincos(2 * math.Pi * hz * float64(k) / clock)
				re, im = re+float64(v)*cos, im+float64(v)*sin
			}
			got := 20*math.Log10(2*math.Hypot(re, im)/float64(len(x)-400)) + tone.FullScaleDBm0
			if want := c.want + 2*float64(i); math.Abs(got-want) > 0.2 {
				t.Errorf("level %+g: %.1f dBm0 at %g Hz, want %g", c.set, got, hz, want)
			}
		}
	}
}

func TestAudioSidesDoNotAllocate(t *testing.T) {
	keys := &Keys{}
	keys.Down('1')
	g, d, block := NewGenerator(keys, clock), NewDetector(clock), make([]float32, 160)
	if n := testing.AllocsPerRun(100, func() {
		g.Apply(block)
		d.Write(block, func(byte) {})
	}); n != 0 {
		t.Errorf("%v allocations per block, want 0", n)
	}
}

func BenchmarkDetector20ms(b *testing.B) {
	d, x := NewDetector(clock), burst('1', 0.02, -10, 0, 1)
	b.ReportAllocs()
	for b.Loop() {
		d.Write(x, func(byte) {})
	}
}

func ExampleDetector() {
	d := NewDetector(8000)
	d.Write(burst('#', 0.1, -8, 2, 1), func(digit byte) { fmt.Printf("%c\n", digit) })
	// Output: #
}
