// Package loop has timers for code that lives on one event loop.
package loop

import "time"

// Timer calls a function on the loop, once. Its methods are called on the loop
// only; a nil Timer does nothing.
type Timer struct {
	t    *time.Timer
	f    func()
	done bool
}

// After starts a timer. post puts a function on the loop.
func After(post func(func()), d time.Duration, f func()) *Timer {
	t := &Timer{f: f}
	t.t = time.AfterFunc(d, func() { post(t.fire) })
	return t
}

// fire runs on the loop: a Stop that came while the function was queued still
// counts.
func (t *Timer) fire() {
	if t.done {
		return
	}
	t.done = true
	t.f()
}

// Stop prevents the function from being called, unless it has been.
func (t *Timer) Stop() {
	if t == nil || t.done {
		return
	}
	t.done = true
	t.t.Stop()
}
