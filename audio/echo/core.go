package echo

// core cleans the microphone at 16 kHz, hop by hop.
type core struct {
	far        reference
	main       filter
	shadow     filter
	suppress   suppressor
	taken      int // hops of the batch
	errors     [batch]float32
	heard      [batch]float32
	watch      watch
	scout      scout
	drift      drift
	seen       int // delay at which the scout saw the echo; -1 before it did
	doubtScale float32
}

const (
	// How much of the path main and shadow believe to stay for 10 ms.
	steady  = 0.9999
	nervous = 0.997
)

func (c *core) init() {
	c.far.init()
	c.main.init(steady)
	c.shadow.init(nervous)
	c.suppress.init()
	c.drift.init()
	c.scout.init()
	c.seen = -1
	sum := float32(0)
	for _, a := range c.suppress.analysis {
		sum += a * a
	}
	c.doubtScale = sum / window
}

// restart forgets the room.
func (c *core) restart() {
	c.main.forget()
	c.shadow.forget()
	c.suppress.leak.init()
	c.suppress.caution = 1
	c.watch = watch{}
	c.scout.restart()
	c.drift.rate = 0
	c.far.restart()
	c.seen, c.taken = -1, 0
}

// run takes a hop of each and gives the microphone's hop before, cleaned.
func (c *core) run(out, mic, far []float32, echoes, denoise bool) {
	var estimate, rest [hop]float32
	copy(rest[:], mic)
	if echoes {
		if at, ok := c.scout.look(mic, far); ok {
			c.align(at)
		}
		c.far.push(far)
		c.main.echo(estimate[:], &c.far)
		for i := range rest {
			rest[i] -= estimate[i]
		}
		at := c.taken * hop
		copy(c.heard[at:], mic)
		copy(c.errors[at:], rest[:])
		if c.taken++; c.taken == batchHops {
			c.taken = 0
			c.learn()
		}
	}
	c.suppress.run(out, rest[:], estimate[:], echoes, denoise)
}

const (
	// lead is how long before the echo's peak the filter begins: it may come
	// before its loudest part, and the delay shrink a little.
	lead = 10 * coreRate / 1000
	// A delay that has changed by less is left to the filter, where the echo
	// was seen before: 4 ms.
	moved = 4 * coreRate / 1000
)

// align moves the filter to where the scout has seen the echo. A path that is
// known stays known: it is the card that has changed its delay, not the room.
func (c *core) align(at int) {
	switch {
	case c.seen < 0:
		c.seen = at
		if at > lead+parts*tap/4 {
			c.far.setDelay(at - lead)
			c.main.forget()
			c.shadow.forget()
		}
	case at > c.seen+moved || at < c.seen-moved:
		c.far.setDelay(c.far.delay + at - c.seen)
		c.seen = at
		c.main.reopen(reopened)
		c.shadow.reopen(reopened)
		c.suppress.caution = 1
		c.suppress.leak.reopen()
	}
}

// reopened is how uncertain a path is whose delay has changed: the scout sees no
// single samples.
const reopened = 0.1

// settled is what is left of the microphone's energy once the path is known well
// enough to see it move, 10 dB less.
const settled = 0.1

// learn lets both filters learn from a batch, and compares them.
func (c *core) learn() {
	var errors [batch]float32
	c.shadow.echo(errors[:], &c.far)
	for i := range errors {
		errors[i] = c.heard[i] - errors[i]
	}
	c.main.learn(c.errors[:], &c.far)
	if c.watch.main < settled*c.watch.heard {
		c.drift.learn(&c.main, c.heard[:], c.errors[:])
	}
	c.shadow.learn(errors[:], &c.far)
	c.suppress.caution *= cautionFade
	switch c.watch.compare(energy(c.heard[:]), energy(c.errors[:]), energy(errors[:])) {
	case shadowBetter:
		c.main.follow(&c.shadow)
		c.suppress.caution = max(c.suppress.caution, 0.5)
		c.suppress.leak.reopen()
	case mainBetter:
		c.shadow.follow(&c.main)
	case mainLost:
		c.main.forget()
		c.suppress.caution = 1
		c.suppress.leak.reopen()
	}
	c.spreadDoubt()
}

// spreadDoubt brings what the filter doubts to the frames of the suppressor.
func (c *core) spreadDoubt() {
	d := &c.suppress.doubtful
	for k := range d {
		d[k] = c.main.doubt[2*k] * c.doubtScale
	}
}

func energy(x []float32) float32 {
	var sum float32
	for _, v := range x {
		sum += v * v
	}
	return sum
}

// watch compares the two filters: the shadow learns fast and trusts its past
// little, so it is worse while all stays the same and better once the path has
// changed. A person who talks makes both worse.
type watch struct {
	heard, main, shadow float32
	better, worse, lost int
}

// What comes of a comparison.
const (
	asBefore = iota
	shadowBetter
	mainBetter
	mainLost
)

func (w *watch) compare(heard, main, shadow float32) int {
	w.heard = 0.85*w.heard + 0.15*heard
	w.main = 0.85*w.main + 0.15*main
	w.shadow = 0.85*w.shadow + 0.15*shadow
	w.better = count(w.better, w.shadow < 0.6*w.main)
	w.worse = count(w.worse, w.main < 0.3*w.shadow)
	w.lost = count(w.lost, w.main > 1.5*w.heard)
	switch {
	case w.lost >= 10:
		w.lost = 0
		return mainLost
	case w.better >= 6:
		w.better = 0
		return shadowBetter
	case w.worse >= 20:
		w.worse = 0
		return mainBetter
	}
	return asBefore
}

func count(n int, so bool) int {
	if so {
		return n + 1
	}
	return 0
}
