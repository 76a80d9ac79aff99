package phonecore

import (
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// ringTime is how long the phone rings before it gives up by itself.
const ringTime = 3 * time.Minute

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
	wanted := p.mode == modeRunning && !p.dnd
	if wanted {
		p.clearFailed()
	}
	if !wanted || p.calls.Len() >= maxCalls || p.callWaitingRefused() {
		sc.Reject(486, "Busy Here")
		return false
	}
	c := &call.Call{Line: sc.Line(), State: call.RingIn, Began: p.cfg.Now()}
	c.Name, c.Number = partyText(e.Peer, "")
	sc.Data = c
	p.calls.Add(c)
	p.legs[c] = &leg{sip: sc}
	p.legs[c].t = p.after(ringTime, func() {
		sc.Reject(480, "Temporarily Unavailable")
		p.missed++
		p.drop(c)
	})
	if p.ringing == nil && !p.entry.open {
		p.calls.Select(c)
	}
	p.hurryTicker()
	p.settle()
	return true
}

// callWaitingRefused: with call_waiting off a second call finds us busy.
func (p *Phone) callWaitingRefused() bool {
	waiting := p.params.Int("call_waiting")
	return p.calls.Len() > 0 && (waiting == 0 || waiting == 2)
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
	l, err := p.newLeg(c)
	if err != nil {
		p.report(err, text.StatusTrouble, err)
		p.remark(text.Get(text.NoVoice))
		sc.Reject(500, "No RTP port free")
		p.drop(c)
		return
	}
	l.sip = sc
	p.missed = 0
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
// rings, or knocks in the ear while a call is up (see callTone).
func (p *Phone) updateRinging() {
	p.ringing = p.calls.First(call.RingIn)
	busy := p.calls.Active() != nil || p.entry.open && p.entry.offHook
	if p.ringing == nil || busy {
		p.stopRinging()
		return
	}
	if p.voice != nil && !p.ringerOn {
		p.ringerOn = true
		p.voice.Ring(p.ring)
	}
}

func (p *Phone) stopRinging() {
	if p.ringerOn {
		p.ringerOn = false
		p.voice.StopRing()
	}
}
