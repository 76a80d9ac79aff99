package phonecore

import (
	"slices"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// leaveTime is how long a far side that has nothing more to say to us may keep its
// call: who has transferred us, when the new one is up.
const leaveTime = 10 * time.Second

// follow calls whom the far side wants us to talk to in its place (RFC 3515, or
// BYE with Also; guide B-7 and B-8). Nobody is asked, as on the instrument. The call
// that the wish came in waits silently; it comes back if the new one fails.
func (p *Phone) follow(c *call.Call, r *sipua.Referral) {
	follows := func(n *call.Call) bool { return n.For == c }
	if p.calls.Len() >= maxCalls || slices.ContainsFunc(p.calls.All(), follows) || p.conf.has(c) || p.xfer.from == c || c.State != call.Connected && c.State != call.Held {
		r.Refuse(486)
		return
	}
	up := c == p.calls.Active()
	n := &call.Call{Line: c.Line, Outgoing: true, Number: plain(r.To.User, maxWords), Began: p.cfg.Now(), Background: !up, For: c}
	p.nameParty(n)
	l, err := p.newLeg(n)
	if err == nil {
		l.sip, err = r.Follow(l.local)
	}
	if err != nil {
		p.closeLeg(l)
		delete(p.legs, n)
		r.Refuse(500)
		p.report(err, text.StatusTransfer, p.partyName(c), err)
		return
	}
	l.sip.Data = n
	p.calls.Add(n)
	c.Note = ""
	if up {
		p.releaseDigits()
		c.State = call.Held // for us only: the far side is told nothing
		p.applyMedia(c)
		p.calls.Select(n)
	}
	p.hurryTicker()
	p.remark(text.Get(text.TransferFollowed))
	p.settle()
}

// followed: the call that we were told to make is up. Who told us hangs up, or is
// hung up on.
func (p *Phone) followed(c *call.Call) {
	old := c.For
	c.For = nil
	p.moveRecording(old, c)
	p.letGo(old)
}

// letGo gives a far side time to leave by itself. Who is talked to again by then
// stays.
func (p *Phone) letGo(c *call.Call) {
	l := p.legs[c]
	if c == nil || l == nil {
		return
	}
	l.leaving = true
	l.t.stop()
	l.t = p.after(leaveTime, func() {
		if c.State == call.Held {
			p.endCall(c)
		}
	})
}

// cameBack: the call that we were told to make has failed. Who told us is talked
// to again, if still there, and the person is told why.
func (p *Phone) cameBack(c *call.Call, reason string) bool {
	old := c.For
	if old == nil || p.legs[old] == nil {
		return false
	}
	up := c == p.calls.Active()
	old.Note = reason
	p.calls.Remove(c)
	if up && old.State == call.Held {
		old.State = call.Connected
		p.applyMedia(old)
		p.calls.Select(old)
	}
	p.drop(c)
	p.remark(text.Get(text.TransferFailed))
	return true
}

// takeOver answers a call that takes the place of one of ours (RFC 3891): the
// conversation goes on with another party, and nothing rings.
func (p *Phone) takeOver(sc *sipua.Call, e sipua.Event) bool {
	old, _ := e.Replaces.Data.(*call.Call)
	if old == nil || p.legs[old] == nil || p.legs[old].sip != e.Replaces {
		sc.Reject(603, "Declined") // left already (RFC 3891 section 3)
		return false
	}
	c := p.incomingCall(sc, e)
	c.State, c.Answered, c.Background = call.Connected, p.cfg.Now(), old.Background
	if old.State == call.Held || c.Background {
		c.State, c.Background = call.Held, false
	}
	selected := old == p.calls.Selected()
	l, err := p.newLeg(c)
	if err != nil {
		delete(p.legs, c)
		sc.Reject(500, "No RTP port free")
		return false
	}
	l.sip, sc.Data = sc, c
	p.direct(l, c)
	p.calls.Add(c)
	if err := sc.Answer(l.local); err != nil {
		p.report(err, text.StatusTrouble, err)
		p.drop(c)
		return true
	}
	p.exchange(old, c)
	p.moveRecording(old, c)
	if selected {
		p.calls.Select(c)
	}
	p.endCall(old)
	if p.xfer.sent && p.xfer.from == c { // who was told to go will say no more
		p.transferFailed(text.Get(text.TransferNoNews), false)
	}
	return true
}

// exchange puts a call in the place of another wherever that stands.
func (p *Phone) exchange(old, c *call.Call) {
	if i := slices.Index(p.conf.parties, old); i >= 0 {
		p.conf.parties[i] = c
	}
	for _, place := range []**call.Call{&p.conf.host, &p.conf.guest, &p.xfer.from, &p.xfer.to} {
		if *place == old {
			*place = c
		}
	}
}
