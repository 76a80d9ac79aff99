package phonecore

import (
	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// featureHidden is callerid_blocking.
const featureHidden = "callerid_blocking"

// identity is how the phone names itself now, for sipua.
func (p *Phone) identity() sipua.IdentityRules {
	return sipua.IdentityRules{Hidden: p.feature(featureHidden), RemotePartyID: p.params.Bool("remote_party_id")}
}

// incomingCall is what an INVITE says of a call: who calls, who has sent it on,
// and how it is to ring.
func (p *Phone) incomingCall(sc *sipua.Call, e sipua.Event) *call.Call {
	c := &call.Call{Line: sc.Line(), State: call.RingIn, Began: p.cfg.Now(), Anonymous: e.Anonymous}
	if !e.Anonymous {
		c.Name, c.Number = partyText(e.Peer, "")
		p.nameParty(c)
	}
	if len(e.Diversions) > 0 {
		c.Forwarded = p.diverter(e.Diversions[0])
	}
	style := p.styleOf(e.Rings)
	c.Ring, c.RingOnce, c.Silent = style.name, style.once, style.silent
	return c
}

// diverter is the best name of who has sent a call on.
func (p *Phone) diverter(d sipua.Diversion) string {
	by := call.Call{}
	by.Name, by.Number = partyText(d.By, "")
	p.nameParty(&by)
	switch {
	case d.Private:
		return text.Get(text.AnonymousParty)
	case by.Party() == "":
		return text.Get(text.UnknownParty)
	}
	return by.Party()
}

// blocked refuses a caller who keeps back who he is, if the person wants none
// of those (RFC 5079).
func (p *Phone) blocked(sc *sipua.Call, c *call.Call) bool {
	if !c.Anonymous || p.mode != modeRunning || !p.feature(featureAnonymous) {
		return false
	}
	sc.Reject(433, "Anonymity Disallowed")
	p.report(nil, text.StatusBlocked)
	return true
}

// otherParty takes who is at the other end from an event: an answerer whom the
// server names, or the next one of a call that was sent on.
func (p *Phone) otherParty(c *call.Call, e sipua.Event) {
	switch {
	case e.Redirected:
		c.Forwarded = plain(e.Peer.User, maxWords)
	case c.Anonymous && !e.Asserted:
	case e.Asserted || e.Peer.User != "" && !c.Outgoing || e.Peer.Name != "":
		c.Name, c.Number = partyText(e.Peer, c.Number)
		c.Anonymous = false
		p.nameParty(c)
	}
}

// forwardedText is the row that tells how a call has come about; empty if there
// is nothing to tell.
func forwardedText(c *call.Call) string {
	switch {
	case c.Forwarded == "":
		return ""
	case c.Outgoing:
		return text.Get(text.ForwardedTo, c.Forwarded)
	}
	return text.Get(text.ForwardedFrom, c.Forwarded)
}
