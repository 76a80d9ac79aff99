package dtmf

import (
	"math"

	"deskset/audio/tone"
)

// Limits of ITU-T Q.24, with room for the measurement's own error.
const (
	// blockTime in seconds: two whole blocks lie in any 40 ms of tone, the
	// shortest that must be accepted, however the blocks fall.
	blockTime = 0.01275
	// detuned is the greatest deviation of a frequency: 1.5 % must be accepted,
	// 3.5 % refused.
	detuned = 0.025
	// Twist in dB: the high group may be 4 dB stronger or 8 dB weaker.
	maxHighOver = 6
	maxLowOver  = 10
	// minLevel of each sine in dBm0.
	minLevel = -35
	// purity is the least share of the block's energy that both sines have.
	// Speech rarely comes near it: this is what keeps talk from dialling.
	purity = 0.8
)

const (
	groupSize = 4
	hitsToDigit,
	missesToEnd = 2, 2
)

// Detector finds digits in voice. It is for one signal, and not safe for
// concurrent use; it allocates nothing once made.
type Detector struct {
	rate  float64
	half  int // samples in half a block
	bank  [2 * groupSize]probe
	at    int // samples of the block so far
	power float64

	candidate byte // of the last block
	hits      int
	digit     byte // that sounds
	misses    int
}

// probe measures one frequency over the two halves of a block: how strong it
// is, and by the phase between the halves how far off.
type probe struct {
	hz                float64
	sin, cos          []float64 // of half a block
	turnSin, turnCos  float64   // phase of the nominal frequency over half a block
	re, im            [2]float64
	strength, measure float64
}

// NewDetector makes a detector; the rate in Hz, 8000 at least.
func NewDetector(rate int) *Detector {
	d := &Detector{rate: float64(rate), half: int(float64(rate) * blockTime / 2)}
	rows, columns := tone.Rows(), tone.Columns()
	for i := range d.bank {
		hz := rows[i%groupSize]
		if i >= groupSize {
			hz = columns[i%groupSize]
		}
		p := &d.bank[i]
		p.hz = hz
		p.sin, p.cos = make([]float64, d.half), make([]float64, d.half)
		for k := range p.sin {
			p.sin[k], p.cos[k] = math.Sincos(2 * math.Pi * hz * float64(k) / d.rate)
		}
		p.turnSin, p.turnCos = math.Sincos(2 * math.Pi * hz * float64(d.half) / d.rate)
	}
	return d
}

// Write takes the next samples, full scale ±1.0, and calls found for each
// digit once, when it has lasted two blocks.
func (d *Detector) Write(samples []float32, found func(digit byte)) {
	for _, v := range samples {
		x := float64(v)
		part, k := d.at/d.half, d.at%d.half
		for i := range d.bank {
			p := &d.bank[i]
			p.re[part] += x * p.cos[k]
			p.im[part] += x * p.sin[k]
		}
		d.power += x * x
		if d.at++; d.at == 2*d.half {
			if digit := d.judge(d.classify()); digit != 0 {
				found(digit)
			}
			d.at, d.power = 0, 0
			for i := range d.bank {
				d.bank[i].re, d.bank[i].im = [2]float64{}, [2]float64{}
			}
		}
	}
}

// judge follows the digit from block to block and gives it when it begins.
func (d *Detector) judge(seen byte) byte {
	if seen != 0 && seen == d.candidate {
		d.hits++
	} else {
		d.candidate, d.hits = seen, 1
	}
	if seen == d.digit {
		d.misses = 0
		return 0
	}
	if seen != 0 && d.hits >= hitsToDigit {
		d.digit, d.misses = seen, 0
		return seen
	}
	if d.misses++; d.misses >= missesToEnd {
		d.digit = 0
	}
	return 0
}

// classify gives the digit of one block, or 0.
func (d *Detector) classify() byte {
	block := float64(2 * d.half)
	if d.power/block < power(minLevel) {
		return 0
	}
	row, lowOK := d.strongest(0)
	column, highOK := d.strongest(groupSize)
	if !lowOK || !highOK {
		return 0
	}
	low, high := d.bank[row].strength, d.bank[column].strength
	twist := 10 * math.Log10(high/low)
	switch {
	case min(low, high) < power(minLevel),
		twist > maxHighOver, twist < -maxLowOver,
		low+high < purity*d.power/block:
		return 0
	}
	return tone.KeyAt(row, column-groupSize)
}

// power is the mean square of a sine of a level in dBm0.
func power(dBm0 float64) float64 {
	a := tone.Amplitude(dBm0)
	return a * a / 2
}

// strongest gives the index of a group's strongest frequency, and whether it
// lies close enough to its place.
func (d *Detector) strongest(group int) (index int, ok bool) {
	index = group
	for i := group; i < group+groupSize; i++ {
		d.bank[i].evaluate(d.half, d.rate)
		if d.bank[i].strength > d.bank[index].strength {
			index = i
		}
	}
	p := &d.bank[index]
	return index, math.Abs(p.measure-p.hz) <= detuned*p.hz
}

// evaluate turns the sums of a block into the mean square and the frequency of
// the sine that made them.
func (p *probe) evaluate(half int, rate float64) {
	// The second half is turned back by what the nominal frequency turns in
	// the first.
	re := p.re[1]*p.turnCos - p.im[1]*p.turnSin
	im := p.im[1]*p.turnCos + p.re[1]*p.turnSin
	// Phase by which the signal runs ahead of nominal over half a block. The
	// imaginary part is summed with a positive sine, hence the sign.
	ahead := -math.Atan2(im*p.re[0]-re*p.im[0], re*p.re[0]+im*p.im[0])
	p.measure = p.hz + ahead*rate/(2*math.Pi*float64(half))
	amplitude := math.Hypot(p.re[0]+re, p.im[0]+im) / float64(half)
	// A sine beside the nominal frequency is seen weaker than it is.
	if loss := sinc(ahead / math.Pi); loss > 0.3 {
		amplitude /= loss
	}
	p.strength = amplitude * amplitude / 2
}

func sinc(x float64) float64 {
	if math.Abs(x) < 1e-9 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}
