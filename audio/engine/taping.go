package engine

import (
	"math"

	"deskset/audio"
	"deskset/audio/mix"
	"deskset/audio/tone"
)

// taping is what recording one stream needs. What its party says is asked for by
// the ear and put on tape by the mouth, as in a conference; the 20 ms that it waits
// in between are about what the two cards delay the person's own voice by.
type taping struct {
	tape audio.Tape
	far  mix.Crossing
	// Of the mouth, nil without a warning; and of the ear.
	warn, warnHere *warning
	both           [chunk]float32
	sent           [chunk]float32
}

// The recorder warning tone: half a second of 1400 Hz each 15 s (Federal Standard
// 1037C), about as loud as people talk, less so to who records.
const (
	warningHz     = 1400
	warningLength = mix.Rate / 2
	warningEvery  = 15 * mix.Rate
	warningDBm0   = -18
	warningHere   = -30
	warningEdge   = mix.Rate / 200 // 5 ms
)

// warning adds the tone. It belongs to one callback.
type warning struct {
	at        int // samples since the last one began
	amplitude float64
}

// add adds what of the tone falls into the block. The first is at once.
func (w *warning) add(block []float32) {
	for i := range block {
		if w.at < warningLength {
			edge := min(1, float64(min(w.at, warningLength-w.at))/warningEdge)
			block[i] += float32(edge * w.amplitude * math.Sin(2*math.Pi*warningHz*float64(w.at)/mix.Rate))
		}
		if w.at++; w.at == warningEvery {
			w.at = 0
		}
	}
}

// Tape implements audio.Taper.
func (e *Engine) Tape(s audio.Stream, t audio.Tape, warn bool) {
	e.ask(func(k *control) { k.tape(s, t, warn) })
}

func (k *control) tape(s audio.Stream, t audio.Tape, warn bool) {
	for _, c := range k.streams {
		if audio.Stream(c) != s {
			continue
		}
		if c.taping = nil; t != nil {
			c.taping = &taping{tape: t}
			if warn {
				c.taping.warn = &warning{amplitude: tone.Amplitude(warningDBm0)}
				c.taping.warnHere = &warning{amplitude: tone.Amplitude(warningHere)}
			}
		}
	}
	k.replan()
	k.ear.lap.wait()
	k.mouth.lap.wait()
}

// sends tells whether what is said goes out to a stream's party: not on hold.
func sends(m Media) bool {
	s, ok := m.(interface{ Sends() bool })
	return !ok || s.Sends()
}

// keep is of the mouth: it puts a moment on tape, said being what the person says,
// and gives what is to go out in its place.
func (m *mouth) keep(p *plan, of voice, said []float32) []float32 {
	t := of.taping
	sent := t.sent[:len(said)]
	copy(sent, said)
	if !sends(of.Media) {
		clear(sent)
	} else if t.warn != nil {
		t.warn.add(sent)
	}
	far := t.both[:len(said)]
	t.far.Take(far)
	if of.party != nil {
		for _, s := range p.streams {
			if s.party != nil && s.party != of.party {
				mix.Add(far, s.said[:len(said)])
			}
		}
	}
	t.tape.Take(sent, far)
	return sent
}

// warn lets the person hear, too, that the call is recorded.
func (e *ear) warn(p *plan, block []float32) {
	for _, s := range p.streams {
		if s.taping != nil && s.taping.warnHere != nil && sends(s.Media) {
			s.taping.warnHere.add(block)
			return
		}
	}
}
