package echo

import (
	"fmt"
	"sync/atomic"

	"deskset/audio/mix"
	"deskset/audio/resample"
)

// hopCard is a hop at the card's rate.
const (
	factor  = mix.Rate / coreRate
	hopCard = hop * factor
	// bandDelay is what going down to 16 kHz and back up costs: 1.5 ms.
	bandDelay = 71
	// Delay is what the canceller adds to the way of the microphone, in samples
	// at 48 kHz, where the card's blocks are whole hops; else up to a hop more.
	Delay = bandDelay + hopCard
)

// Settings say what is to be done.
type Settings struct {
	// Echo cancels what the loudspeaker says, Noise turns the room's noise down.
	Echo, Noise bool
}

// Canceller cleans one microphone. Far and Near are each called by one callback
// at a time, the rest by anyone.
type Canceller struct {
	bridge  bridge
	farDown *resample.Resampler
	far16   [maxFar]float32

	wanted atomic.Uint32 // settings

	// The microphone's.
	now     Settings
	core    core
	down    *resample.Resampler
	upWhole *resample.Resampler // of what came
	upClean *resample.Resampler // of what goes
	filled  int
	in      [hopCard]float32
	low     [hopCard]float32
	clean   [hopCard]float32
	late    [bandDelay + hopCard]float32
	above   [2][hopCard]float32 // the band above 8 kHz: of the hop before, and of this
	high    highBand
	out     [2 * hopCard]float32
	waiting int // of out
}

// maxFar is how much of the loudspeaker's block is worked on at a time.
const maxFar = 256

// New makes a canceller that does nothing yet.
func New() *Canceller {
	c := &Canceller{farDown: rate(mix.Rate, coreRate), down: rate(mix.Rate, coreRate), upWhole: rate(coreRate, mix.Rate), upClean: rate(coreRate, mix.Rate)}
	c.core.init()
	c.high.init()
	return c
}

func rate(from, to int) *resample.Resampler {
	r, err := resample.New(from, to)
	if err != nil {
		panic(fmt.Sprintf("echo: %v", err)) // three and a third are no uneven ratios
	}
	return r
}

// Set says what is to be done from the next block on.
func (c *Canceller) Set(s Settings) { c.wanted.Store(s.bits()) }

func (s Settings) bits() (b uint32) {
	if s.Echo {
		b |= 1
	}
	if s.Noise {
		b |= 2
	}
	return b
}

// Far takes a block as it goes to the loudspeaker; it does not change it.
func (c *Canceller) Far(block []float32) {
	if c.wanted.Load()&1 == 0 {
		return
	}
	for len(block) > 0 {
		n := min(len(block), maxFar)
		low := c.far16[:c.farDown.Process(c.far16[:], block[:n])]
		tame(low)
		c.bridge.put(low)
		block = block[n:]
	}
}

// Near cleans a block from the microphone. Where nothing is to be done the block
// stays as it is.
func (c *Canceller) Near(block []float32) {
	if w := c.wanted.Load(); w != c.now.bits() {
		c.change(Settings{Echo: w&1 != 0, Noise: w&2 != 0})
	}
	if c.now == (Settings{}) {
		return
	}
	for len(block) > 0 {
		n := copy(c.in[c.filled:], block)
		if c.filled += n; c.filled == hopCard {
			c.filled = 0
			c.hop()
		}
		c.give(block[:n])
		block = block[n:]
	}
}

// change begins to do something else. What was learned of the room is kept only
// while the echo is cancelled.
func (c *Canceller) change(to Settings) {
	was := c.now
	c.now = to
	if was == (Settings{}) || to == (Settings{}) {
		c.filled, c.waiting = 0, 0
		c.down.Reset()
		c.upWhole.Reset()
		c.upClean.Reset()
		clear(c.late[:])
		c.above = [2][hopCard]float32{}
		c.core.suppress.restart()
	}
	if to.Echo && !was.Echo {
		c.core.restart()
		c.bridge.flowing = false
	}
}

// hop works on what has come.
func (c *Canceller) hop() {
	var mic, far, clean [hop]float32
	tame(c.in[:])
	c.down.Process(mic[:], c.in[:])
	c.upWhole.Process(c.low[:], mic[:])
	// What the low band does not hold, in time with it.
	push(c.late[:], c.in[:])
	above := &c.above[1]
	for i := range above {
		above[i] = c.late[i] - c.low[i]
	}
	if c.now.Echo {
		c.bridge.take(far[:], c.core.drift.rate)
	}
	c.core.run(clean[:], mic[:], far[:], c.now.Echo, c.now.Noise)
	c.upClean.Process(c.clean[:], clean[:])
	c.high.apply(c.above[0][:], c.core.suppress.highEcho, c.now.Noise)
	mix.Add(c.clean[:], c.above[0][:])
	c.above[0] = c.above[1]
	copy(c.out[c.waiting:], c.clean[:])
	c.waiting += hopCard
}

// tame takes out what is no number or no sound: a filter that has learned from it
// would never recover.
func tame(x []float32) {
	for i, v := range x {
		if !(v < 4 && v > -4) {
			x[i] = 0
		}
	}
}

// give takes as much as was brought out of what waits. Where the card's blocks
// are no whole hops that is not always there: then silence comes once, and the
// rest is later by as much from then on.
func (c *Canceller) give(dst []float32) {
	missing := max(0, len(dst)-c.waiting)
	clear(dst[:missing])
	n := copy(dst[missing:], c.out[:c.waiting])
	copy(c.out[:], c.out[n:c.waiting])
	c.waiting -= n
}
