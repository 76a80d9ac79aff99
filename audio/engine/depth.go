package engine

import "time"

// The buffer of the ear's card is as short as it can be, and deeper where that
// proves too short: a busy machine, a Bluetooth link. An under-run makes it half
// as deep again, the next of a swarm twice as deep; when all has been quiet for a
// while it gives half back, and if that was too early the next while is longer.
const (
	maxDepth = 40 * time.Millisecond
	minQuiet = 10 * time.Second
	maxQuiet = 10 * time.Minute
	// depthSettles is how long a change takes, or the begin of a call: what
	// under-runs there are meanwhile are the old buffer's, or of what begins.
	depthSettles = 2 * time.Second
	// swarm is how soon after a change another under-run tells of more than an
	// accident: a machine that stalls now and then shall not cost delay.
	swarm = 5 * time.Second
)

// depth is how deep the ear's buffer is made. It belongs to control.
type depth struct {
	period  time.Duration
	quiet   time.Duration // until it gives some back
	changed time.Time
	shrunk  bool // the last change
	calm    delay
}

// resetDepth begins a call with the shortest buffer.
func (k *control) resetDepth() {
	k.depth.period, k.depth.quiet, k.depth.shrunk = k.config.Period, minQuiet, false
	k.depth.changed = time.Now()
	k.depth.calm.cancel()
	for _, g := range []*gauge{&k.ear.gauge, &k.mouth.gauge} {
		g.bygone.Store(g.underruns.Load())
	}
	k.outPort.SetPeriod(k.depth.period)
}

// ranDry is told of an under-run of the ear.
func (k *control) ranDry() {
	d := &k.depth
	changed := time.Since(d.changed)
	if k.outState.Device == "" || changed < depthSettles {
		return
	}
	if d.shrunk {
		d.quiet = min(2*d.quiet, maxQuiet)
	}
	if d.period < maxDepth {
		more := d.period / 2
		if changed < swarm && !d.shrunk && d.period > k.config.Period {
			more = d.period
		}
		k.deepen(min(d.period+more, maxDepth), false)
	}
	d.calm.start(d.quiet)
}

// calmed is told that no under-run has come for a while.
func (k *control) calmed() {
	d := &k.depth
	if k.deepen(max(d.period/2, k.config.Period), true); d.period > k.config.Period {
		d.calm.start(d.quiet)
	}
}

// deepen makes the buffer as deep as a period says, or less deep.
func (k *control) deepen(period time.Duration, shrink bool) {
	d := &k.depth
	d.period, d.shrunk, d.changed = period, shrink, time.Now()
	k.config.Log.Info("sound buffer changed", "use", "call playback", "period", period, "under-runs", k.ear.gauge.underruns.Load())
	k.outPort.SetPeriod(period)
}
