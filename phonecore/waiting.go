package phonecore

import (
	"slices"

	"deskset/phonecore/call"
	"deskset/phonecore/text"
)

// What happens to the calls that are left when one of several ends.
//
// The guide says it in two places. 1-9: "If the user disconnects from one of the
// calls, they are automatically connected with the other call." B-24, steps 6 to 8:
// the user hangs up, "is notified of the remaining call" and "answers the
// notification". Both hold: the soft key EndCall leaves the voice path open, and
// the other call takes it at once; who hangs up (handset, speaker or headset key)
// is on hook, is told, and takes the call back by going off hook. Whom the far side
// has left is connected with nobody by surprise: the other call stays on hold.

// endByKey is EndCall: the call ends, of a conference all of them; was it the
// active one, the person is connected with the other call (guide 1-9).
func (p *Phone) endByKey(c *call.Call) {
	end := func() { p.endCall(c) }
	active := c == p.calls.Active()
	if p.conf.has(c) {
		end, active = p.leave, c.State == call.Connected
	}
	p.returning = active
	end()
	p.returning = false
	if !active {
		return
	}
	if next := p.onlyHeld(); next != nil && p.ringing == nil && p.calls.Active() == nil {
		p.resume(next)
		return
	}
	p.settle()
}

// reminder is the notification of guide B-24, step 7.
type reminder struct {
	call  *call.Call // still on hold; nil: nothing to be told
	rings bool       // as call_hold_ringback wants it
	t     *timer     // so that it does not ring for ever
}

// remind tells a person who has hung up a call of the one that is on hold.
func (p *Phone) remind(ended *call.Call) {
	held := p.onlyHeld()
	if held == nil && p.xfer.from == nil {
		held = p.calls.First(call.Held) // of several, the oldest
	}
	if ended == nil || held == nil || p.calls.Active() != nil {
		return
	}
	p.reminder.t.stop()
	p.reminder = reminder{call: held, rings: p.feature(featureHoldRingback)}
	p.reminder.t = p.after(p.ringTimeout(), func() { p.reminder.rings = false; p.settle() })
	p.calls.Select(held)
	p.settle()
}

// keepReminder ends it when the call is on hold no more, or the person does
// something else.
func (p *Phone) keepReminder() {
	r := &p.reminder
	if r.call == nil {
		return
	}
	held := r.call.State == call.Held && slices.Contains(p.calls.All(), r.call)
	if !held || p.calls.Active() != nil || p.entry.open && p.entry.offHook {
		r.t.stop()
		*r = reminder{}
	}
}

func (p *Phone) heldPrompt(c *call.Call) string {
	switch {
	case p.reminder.call == c:
		return text.Get(text.StillOnHold, p.partyName(c))
	case p.conf.has(c):
		return text.Get(text.ConferenceHeld)
	}
	return text.Get(text.OnHold)
}
