package call

import (
	"slices"
	"time"
)

// State of one call.
type State uint8

// The states of a call, in the order in which it may pass through them.
const (
	// Calling: the call has been sent, nobody rings yet.
	Calling State = iota
	// RingOut: the far phone rings.
	RingOut
	// RingIn: our phone rings.
	RingIn
	// Connected: voice flows, or may flow.
	Connected
	// Held by us.
	Held
	// Failed: busy, refused, unreachable; kept until the person dismisses it.
	Failed
)

// Call is one call of the phone.
type Call struct {
	ID       int
	Line     int
	Outgoing bool
	State    State
	// Name and Number of the far party; either may be empty.
	Name, Number string
	// Began is when the call was made or began to ring, Answered when it was
	// connected.
	Began, Answered time.Time
	// Dialled is what the person dialled, before the dial plan, for Outgoing.
	Dialled string
	// Missed is set when an incoming call has ended unanswered, Elsewhere when
	// another phone has answered it.
	Missed, Elsewhere bool
	// HeldByPeer is true while the far side has put us on hold.
	HeldByPeer bool
	// EarlyMedia is true while the network plays tones to us before the answer.
	EarlyMedia bool
	// Progress is the last response of a call on its way, 181 to 183; 0 if there
	// was none.
	Progress int
	// Background is set for a call that is still being set up while the person
	// has answered another one: it goes on without the voice path, and on hold
	// once it is answered.
	Background bool
	// Code and Reason of the failure, for Failed.
	Code   int
	Reason string
	// Note is what a person should know of the call: why its transfer has failed.
	Note string
	// For is the call whose far side wanted this one, until it is up.
	For *Call
	// Anonymous: the caller keeps back who he is.
	Anonymous bool
	// Forwarded is who has sent an incoming call on, or where an outgoing one
	// was sent on to.
	Forwarded string
	// Ring is the ring that was asked for, empty for that of the line; once or
	// not at all if the other two say so.
	Ring             string
	RingOnce, Silent bool
	// RetryAfter is when the far side said to try again; 0 if it did not.
	RetryAfter time.Duration
}

// Party is the best name for the far side: its name, else its number.
func (c *Call) Party() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Number
}

// Duration of the conversation so far.
func (c *Call) Duration(now time.Time) time.Duration {
	if c.Answered.IsZero() {
		return 0
	}
	return now.Sub(c.Answered)
}

// List is the calls of a phone in the order in which they began, one of them
// selected. The zero value is an empty list.
type List struct {
	calls    []*Call
	selected *Call
	lastID   int
}

// Add puts a call into the list and gives it its number.
func (l *List) Add(c *Call) {
	l.lastID++
	c.ID = l.lastID
	l.calls = append(l.calls, c)
}

// Remove takes a call out. The selection goes to the call that needs a person
// most: ringing, then talking, then held.
func (l *List) Remove(c *Call) {
	l.calls = slices.DeleteFunc(l.calls, func(x *Call) bool { return x == c })
	if l.selected == c {
		l.selected = nil
	}
}

// All gives the calls in order. The caller must not change the slice.
func (l *List) All() []*Call { return l.calls }

// Len is how many calls there are.
func (l *List) Len() int { return len(l.calls) }

// First gives the first call in a state, nil if there is none.
func (l *List) First(s State) *Call {
	for _, c := range l.calls {
		if c.State == s {
			return c
		}
	}
	return nil
}

// Active is the call that has the voice path: connected, being set up, or
// failed and playing its tone. At most one is.
func (l *List) Active() *Call {
	for _, c := range l.calls {
		switch c.State {
		case Connected, Calling, RingOut, Failed:
			if !c.Background {
				return c
			}
		}
	}
	return nil
}

// OnLine gives the call of a line that a press of its key means: ringing
// before active before held.
func (l *List) OnLine(line int) *Call {
	var best *Call
	for _, c := range l.calls {
		if c.Line == line && (best == nil || rank(c) < rank(best)) {
			best = c
		}
	}
	return best
}

// Selected is the call that the soft keys act on; nil if there is none.
func (l *List) Selected() *Call {
	if l.selected != nil {
		return l.selected
	}
	var best *Call
	for _, c := range l.calls {
		if best == nil || rank(c) < rank(best) {
			best = c
		}
	}
	return best
}

// Select makes a call the selected one.
func (l *List) Select(c *Call) { l.selected = c }

// SelectNext moves the selection by one call, down (+1) or up (-1), and stops
// at the ends.
func (l *List) SelectNext(step int) {
	if i := slices.Index(l.calls, l.Selected()); i >= 0 {
		l.selected = l.calls[min(max(i+step, 0), len(l.calls)-1)]
	}
}

func rank(c *Call) int {
	switch c.State {
	case RingIn:
		return 0
	case Held:
		return 2
	}
	return 1
}
