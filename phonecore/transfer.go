package phonecore

import (
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// transfer is a call being handed to somebody else: by Trnsfer, which asks the
// other party first, or by BlndXfr, which does not (guide 1-8, B-7 and B-8; soft
// keys after design/screens.md). There is one at a time. The zero value is none.
type transfer struct {
	// from is the call to be handed on, to the one with who shall have it, if
	// there is one.
	from, to *call.Call
	asking   bool // the number is being entered
	blind    bool
	// sent: from has been told; code is what was heard of it last.
	sent bool
	code int
	// up: from was talked to before, and is again if nothing comes of it.
	up bool
	// leaving: the two are those of a conference that we have left, and nobody
	// waits for them here.
	leaving bool
}

// profileClassic is the value of sip_profile of the guide's time: BYE with Also.
const profileClassic = "rfc2543"

// forget takes a call that has ended out of the transfer.
func (x *transfer) forget(c *call.Call) {
	switch {
	case c == x.from, c == x.to && !x.sent:
		*x = transfer{}
	case c == x.to:
		x.to = nil
	}
}

// keep ends the asking where the number is not being entered any more.
func (x *transfer) keep(entering bool) {
	if x.asking && !entering {
		*x = transfer{}
	}
}

// asked takes note of a call that was placed: it may be to who shall have it.
func (x *transfer) asked(c *call.Call) {
	if x.asking {
		x.to, x.asking = c, false
	}
}

// ready tells whether a call is one of the two that the next Trnsfer would
// connect with each other.
func (x *transfer) ready(c *call.Call) bool {
	return x.to != nil && !x.sent && (c == x.to || c == x.from)
}

// consulting tells whether the transfer's row of soft keys belongs to a call.
func (p *Phone) consulting(c *call.Call) bool {
	return p.xfer.ready(c) && (c.State == call.Connected || c == p.xfer.to && c.State < call.RingIn)
}

// canTransfer tells whether Trnsfer does something now.
func (p *Phone) canTransfer() bool {
	c, x := p.calls.Selected(), &p.xfer
	switch {
	case c == nil:
	case x.asking:
		return !x.blind && p.soleOther(x.from) != nil
	case p.consulting(c):
		// A party that only rings: semi_attended_transfer, of release 3.1.
		return x.to.State == call.Connected || x.to.State == call.Held || p.params.Bool("semi_attended_transfer")
	default:
		return p.transferable(c)
	}
	return false
}

// transferable tells whether a transfer of a call may begin.
func (p *Phone) transferable(c *call.Call) bool {
	return (c.State == call.Connected || c.State == call.Held) && p.xfer.from == nil && !p.conf.has(c) &&
		p.legs[c] != nil && p.legs[c].sip != nil
}

// soleOther is the party of another call that a call could be handed to as it
// is: the only one there is.
func (p *Phone) soleOther(from *call.Call) (other *call.Call) {
	for _, c := range p.calls.All() {
		switch {
		case c == from || c.State != call.Connected && c.State != call.Held || p.conf.has(c):
		case other != nil:
			return nil
		default:
			other = c
		}
	}
	return other
}

// transferKey is the soft key Trnsfer.
func (p *Phone) transferKey() {
	c := p.calls.Selected()
	switch {
	case !p.canTransfer():
	case p.xfer.asking:
		p.putThrough(p.soleOther(p.xfer.from))
	case p.consulting(c):
		p.putThrough(p.xfer.to)
	default:
		p.askTransfer(c, false)
	}
}

// blindKey is the soft key BlndXfr.
func (p *Phone) blindKey() {
	if c := p.calls.Selected(); c != nil && p.transferable(c) {
		p.askTransfer(c, true)
	}
}

// askTransfer holds a call and asks who shall have it.
func (p *Phone) askTransfer(c *call.Call, blind bool) {
	up := c.State == call.Connected
	c.Note = ""
	p.openLine(c.Line)
	p.conf.dismiss()
	p.xfer = transfer{from: c, asking: p.entry.open, blind: blind, up: up}
	if !p.entry.open {
		p.xfer = transfer{}
	}
}

// notTransferred: the number was not entered in the end. The call is taken back.
func (p *Phone) notTransferred() bool {
	x := p.xfer
	if !x.asking {
		return false
	}
	p.xfer = transfer{}
	if x.up {
		p.resume(x.from)
	}
	return x.up
}

// cancelTransfer is the soft key Cancel: the other party is let go, the first
// taken back.
func (p *Phone) cancelTransfer() bool {
	x := p.xfer
	if x.to == nil || x.sent {
		return false
	}
	p.xfer = transfer{}
	p.endCall(x.to)
	p.resume(x.from)
	return true
}

// blindTo takes what was dialled for BlndXfr: nobody is called, the far side is
// told to.
func (p *Phone) blindTo(to destination) bool {
	if !p.xfer.asking || !p.xfer.blind {
		return false
	}
	p.xfer.asking = false
	p.closeEntry()
	p.send(to.target, nil)
	return true
}

// putThrough hands the call to who was asked. Somebody who still rings cannot be
// replaced (RFC 3891 section 3): that call is given up, and made anew by the far
// side (RFC 5589 section 7.6).
func (p *Phone) putThrough(to *call.Call) {
	p.xfer.asking = false
	p.closeEntry()
	if to.State == call.Connected || to.State == call.Held {
		p.xfer.to = to
		p.send("", to)
		return
	}
	target := p.legs[to].sip.Peer().URI
	p.xfer.to = nil
	p.endCall(to)
	p.send(target, nil)
}

// send tells the far side, as sip_profile has it: by REFER, or by BYE with Also.
func (p *Phone) send(target string, to *call.Call) {
	x := &p.xfer
	x.sent = true
	sc := p.legs[x.from].sip
	classic := p.params.Text("sip_profile") == profileClassic
	var err error
	switch {
	case to == nil && classic:
		err = sc.LeaveFor(target)
	case to == nil:
		err = sc.Transfer(target)
	case classic:
		err = sc.LeaveForParty(p.legs[to].sip)
	default:
		err = sc.TransferTo(p.legs[to].sip)
	}
	p.calls.Select(x.from)
	if err != nil {
		p.report(err, text.StatusTransfer, p.partyName(x.from), err)
		p.transferFailed(text.Get(text.FailAddress), false)
		return
	}
	p.settle()
}

// transferNews takes what is heard of the transfer.
func (p *Phone) transferNews(c *call.Call, t *sipua.Transferred, over bool) {
	x := &p.xfer
	if !x.sent || c != x.from {
		return
	}
	x.code = t.Code
	switch {
	case !t.Final:
		p.settle()
	case t.Code/100 == 2 && (over || t.Code != 202):
		p.transferDone()
	default:
		reason := transferFailure(t)
		p.report(nil, text.StatusTransfer, p.partyName(c), reason)
		p.transferFailed(reason, over)
	}
}

// transferFailure words why a transfer has failed.
func transferFailure(t *sipua.Transferred) string {
	switch {
	case t.Code <= 202: // the far side would try, and has said no more
		return text.Get(text.TransferNoNews)
	case t.Code == 405 || t.Code == 420 || t.Code == 501:
		return text.Get(text.TransferUnknown)
	}
	return failureText(t.Code, plain(t.Reason, maxWords))
}

// transferDone leaves the two to each other.
func (p *Phone) transferDone() {
	x := p.xfer
	p.report(nil, text.StatusTransfer, p.partyName(x.from), text.Get(text.TransferDone))
	p.xfer = transfer{}
	if x.to != nil {
		p.leaveReplaced(x.to)
	}
	p.endCall(x.from)
	p.remark(text.Get(text.TransferDone))
}

// replacedTime is how long who has been asked to replace our call has to end it.
const replacedTime = 500 * time.Millisecond

// leaveReplaced ends the call in whose place another has come. Its far side does
// so itself (RFC 3891 section 3); the news of the transfer may be faster, as it
// goes another way. Without Replaces it is ours to end.
func (p *Phone) leaveReplaced(c *call.Call) {
	l := p.legs[c]
	if l == nil || p.params.Text("sip_profile") == profileClassic {
		p.endCall(c)
		return
	}
	p.drop(c)
	p.after(replacedTime, l.sip.Hangup)
}

// transferFailed takes the call back from hold, unless the person talks to
// somebody else meanwhile or the call is over, and says why.
func (p *Phone) transferFailed(reason string, over bool) {
	x := p.xfer
	p.xfer = transfer{}
	if x.leaving {
		p.report(nil, text.StatusTransfer, p.partyName(x.from), text.Get(text.TransferFailed))
		for _, c := range []*call.Call{x.to, x.from} {
			if c != nil {
				p.endCall(c)
			}
		}
		return
	}
	x.from.Note = reason
	p.calls.Select(x.from)
	if x.up && !over && p.calls.Active() == nil && !p.entry.open {
		p.resume(x.from)
	}
	p.remark(text.Get(text.TransferFailed))
	p.settle()
}

// transferPrompt is what the prompt row says of a transfer; empty: nothing.
func (p *Phone) transferPrompt(c *call.Call) string {
	x := &p.xfer
	switch {
	case x.sent && c == x.from && x.code >= 180 && x.code < 200:
		return text.Get(text.TransferRings)
	case x.sent && c == x.from:
		return text.Get(text.Transferring)
	case x.ready(c) && c.State == call.Connected:
		return text.Get(text.TransferAsk)
	}
	return ""
}
