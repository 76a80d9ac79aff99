package engine

import (
	"math"
	"sync/atomic"

	"deskset/audio"
	"deskset/audio/echo"
	"deskset/audio/loudness"
	"deskset/audio/mix"
)

// processing is what is done to the microphone's sound before it is muted or
// sent: echo, noise, level, in this order; and the side tone.
type processing struct {
	canceller *echo.Canceller
	level     loudness.Control
	side      sideTone
}

func newProcessing() *processing {
	return &processing{canceller: echo.New(), side: sideTone{crossing: mix.Crossing{Least: sideLate}}}
}

// Process implements audio.VoiceProcessor.
func (e *Engine) Process(p audio.Processing) {
	e.do(func(k *control) {
		k.processing = p
		k.replan()
	})
}

// treatment is what a plan says of processing.
type treatment struct {
	clean echo.Settings
	level bool
	side  float32 // linear; 0 is none
}

// cleans tells whether the canceller works.
func (t treatment) cleans() bool { return t.clean != echo.Settings{} }

// treat decides for the path in use.
func (k *control) treat() treatment {
	if k.path == audio.PathNone {
		return treatment{}
	}
	p := &k.processing
	speaker := k.path == audio.PathSpeaker
	t := treatment{
		clean: echo.Settings{Echo: p.Echo.On(speaker), Noise: p.Noise.On(speaker)},
		level: p.Gain.On(speaker),
	}
	// A side tone out of a loudspeaker would only be another echo.
	own := k.names[roleOf(k.path)].Playback != k.names[audio.RoleSpeaker].Playback
	if db := p.SideTone[roleOf(k.path)]; db < 0 && own && !speaker && !k.muted {
		t.side = float32(math.Pow(10, float64(db)/20))
	}
	return t
}

// near works on what the microphone heard.
func (p *processing) near(t treatment, block []float32) {
	p.canceller.Set(t.clean)
	p.canceller.Near(block)
	if t.level {
		p.level.Apply(block)
	}
}

// sideLate is how much of the side tone waits between the cards, 5 ms: later than
// 20 ms one's own voice is heard as an echo.
const sideLate = mix.Rate / 200

// sideTone brings the microphone back to the ear, as a handset does by nature:
// who does not hear himself takes the line for dead and shouts.
type sideTone struct {
	crossing mix.Crossing
	gain     mix.Gain
	sounding atomic.Bool // the ear takes
	block    [chunk]float32
}

// put gives what is said; the mouth's callback.
func (s *sideTone) put(said []float32) {
	if s.sounding.Load() {
		s.crossing.Put(said)
	}
}

// add brings it to the ear; the ear's callback.
func (s *sideTone) add(block []float32, gain float32) {
	s.gain.Set(gain)
	if s.gain.Silent() {
		s.sounding.Store(false)
		s.crossing.Rest()
		return
	}
	s.sounding.Store(true)
	own := s.block[:len(block)]
	s.crossing.Take(own)
	s.gain.Apply(own)
	mix.Add(block, own)
}
