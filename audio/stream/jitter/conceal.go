package jitter

import "math"

// Concealment in milliseconds. The figures are what scored best on a person's
// and a synthesiser's speech with 10 % of its packets lost, singly and in
// bursts: TestConcealmentIsBetterThanThatOfSpandsp.
const (
	fullTime     = 10 // as long as it is at full strength
	fadeTime     = 60 // until it is silent
	templateTime = 8  // by which the pitch is found
	minPeriod    = 2.5
	maxPeriod    = 18 // 55 to 400 Hz
	tractTime    = 30 // of the past that tells the vocal tract
	trendTime    = 8  // twice this tells whether the voice rises or falls
	mergeShort   = 1.5
	mergeLong    = 2.5 // into the voice that follows, after a short and a long gap
	longGap      = 20
)

// concealer continues a voice: what excited its vocal tract is repeated with
// the last pitch period, and filtered as before. The filter lets the voice go
// on without a step, and keeps its vowel where the repeated waveform of ITU-T
// G.711 Appendix I has seams. As much of the excitation is noise as was not
// periodic, and more as time goes by: a buzz is what made-up voice is known by.
type concealer struct {
	rate int
	// past is what was played last, newest at the end.
	past   []float32
	tract  tract
	pitch  search
	period int
	// excitation before the gap. Its last period is repeated; at is the next.
	excitation []float32
	at         int
	strength   float32 // of the noise at full
	periodic   float32 // share of the excitation that is not noise, 0 to 1
	trend      float32 // gain from sample to sample
	gain       float32
	noise      noise
	made       int // samples since concealment began
}

func newConcealer(rate int) concealer {
	c := concealer{
		rate:       rate,
		past:       make([]float32, ceilMs(rate, max(tractTime, templateTime+maxPeriod)+5)),
		excitation: make([]float32, ceilMs(rate, maxPeriod)),
	}
	c.pitch = newSearch(rate, len(c.past))
	c.tract = newTract(rate, ceilMs(rate, fadeTime+mergeLong))
	return c
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
	template := ceilMs(c.rate, templateTime)
	shortest, longest := ceilMs(c.rate, minPeriod), ceilMs(c.rate, maxPeriod)
	c.period = c.pitch.best(tail, c.past, template, shortest, longest, -2)
	c.tract.find(c.past[len(c.past)-ceilMs(c.rate, tractTime):])
	c.tract.residual(c.excitation, c.past)
	// Voice that is like itself by 0.9 is as periodic as voices are.
	c.periodic = max(0, min(1, tail(c.past, c.period, template)/0.9))
	c.strength = rms(c.excitation)
	c.at = len(c.excitation) - c.period
	c.gain, c.trend = 1, c.slope()
	c.made = 0
}

// slope is the gain from sample to sample of a voice that was falling already.
// One that rises is not followed.
func (c *concealer) slope() float32 {
	n := ceilMs(c.rate, trendTime)
	end := c.past[len(c.past)-2*n:]
	before, last := rms(end[:n]), rms(end[n:])
	if before == 0 || last >= before {
		return 1
	}
	const steepest = 0.6
	return float32(math.Pow(max(steepest, float64(last/before)), 1/float64(n)))
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
	v := c.tract.next(c.excite())
	if c.made > full {
		v *= float32(fade-c.made) / float32(fade-full)
	}
	c.made++
	// Numbers from a stream may make any filter; ours stays within bounds.
	return max(-1, min(1, v))
}

// excite gives the next sample of the excitation.
func (c *concealer) excite() float32 {
	periodic := c.periodic * (1 - float32(c.made)/float32(ceilMs(c.rate, 200)))
	const most = 0.8
	share := most * float32(math.Sqrt(float64(1-periodic*periodic)))
	e := float32(math.Sqrt(float64(1-share*share)))*c.excitation[c.at] + share*c.strength*c.noise.next()
	if c.at++; c.at == len(c.excitation) {
		c.at -= c.period
	}
	c.gain *= c.trend
	return c.gain * e
}

// merge lets a concealment go over into the voice that follows it. Longer
// would be smoother and, as the two are hardly ever in phase, fainter.
func (c *concealer) merge(x []float32) {
	overlap := ceilMs(c.rate, mergeShort)
	if c.made > ceilMs(c.rate, longGap) {
		overlap = ceilMs(c.rate, mergeLong)
	}
	overlap = min(overlap, len(x))
	for i := range x[:overlap] {
		w := float32(i+1) / float32(overlap+1)
		x[i] = w*x[i] + (1-w)*c.next()
	}
}

// noise is white noise with less of the low frequencies, where voices hum and
// do not hiss; of unit power.
type noise struct {
	state uint32
	last  float32
}

func (n *noise) next() float32 {
	const (
		low   = 0.95   // how much of the last sample is taken off
		scale = 1.2557 // sqrt(3 / (1 + low*low)), and the ±1 below are even
	)
	n.state = n.state*1664525 + 1013904223
	v := float32(int32(n.state)) / (1 << 31)
	out := scale * (v - low*n.last)
	n.last = v
	return out
}
