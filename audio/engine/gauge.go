package engine

import (
	"sync/atomic"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
	"deskset/audio/pace"
)

// started is before any callback.
var started = time.Now()

// gauge counts what a callback does. It is written by the callback and read by
// anyone.
type gauge struct {
	callbacks, samples, underruns, lost atomic.Uint64
	// bygone are the under-runs of the calls before this one.
	bygone  atomic.Uint64
	longest atomic.Int64
	rate    atomic.Uint64

	// The callback's own.
	pace                    pace.Pace
	windowCalls, windowSize uint64
}

// took notes how long a callback has worked.
func (g *gauge) took(d time.Duration) {
	if int64(d) > g.longest.Load() {
		g.longest.Store(int64(d))
	}
}

// card notes that a card (not a substitute) has moved n samples, and tells
// whether it did without some.
func (g *gauge) card(n int) (dry bool) {
	lost := g.pace.Moved(time.Since(started), n)
	if lost > 0 {
		g.underruns.Add(1)
		g.lost.Add(uint64(lost))
	}
	g.callbacks.Add(1)
	g.samples.Add(uint64(n))
	g.windowCalls++
	g.windowSize += uint64(n)
	if g.windowSize >= mix.Rate {
		g.rate.Store(g.windowCalls * mix.Rate / g.windowSize)
		g.windowCalls, g.windowSize = 0, 0
	}
	return lost > 0
}

func (g *gauge) read() Counters {
	return Counters{
		Callbacks: g.callbacks.Load(),
		Samples:   g.samples.Load(),
		Rate:      int(g.rate.Load()),
		Underruns: g.underruns.Load(),
		Lost:      time.Duration(g.lost.Load()) * time.Second / mix.Rate,
		Longest:   time.Duration(g.longest.Load()),
	}
}

// Counters of one device's callback since the engine was made.
type Counters struct {
	// Callbacks and Samples that a card asked for or gave.
	Callbacks, Samples uint64
	// Rate is callbacks per second of sound, over the last full second.
	Rate int
	// Underruns counts how often the card did without us, or we without it, and
	// Lost for how long in all. Sound servers do not tell: see package pace.
	Underruns uint64
	Lost      time.Duration
	// Longest is the most time that a callback took.
	Longest time.Duration
}

// Measurements of the three callbacks.
type Measurements struct {
	Ear, Microphone, Ringer Counters
}

// Measurements gives the counters.
func (e *Engine) Measurements() Measurements {
	return Measurements{Ear: e.ear.gauge.read(), Microphone: e.mouth.gauge.read(), Ringer: e.bell.gauge.read()}
}

// Levels in dBm0 over the last 100 ms; mix.Silence is none. The microphone is
// measured ahead of mute, the others behind their volume.
type Levels struct {
	Ear, Microphone, Ringer int
}

// Levels gives the meters.
func (e *Engine) Levels() Levels {
	return Levels{Ear: e.ear.meter.Level(), Microphone: e.mouth.meter.Level(), Ringer: e.bell.meter.Level()}
}

// Hops tells how the two devices of the path in use fare.
func (e *Engine) Hops() audio.Hops {
	return audio.Hops{
		Microphone: hop(e.inSeen.Load(), &e.mouth.gauge, &e.mouth.meter),
		Ear:        hop(e.outSeen.Load(), &e.ear.gauge, &e.ear.meter),
	}
}

func hop(s *device.PortState, g *gauge, m *mix.Meter) audio.Hop {
	h := audio.Hop{Samples: g.samples.Load(), Underruns: g.underruns.Load() - g.bygone.Load(), Level: m.Level(), Peak: m.Peak()}
	if s != nil && s.Open {
		h.Device, h.Err = s.Device, s.Err
	}
	return h
}
