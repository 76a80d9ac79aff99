package mix

import (
	"math"
	"sync/atomic"
)

// Silence is the level in dBm0 that a [Meter] gives for no sound at all.
const Silence = -127

// meterWindow is the number of samples over which a level is taken: 100 ms, as
// audio.Stats has it.
const meterWindow = Rate / 10

// fullScaleDBm0 is the level of a sine of full scale: 3.14 dBm0 by ITU-T G.711
// (A-law; µ-law's 3.17 differs by less than the meter shows).
const fullScaleDBm0 = 3.14

// peakWindows is how many windows [Meter.Peak] looks back: one second.
const peakWindows = 10

// Meter measures the level of what passes, every 100 ms. One callback adds,
// anyone may read.
type Meter struct {
	sum    float64
	count  int
	recent [peakWindows]float64 // mean squares
	next   int                  // of recent
	mean   atomic.Uint64        // bits of the last window's mean square
	peak   atomic.Uint64        // bits of the greatest in recent
}

// Add measures the block.
func (m *Meter) Add(block []float32) {
	for len(block) > 0 {
		n := min(meterWindow-m.count, len(block))
		var sum float32
		for _, v := range block[:n] {
			sum += v * v
		}
		m.sum += float64(sum)
		m.count += n
		block = block[n:]
		if m.count == meterWindow {
			m.finish(m.sum / meterWindow)
			m.sum, m.count = 0, 0
		}
	}
}

// finish publishes a window.
func (m *Meter) finish(mean float64) {
	m.recent[m.next] = mean
	m.next = (m.next + 1) % peakWindows
	peak := 0.0
	for _, v := range m.recent {
		peak = max(peak, v)
	}
	m.mean.Store(math.Float64bits(mean))
	m.peak.Store(math.Float64bits(peak))
}

// Reset forgets the last level: for a path that has closed, where nothing will
// be added that could bring it down.
func (m *Meter) Reset() {
	m.mean.Store(0)
	m.peak.Store(0)
}

// Level of the last full 100 ms in dBm0, [Silence] at least.
func (m *Meter) Level() int { return level(&m.mean) }

// Peak is the level of the loudest 100 ms of the last second that passed:
// whether somebody has spoken, for who looks once a second.
func (m *Meter) Peak() int { return level(&m.peak) }

func level(of *atomic.Uint64) int {
	mean := math.Float64frombits(of.Load())
	if !(mean > 0) {
		return Silence
	}
	level := 10*math.Log10(2*mean) + fullScaleDBm0
	return max(Silence, int(math.Round(level)))
}
