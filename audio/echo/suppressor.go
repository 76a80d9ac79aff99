package echo

import (
	"math"

	"deskset/audio/spectrum"
)

// The suppressor's frames: they look back 16 ms, and their last hops are what is
// given out, so that they cost one hop of delay.
const (
	frame     = 256
	frameBins = frame/2 + 1
	// binHz is the distance of two bins.
	binHz = float32(coreRate) / frame
)

// suppressor turns down, frequency by frequency, what the echo filter has left
// and, if wanted, the noise of the room; and fills the holes with noise of the
// room's colour, so that the floor does not pump with the far end's words.
type suppressor struct {
	fft               *spectrum.Transform
	analysis          [frame]float32
	synthesis         [2 * hop]float32
	rest, echo        [frame]float32 // the last of what is left, and of the estimate
	tail              [hop]float32   // of the last frame, to be added to the next
	restBins          spectrum.Bins
	echoBins          spectrum.Bins
	power, echoPower  [frameBins]float32
	ring              [frameBins]float32 // echoPower, dying away as a room does
	residue           [frameBins]float32 // expected of the echo
	gain, clean       [frameBins]float32 // the last gains, and what they let through
	leak              leakage
	noise             minimum
	random            uint32
	doubtful          [frameBins]float32 // of the filter
	overweight, depth float32            // how hard the echo is turned down now

	// caution is one while the path is new and the filter knows less of it than
	// it thinks, and fades.
	caution float32

	// Of the last frame, for the band above: what to do with the echo there.
	highEcho float32
}

const (
	// noiseDepth is how far noise is turned down: by 15 dB. More sounds like a
	// cave and costs consonants.
	noiseDepth = 0.178
	// A residue is turned down by at most that: in double talk only as far as
	// the near end's voice survives it, alone until nobody hears it.
	talkDepth  = 0.1
	aloneDepth = 0.003
	// roomFade is how much of an echo's power is left after a hop: 60 dB in
	// 300 ms.
	roomFade = 0.89
	// cautionFade is what is left of caution from batch to batch: to a third in
	// 2.5 s.
	cautionFade = 0.996
	// heldPrior is how much of the signal-to-rest ratio is the last frame's
	// (decision-directed, Ephraim and Malah 1984).
	heldPrior = 0.92
)

func (s *suppressor) init() {
	s.fft = spectrum.New(frame)
	s.restBins, s.echoBins = spectrum.NewBins(frameBins), spectrum.NewBins(frameBins)
	rise := frame - hop
	for n := range s.analysis {
		if n < rise {
			s.analysis[n] = float32(math.Sin(math.Pi / 2 * (float64(n) + 0.5) / float64(rise)))
		} else {
			s.analysis[n] = float32(math.Sin(math.Pi / 2 * (float64(frame-n) - 0.5) / hop))
		}
	}
	// Analysis and synthesis together are a Hann window over two hops.
	for n := range s.synthesis {
		hann := math.Pow(math.Sin(math.Pi/2*(float64(n)+0.5)/hop), 2)
		s.synthesis[n] = float32(hann) / s.analysis[frame-2*hop+n]
	}
	for k := range s.gain {
		s.gain[k] = 1
	}
	s.leak.init()
	s.noise.init(frameBins)
	s.random = 1
	s.caution = 1
	s.overweight, s.depth = 1, talkDepth
}

// run takes a hop of what the echo filter has left, and of its estimate, and
// gives the hop before, cleaned.
func (s *suppressor) run(out, rest, echo []float32, echoes, denoise bool) {
	push(s.rest[:], rest)
	push(s.echo[:], echo)
	s.transform(s.restBins, &s.rest)
	s.transform(s.echoBins, &s.echo)
	for k := range s.power {
		s.power[k] = s.restBins.Power(k)
		s.echoPower[k] = s.echoBins.Power(k)
	}
	s.noise.add(s.power[:])
	if echoes {
		s.expect()
	} else {
		clear(s.residue[:])
		s.overweight, s.depth, s.highEcho = 1, 1, 1
	}
	s.weigh(denoise)
	s.fill(denoise)
	s.synthesise(out)
}

// restart forgets the sound, but not what was learned of the noise.
func (s *suppressor) restart() {
	clear(s.rest[:])
	clear(s.echo[:])
	clear(s.tail[:])
	clear(s.ring[:])
	clear(s.doubtful[:])
}

