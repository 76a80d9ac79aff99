package device

import (
	"sync"
	"time"
)

// maxCatchUp bounds how much sound a timer-driven device moves at once after
// the machine slept or was too busy; what is beyond is left out.
const maxCatchUp = 100 * time.Millisecond

// clock calls a device's Data by the system's timer instead of a card's
// crystal. It keeps the average rate exact: a late tick moves more samples.
type clock struct {
	stop chan struct{}
	done sync.WaitGroup
}

// startClock calls tick with blocks, at most one period long each, until halt.
func startClock(period time.Duration, tick func(block []float32)) *clock {
	c := &clock{stop: make(chan struct{})}
	c.done.Go(func() { c.run(period, tick) })
	return c
}

func (c *clock) run(period time.Duration, tick func([]float32)) {
	block := make([]float32, max(1, samples(period)))
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	start, moved := time.Now(), 0
	for {
		select {
		case <-c.stop:
			return
		case <-ticker.C:
		}
		due := samples(time.Since(start)) - moved
		if due > samples(maxCatchUp) {
			start, moved = time.Now(), 0
			due = len(block)
		}
		for due > 0 {
			n := min(due, len(block))
			clear(block[:n])
			tick(block[:n])
			moved += n
			due -= n
		}
	}
}

// halt ends the clock and waits until no tick runs. A second call does nothing.
func (c *clock) halt() {
	select {
	case <-c.stop:
	default:
		close(c.stop)
	}
	c.done.Wait()
}

// samples is the number of samples in a time. Whole seconds are counted apart:
// the plain product would overflow after 53 hours.
func samples(d time.Duration) int {
	return int(d/time.Second)*Rate + int(d%time.Second*Rate/time.Second)
}
