package exchange

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"deskset/app/lab/talk"
	"deskset/app/lab/wire"
	"deskset/audio/codec"
)

// answer is an INVITE to one of the numbers, until it is answered for good.
type answer struct {
	x       *Exchange
	tx      *serverTx
	number  Number
	caller  *account
	record  *Call
	session *talk.Session
	body    []byte // our answer; our offer if the INVITE had none
	offered bool
	ring    *timer
	expire  *timer
}

// answer rings and then does what the number does.
func (x *Exchange) answer(tx *serverTx, n Number, caller *account) {
	old, ok := x.replacing(tx)
	if !ok {
		return
	}
	record := x.record(tx.req, n.Digits)
	x.Log.Info("lab: call", "from", caller.Name, "to", n.Digits)
	switch {
	case n.Status != 0:
		record.end(n.Status)
		tx.respond(n.Status, n.Reason)
		return
	case n.Redirect != "":
		record.end(302)
		tx.respond(302, "Moved Temporarily", "Contact", x.contact(n.Redirect, tx.from.network))
		return
	case len(x.legs)+len(x.answers) >= maxCalls:
		record.end(503)
		tx.respond(503, "Service Unavailable", "Retry-After", "60", "Warning", x.warning("too many calls"))
		return
	}
	a := &answer{x: x, tx: tx, number: n, caller: caller, record: record}
	if (old != nil || !n.NoAnswer) && !a.prepare() {
		return
	}
	x.answers[a] = struct{}{}
	x.changed(n.Digits)
	if old != nil { // the caller takes an existing call's place: nothing rings
		a.accept()
		old.bye("another call takes its place")
		old.end()
		return
	}
	tx.canceled = func(*wire.Message) { a.refuse(487, "Request Terminated") }
	if n.Queued {
		tx.respond(182, "Queued", "Contact", x.contact(n.Digits, tx.from.network), "Allow", allow)
		a.ring = x.after(queueTime, a.ringing)
	} else {
		a.ringing()
	}
	// An INVITE may say how long it is good for (section 13.3.1).
	if n, err := strconv.ParseUint(tx.req.Get("Expires"), 10, 31); err == nil && n > 0 {
		a.expire = x.after(time.Duration(n)*time.Second, func() { a.refuse(487, "Request Terminated") })
	}
}

// ringing tells the caller, and what comes of it.
func (a *answer) ringing() {
	a.tx.respond(180, "Ringing", "Contact", a.x.contact(a.number.Digits, a.tx.from.network), "Allow", allow)
	if a.number.NoAnswer {
		a.ring = a.x.after(noAnswerTime, func() { a.refuse(480, "Temporarily Unavailable") })
	} else {
		a.ring = a.x.after(ringTime, a.accept)
	}
}

// prepare opens the media and looks at the offer, before the phone rings.
func (a *answer) prepare() bool {
	if kind := a.tx.req.Get("Content-Type"); len(a.tx.req.Body) > 0 && !isSDP(kind) {
		a.record.end(415)
		a.tx.respond(415, "Unsupported Media Type", "Accept", "application/sdp")
		return false
	}
	var err error
	if a.session, err = a.x.newSession(a.number.Service, a.number.Codec); err != nil {
		a.x.Log.Warn("lab: no media", "error", err)
		a.record.end(500)
		a.tx.respond(500, "Server Internal Error")
		return false
	}
	if len(a.tx.req.Body) == 0 {
		a.body, a.offered = a.session.Offer(), true
	} else if a.body, err = a.session.Answer(a.tx.req.Body); err != nil {
		a.session.Close()
		a.x.refuseOffer(a.tx, err)
		a.record.end(a.tx.status)
		return false
	}
	return true
}

// isSDP is lenient: RFC 2543 peers may leave the type out.
func isSDP(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.TrimSpace(kind)
	return kind == "" || strings.EqualFold(kind, "application/sdp")
}

// newSession opens media for a service, in one codec if that is not empty.
func (x *Exchange) newSession(service talk.Service, only codec.Name) (*talk.Session, error) {
	s, err := talk.New(talk.Options{Local: x.Addr().Addr(), Service: service, Codec: only, Log: x.Log})
	if err != nil {
		return nil, err
	}
	x.ended.Go(func() { <-s.Done() })
	if service == talk.ReadBack {
		x.digits, x.digitsOf = nil, s
	}
	s.OnDigit = func(d talk.Digit) { x.post(func() { x.heardDigit(s, d) }) }
	return s, nil
}

// heardDigit notes what the read-back heard; the menu may lead there too.
func (x *Exchange) heardDigit(s *talk.Session, d talk.Digit) {
	if d.Service != talk.ReadBack {
		return
	}
	if x.digitsOf != s {
		x.digits, x.digitsOf = nil, s
	}
	x.digits = append(x.digits, d)
	x.digits = x.digits[max(0, len(x.digits)-maxDigits):]
}

// maxDigits is how many digits of one call are remembered.
const maxDigits = 1000

// leave takes the answer off the list of those that ring.
func (a *answer) leave() {
	a.ring.stop()
	a.expire.stop()
	a.tx.canceled = nil
	delete(a.x.answers, a)
}

// refuse ends the call before it was answered.
func (a *answer) refuse(status int, reason string) {
	a.leave()
	a.tx.respond(status, reason)
	a.record.end(status)
	if a.session != nil {
		a.session.Close()
	}
	a.x.changed(a.number.Digits)
}

// accept answers the call.
func (a *answer) accept() {
	a.leave()
	req := a.tx.req
	to, _ := wire.ParseAddress(req.Get("To"))
	to.Params.Set("tag", a.tx.tag)
	seq, _, _ := req.CSeq()
	l := &leg{
		x:         a.x,
		id:        legID{req.Get("Call-ID"), a.tx.tag, req.Tag("From")},
		local:     to.String(),
		remote:    req.Get("From"),
		from:      a.tx.from,
		routes:    slices.Clone(req.List("Record-Route")),
		remoteSeq: seq,
		session:   a.session,
		record:    a.record,
	}
	contacts := req.List("Contact")
	if len(contacts) == 0 {
		contacts = []string{req.Get("From")} // RFC 2543 peers need not send one
	}
	l.retarget(contacts[0])
	a.record.answered(200)
	a.x.addLeg(l)
	a.x.changed(a.number.Digits)
	l.accept(a.tx, a.body, a.offered)
	l.play(a.number, a.caller)
}

// play starts the media of an answered call and waits for their end.
func (l *leg) play(n Number, caller *account) {
	l.number = n
	if n.SendTo != "" {
		l.sendOn(n)
	}
	callBack := n.CallBack
	l.session.OnEnd = func(o talk.Outcome) {
		l.x.post(func() {
			if o == talk.CallBackWanted {
				callBack = true
			}
			l.bye("the service is done")
			l.end()
		})
	}
	l.onEnd = func() {
		if callBack {
			l.x.callLater(caller.Name, n.Digits, callBackTime)
		}
		if n.Mailbox {
			l.x.toggleMessage(caller)
		}
	}
	l.session.Start()
}
