package sipua

import (
	"errors"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// update is our side of changing a session (RFC 3261 section 14.1).
type update struct {
	// want is what the owner asked for while it could not be offered.
	want *sdp.Local
	// quiet: it is only the refresh of a session timer, of which the owner hears
	// nothing; quietly, that the INVITE under way is.
	quiet, quietly bool
	// x is the INVITE under way; before is what holds if it fails.
	x      *exchange
	before sdp.Local
	// timer waits after a 491, expires bounds the INVITE.
	timer, expires *loop.Timer
	waiting        bool
}

// Update offers changed media to the peer: hold, resume, a new address. While
// another offer is open it waits for that; the last one asked for counts. The
// handler hears of the result: Changed, or a Code of 300 and more if the peer
// refuses, and then everything stays as it was.
func (c *Call) Update(local sdp.Local) error {
	defer c.a.enter()()
	if c.out != nil && c.state < CallConnected && c.state != CallIncoming {
		return c.updateEarly(local)
	}
	if c.state != CallConnected {
		return errNotConnected
	}
	local, err := c.settle(local, c.dlg.source)
	if err != nil {
		return err
	}
	c.upd.want, c.upd.quiet = &local, false
	c.tryUpdate()
	return nil
}

// tryUpdate sends what is wanted as soon as nothing is in the way.
func (c *Call) tryUpdate() {
	u := &c.upd
	if c.state != CallConnected || u.want == nil || u.x != nil || u.waiting || c.in != nil && c.in.waitsForAck {
		return
	}
	u.before, c.local, u.want = c.local, *u.want, nil
	u.quietly, u.quiet = u.quiet, false
	m, next := c.a.dialogRequest(c.dlg, "INVITE")
	m.SetBody(sdpType, c.ses.Offer(c.local))
	asked := time.Now()
	acks := map[string]*ack{}
	u.expires = c.a.after(c.a.o.Timers.InviteExpires, func() {
		if u.x != nil {
			u.x.cancel("")
		}
	})
	u.x = &exchange{} // until the real one is there: nothing else may begin
	c.exchange(c.dlg, m, next, func(x *exchange, res *wire.Message, err error) {
		switch {
		case err == nil && res.Status < 200:
		case err == nil && res.Status < 300:
			if k := acks[res.To().Tag()]; k != nil {
				k.again()
				return
			}
			if len(acks) > 0 {
				return // no fork is possible within a dialog; but some change the tag
			}
			c.dlg.retarget(res)
			c.learn(res, c.trusts(x))
			acks[res.To().Tag()] = c.acknowledge(c.dlg, x, nil)
			c.updateDone()
			c.changed(res, time.Since(asked))
		default:
			c.updateDone()
			c.notChanged(res, err)
		}
	})
}

func (c *Call) updateDone() {
	c.upd.x = nil
	c.upd.expires.Stop()
}

// changed takes the answer to our offer.
func (c *Call) changed(res *wire.Message, took time.Duration) {
	if c.state != CallConnected {
		return
	}
	body, err := description(res)
	if err == nil {
		var media *sdp.Agreed
		if media, err = c.ses.Accept(body); err == nil {
			c.sessionAgreed(res)
			c.event(c.agreed(media, Event{Code: res.Status, Reason: res.Reason, Took: took}))
			c.tryUpdate()
			return
		}
	}
	c.a.o.Log.Warn("the answer to our new offer is of no use", "call", c.id, "cause", err)
	c.end(Event{Code: 488, Reason: err.Error()})
	c.byeBecause(c.dlg, reasonMedia, c.release)
}

// notChanged: the peer refuses, is busy with an offer of its own, or is gone.
func (c *Call) notChanged(res *wire.Message, err error) {
	if c.state != CallConnected {
		return
	}
	code, reason := 0, ""
	if err != nil {
		code, reason = status(err), err.Error()
	} else {
		code, reason = res.Status, res.Reason
	}
	switch {
	case code == 491:
		c.glare()
		return
	case code == 422 && c.session.raise(res):
		c.again()
		c.tryUpdate()
		return
	case code == 408 || code == 481 || errors.Is(err, transaction.ErrTimeout):
		// The dialog is gone (section 12.2.1.2).
		c.end(Event{Code: code, Reason: reason, ByPeer: err == nil})
		c.bye(c.dlg, c.release)
		return
	}
	c.local = c.upd.before
	if c.upd.quietly { // again, while there is time
		c.session.refresh = c.a.after(refreshAgain, c.refreshSession)
		c.tryUpdate()
		return
	}
	c.event(Event{Code: code, Reason: reason, ByPeer: err == nil})
	c.tryUpdate()
}

// again wants what was refused once more, unless something newer is wanted.
func (c *Call) again() {
	u := &c.upd
	if u.want == nil {
		again := c.local
		u.want, u.quiet = &again, u.quietly
	}
	c.local = u.before
}

// glare waits as section 14.1 says: who owns the Call-ID longer, so that the
// two do not meet again.
func (c *Call) glare() {
	c.again()
	wait := time.Duration(c.a.o.Rand()*200) * 10 * time.Millisecond
	if c.outgoing {
		wait = 2100*time.Millisecond + time.Duration(c.a.o.Rand()*190)*10*time.Millisecond
	}
	u := &c.upd
	u.waiting = true
	u.timer = c.a.after(wait, func() {
		u.waiting = false
		c.tryUpdate()
	})
}
