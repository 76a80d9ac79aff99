package codec

import (
	"errors"
	"math"
	"slices"
)

// Comfort noise (RFC 3389): a byte of level in -dBov, then reflection
// coefficients, as many as the sender likes.
const (
	// noiseOrder of the model that we send and play; what a peer describes more
	// finely is left out (section 3: the decoder may reduce the order).
	noiseOrder = 10
	// noiseScale and noiseZero quantize a coefficient: k = 258*(N-127)/32768
	// (section 3.2).
	noiseScale = 258.0 / 32768
	noiseZero  = 127
	quietest   = 127
	// noiseSettle is the share of the way to a new level and spectrum that a
	// block of 10 ms goes: steps in noise are heard.
	noiseSettle = 0.15
)

var errNoise = errors.New("comfort noise: the payload is empty")

// Noise plays silence descriptions. It is a [Codec] of one direction only.
type Noise struct {
	rate          int
	level, wanted float64 // root mean square
	k, wantedK    [noiseOrder]float64
	state         [noiseOrder + 1]float64
	seed          uint32
	fresh         bool
}

// NewNoise makes comfort noise at a sample rate. It has no encoder: see
// [NoiseMeter].
func NewNoise(rate int) *Noise { return &Noise{rate: rate, seed: 1, fresh: true} }

func newNoise() Codec { return NewNoise(8000) }

// Encode implements [Codec]: it gives nothing.
func (n *Noise) Encode(dst []byte, _ []int16) []byte { return dst }

// Decode implements [Codec]: 10 ms of the noise described; more is made by
// Conceal, for as long as no voice comes.
func (n *Noise) Decode(dst []int16, payload []byte) ([]int16, error) {
	if len(payload) == 0 {
		return dst, errNoise
	}
	n.wanted = 32768 * math.Pow(10, -float64(payload[0]&quietest)/20)
	if payload[0]&quietest == quietest {
		n.wanted = 0
	}
	clear(n.wantedK[:])
	for i, q := range payload[1:min(len(payload), 1+noiseOrder)] {
		n.wantedK[i] = min(max((float64(q)-noiseZero)*noiseScale, -0.99), 0.99)
	}
	if n.fresh {
		n.fresh = false
		n.level, n.k = n.wanted, n.wantedK
	}
	return n.Conceal(dst, n.rate/100), nil
}

// Silent implements [Silencer].
func (n *Noise) Silent() bool { return true }

// Conceal implements [Concealer].
func (n *Noise) Conceal(dst []int16, samples int) []int16 {
	dst = slices.Grow(dst, max(0, samples))
	block := n.rate / 100
	for samples > 0 {
		n.level += (n.wanted - n.level) * noiseSettle
		gain := n.level * math.Sqrt(3) // of noise that is even between -1 and 1
		for i := range n.k {
			n.k[i] += (n.wantedK[i] - n.k[i]) * noiseSettle
			gain *= math.Sqrt(1 - n.k[i]*n.k[i])
		}
		for range min(block, samples) {
			dst = append(dst, int16(min(max(n.filter(gain*n.white()), -32768), 32767)))
		}
		samples -= block
	}
	return dst
}

// white gives numbers between -1 and 1.
func (n *Noise) white() float64 {
	n.seed = n.seed*1664525 + 1013904223
	return float64(int32(n.seed)) / (1 << 31)
}

// filter is the all-pole lattice of the reflection coefficients, which is stable
// whatever they are below 1.
func (n *Noise) filter(f float64) float64 {
	for i := noiseOrder - 1; i >= 0; i-- {
		f -= n.k[i] * n.state[i]
		n.state[i+1] = n.state[i] + n.k[i]*f
	}
	n.state[0] = f
	return f
}

// NoiseMeter learns the noise in which nobody speaks, and describes it.
type NoiseMeter struct {
	// auto is the autocorrelation of the last blocks, the newest weighing most.
	auto  [noiseOrder + 1]float64
	known bool
}

// Add takes up a piece of 5 ms or more without voice.
func (m *NoiseMeter) Add(pcm []int16) {
	if len(pcm) <= noiseOrder {
		return
	}
	share := 0.2
	if !m.known {
		m.known, share = true, 1
	}
	for lag := range m.auto {
		var sum float64
		for i := lag; i < len(pcm); i++ {
			sum += float64(pcm[i]) * float64(pcm[i-lag])
		}
		m.auto[lag] += share * (sum/float64(len(pcm)) - m.auto[lag])
	}
}

// Level is that of the noise in -dBov: 0 is the loudest, 127 silence.
func (m *NoiseMeter) Level() int {
	if m.auto[0] < 1e-6 {
		return quietest
	}
	dB := -10 * math.Log10(m.auto[0]/(32768*32768))
	return int(min(max(math.Round(dB), 0), quietest))
}

// Append appends the payload that describes the noise.
func (m *NoiseMeter) Append(dst []byte) []byte {
	level := m.Level()
	dst = append(dst, byte(level))
	if level == quietest {
		return dst
	}
	for _, k := range m.reflection() {
		q := math.Round(k/noiseScale) + noiseZero
		dst = append(dst, byte(min(max(q, 0), 254)))
	}
	return dst
}

// reflection gives the coefficients of the all-pole model (the recursion of
// Levinson and Durbin); a little white noise keeps it well-behaved.
func (m *NoiseMeter) reflection() (k [noiseOrder]float64) {
	var a, old [noiseOrder + 1]float64
	a[0] = 1
	left := m.auto[0]*1.0001 + 1
	for i := 1; i <= noiseOrder; i++ {
		sum := m.auto[i]
		for j := 1; j < i; j++ {
			sum += a[j] * m.auto[i-j]
		}
		r := -sum / left
		if r <= -1 || r >= 1 {
			return k
		}
		k[i-1] = r
		old = a
		for j := 1; j < i; j++ {
			a[j] += r * old[i-j]
		}
		a[i] = r
		left *= 1 - r*r
	}
	return k
}
