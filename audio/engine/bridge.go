package engine

import (
	"slices"

	"deskset/audio"
	"deskset/audio/mix"
)

// voice is a stream as the callbacks see it: alone, or in a conference.
type voice struct {
	Media
	*party         // nil outside of a conference
	taping *taping // nil unless it is recorded
}

// party is what a conference needs for one of its streams. What it says is asked
// for by the ear and given to the others by the mouth, which may be another
// card's callback.
type party struct {
	crossing mix.Crossing
	// Of the mouth.
	said    [chunk]float32
	limiter mix.Limiter
}

// Bridge implements audio.Engine.
func (e *Engine) Bridge(streams ...audio.Stream) {
	streams = slices.Clone(streams)
	e.do(func(k *control) { k.bridge(streams) })
}

// bridge makes parties of these streams and of no others. Who was one before
// stays it without a gap.
func (k *control) bridge(streams []audio.Stream) {
	for _, c := range k.streams {
		switch member := slices.Contains(streams, audio.Stream(c)); {
		case !member:
			c.party = nil
		case c.party == nil:
			c.party = &party{}
		}
	}
	k.replan()
}

// listen takes what each party says for this block.
func (m *mouth) listen(p *plan, n int) {
	for _, s := range p.streams {
		if s.party != nil {
			s.crossing.Take(s.said[:n])
		}
	}
}

// tell gives a party the person and all other parties, but not itself.
func (m *mouth) tell(p *plan, to voice, said []float32) {
	mixed := m.mixed[:len(said)]
	copy(mixed, said)
	for _, s := range p.streams {
		if s.party != nil && s.party != to.party {
			mix.Add(mixed, s.said[:len(said)])
		}
	}
	to.limiter.Apply(mixed)
	to.Write(mixed)
}
