package transport

import "time"

// SetPongTimeout makes tests short. It is called before any transport is made.
func SetPongTimeout(d time.Duration) (undo func()) {
	old := pongTimeout
	pongTimeout = d
	return func() { pongTimeout = old }
}
