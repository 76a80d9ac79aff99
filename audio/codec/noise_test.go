package codec

import (
	"math"
	"math/rand/v2"
	"testing"
)

// hum is noise of a level in dBov, dark (a one-pole low pass) or white.
func hum(samples int, dBov, dark float64) []int16 {
	dice := rand.New(rand.NewPCG(5, 6))
	gain := 32768 * math.Pow(10, dBov/20) * math.Sqrt(1-dark*dark)
	pcm, y := make([]int16, samples), 0.0
	for i := range pcm {
		y = dark*y + gain*dice.NormFloat64()
		pcm[i] = int16(y)
	}
	return pcm
}

// power in dBov, and how alike neighbouring samples are: the colour.
func power(pcm []int16) (dBov, colour float64) {
	var sum, next float64
	for i, v := range pcm {
		sum += float64(v) * float64(v)
		if i > 0 {
			next += float64(v) * float64(pcm[i-1])
		}
	}
	return 10 * math.Log10(sum/float64(len(pcm))/(32768*32768)), next / sum
}

// TestNoiseComesBackAsItWas: level within 1 dB, colour within 0.05.
func TestNoiseComesBackAsItWas(t *testing.T) {
	for _, c := range []struct {
		rate       int
		dBov, dark float64
	}{{8000, -50, 0}, {8000, -40, 0.9}, {16000, -45, 0.95}, {16000, -60, -0.5}, {48000, -30, 0.7}} {
		pcm := hum(2*c.rate, c.dBov, c.dark)
		var m NoiseMeter
		for part := pcm; len(part) > 0; part = part[c.rate/100:] {
			m.Add(part[:c.rate/100])
		}
		payload := m.Append(nil)
		n := NewNoise(c.rate)
		got, err := n.Decode(nil, payload)
		if err != nil || len(got) != c.rate/100 || !n.Silent() {
			t.Fatalf("%d samples, %v", len(got), err)
		}
		got = n.Conceal(got, 2*c.rate)
		level, colour := power(got)
		if math.Abs(level-c.dBov) > 1.5 || math.Abs(colour-c.dark) > 0.07 {
			t.Errorf("%d Hz %.0f dBov, colour %.2f: %.1f and %.2f (payload %v)", c.rate, c.dBov, c.dark, level, colour, payload)
		}
	}
}

// RFC 3389 section 3: the first byte is the level, the others may be missing or
// more than we model; its highest bit is nothing.
func TestNoiseOfPeers(t *testing.T) {
	for _, c := range []struct {
		payload []byte
		dBov    float64
	}{{[]byte{50}, -50}, {[]byte{0x80 | 40}, -40}, {[]byte{30, 20, 200}, -30}, {append([]byte{45, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127}, make([]byte, 400)...), -45}} {
		n := NewNoise(8000)
		pcm, err := n.Decode(nil, c.payload)
		pcm = n.Conceal(pcm, 80000)
		if level, _ := power(pcm); err != nil || math.Abs(level-c.dBov) > 3 {
			t.Errorf("% x: %.1f dBov, want %.0f; %v", c.payload[:1], level, c.dBov, err)
		}
	}
	n := NewNoise(8000)
	n.Decode(nil, append([]byte{20}, make([]byte, 10)...)) // all coefficients at the limit
	if level, _ := power(n.Conceal(nil, 80000)); level > -17 {
		t.Errorf("nonsense gives %.1f dBov", level)
	}
	n = NewNoise(8000)
	pcm, _ := n.Decode(nil, []byte{127})
	for _, v := range pcm {
		if v != 0 {
			t.Fatal("127 is not silence")
		}
	}
	if _, err := n.Decode(nil, nil); err == nil {
		t.Error("an empty payload is taken")
	}
}

// A new level is not a step.
func TestNoiseChangesSmoothly(t *testing.T) {
	n := NewNoise(8000)
	pcm, _ := n.Decode(nil, []byte{70})
	pcm, _ = n.Decode(pcm[:0], []byte{30})
	first, _ := power(pcm)
	later, _ := power(n.Conceal(nil, 8000)[4000:])
	if first > -40 || later < -32 {
		t.Errorf("%.1f dBov at once, %.1f later", first, later)
	}
}

func FuzzNoise(f *testing.F) {
	f.Add([]byte{30, 254, 0, 254, 0, 255}, uint16(100))
	f.Fuzz(func(t *testing.T, payload []byte, size uint16) {
		n := NewNoise(16000)
		pcm, err := n.Decode(nil, payload)
		if err == nil && len(pcm) != 160 || err != nil && len(pcm) != 0 {
			t.Fatalf("%d samples, %v", len(pcm), err)
		}
		if got := n.Conceal(nil, int(size)); len(got) != int(size) {
			t.Fatalf("%d samples of %d", len(got), size)
		}
	})
}
