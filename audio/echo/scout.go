package echo

import (
	"math"

	"deskset/audio/spectrum"
)

// Sizes of the scout, at 4 kHz.
const (
	scoutStep = coreRate / 4000
	scoutSize = 2048 // 512 ms of the loudspeaker, 256 ms of the microphone
	scoutBins = scoutSize/2 + 1
	scoutMost = scoutSize / 2 // longest delay that it sees
	// scoutHops is how often it looks: every 100 ms.
	scoutHops = 40
	// scoutFade is what a look leaves of those before.
	scoutFade = 0.8
	// Speech lies between these bins; below hums, above aliases.
	scoutFrom = 150 * scoutSize / 4000
	scoutTo   = 1700 * scoutSize / 4000
	// A peak counts if it stands out from the mean by that factor, and at the
	// same place in so many looks.
	scoutClear  = 9
	scoutSteady = 3
	// scoutNear is what passes for the same place: 2 ms.
	scoutNear = 8
	// faintest is the mean power of the loudspeaker below which there is
	// nothing to see: -60 dB.
	faintest = 1e-6
)

// scout finds how long what the loudspeaker was given takes to the microphone:
// the buffers of two cards and a server between, which nobody tells. It looks for
// the peak of the generalised cross-correlation with phase transform (Knapp and
// Carter 1976), over half a second, and does a part of a look in each hop.
type scout struct {
	fft       *spectrum.Transform
	far, mic  [scoutSize]float32
	farBins   spectrum.Bins
	micBins   spectrum.Bins
	cross     spectrum.Bins
	curve     [scoutSize]float32
	farLow    decimator
	micLow    decimator
	stage     int
	candidate int
	seen      int // looks in which the candidate was seen
}

func (s *scout) init() {
	s.fft = spectrum.New(scoutSize)
	s.farBins, s.micBins, s.cross = spectrum.NewBins(scoutBins), spectrum.NewBins(scoutBins), spectrum.NewBins(scoutBins)
}

// restart forgets what was seen.
func (s *scout) restart() {
	clear(s.far[:])
	clear(s.mic[:])
	s.cross.Clear()
	s.stage, s.seen = 0, 0
}

// look takes a hop of each and gives, now and then, the delay in samples at
// 16 kHz.
func (s *scout) look(mic, far []float32) (delay int, ok bool) {
	s.farLow.take(s.far[:], far)
	s.micLow.take(s.mic[:], mic)
	if s.stage++; s.stage < scoutHops-4 {
		return 0, false
	}
	switch s.stage {
	case scoutHops - 4:
		if energy(s.far[:scoutSize/2]) < faintest*scoutSize/2 {
			s.stage = 0 // nothing to see
			return 0, false
		}
		s.fft.Forward(s.farBins, s.far[:])
		clear(s.curve[:scoutSize/2])
		copy(s.curve[scoutSize/2:], s.mic[scoutSize/2:])
	case scoutHops - 3:
		s.fft.Forward(s.micBins, s.curve[:])
	case scoutHops - 2:
		s.correlate()
	case scoutHops - 1:
		s.fft.Inverse(s.curve[:], s.cross)
	default:
		s.stage = 0
		return s.peak()
	}
	return 0, false
}

// correlate adds the phases of this look to those of the ones before.
func (s *scout) correlate() {
	s.cross.Re[0] = 0
	for k := scoutFrom; k < scoutTo; k++ {
		a, b, c, d := s.farBins.Re[k], s.farBins.Im[k], s.micBins.Re[k], s.micBins.Im[k]
		re, im := a*c+b*d, a*d-b*c
		weight := (1 - scoutFade) / float32(math.Sqrt(float64(re*re+im*im))+tiny)
		s.cross.Re[k] = scoutFade*s.cross.Re[k] + weight*re
		s.cross.Im[k] = scoutFade*s.cross.Im[k] + weight*im
	}
}

// peak judges the curve.
func (s *scout) peak() (delay int, ok bool) {
	best, sum := 0, float32(0)
	for i, v := range s.curve[:scoutMost] {
		sum += v * v
		if v > s.curve[best] {
			best = i
		}
	}
	if s.curve[best]*s.curve[best]*scoutMost < scoutClear*scoutClear*sum/2 {
		s.seen = 0
		return 0, false
	}
	if best < s.candidate-scoutNear || best > s.candidate+scoutNear {
		s.candidate, s.seen = best, 0
	}
	if s.seen++; s.seen < scoutSteady {
		return 0, false
	}
	s.seen = scoutSteady
	return best * scoutStep, true
}

// decimator brings 16 kHz down to 4.
type decimator struct{ past [lowTaps + hop]float32 }

const lowTaps = 24

// lowPass is a Hann-windowed sinc of 1.8 kHz.
var lowPass = func() (h [lowTaps]float32) {
	sum := 0.0
	for i := range h {
		at := float64(i) - (lowTaps-1)/2.0
		v := math.Sin(math.Pi*at*0.225) / at * (1 + math.Cos(2*math.Pi*at/lowTaps))
		h[i] = float32(v)
		sum += v
	}
	for i := range h {
		h[i] /= float32(sum)
	}
	return h
}()

// take shifts a hop into a buffer.
func (d *decimator) take(to, from []float32) {
	copy(d.past[:], d.past[len(from):])
	copy(d.past[len(d.past)-len(from):], from)
	n := len(from) / scoutStep
	copy(to, to[n:])
	for i := range n {
		sum := float32(0)
		for j, h := range lowPass {
			sum += h * d.past[len(d.past)-len(from)+(i+1)*scoutStep-lowTaps+j]
		}
		to[len(to)-n+i] = sum
	}
}