func push(buffer, next []float32) {
	copy(buffer, buffer[len(next):])
	copy(buffer[len(buffer)-len(next):], next)
}

func (s *suppressor) transform(b spectrum.Bins, x *[frame]float32) {
	var windowed [frame]float32
	for n := range windowed {
		windowed[n] = x[n] * s.analysis[n]
	}
	s.fft.Forward(b, windowed[:])
}

// expect reckons how much of what is left is echo: what the filter itself doubts,
// and the part of the estimate that has been left lately.
func (s *suppressor) expect() {
	s.leak.learn(s.power[:], s.echoPower[:])
	doubt, leak := 0.8+5*s.caution, 0.4*s.caution
	var whole, left, high, highLeft float32
	for k := range s.residue {
		s.ring[k] = max(s.echoPower[k], roomFade*s.ring[k])
		s.residue[k] = max(s.leak.part(k), leak)*s.ring[k] + doubt*s.doubtful[k]
		whole += s.power[k]
		left += s.residue[k]
		if k >= highFrom && k < highTo {
			high += s.ring[k]
			highLeft += s.power[k]
		}
	}
	// Alone with the echo it may be turned down hard.
	alone := min(1, 2*left/(whole+tiny))
	alone *= alone
	s.overweight = 0.7 + 3.3*alone
	s.depth = talkDepth + (aloneDepth-talkDepth)*alone
	s.highEcho = max(aloneDepth, 1-min(1, 2*high/(highLeft+high+tiny)))
}

// Bins of the top octave that stand for the band above.
const (
	highFrom = int(5000 / binHz)
	highTo   = int(7000 / binHz)
	tiny     = 1e-12
)

// weigh finds the gain of each bin.
func (s *suppressor) weigh(denoise bool) {
	floor := float32(1)
	if denoise {
		floor = noiseDepth
	}
	for k := range s.gain {
		noise := s.noise.level[k]
		against := s.overweight * s.residue[k]
		if denoise {
			against += noise
		}
		if against <= tiny {
			s.gain[k], s.clean[k] = 1, s.power[k]
			continue
		}
		post := s.power[k] / against
		prior := heldPrior*s.clean[k]/against + (1-heldPrior)*max(post-1, 0)
		g := prior / (1 + prior)
		if denoise {
			g = logGain(prior, post)
		}
		// The least gain leaves of noise and of echo what each is allowed.
		least := (floor*floor*noise + s.depth*s.depth*s.residue[k]) / (noise + s.residue[k] + tiny)
		s.clean[k] = g * g * s.power[k]
		if g*g < least {
			g = float32(math.Sqrt(float64(least)))
		}
		s.gain[k] = g
	}
}

// fill adds noise of the room's colour where the gain has left less than the
// floor: a hole in the noise is heard as the far end's words pumping.
func (s *suppressor) fill(denoise bool) {
	floor := float32(1)
	if denoise {
		floor = noiseDepth * noiseDepth
	}
	for k, g := range s.gain {
		s.restBins.Re[k] *= g
		s.restBins.Im[k] *= g
		missing := min(floor*s.noise.level[k], s.power[k]) - g*g*s.power[k]
		if missing <= 0 || k == 0 || k == frameBins-1 {
			continue
		}
		s.random = s.random*1664525 + 1013904223 // Numerical Recipes' generator
		turn := s.random >> 24
		a := float32(math.Sqrt(float64(missing)))
		s.restBins.Re[k] += a * turns[turn].re
		s.restBins.Im[k] += a * turns[turn].im
	}
}

// turns are the directions of a circle, for random phases.
var turns = func() (t [256]struct{ re, im float32 }) {
	for i := range t {
		im, re := math.Sincos(2 * math.Pi * float64(i) / float64(len(t)))
		t[i].re, t[i].im = float32(re), float32(im)
	}
	return t
}()

// synthesise gives the hop out that no later frame has a part in.
func (s *suppressor) synthesise(out []float32) {
	var block [frame]float32
	s.fft.Inverse(block[:], s.restBins)
	last := block[frame-2*hop:]
	for n := range out {
		out[n] = s.tail[n] + last[n]*s.synthesis[n]
		s.tail[n] = last[hop+n] * s.synthesis[hop+n]
	}
}
