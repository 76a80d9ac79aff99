package sipua

import (
	"errors"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// Limits of incoming calls.
const (
	// maxCalls bounds what a flood of calls can make us remember.
	maxCalls = 32
	// ringAgain keeps proxies from giving up on a call that rings (RFC 3261
	// section 13.3.1.1).
	ringAgain = time.Minute
	// ringLimit ends a call whose caller has vanished without CANCEL.
	ringLimit = 10 * time.Minute
)

// incoming is the called side of a call.
type incoming struct {
	srv *transaction.Server
	// offer is the INVITE's description, nil if it brought none: then ours is
	// the offer, and the ACK brings the answer.
	offer []byte
	asked time.Time

	again, expires *loop.Timer
	// waitsForAck: a 2xx of ours, to the first INVITE or a later one, is not
	// acknowledged yet; seq is its number.
	waitsForAck bool
	seq         uint32
	offered     bool // the 2xx held our offer
	leaving     bool // BYE as soon as the ACK is here
	// replaces is the call whose place this one takes, nil in the usual case.
	replaces *Call

	rel reliably
}

// invited takes an INVITE that begins a call.
func (a *Agent) invited(s *transaction.Server) {
	m := s.Request
	l := a.findLine(m, s.From)
	old, refusal := a.replaced(m)
	if old != nil {
		l = old.l
	}
	switch {
	case refusal != 0:
		a.refuseReplaces(s, refusal)
		return
	case l == nil:
		a.respond(s, 404)
		return
	case len(a.calls) >= maxCalls:
		a.respond(s, 486)
		return
	}
	offer, err := description(m)
	if err == nil && offer != nil {
		able := a.o.Media()
		able.Encryption = l.acc.Encryption
		err = sdp.Check(able, offer)
	}
	if err != nil {
		a.refuseBody(s, err)
		return
	}
	who := whoCalls(m, l.isServer(s.From.Addr.Addr()), a.rules())
	c := &Call{a: a, l: l, id: m.CallID(), tag: transaction.Token(), state: CallIncoming, peer: who.party}
	c.ses = sdp.NewSession(a.random())
	c.dlg = dialogOfRequest(m, c.tag, s.From)
	c.in = &incoming{srv: s, offer: offer, asked: time.Now(), replaces: old}
	c.in.rel.on = a.wantsReliable(m)
	a.calls = append(a.calls, c)
	c.ring(who)
}

// refuseBody: 415 for a body that we do not read, 400 for one that is broken,
// 488 for a session that we cannot have.
func (a *Agent) refuseBody(s *transaction.Server, cause error) {
	a.o.Log.Info("refused an offer", "call", s.Request.CallID(), "cause", cause)
	switch {
	case errors.Is(cause, errBody):
		a.respond(s, 415, wire.Field{Name: "Accept", Value: sdpType}, wire.Field{Name: "Accept-Encoding", Value: "identity"})
	case errors.Is(cause, sdp.ErrMalformed):
		a.respond(s, 400)
	default:
		a.respond(s, 488, warning(cause))
	}
}

// warning says why (RFC 3261 section 20.43).
func warning(cause error) wire.Field {
	code := "399"
	if errors.Is(cause, sdp.ErrNoCodec) {
		code = "305" // incompatible media format
	} else if errors.Is(cause, sdp.ErrNoAudio) {
		code = "304" // media type not available
	}
	return wire.Field{Name: "Warning", Value: code + " deskset " + wire.Quote(cause.Error())}
}

// ring asks the owner, and tells the caller.
func (c *Call) ring(who caller) {
	in := c.in
	m := in.srv.Request
	e := Event{State: c.state, Peer: c.peer, Trusted: who.trusted, Anonymous: who.anonymous, Diversions: diversions(m), Rings: alertNames(m),
		WantsOffer: in.rel.on && in.offer == nil}
	e.Answer, e.AnswerAfter = answerMode(m)
	e.Replaces = in.replaces
	c.a.o.Log.Info("SIP call", "call", c.id, "line", c.Line(), "state", c.state, "from", in.srv.From.Addr)
	wanted := c.a.o.Handler.Incoming(c, e)
	switch {
	case c.state != CallIncoming:
		return
	case !wanted:
		c.reject(480, "", Event{Code: 480, Reason: wire.StatusText(480)})
		return
	}
	c.Ring()
	limit := ringLimit
	if d, ok := wire.Seconds(m.Header.Get("Expires")); ok && d > 0 && d < limit {
		limit = d
	}
	in.expires = c.a.after(limit, func() {
		c.reject(487, "", Event{Code: 487, Reason: "the caller's time is over", ByPeer: true})
	})
}

// Ring tells the caller that the phone rings. Handler.Incoming may do so as soon
// as it knows that it wants the call, before it sees to ringer and display; else
// it is done when that has returned.
func (c *Call) Ring() {
	defer c.a.enter()()
	if c.state == CallIncoming && c.in.again == nil {
		c.ringing()
	}
}

func (c *Call) ringing() {
	res := c.response(c.in.srv, 180, "")
	switch r := &c.in.rel; {
	case !r.on:
		c.in.srv.Respond(res)
	case c.in.offer != nil || r.offer:
		c.sendReliably(res)
	default: // what would have to hold an offer cannot be sent without
	}
	c.in.again = c.a.after(ringAgain, c.ringing)
}

// response is a response within the call, with its tag and our Contact.
func (c *Call) response(s *transaction.Server, status int, reason string) *wire.Message {
	res := wire.NewResponse(s.Request, status, reason, c.tag)
	if contact, err := c.contact(s.From); err == nil && status < 300 {
		res.Header.Add("Contact", contact)
		res.Header.Add("Allow", allow)
		res.Header.Add("Supported", strings.Join(c.a.supported(), ", "))
		c.nameAnswerer(res, s.From)
	}
	res.Header.Add("Server", c.a.o.UserAgent)
	return res
}

// Answer takes an incoming call. If that fails, the caller is told so and the
// call is over.
func (c *Call) Answer(local sdp.Local) error {
	defer c.a.enter()()
	if c.state != CallIncoming {
		return errNotRinging
	}
	in := c.in
	if in.rel.offer {
		c.answerOffered()
		return nil
	}
	local, err := c.settle(local, in.srv.From)
	if err != nil {
		c.reject(500, "", Event{Code: 500, Reason: err.Error()})
		return err
	}
	c.local = local
	res := c.response(in.srv, 200, "")
	e := Event{Code: 200, Reason: "OK", Took: time.Since(in.asked)}
	if in.offer == nil {
		res.SetBody(sdpType, c.ses.Offer(local))
	} else {
		body, media, err := c.ses.Answer(local, in.offer)
		if err != nil {
			c.refuse(in.srv, err)
			c.end(Event{Code: 488, Reason: err.Error()})
			c.release()
			return err
		}
		res.SetBody(sdpType, body)
		e = c.agreed(media, e)
	}
	c.take(res, in.offer == nil, e)
	return nil
}

// take sends the 2xx of an incoming call.
func (c *Call) take(res *wire.Message, offered bool, e Event) {
	c.stopTimers()
	c.state = CallConnected
	c.answerSession(c.in.srv.Request, res)
	c.accept(c.in.srv, res, offered)
	c.event(e)
}

// refuse answers an INVITE of the dialog with what is wrong with its offer.
func (c *Call) refuse(s *transaction.Server, cause error) {
	status := 488
	if errors.Is(cause, sdp.ErrMalformed) {
		status = 400
	} else if errors.Is(cause, errBody) {
		status = 415
	}
	res := c.response(s, status, "")
	w := warning(cause)
	res.Header.Add(w.Name, w.Value)
	s.Respond(res)
}

// accept sends a 2xx to an INVITE and waits for its ACK.
func (c *Call) accept(s *transaction.Server, res *wire.Message, offered bool) {
	if c.in == nil {
		c.in = &incoming{}
	}
	c.in.srv, c.in.offered, c.in.waitsForAck = s, offered, true
	c.in.seq, _ = s.Request.CSeq()
	s.NoAck = func() { c.noAck(s) }
	s.Respond(res)
}

// noAck: the 2xx was lost for good, or the peer is (section 13.3.1.4).
func (c *Call) noAck(s *transaction.Server) {
	if c.in.srv != s || !c.in.waitsForAck {
		return
	}
	c.in.waitsForAck = false
	c.end(Event{Code: 408, Reason: "no ACK"})
	c.byeBecause(c.dlg, reasonTimeout, c.release)
}

// Reject turns an incoming call away with a final status, 300 to 699; an empty
// reason is the usual one of the status.
func (c *Call) Reject(code int, reason string) {
	defer c.a.enter()()
	if c.state == CallIncoming {
		code = min(max(code, 300), 699)
		if reason == "" {
			reason = wire.StatusText(code)
		}
		c.reject(code, reason, Event{Code: code, Reason: reason})
	}
}

func (c *Call) reject(code int, reason string, e Event) {
	c.in.srv.Respond(c.response(c.in.srv, code, reason))
	c.end(e)
	c.release()
}

// cancelledByPeer takes a CANCEL: it counts only before our final response.
func (c *Call) cancelledByPeer(m *wire.Message) {
	if c.state != CallIncoming {
		return
	}
	e := Event{Code: 487, Reason: wire.StatusText(487), ByPeer: true}
	for _, reason := range m.Header.List("Reason") {
		e.AcceptedElsewhere = e.AcceptedElsewhere || acceptedElsewhere(reason)
	}
	c.reject(487, "", e)
}

// acceptedElsewhere reads one Reason (RFC 3326): SIP;cause=200, or Q.850's 26,
// "non-selected user clearing", of exchanges that think in ISDN.
func acceptedElsewhere(reason string) bool {
	r, err := wire.ParseAddress(reason) // a word with parameters, like a URI
	cause, _ := r.Params.Get("cause")
	switch {
	case err != nil:
		return false
	case strings.EqualFold(r.URI, "SIP"):
		return cause == "200"
	}
	return strings.EqualFold(r.URI, "Q.850") && cause == "26"
}
