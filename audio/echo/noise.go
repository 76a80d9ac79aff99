package echo

import "math"

// The noise of a room is the least power that a bin has had lately: words have
// pauses, noise has none (Martin, "Noise power spectral density estimation based
// on optimal smoothing and minimum statistics", IEEE TSAP 9(5), 2001).
const (
	// minimumFade smooths powers over 50 ms.
	minimumFade = 0.95
	// The least of so many spans of so many hops is looked at: 1.2 s.
	minimumSpans = 8
	minimumSpan  = 60
	// minimumBias is how much more the mean is than the least.
	minimumBias = 3
)

// minimum estimates the noise in each bin.
type minimum struct {
	level          []float32 // the estimate
	smooth, least  []float32
	spans          [minimumSpans][]float32
	age, span      int
	started, known bool
}

func (m *minimum) init(n int) {
	m.level, m.smooth, m.least = make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range m.spans {
		m.spans[i] = make([]float32, n)
	}
}

// add takes the powers of a frame.
func (m *minimum) add(power []float32) {
	if !m.started {
		m.started = true
		copy(m.smooth, power)
		copy(m.least, power)
	}
	smooth, least, level := m.smooth[:len(power)], m.least[:len(power)], m.level[:len(power)]
	for k, p := range power {
		v := minimumFade*smooth[k] + (1-minimumFade)*p
		smooth[k] = v
		least[k] = min(least[k], v)
		if m.known {
			level[k] = min(level[k], minimumBias*v)
		}
	}
	if m.age++; m.age == minimumSpan {
		m.turn()
	}
}

// turn ends a span.
func (m *minimum) turn() {
	m.age = 0
	copy(m.spans[m.span], m.least)
	m.span = (m.span + 1) % minimumSpans
	if !m.known {
		for i := range m.spans {
			copy(m.spans[i], m.least)
		}
		m.known = true
	}
	for k := range m.level {
		v := m.spans[0][k]
		for _, s := range m.spans[1:] {
			v = min(v, s[k])
		}
		m.level[k] = minimumBias * v
	}
	copy(m.least, m.smooth)
}

// logGain is the gain that keeps the logarithm of the spectrum nearest to that of
// clean speech, by the ratios of speech to noise before and with this frame
// (Ephraim and Malah, "Speech enhancement using a minimum mean-square error
// log-spectral amplitude estimator", IEEE TASSP 33(2), 1985).
func logGain(prior, post float32) float32 {
	g := prior / (1 + prior)
	return min(1, g*lift(g*post))
}

// lift is exp(E1(v)/2), in eight steps per octave from 2^-8 to 2^4.
func lift(v float32) float32 {
	i := int(math.Float32bits(v)>>20) - lifts.from
	return lifts.table[min(max(i, 0), len(lifts.table)-1)]
}

var lifts = func() (l struct {
	from  int
	table [12 * 8]float32
}) {
	l.from = int(math.Float32bits(1.0/256) >> 20)
	for i := range l.table {
		v := math.Float32frombits(uint32(l.from+i)<<20 | 1<<19) // the step's middle
		l.table[i] = float32(math.Exp(exponentialIntegral(float64(v)) / 2))
	}
	return l
}()

// exponentialIntegral is E1 (Abramowitz and Stegun 5.1.11 and 5.1.22).
func exponentialIntegral(x float64) float64 {
	if x > 1 {
		f := 0.0
		for n := 40; n > 0; n-- {
			f = float64(n) / (1 + float64(n)/(x+f))
		}
		return math.Exp(-x) / (x + f)
	}
	const gamma = 0.57721566490153286
	sum, term := -gamma-math.Log(x), 1.0
	for n := 1.0; n < 30; n++ {
		term *= -x / n
		sum -= term / n
	}
	return sum
}
