package exchange

import (
	"slices"
	"time"

	"deskset/app/lab/talk"
	"deskset/app/lab/wire"
)

// maxRecords is how many calls are remembered.
const maxRecords = 100

// Call is what is remembered of a call.
type Call struct {
	ID       string // Call-ID
	From, To string // user parts; To as dialled
	Start    time.Time
	Answered time.Time // zero: not (yet)
	Ended    time.Time // zero: not yet, or out of the proxy's sight
	Code     int       // final status of the INVITE; 0 while it rings
}

// record notes an INVITE to a user or number; other methods have no record. A
// redirected call has two, as it has two ends.
func (x *Exchange) record(invite *wire.Message, to string) *Call {
	if invite.Method != "INVITE" {
		return nil
	}
	c := &Call{ID: invite.Get("Call-ID"), From: userOf(invite, "From"), To: to, Start: time.Now()}
	x.calls = append(x.calls, c)
	if len(x.calls) > maxRecords {
		x.calls = slices.Delete(x.calls, 0, len(x.calls)-maxRecords)
	}
	return c
}

// answered and end may be called on nil, and more than once.
func (c *Call) answered(code int) {
	if c != nil && c.Code == 0 {
		c.Code, c.Answered = code, time.Now()
	}
}

func (c *Call) end(code int) {
	if c == nil || !c.Ended.IsZero() {
		return
	}
	if c.Code == 0 {
		c.Code = code
	}
	c.Ended = time.Now()
}

// Calls lists the last calls, oldest first.
func (x *Exchange) Calls() []Call {
	var all []Call
	x.ask(func() {
		for _, c := range x.calls {
			all = append(all, *c)
		}
	})
	return all
}

// Digits gives what the read-back number heard in its last call.
func (x *Exchange) Digits() []talk.Digit {
	var all []talk.Digit
	x.ask(func() { all = slices.Clone(x.digits) })
	return all
}
