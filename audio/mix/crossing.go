package mix

import "sync/atomic"

// Sizes of a [Crossing], in samples.
const (
	crossingSize = 1 << 13 // 170 ms
	// cushionLeast is what waits in a crossing for a card that is late, at first:
	// 20 ms. Up to four times that wait once it was too little.
	cushionLeast = Rate / 50
)

// Crossing carries a voice from the callback of one sound card to that of
// another, as a conference has to: what the loudspeaker's card asks of one party
// goes out to the other with what the microphone's card brings. The two run by
// clocks of their own, so a crossing takes a sample more or less in each block
// until they agree again, which nobody hears. One callback puts, one takes; the
// zero value is ready.
type Crossing struct {
	// Least is how many samples wait for a card that is late, at first; 0 is
	// 20 ms.
	Least int

	ring    [crossingSize]float32
	in, out atomic.Uint64

	// Of the callback that takes.
	cushion         int
	flowing         bool
	bend            int // -1, 0, 1: samples that a block takes beyond its length
	lowest, watched int
	begin           Gain
}

// Put adds a block; what does not fit is dropped: nobody takes then.
func (c *Crossing) Put(src []float32) {
	in := c.in.Load()
	n := min(len(src), crossingSize-int(in-c.out.Load()))
	for i, v := range src[:n] {
		c.ring[(in+uint64(i))%crossingSize] = v
	}
	c.in.Store(in + uint64(n))
}

// Take overwrites dst with what comes next, or with silence until enough waits.
func (c *Crossing) Take(dst []float32) {
	n := len(dst)
	waiting := int(c.in.Load() - c.out.Load())
	if !c.flowing && !c.start(waiting, n) {
		clear(dst)
		return
	}
	need := n
	if n > 1 {
		need += c.bend
	}
	if left := waiting - need; left < 0 || left > crossingSize/2 {
		c.flowing = false
		c.cushion = min(2*c.cushion, 4*c.least())
		clear(dst)
		return
	}
	c.copy(dst, need)
	c.begin.Apply(dst)
	c.watch(waiting-need, n)
}

// Rest is for the callback that takes, where it does so no more for a while: the
// next Take begins anew.
func (c *Crossing) Rest() { c.flowing, c.cushion = false, 0 }

func (c *Crossing) least() int {
	if c.Least > 0 {
		return c.Least
	}
	return cushionLeast
}

// start begins to flow once a cushion waits beside the block, and leaves no more
// than that.
func (c *Crossing) start(waiting, n int) bool {
	c.cushion = max(c.cushion, c.least())
	if waiting < n+c.cushion {
		return false
	}
	c.out.Add(uint64(waiting - n - c.cushion))
	c.flowing, c.bend, c.lowest, c.watched = true, 0, crossingSize, 0
	c.begin.Jump(0)
	c.begin.Set(1)
	return true
}

// copy takes need samples and makes len(dst) of them; the two differ by one at
// most.
func (c *Crossing) copy(dst []float32, need int) {
	out := c.out.Load()
	at := func(i int) float32 { return c.ring[(out+uint64(i))%crossingSize] }
	if need == len(dst) {
		for i := range dst {
			dst[i] = at(i)
		}
	} else {
		step := float32(need-1) / float32(len(dst)-1)
		for i := range dst {
			place := float32(i) * step
			whole := min(int(place), need-2)
			part := place - float32(whole)
			dst[i] = (1-part)*at(whole) + part*at(whole+1)
		}
	}
	c.out.Store(out + uint64(need))
}

// watch looks once a second whether too much waits, or too little.
func (c *Crossing) watch(left, n int) {
	c.lowest = min(c.lowest, left)
	if c.watched += n; c.watched < Rate {
		return
	}
	c.bend = 0
	switch {
	case c.lowest < c.cushion*5/8: // a block that comes late takes up to the half
		c.bend = -1
	case c.lowest > c.cushion*9/8:
		c.bend = 1
	}
	c.lowest, c.watched = crossingSize, 0
}
