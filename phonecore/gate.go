package phonecore

import (
	"context"
	"errors"
)

// errGateClosed ends a start-up that another one has taken the place of.
var errGateClosed = errors.New("the start-up was begun anew")

// gate holds the start-up, or its replay, before each stage as long as it is
// told to pause. All of it belongs to the loop but wait, which the start-up's
// own goroutine calls.
type gate struct {
	post func(func()) // puts a function on the loop
	// held is told on the loop when something begins or ends to wait.
	held   func(bool)
	paused bool
	closed bool
	// next lets what waits go on; nil if nothing does.
	next func(error)
}

func newGate(post func(func()), held func(bool)) *gate {
	return &gate{post: post, held: held}
}

// wait returns when the next stage may begin. Its error says that there is no
// next stage: ctx has ended, or another start-up has begun.
func (g *gate) wait(ctx context.Context) error {
	answer := make(chan error, 1)
	g.post(func() { g.arrive(func(err error) { answer <- err }) })
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// arrive calls next at once, or when the gate opens.
func (g *gate) arrive(next func(error)) {
	switch {
	case g.closed:
		next(errGateClosed)
	case g.paused:
		g.release(errGateClosed) // there is only ever one; none is forgotten
		g.next = next
		g.held(true)
	default:
		next(nil)
	}
}

// waiting tells whether something waits at the gate.
func (g *gate) waiting() bool { return g.next != nil }

func (g *gate) pause() { g.paused = true }

// step lets one stage through and stays paused.
func (g *gate) step() {
	g.paused = true
	g.release(nil)
}

// open ends the pause.
func (g *gate) open() {
	g.paused = false
	g.release(nil)
}

// close turns away what waits and what is still to come.
func (g *gate) close() {
	g.closed = true
	g.release(errGateClosed)
}

func (g *gate) release(err error) {
	if g.next == nil {
		return
	}
	next := g.next
	g.next = nil
	g.held(false)
	next(err)
}
