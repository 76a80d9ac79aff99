package talk

import (
	"math"
	"sync"

	"deskset/audio/tone"
)

// milliwatt is the test tone of the North American network: 1004 Hz at 0 dBm0
// (ITU-T O.11 avoids 1000 Hz, a divisor of the sampling rate, likewise).
type milliwatt struct{ at uint64 }

const milliwattHz = 1004

func (m *milliwatt) frame(pcm []int16) {
	peak := tone.Amplitude(0) * 32767
	for i := range pcm {
		// 1004/8000 is 251/2000: the phase repeats and never drifts.
		pcm[i] = int16(math.Round(peak * math.Sin(2*math.Pi*float64(m.at%2000)*milliwattHz/sampleRate)))
		m.at++
	}
}

func (*milliwatt) digit(byte) {}

// loop plays a recording over and over.
type loop struct {
	pcm []int16
	at  int
}

func (l *loop) frame(pcm []int16) {
	for i := range pcm {
		pcm[i] = l.pcm[l.at]
		l.at = (l.at + 1) % len(l.pcm)
	}
}

func (*loop) digit(byte) {}

// The tune: four bars of broken chords, C, A minor, F and G, in semitones
// above the A of 220 Hz, eight notes to a bar.
var bars = [][]int{
	{3, 7, 10, 15, 19, 15, 10, 7},
	{0, 3, 7, 12, 15, 12, 7, 3},
	{-4, 0, 3, 8, 12, 8, 3, 0},
	{-2, 2, 5, 10, 14, 10, 5, 2},
}

// noteSamples is an eighth at 125 to the minute.
const noteSamples = sampleRate * 6 / 25

// music makes the tune once: plucked notes that ring on into the next, over a
// held bass, about -16 dBm0.
var music = sync.OnceValue(func() []int16 {
	total := len(bars) * len(bars[0]) * noteSamples
	mix := make([]float64, total)
	for i, bar := range bars {
		start := i * len(bar) * noteSamples
		pluck(mix, start, len(bar)*noteSamples, bar[0]-12, 0.5, 1.2)
		for k, semitone := range bar {
			pluck(mix, start+k*noteSamples, 3*noteSamples, semitone, 1, 6)
		}
	}
	pcm := make([]int16, total)
	for i, v := range mix {
		pcm[i] = int16(v * 4200)
	}
	return pcm
})

// pluck adds a note that decays; it wraps round, so that the loop has no seam.
func pluck(mix []float64, start, length, semitone int, gain, decay float64) {
	hz := 220 * math.Pow(2, float64(semitone)/12)
	for i := range length {
		t := float64(i) / sampleRate
		attack := math.Min(1, t*200)
		release := math.Min(1, float64(length-i)/(sampleRate/100))
		phase := 2 * math.Pi * hz * t
		v := math.Sin(phase) + 0.4*math.Sin(2*phase) + 0.2*math.Sin(3*phase)
		mix[(start+i)%len(mix)] += gain * attack * release * math.Exp(-decay*t) * v
	}
}
