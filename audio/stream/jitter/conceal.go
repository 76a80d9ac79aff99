package jitter

import "math"

// Concealment in milliseconds: as long as it is at full strength, until it is
// silent, the template by which the pitch is found, and the shortest and
// longest pitch period (66 to 400 Hz).
const (
	fullTime     = 10
	fadeTime     = 60
	templateTime = 20
	minPeriod    = 2.5
	maxPeriod    = 15
)

// maxPeriods of the past are repeated. One alone, repeated for long, buzzes.
const maxPeriods = 3

// concealer continues a voice by repeating its last pitch periods.
type concealer struct {
	rate int
	// past is what was played last, newest at the end.
	past []float32
	// wave is past as it was when concealment began.
	wave   []float32
	period int
	// periods are repeated at present.
	periods int
	at      int // of the next sample within wave
	made    int // samples since concealment began
	step    float32
}

func newConcealer(rate int) concealer {
	n := ceilMs(rate, maxPeriods*maxPeriod+templateTime)
	return concealer{rate: rate, past: make([]float32, n), wave: make([]float32, n)}
}

func ceilMs(rate int, ms float64) int { return int(math.Ceil(ms * float64(rate) / 1000)) }

// played keeps what goes to the ear.
func (c *concealer) played(x []float32) {
	if n := len(c.past); len(x) >= n {
		copy(c.past, x[len(x)-n:])
		return
	}
	copy(c.past, c.past[len(x):])
	copy(c.past[len(c.past)-len(x):], x)
}

// begin starts a concealment after what was played last.
func (c *concealer) begin() {
	copy(c.wave, c.past)
	c.period = bestPeriod(c.wave, ceilMs(c.rate, templateTime), ceilMs(c.rate, minPeriod), ceilMs(c.rate, maxPeriod))
	c.made, c.periods = 0, 1
	c.at = len(c.wave) - c.period
	// The first sample made continues the one a period earlier, not the last
	// one played; the difference is spread over the first samples.
	c.step = c.wave[len(c.wave)-1] - c.wave[c.at-1]
}

// fall makes the concealment silent at once.
func (c *concealer) fall() { c.made = ceilMs(c.rate, fadeTime) }

// silent tells that the concealment has faded away.
func (c *concealer) silent() bool { return c.made >= ceilMs(c.rate, fadeTime) }

// read makes the next samples.
func (c *concealer) read(dst []float32) {
	for i := range dst {
		dst[i] = c.next()
	}
}

func (c *concealer) next() float32 {
	full, fade := ceilMs(c.rate, fullTime), ceilMs(c.rate, fadeTime)
	if c.made >= fade {
		return 0
	}
	v := c.wave[c.at]
	// Towards the end of the wave, go over to what precedes the point to which
	// it jumps back.
	if quarter, left := c.period/4, len(c.wave)-c.at; left <= quarter {
		w := float32(left) / float32(quarter+1)
		v = w*v + (1-w)*c.wave[c.at-c.periods*c.period]
	}
	if settle := c.rate / 400; c.made < settle { // 2.5 ms
		v += c.step * float32(settle-c.made) / float32(settle)
	}
	if c.made > full {
		v *= float32(fade-c.made) / float32(fade-full)
	}
	c.made++
	if c.at++; c.at == len(c.wave) {
		c.periods = min(maxPeriods, 1+c.made/full)
		c.at -= c.periods * c.period
	}
	return v
}

// merge lets a concealment go over into the voice that follows it: 5 ms after
// a short gap, 10 after a long one.
func (c *concealer) merge(x []float32) {
	overlap := ceilMs(c.rate, 5)
	if c.made > ceilMs(c.rate, 20) {
		overlap *= 2
	}
	overlap = min(overlap, len(x))
	for i := range x[:overlap] {
		w := float32(i+1) / float32(overlap+1)
		x[i] = w*x[i] + (1-w)*c.next()
	}
}

// bestPeriod finds the lag at which the end of x, a template of the given
// length, is most like what came before.
func bestPeriod(x []float32, template, shortest, longest int) int {
	end := x[len(x)-template:]
	best, bestScore := longest, float32(-1)
	for lag := shortest; lag <= longest; lag++ {
		if score := likeness(end, x[len(x)-template-lag:len(x)-lag]); score > bestScore {
			best, bestScore = lag, score
		}
	}
	return best
}

// likeness is the correlation of two pieces of equal length, -1 to 1.
func likeness(a, b []float32) float32 {
	var ab, aa, bb float32
	b = b[:len(a)]
	for i, v := range a {
		ab += v * b[i]
		aa += v * v
		bb += b[i] * b[i]
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / float32(math.Sqrt(float64(aa)*float64(bb)))
}
