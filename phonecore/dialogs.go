package phonecore

import (
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

var reliability = map[string]sipua.Reliability{
	"off": sipua.ReliableOff, "supported": sipua.ReliableSupported, "required": sipua.ReliableRequired,
}

// sipDialogs is how calls begin and are kept.
func (p *Phone) sipDialogs() sipua.Dialogs {
	return sipua.Dialogs{
		Reliable:       reliability[p.params.Text("prack")],
		SessionExpires: time.Duration(p.params.Int("session_expires")) * time.Second,
		MinSE:          time.Duration(p.params.Int("session_min_se")) * time.Second,
		DelayedOffer:   p.params.Bool("delayed_offer"),
	}
}

// offerRinging binds the port of a call that has to be made an offer before it
// may ring (RFC 3261 section 13.2.1, RFC 3262 section 5).
func (p *Phone) offerRinging(c *call.Call, sc *sipua.Call) error {
	l, err := p.newLeg(c)
	l.sip = sc
	if err != nil {
		return err
	}
	return sc.Offer(l.local)
}

// answerLeg is the leg for a call that is taken: the one that has made the
// offer, else a new one.
func (p *Phone) answerLeg(c *call.Call) (*leg, error) {
	if l := p.legs[c]; l != nil && l.stream != nil {
		return l, nil
	}
	return p.newLeg(c)
}

// progressText is what a person reads of a call on its way, beyond the ringing:
// 181 and 182 (guide, Appendix A, "1xx Response").
func progressText(code int) text.ID {
	switch code {
	case 181:
		return text.CallForwarded
	case 182:
		return text.CallQueued
	}
	return text.CallingNumber
}
