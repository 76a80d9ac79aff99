package sipua

import (
	"strconv"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// inDialog takes a request of the peer within a call (RFC 3261 section 12.2.2).
func (c *Call) inDialog(s *transaction.Server, d *dialog) {
	m := s.Request
	n, _ := m.CSeq()
	switch {
	case n < d.remoteSeq || n == d.remoteSeq && d.remoteSeq != 0 && m.Method != "BYE":
		// Out of order, or a second request under one number. Old gateways end
		// a call under the number of its INVITE.
		s.Respond(c.response(s, 500, ""))
		return
	case !allowedMethod(m.Method):
		c.a.notAllowed(s)
		return
	case len(c.a.required(m)) > 0 && m.Method != "BYE":
		c.a.unsupported(s)
		return
	case c.state == CallEnded && m.Method != "BYE", d != c.dlg && m.Method == "BYE":
		// Over, or not yet begun: a callee cannot end an early dialog so
		// (section 15).
		s.Respond(c.response(s, 481, ""))
		return
	}
	d.remoteSeq = n
	c.passes(s.From)
	switch m.Method {
	case "BYE":
		c.byeReceived(s)
	case "INVITE":
		c.reinvited(s, d)
	case "UPDATE":
		c.updated(s, d)
	case "PRACK":
		c.pracked(s)
	case "NOTIFY":
		c.referNotified(s)
	case "REFER":
		c.referred(s)
	case "INFO":
		c.informed(s)
	default: // OPTIONS
		c.a.options(s)
	}
}

// byeReceived ends the call (section 15.1.2).
func (c *Call) byeReceived(s *transaction.Server) {
	res := c.response(s, 200, "")
	c.farewell(res)
	s.Respond(res)
	if c.state == CallIncoming {
		c.reject(487, "", Event{Code: 487, Reason: wire.StatusText(487), ByPeer: true})
		return
	}
	if c.state == CallEnded {
		return // our own BYE has crossed it
	}
	if c.in != nil && c.in.waitsForAck {
		c.in.waitsForAck = false
		c.in.srv.Acked()
	}
	c.also(s.Request)
	c.end(Event{Code: 200, Reason: wire.StatusText(200), ByPeer: true})
	c.release()
}

// pending tells whether an offer of one side waits for its answer, and sends
// the refusal that RFC 3261 section 14.2 and RFC 3311 section 5.2 want.
func (c *Call) pending(s *transaction.Server, d *dialog) bool {
	if c.state == CallConnected && c.in != nil && c.in.waitsForAck && !c.in.offered {
		// Nobody makes a new offer who has not had our 2xx: its ACK was lost, or
		// overtaken, and had nothing to say.
		c.in.waitsForAck = false
		c.in.srv.Acked()
	}
	e := c.earlyOf(d)
	first := s.Request.Method == "INVITE"
	switch {
	case c.upd.x != nil, e != nil && (first || e.offering || e.media == nil):
		s.Respond(c.response(s, 491, ""))
	case e != nil, !first && c.state == CallIncoming && c.in.rel.answered:
		return false // offer and answer have met before the call is taken
	case c.state != CallConnected || c.in != nil && c.in.waitsForAck:
		res := c.response(s, 500, "")
		res.Header.Add("Retry-After", strconv.Itoa(int(c.a.o.Rand()*10)))
		s.Respond(res)
	default:
		return false
	}
	return true
}

// reinvited takes an INVITE in mid-call: hold, resume, a new address.
func (c *Call) reinvited(s *transaction.Server, d *dialog) {
	if c.pending(s, d) || c.a.sessionTooShort(s) {
		return
	}
	offer, err := description(s.Request)
	if err != nil {
		c.refuse(s, err)
		return
	}
	res := c.response(s, 200, "")
	e := Event{Code: 200, Reason: res.Reason, ByPeer: true}
	if offer == nil {
		res.SetBody(sdpType, c.ses.Offer(c.local))
	} else {
		body, media, err := c.ses.Answer(c.local, offer)
		if err != nil {
			c.refuse(s, err) // the session goes on as it was (section 14.2)
			return
		}
		res.SetBody(sdpType, body)
		e = c.agreed(media, e)
	}
	c.dlg.retarget(s.Request)
	c.answerSession(s.Request, res)
	renamed := c.learn(s.Request, c.l.isServer(s.From.Addr.Addr()))
	c.accept(s, res, offer == nil)
	if e.Changed || renamed {
		c.event(e)
	}
}

// updated takes an UPDATE (RFC 3311): with an offer like a re-INVITE, without
// one a new target only.
func (c *Call) updated(s *transaction.Server, d *dialog) {
	offer, err := description(s.Request)
	if err != nil {
		c.refuse(s, err)
		return
	}
	if c.a.sessionTooShort(s) {
		return
	}
	if offer == nil {
		d.retarget(s.Request)
		res := c.response(s, 200, "")
		if c.state == CallConnected {
			c.answerSession(s.Request, res)
		}
		s.Respond(res)
		if c.learn(s.Request, c.l.isServer(s.From.Addr.Addr())) {
			c.event(Event{Code: 200, Reason: wire.StatusText(200), ByPeer: true})
		}
		return
	}
	if !c.pending(s, d) {
		c.answerOffer(s, d, offer)
	}
}

// answerOffer answers the offer of an UPDATE or PRACK, in an early dialog by
// that dialog's own session.
func (c *Call) answerOffer(s *transaction.Server, d *dialog, offer []byte) {
	ses, e := c.ses, c.earlyOf(d)
	if e != nil {
		ses = e.ses
	}
	body, media, err := ses.Answer(c.local, offer)
	if err != nil {
		c.refuse(s, err)
		return
	}
	d.retarget(s.Request)
	c.learn(s.Request, c.l.isServer(s.From.Addr.Addr()))
	res := c.response(s, 200, "")
	res.SetBody(sdpType, body)
	if c.state == CallConnected && s.Request.Method == "UPDATE" {
		c.answerSession(s.Request, res)
	}
	s.Respond(res)
	if e != nil {
		e.media = media
	}
	c.event(c.agreed(media, Event{Code: 200, Reason: res.Reason, ByPeer: true}))
	c.tryUpdate()
}

// acked takes the ACK of a 2xx; after an INVITE without an offer it brings the
// answer to ours (section 13.2.2.4).
func (c *Call) acked(m *wire.Message) {
	in := c.in
	if in == nil || !in.waitsForAck {
		return
	}
	if n, _ := m.CSeq(); n != in.seq {
		return
	}
	in.waitsForAck = false
	in.srv.Acked()
	switch {
	case in.leaving:
		c.bye(c.dlg, c.release)
		return
	case in.offered:
		if len(m.Body) == 0 && c.media != nil {
			break // who says nothing wants the session as it was
		}
		if !c.takeAnswer(m) {
			return
		}
	}
	c.tryUpdate()
}

// takeAnswer reads the answer in an ACK; without a usable one the call is over.
func (c *Call) takeAnswer(m *wire.Message) bool {
	body, err := description(m)
	if err == nil {
		media, failure := c.ses.Accept(body)
		if failure == nil {
			c.event(c.agreed(media, Event{Code: 200, Reason: wire.StatusText(200), ByPeer: true}))
			return c.state == CallConnected
		}
		err = failure
	}
	c.end(Event{Code: 488, Reason: err.Error()})
	c.bye(c.dlg, c.release)
	return false
}
