package tone

import (
	"sync/atomic"
	"time"
)

// Player plays call-progress tones.
type Player struct {
	// order is the tone to play in the low byte under a count of orders: the
	// same tone ordered twice begins anew.
	order atomic.Uint64

	rate     int
	country  Country // control side
	programs atomic.Pointer[programs]

	// What follows belongs to the audio side.
	chord   *Chord
	obeyed  uint64
	playing program
	at      int // step of playing; len(steps) when it is over
	left    int // samples until the step ends; forever for one without end
}

// program is a cadence counted in samples.
type program struct {
	cadence
	samples []int // per step
}

// programs are the tones of one country. They do not change.
type programs [NumNames]program

// forever is longer than any call: a step with this length never ends.
const forever = 1 << 62

// NewPlayer makes a player of United States tones for blocks at sampleRate, in
// Hz.
func NewPlayer(sampleRate int) *Player {
	p := &Player{rate: sampleRate, chord: NewChord(sampleRate)}
	p.SetCountry(US)
	return p
}

// SetCountry chooses whose tones are played from the next Play on; those of a
// country that the table does not have are the United States'. Control side.
func (p *Player) SetCountry(country Country) {
	if country == p.country {
		return
	}
	p.country = country
	all := &programs{}
	for n := range all {
		c := lookup(country, Name(n))
		lengths := make([]int, len(c.steps))
		for i, s := range c.steps {
			lengths[i] = forever
			if s.lasts > 0 {
				lengths[i] = int(s.lasts * time.Duration(p.rate) / time.Second)
			}
		}
		all[n] = program{c, lengths}
	}
	p.programs.Store(all)
}

// Play begins a tone from the start of its cadence, in place of the one that
// sounds; None stops. Control side.
func (p *Player) Play(n Name) {
	if n >= NumNames {
		n = None
	}
	p.order.Store((p.order.Load()>>8+1)<<8 | uint64(n))
}

// Read overwrites dst with the next samples and tells whether any sounds; if
// not, dst is silence. In the pauses of a cadence it gives false. Audio side.
func (p *Player) Read(dst []float32) bool {
	p.obey()
	sounds := false
	for len(dst) > 0 {
		if p.at >= len(p.playing.steps) { // over, perhaps still fading
			return p.chord.Read(dst) || sounds
		}
		n := min(len(dst), p.left)
		sounds = p.chord.Read(dst[:n]) || sounds
		dst = dst[n:]
		if p.left == forever {
			continue
		}
		if p.left -= n; p.left == 0 {
			p.enter(p.at + 1)
		}
	}
	return sounds
}

// obey takes up a new order. The old tone fades first: two tones that differ
// in level would click.
func (p *Player) obey() {
	order := p.order.Load()
	if order == p.obeyed {
		return
	}
	if p.chord.Sounding() {
		p.playing, p.at = program{}, 0
		p.chord.Gate(false)
		return
	}
	p.obeyed = order
	p.playing = p.programs.Load()[Name(order&0xFF)]
	p.enter(0)
}

// enter begins a step, after the last the one to loop to.
func (p *Player) enter(at int) {
	if at == len(p.playing.steps) {
		at = p.playing.loop
	}
	p.at = at
	if at >= len(p.playing.steps) {
		p.chord.Gate(false)
		return
	}
	p.left = p.playing.samples[at]
	sines := p.playing.steps[at].sines
	if p.chord.Gate(len(sines) > 0); len(sines) > 0 {
		p.chord.Tune(sines)
	}
}
