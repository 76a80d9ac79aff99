package device

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// maxStuck is how many calls may hang in a sound server before we stop asking
// it: each holds a thread.
const maxStuck = 8

// calls runs functions that may block for as long as a hung sound server or
// device pleases (libpulse gives up after 30 s) and comes back in time all the
// same. A call that did not answer runs on behind and is cleaned up when it
// returns; until then the same is not asked again, so that one device that
// hangs leaves the others theirs.
type calls struct {
	stuck   atomic.Int32
	running atomic.Int32
	hung    sync.Map // by what was called
}

// refusal tells why something is not even tried.
func (c *calls) refusal(what string) error {
	if _, ok := c.hung.Load(what); ok {
		return fmt.Errorf("%s: %w: an earlier call still hangs", what, ErrStuck)
	}
	if n := c.stuck.Load(); n >= maxStuck {
		return fmt.Errorf("%s: %w: %d earlier calls still hang", what, ErrStuck, n)
	}
	return nil
}

// bounded gives what f returns, or ErrStuck after the limit. In that case undo
// gets f's result when it comes at last, if it is not an error.
func bounded[T any](c *calls, what string, limit time.Duration, f func() (T, error), undo func(T)) (T, error) {
	var none T
	if err := c.refusal(what); err != nil {
		return none, err
	}
	return urgent(c, what, limit, f, undo)
}

// urgent is bounded for what must be done whatever hangs: closing frees what
// already holds a thread.
func urgent[T any](c *calls, what string, limit time.Duration, f func() (T, error), undo func(T)) (T, error) {
	var none T
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
			c.hung.Delete(what)
		}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-timer.C:
		c.stuck.Add(1)
		c.hung.Store(what, true)
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
