package exchange

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Fault makes the exchange ill. The zero value is health.
type Fault struct {
	Silent    bool // nothing is answered at all
	Register  int  // status of every REGISTER
	RejectAll bool // no password is right
	AuthLoop  bool // right credentials are always stale: challenged for ever
	// Neighbour makes it no server but a telephone on the next desk: it answers
	// calls to its numbers, from anybody, and nothing else.
	Neighbour bool
	// Flap makes Register come and go: so long down, so long up, from when the
	// fault was set.
	Flap time.Duration
	// Grant is the longest registration that is given, so that a phone is soon
	// back to see the fault.
	Grant time.Duration
	// Reminder is sent once to whoever is registered.
	Reminder *Reminder
}

// Reminder is a NOTIFY that the exchange sends of itself: once, some time after
// a user has registered; if one is already, after the fault was set.
type Reminder struct {
	Notice
	After time.Duration
	// Before is called on the exchange's loop just before; it must not wait.
	Before func()
}

// retryAfter is what a registrar that is down says.
const retryAfter = 20 * time.Second

// SetFault changes the fault while the exchange runs.
func (x *Exchange) SetFault(f Fault) {
	x.ask(func() {
		x.Fault, x.ill = f, time.Now()
		for _, a := range slices.SortedFunc(maps.Values(x.users), func(a, b *account) int { return cmp.Compare(a.Name, b.Name) }) {
			if len(a.live()) > 0 {
				x.remind(a)
			}
		}
	})
}

// registrarDown tells whether REGISTER is refused at present, and for how long
// it may be.
func (x *Exchange) registrarDown() (retry time.Duration, down bool) {
	if x.Fault.Register == 0 || x.Fault.Flap == 0 {
		return retryAfter, x.Fault.Register != 0
	}
	ill := time.Since(x.ill)
	return x.Fault.Flap - ill%x.Fault.Flap, ill/x.Fault.Flap%2 == 0
}

// remind sends the fault's reminder, if it has one that was not sent yet.
func (x *Exchange) remind(a *account) {
	r := x.Fault.Reminder
	if r == nil || r == x.reminded || len(a.live()) == 0 {
		return
	}
	x.reminded = r
	x.after(r.After, func() {
		if x.Fault.Reminder != r {
			return // cured meanwhile
		}
		if r.Before != nil {
			r.Before()
		}
		x.notify(a, r.Notice, func(int) {})
	})
}
