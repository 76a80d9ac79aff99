package sipua

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// Reliable provisional responses (RFC 3262): the caller acknowledges them by
// PRACK, in their order, dialog by dialog; who is called repeats them until
// then.

// reliable looks at the number of a 1xx: whether it has one, and whether it is
// to be processed. What comes again was acknowledged already, and what comes
// too early will come again (section 4).
func (o *outgoing) reliable(e *early, res *wire.Message) (reliable, fresh bool) {
	if !has(res, "Require", tagReliable) {
		return false, true
	}
	n, err := strconv.ParseUint(strings.TrimSpace(res.Header.Get("RSeq")), 10, 32)
	if err != nil || n == 0 || e == nil || o.c.a.o.Dialogs.Reliable == ReliableOff {
		return false, true
	}
	if e.rseq != 0 && uint32(n) != e.rseq+1 {
		return true, false
	}
	e.rseq = uint32(n)
	return true, true
}

// prack acknowledges a reliable response, with the answer if it held an offer.
func (c *Call) prack(e *early, x *exchange, res *wire.Message, answer []byte) {
	m, next := c.a.dialogRequest(e.dialog, "PRACK")
	seq, method := res.CSeq()
	m.Header.Set("RAck", fmt.Sprintf("%d %d %s", e.rseq, seq, method))
	m.SetBody(sdpType, answer)
	c.exchange(e.dialog, m, next, func(_ *exchange, res *wire.Message, err error) {
		// The response that it is for stands all the same; without PRACK the
		// far side ends the call itself.
		if err != nil || res.Status >= 300 {
			c.a.o.Log.Warn("PRACK was not taken", "call", c.id, "cause", err)
		}
	})
}

// reliably is the sending side.
type reliably struct {
	on   bool
	rseq uint32
	// sent is the response that waits for its PRACK, nil if none does.
	sent     *wire.Message
	timer    *loop.Timer
	interval time.Duration
	until    time.Time
	// offer is set when the response holds our offer, answered when the PRACK has
	// brought the answer; accept is the 200 that had to wait for that.
	offer, answered bool
	accept          func()
}

// wantsReliable tells whether the ringing of a call is to be reliable.
func (a *Agent) wantsReliable(m *wire.Message) bool {
	switch a.o.Dialogs.Reliable {
	case ReliableOff:
		return false
	case ReliableRequired:
		return has(m, "Supported", tagReliable) || has(m, "Require", tagReliable)
	}
	return has(m, "Require", tagReliable)
}

// Offer gives what an incoming call needs while it rings: one whose INVITE has
// no offer and wants reliable ringing (Event.WantsOffer) is made the offer
// there (RFC 3261 section 13.2.1).
func (c *Call) Offer(local sdp.Local) error {
	defer c.a.enter()()
	if c.state != CallIncoming || c.in.offer != nil || !c.in.rel.on {
		return errNotRinging
	}
	local, err := c.settle(local, c.in.srv.From)
	if err != nil {
		return err
	}
	c.local, c.in.rel.offer = local, true
	return nil
}

// sendReliably sends a 1xx until it is acknowledged. While one waits there is
// no second one (section 3).
func (c *Call) sendReliably(res *wire.Message) {
	r := &c.in.rel
	if r.sent != nil {
		return
	}
	if r.rseq == 0 {
		r.rseq = uint32(c.a.o.Rand() * (1 << 30))
		if r.offer {
			res.SetBody(sdpType, c.ses.Offer(c.local))
		}
	}
	r.rseq++
	res.Header.Add("Require", tagReliable)
	res.Header.Add("RSeq", strconv.FormatUint(uint64(r.rseq), 10))
	r.sent, r.interval = res, c.a.o.Timers.T1
	r.until = time.Now().Add(reliableLimit * c.a.o.Timers.T1)
	c.repeatReliably()
}

// reliableLimit is when nobody will acknowledge any more: 64*T1 (section 3).
const reliableLimit = 64

func (c *Call) repeatReliably() {
	r := &c.in.rel
	left := time.Until(r.until)
	if left <= 0 {
		c.reject(504, "", Event{Code: 504, Reason: "no PRACK"})
		return
	}
	c.in.srv.Respond(r.sent)
	r.timer = c.a.after(min(r.interval, left), c.repeatReliably)
	r.interval *= 2
}

// answerOffered takes a call that was made an offer while it rang, as soon as
// its answer is here (section 3).
func (c *Call) answerOffered() {
	r := &c.in.rel
	if !r.answered {
		r.accept = c.answerOffered
		return
	}
	e := Event{Code: 200, Reason: wire.StatusText(200), Took: time.Since(c.in.asked)}
	c.take(c.response(c.in.srv, 200, ""), false, c.agreed(c.media, e))
}

// pracked takes a PRACK (section 3).
func (c *Call) pracked(s *transaction.Server) {
	if c.in == nil || c.in.rel.sent == nil || !c.in.rel.acknowledges(s.Request, c.in.srv.Request) {
		s.Respond(c.response(s, 481, ""))
		return
	}
	r := &c.in.rel
	r.sent = nil
	r.timer.Stop()
	if !r.offer || r.answered {
		c.prackOffer(s)
		return
	}
	body, err := description(s.Request)
	var media *sdp.Agreed
	if err == nil {
		media, err = c.ses.Accept(body)
	}
	if err != nil {
		c.refuse(s, err)
		if c.state == CallIncoming {
			c.refuse(c.in.srv, err)
			c.end(Event{Code: 488, Reason: err.Error()})
			c.release()
		}
		return
	}
	r.answered = true
	s.Respond(c.response(s, 200, ""))
	c.event(c.agreed(media, Event{Code: 200, Reason: wire.StatusText(200), ByPeer: true}))
	if r.accept != nil && c.state == CallIncoming {
		r.accept()
	}
}

// prackOffer takes what a PRACK may bring besides: an offer, once offer and
// answer have met (section 5).
func (c *Call) prackOffer(s *transaction.Server) {
	offer, err := description(s.Request)
	switch {
	case err != nil:
		c.refuse(s, err)
	case offer == nil:
		s.Respond(c.response(s, 200, ""))
	default:
		c.answerOffer(s, c.dlg, offer)
	}
}

// acknowledges reads RAck: number of the response, number and method of the
// request (section 7.2).
func (r *reliably) acknowledges(prack, invite *wire.Message) bool {
	f := strings.Fields(prack.Header.Get("RAck"))
	seq, method := invite.CSeq()
	return len(f) == 3 && f[0] == r.sent.Header.Get("RSeq") && f[1] == strconv.FormatUint(uint64(seq), 10) && f[2] == method
}
