package sipua

import (
	"reflect"
	"time"

	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/wire"
)

// maxEarly bounds the early dialogs of a forked call.
const maxEarly = 32

// early is one early dialog of a call that we make (RFC 3261 section 12.1): a
// fork may bring several, each with a session of its own.
type early struct {
	*dialog
	ses *sdp.Session
	// media is what was agreed with this dialog; settled says that a reliable
	// response has carried the answer, or that our answer is on its way, so
	// that the 2xx has nothing to add (RFC 3262 section 5).
	media   *sdp.Agreed
	settled bool
	turn    int // of the response that media came with: the last one is heard
	// rseq is the number of the last reliable response, 0 before the first.
	rseq uint32
	// current: the newest offer of ours has been taken here.
	current bool
	// invite is the request that it belongs to; offering, that an UPDATE of ours
	// waits for its answer.
	invite   *wire.Message
	offering bool
}

// earlyDialog finds the early dialog of a response, or makes it; nil if there
// are too many.
func (o *outgoing) earlyDialog(x *exchange, res *wire.Message) *early {
	tag := res.To().Tag()
	e := o.early[tag]
	if e == nil || e.invite != x.sent { // a second try numbers its responses anew
		if len(o.early) >= maxEarly {
			return nil
		}
		e = &early{dialog: dialogOfResponse(x.sent, res, x.to[0]), ses: o.c.ses.Clone(), invite: x.sent}
		o.early[tag] = e
	}
	e.retarget(res)
	return e
}

// earlyOf finds the early dialog that a dialog is.
func (c *Call) earlyOf(d *dialog) *early {
	if c.out == nil || c.dlg != nil {
		return nil
	}
	for _, e := range c.out.early {
		if e.dialog == d {
			return e
		}
	}
	return nil
}

// progress takes a 1xx.
func (o *outgoing) progress(x *exchange, res *wire.Message) {
	c := o.c
	if res.Status == 100 {
		return
	}
	if res.Status == 199 { // RFC 6228: this branch is over, others may go on
		o.branchEnded(res.To().Tag())
		return
	}
	d := o.earlyDialog(x, res)
	reliable, fresh := o.reliable(d, res)
	if !fresh {
		return
	}
	e := Event{Code: res.Status, Reason: res.Reason, Took: time.Since(o.asked)}
	c.state = CallProgress
	if res.Status == 180 {
		c.state = CallRingOut
	}
	c.learn(res, c.trusts(x))
	var answer []byte
	if body, err := description(res); err == nil && body != nil && d != nil {
		var media *sdp.Agreed
		switch {
		case o.offered:
			// Announcements and gateways take turns under one tag.
			media, err = d.ses.Accept(body)
		case reliable && d.media == nil: // the peer's offer is answered by PRACK
			answer, media, err = d.ses.Answer(c.local, body)
		default:
			err = errBody // an offer that cannot be answered: it comes again
		}
		if err == nil {
			d.settled = d.settled || reliable
			if !reflect.DeepEqual(media, d.media) {
				e = c.agreed(media, e)
			}
			o.turns++
			d.media, d.turn = media, o.turns
		}
	}
	if reliable {
		c.prack(d, x, res, answer)
	}
	c.event(e)
}

// branchEnded forgets an early dialog. If it has played to us, another one
// that does takes its place.
func (o *outgoing) branchEnded(tag string) {
	gone := o.early[tag]
	if gone == nil {
		return
	}
	delete(o.early, tag)
	if gone.media == nil || gone.media != o.c.media {
		return
	}
	var next *early
	for _, e := range o.early {
		if e.media != nil && (next == nil || e.turn > next.turn) {
			next = e
		}
	}
	if next != nil {
		o.c.event(o.c.agreed(next.media, Event{Code: 199, Reason: wire.StatusText(199)}))
	}
}

