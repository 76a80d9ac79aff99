package phonecore

import (
	"deskset/audio"
	"errors"
	"strings"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// failedTime is how long a busy or reorder tone stays before the phone gives
// up by itself.
const failedTime = 30 * time.Second

// dial calls a number or address on a line, by the dial plan.
func (p *Phone) dial(line int, number string) { p.place(line, p.destination(number, line)) }

// place places a call on a line, in place of what was being entered.
func (p *Phone) place(line int, to destination) {
	if p.blindTo(to) {
		return
	}
	path := p.openPath() // before what uses it is held and closes it
	c := &call.Call{Line: line, Outgoing: true, Number: to.shown, Dialled: to.dialled, Began: p.cfg.Now()}
	p.conf.asked(c)
	p.xfer.asked(c)
	p.closeEntry()
	if line == 0 || p.agent == nil {
		p.conf.dismiss()
		p.xfer = transfer{}
		p.remark(p.cannotCall())
		p.settle()
		return
	}
	p.clearFailed()
	p.holdActive()
	p.remember(to.dialled)
	p.nameParty(c)
	p.calls.Add(c)
	p.calls.Select(c)
	p.hurryTicker()
	p.route(path)
	code := codeNoVoice
	l, err := p.newLeg(c)
	if err == nil && p.forbidden(line) && !to.emergency {
		p.fail(c, codeNoTLS, "")
		return
	}
	if err == nil {
		code = codeNotSent
		if p.lines[line-1].account.Proxy == "" && !strings.Contains(to.target, "@") {
			code = codeNoServer
		}
		if addr := p.agent.LocalAddrTo(line, to.target); addr.IsValid() {
			l.place(addr) // who is called need not be where the server is
		}
		if l.sip, err = p.agent.Dial(line, to.target, l.local); errors.Is(err, sipua.ErrKeys) {
			code = codeNoTLS
		}
	}
	if err != nil {
		p.report(err, text.StatusTrouble, err)
		p.fail(c, code, "")
		return
	}
	l.sip.Data = c
	p.settle()
}

// cannotCall says why nothing can be dialled at all.
func (p *Phone) cannotCall() string {
	if p.noSIP != "" {
		return p.noSIP
	}
	return text.Get(text.NoLine)
}

// shown is a target without what only machines need of it.
func shown(target string) string {
	if address, ok := cutScheme(target, "sip:"); ok {
		target, _, _ = strings.Cut(address, ";")
	}
	return target
}

// remember keeps the number for Redial, through power-off as well.
func (p *Phone) remember(number string) {
	if number != "" && p.redial != number {
		p.redial = number
		p.writeBlob(blobRedial, number)
	}
}

// endCall hangs up, cancels or dismisses a call.
func (p *Phone) endCall(c *call.Call) {
	if l := p.legs[c]; l != nil && l.sip != nil && c.State != call.Failed {
		if c.State == call.RingIn {
			l.sip.Reject(486, "Busy Here")
		} else {
			l.sip.Hangup()
		}
	}
	p.drop(c)
}

func (p *Phone) reject(c *call.Call) {
	if c.State == call.RingIn {
		p.endCall(c)
	}
}

// drop forgets a call and frees its stream.
func (p *Phone) drop(c *call.Call) {
	p.forgetRecording(c)
	if l := p.legs[c]; l != nil {
		p.closeLeg(l)
		delete(p.legs, c)
	}
	p.conf.forget(c)
	if p.xfer.leaving && c == p.xfer.from {
		p.letGo(p.xfer.to) // the other one of the conference is nobody's now
	}
	p.xfer.forget(c)
	p.calls.Remove(c)
	p.logCall(c)
	p.hurryTicker()
	p.settle()
}

func (p *Phone) endAllCalls() {
	for p.calls.Len() > 0 {
		p.endCall(p.calls.All()[0])
	}
}

// clearFailed dismisses calls that only show why they failed.
func (p *Phone) clearFailed() {
	for c := p.calls.First(call.Failed); c != nil; c = p.calls.First(call.Failed) {
		p.drop(c)
	}
}

// fail keeps a call on the screen with its reason and tone.
func (p *Phone) fail(c *call.Call, code int, reason string) {
	l := p.legs[c]
	if l == nil {
		l = &leg{}
		p.legs[c] = l
	}
	p.stopRecording(c)
	p.closeLeg(l)
	c.State, c.Code, c.Reason = call.Failed, code, reason
	l.t = p.after(failedTime, func() { p.drop(c) })
	p.settle()
}

// hold puts a connected call on hold by re-INVITE (guide, Appendix B); of a
// conference, every call.
func (p *Phone) hold(c *call.Call) {
	if c.State != call.Connected {
		return
	}
	for _, x := range p.together(c) {
		p.turn(x, call.Connected, call.Held)
	}
	p.settle()
}

// turn holds a call or takes it back, if it is in the first state.
func (p *Phone) turn(c *call.Call, from, to call.State) {
	if c.State == from {
		c.State = to
		p.applyMedia(c)
		p.offerDirection(c)
	}
}

// holdActive makes room for another call on the voice path. A call that is
// only being set up cannot be held: it is given up.
func (p *Phone) holdActive() {
	c := p.calls.Active()
	switch {
	case c == nil:
	case c.State == call.Connected:
		p.hold(c)
	default:
		p.endCall(c)
	}
}

// stepBack makes room for a call that the person answers: the active one is
// held, or, still being set up, goes on in the background.
func (p *Phone) stepBack() {
	c := p.calls.Active()
	if c == nil || c.State == call.Connected {
		p.holdActive()
		return
	}
	c.Background = true
	p.applyMedia(c)
}

// resume takes a call back from hold, a conference as a whole.
func (p *Phone) resume(c *call.Call) {
	if c.State != call.Held {
		return
	}
	if l := p.legs[c]; l != nil {
		l.leaving = false
	}
	path := p.openPath()
	p.closeEntry()
	p.clearFailed()
	p.holdActive()
	p.calls.Select(c)
	p.route(path)
	for _, x := range p.together(c) {
		p.turn(x, call.Held, call.Connected)
	}
	p.settle()
}

// offerDirection tells the peer whether the call is on hold.
func (p *Phone) offerDirection(c *call.Call) {
	l := p.legs[c]
	p.direct(l, c)
	if err := l.sip.Update(l.local); err != nil {
		p.report(err, text.StatusTrouble, err)
	}
}

// callEvent takes news of a call from the signalling.
func (p *Phone) callEvent(sc *sipua.Call, e sipua.Event) {
	c, ok := sc.Data.(*call.Call)
	if !ok || p.legs[c] == nil || p.legs[c].sip != sc {
		return // a call that the person has already left
	}
	p.otherParty(c, e)
	switch {
	case e.Digit != 0:
		p.legs[c].heard.Add(audio.HeardDigit{Key: e.Digit, Method: audio.DigitsInfo})
		return
	case e.Referral != nil:
		p.follow(c, e.Referral)
		return
	case e.Transfer != nil:
		p.transferNews(c, e.Transfer, e.State == sipua.CallEnded)
		if e.State != sipua.CallEnded || p.legs[c] == nil {
			return
		}
	}
	if e.Media != nil && e.Changed {
		p.legs[c].agreed = e.Media
		c.HeldByPeer = e.Media.RemoteHold
	}
	switch e.State {
	case sipua.CallCalling: // redirected: another phone is called
		c.State, c.EarlyMedia, c.Progress = call.Calling, false, 0
	case sipua.CallRingOut:
		c.State = call.RingOut
		c.EarlyMedia = e.Media != nil || p.hears(c)
	case sipua.CallProgress:
		c.Progress = e.Code
		c.EarlyMedia = c.EarlyMedia || e.Media != nil
	case sipua.CallConnected:
		p.connected(c)
		p.updateRefused(c, e)
	case sipua.CallEnded:
		p.callEnded(c, e)
		return
	}
	if e.Changed && e.State != sipua.CallIncoming {
		p.applyMedia(c)
	}
	p.settle()
}

// hears tells whether the network plays something to us: then a 180 brings no
// ringback tone of ours on top (RFC 3960 section 3.2).
func (p *Phone) hears(c *call.Call) bool {
	l := p.legs[c]
	return c.EarlyMedia && l.stream != nil && l.stream.Stats().PacketsReceived > 0
}

// updateRefused: the peer does not take back a call from hold; then it stays
// there (RFC 3261 section 14.1). That it does not want to be held changes
// nothing, we are silent all the same.
func (p *Phone) updateRefused(c *call.Call, e sipua.Event) {
	if e.Code < 300 {
		return
	}
	reason := failureText(e.Code, plain(e.Reason, maxWords))
	p.report(nil, text.StatusTrouble, reason)
	if c.State != call.Connected {
		return
	}
	p.conf.forget(c) // the others go on
	c.State = call.Held
	p.direct(p.legs[c], c)
	p.applyMedia(c)
	p.remark(reason)
}

func (p *Phone) connected(c *call.Call) {
	if c.State == call.Connected || c.State == call.Held {
		return
	}
	c.State = call.Connected
	c.EarlyMedia = false
	c.Answered = p.cfg.Now()
	p.followed(c)
	p.hurryTicker()
	if c.Background {
		c.Background = false
		p.hold(c)
	}
}

// callEnded decides between forgetting the call and showing why it failed.
func (p *Phone) callEnded(c *call.Call, e sipua.Event) {
	switch {
	case c.State == call.RingIn:
		c.Missed, c.Elsewhere = !e.AcceptedElsewhere, e.AcceptedElsewhere
		p.drop(c)
	case c.Outgoing && c.Answered.IsZero() && e.Code >= 300:
		code := failureCode(e, p.demanding(c.Line))
		p.reportOf(failureOf(code).text, nil, text.StatusCallFailed, c.Party(), failureText(code, plain(e.Reason, maxWords)))
		if p.cameBack(c, failureText(code, plain(e.Reason, maxWords))) {
			return
		}
		if c.Background {
			p.drop(c)
			return
		}
		c.RetryAfter = e.RetryAfter
		p.fail(c, code, plain(e.Reason, maxWords))
	default:
		p.drop(c)
	}
}

func partyText(party sipua.Party, number string) (string, string) {
	if party.User != "" {
		number = plain(party.User, maxWords)
	}
	return plain(party.Name, maxWords), number
}
