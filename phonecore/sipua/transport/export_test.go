package transport

import "time"

// SetPassingTimeout does that for connections that are taken for one message.
func SetPassingTimeout(d time.Duration) (undo func()) {
	old := passingTimeout
	passingTimeout = d
	return func() { passingTimeout = old }
}

// SetPongTimeout makes tests short. It is called before any transport is made.
func SetPongTimeout(d time.Duration) (undo func()) {
	old := pongTimeout
	pongTimeout = d
	return func() { pongTimeout = old }
}