// answered takes a 2xx: the first one makes the call, others are repeated or
// come from the losing branches of a fork (section 13.2.2.4).
func (o *outgoing) answered(x *exchange, res *wire.Message) {
	c := o.c
	tag := res.To().Tag()
	if k := o.acks[tag]; k != nil {
		k.again()
		return
	}
	if len(o.acks) >= maxEarly {
		return
	}
	e := o.early[tag]
	if e == nil {
		e = &early{dialog: dialogOfResponse(x.sent, res, x.to[0]), ses: c.ses.Clone()}
	}
	d := e.dialog
	seq, _ := x.sent.CSeq()
	d.localSeq = max(d.localSeq, seq)
	d.confirm(res)
	won := c.dlg == nil && c.state != CallEnded
	media, answer, err := o.agree(e, res)
	o.acks[tag] = c.acknowledge(d, x, answer)
	switch {
	case c.dlg != nil: // another branch was faster
		c.byeBecause(d, reasonElsewhere, func() {})
	case !won: // the 2xx crossed our CANCEL
		c.dlg = d
		c.bye(d, c.release)
	case err != nil:
		c.dlg = d
		c.a.o.Log.Warn("the answer to our offer is of no use", "call", c.id, "cause", err)
		c.end(Event{Code: 488, Reason: err.Error()})
		c.byeBecause(d, reasonMedia, c.release)
	default:
		c.dlg, c.ses = d, e.ses
		o.expires.Stop()
		if e.offering {
			c.upd.x = &exchange{} // until its UPDATE is answered
		} else if e.current {
			c.upd.want = nil
		}
		o.connect(x, res, media)
	}
}

func (o *outgoing) connect(x *exchange, res *wire.Message, media *sdp.Agreed) {
	c := o.c
	c.state = CallConnected
	c.learn(res, c.trusts(x))
	c.sessionAgreed(res)
	c.event(c.agreed(media, Event{Code: res.Status, Reason: res.Reason, Took: time.Since(o.asked)}))
	c.tryUpdate()
}

// agree is what the peer agrees to: the answer of the 2xx, or of the 1xx before
// it for peers that do not repeat it. If the 2xx holds the offer, answer is
// what the ACK has to carry.
func (o *outgoing) agree(e *early, res *wire.Message) (media *sdp.Agreed, answer []byte, err error) {
	body, err := description(res)
	switch {
	case err != nil:
		return nil, nil, err
	case e.media != nil && (body == nil || e.settled):
		return e.media, nil, nil
	case body == nil && o.c.media != nil:
		return o.c.media, nil, nil // the tag has changed on the way
	case !o.offered:
		answer, media, err = e.ses.Answer(o.c.local, body)
		return media, answer, err
	}
	media, err = e.ses.Accept(body)
	return media, nil, err
}

// updateEarly offers changed media before the call is answered, in each early
// dialog where an offer may be made (RFC 3311 section 5.1): the phone has
// another address. Elsewhere it waits for the answer.
func (c *Call) updateEarly(local sdp.Local) error {
	o := c.out
	o.local = local
	if len(o.ways) == 0 {
		return nil // the INVITE is still to come
	}
	local, err := c.settle(local, o.ways[0].to)
	if err != nil {
		return err
	}
	c.local, c.upd.want, c.upd.quiet = local, &local, false
	for _, e := range o.early {
		if e.current = false; e.updates && e.settled && !e.offering {
			c.offerEarly(e)
		}
	}
	return nil
}

func (c *Call) offerEarly(e *early) {
	m, next := c.a.dialogRequest(e.dialog, "UPDATE")
	m.SetBody(sdpType, e.ses.Offer(c.local))
	e.offering = true
	c.exchange(e.dialog, m, next, func(_ *exchange, res *wire.Message, err error) {
		if err == nil && res.Status < 200 {
			return
		}
		e.offering = false
		var media *sdp.Agreed
		if err == nil && res.Status < 300 {
			e.retarget(res)
			var body []byte
			if body, err = description(res); err == nil {
				media, err = e.ses.Accept(body)
			}
		}
		if err == nil && media != nil {
			e.media, e.current = media, true
		}
		switch {
		case c.dlg == e.dialog: // answered meanwhile
			c.updateDone()
			if e.current {
				c.upd.want = nil
			}
		case c.dlg != nil || c.state == CallEnded:
			return
		}
		if e.current {
			c.event(c.agreed(media, Event{Code: res.Status, Reason: res.Reason}))
		}
		c.tryUpdate()
	})
}
