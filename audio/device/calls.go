package device

import (
	"fmt"
	"sync/atomic"
	"time"
)

// maxStuck is how many calls may hang in a sound server before we stop asking
// it: each holds a thread.
const maxStuck = 4

// calls runs functions that may block for as long as a hung sound server
// pleases (libpulse gives up after 30 s) and comes back in time all the same. A
// call that did not answer runs on behind and is cleaned up when it returns.
type calls struct {
	stuck   atomic.Int32
	running atomic.Int32
}

// bounded gives what f returns, or ErrStuck after the limit. In that case undo
// gets f's result when it comes at last, if it is not an error.
func bounded[T any](c *calls, what string, limit time.Duration, f func() (T, error), undo func(T)) (T, error) {
	var none T
	if n := c.stuck.Load(); n >= maxStuck {
		return none, fmt.Errorf("%s: %w: %d earlier calls still hang", what, ErrStuck, n)
	}
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer)
	abandoned := make(chan struct{})
	c.running.Add(1)
	go func() {
		defer c.running.Add(-1)
		value, err := f()
		select {
		case answers <- answer{value, err}:
		case <-abandoned:
			if err == nil {
				undo(value)
			}
			c.stuck.Add(-1)
		}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-timer.C:
		c.stuck.Add(1)
		close(abandoned)
		return none, fmt.Errorf("%s: %w within %v", what, ErrStuck, limit)
	}
}

// wait returns when no call is running, or with ErrStuck after the limit.
func (c *calls) wait(limit time.Duration) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); c.running.Load() > 0; <-tick.C {
		if time.Now().After(deadline) {
			return fmt.Errorf("%w: %d calls left behind", ErrStuck, c.running.Load())
		}
	}
	return nil
}
