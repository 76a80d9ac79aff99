package sipua

import "time"

// Pace bounds how often lines begin to register, whatever makes them: restarts
// of the phone, changes of the network, broken connections, calls that fail. It
// outlives an Agent, so that restarts count too.
type Pace struct{ lines map[int]*bucket }

// NewPace makes one with nothing to remember.
func NewPace() *Pace { return &Pace{lines: map[int]*bucket{}} }

// paceRate: a network that comes and goes a few times is followed at once.
var paceRate = rate{every: 5 * time.Second, burst: 4}

// wait is how long a line has to wait; with 0 its turn is taken.
func (p *Pace) wait(line int) time.Duration {
	now := time.Now()
	b := p.lines[line]
	if b == nil {
		b = &bucket{}
		p.lines[line] = b // lines are few
	}
	if b.take(paceRate, now) {
		return 0
	}
	return b.full.Sub(now) - paceRate.every*time.Duration(paceRate.burst-1)
}
