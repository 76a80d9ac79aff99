package phonecore

import (
	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// maxCalls is how many calls the phone keeps at once, on all lines together.
const maxCalls = 8

// signals is the phone as the signalling sees it: sipua.Handler. All its
// methods run on the loop.
type signals Phone

// Registration implements sipua.Handler.
func (s *signals) Registration(r sipua.Registration) { (*Phone)(s).registration(r) }

// Incoming implements sipua.Handler.
func (s *signals) Incoming(c *sipua.Call, e sipua.Event) bool { return (*Phone)(s).incoming(c, e) }

// Call implements sipua.Handler.
func (s *signals) Call(c *sipua.Call, e sipua.Event) { (*Phone)(s).callEvent(c, e) }

// Trouble implements sipua.Handler.
func (s *signals) Trouble(err error) { (*Phone)(s).report(err, text.StatusTrouble, err) }

// incoming rings the phone, or turns the call away. A call that only shows why
// it failed gives way: it would keep the phone from ringing.
func (p *Phone) incoming(sc *sipua.Call, e sipua.Event) bool {
	if e.Replaces != nil {
		return p.takeOver(sc, e)
	}
	wanted := p.mode == modeRunning && !p.feature(featureDND)
	if wanted {
		p.clearFailed()
	}
	c := p.incomingCall(sc, e)
	switch {
	case p.blocked(sc, c), p.mode == modeRunning && p.sentOnAtOnce(sc, c):
		return false
	case !wanted || p.calls.Len() >= maxCalls || p.callWaitingRefused():
		p.turnAway(sc, c)
		return false
	}
	sc.Data = c
	p.calls.Add(c)
	p.legs[c] = &leg{sip: sc}
	if e.WantsOffer {
		if err := p.offerRinging(c, sc); err != nil {
			p.report(err, text.StatusTrouble, err)
			sc.Reject(500, "No RTP port free")
			p.drop(c)
			return false
		}
	}
	sc.Ring() // the caller need not wait for what is for the person
	p.legs[c].t = p.after(p.ringLimit(), func() { p.unanswered(sc, c) })
	if p.ringing == nil && !p.entry.open {
		p.calls.Select(c)
	}
	p.answerByItself(c, e)
	p.hurryTicker()
	p.settle()
	return true
}

// callWaitingRefused: with call_waiting off a second call finds us busy, and so
// does a first one while we dial.
func (p *Phone) callWaitingRefused() bool {
	busy := p.calls.Len() > 0 || p.entry.open && p.entry.offHook
	return busy && !p.feature(featureCallWaiting)
}

// answer takes an incoming call; another call on the voice path is held.
func (p *Phone) answer(c *call.Call) {
	if c.State != call.RingIn {
		return
	}
	path := p.openPath()
	p.closeEntry()
	p.clearFailed()
	p.stepBack()
	sc := p.legs[c].sip
	p.legs[c].t.stop()
	l, err := p.answerLeg(c)
	if err != nil {
		p.report(err, text.StatusTrouble, err)
		p.remark(text.Get(text.NoVoice))
		sc.Reject(500, "No RTP port free")
		p.drop(c)
		return
	}
	l.sip = sc
	p.calls.Select(c)
	p.route(path)
	p.connected(c)
	if err := sc.Answer(l.local); err != nil {
		p.report(err, text.StatusTrouble, err)
		p.drop(c)
		return
	}
	p.settle()
}

// updateRinging makes the ringer follow the calls: the first incoming call
// rings. While a call is up it knocks in the ear (see callTone) and rings on
// the ringer's device only, if that is not the ear's.
func (p *Phone) updateRinging() {
	p.ringing = p.calls.First(call.RingIn)
	busy := p.calls.Active() != nil || p.entry.open && p.entry.offHook
	c := p.ringing
	if c == nil && p.reminder.rings {
		c = p.reminder.call
	}
	_, apart := p.voice.(audio.BesideRinger)
	if c == nil || busy && (!apart || c.State != call.RingIn) {
		p.stopRinging()
		return
	}
	p.startRing(c, busy)
}

func (p *Phone) stopRinging() {
	if p.ringerOn != "" {
		p.ringerOn, p.beside = "", false
		p.voice.StopRing()
	}
}
