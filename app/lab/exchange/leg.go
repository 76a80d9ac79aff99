package exchange

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"deskset/app/lab/talk"
	"deskset/app/lab/wire"
)

// legID names a dialog (RFC 3261 section 12); remote may be empty, as RFC 2543
// peers know no tags.
type legID struct{ callID, local, remote string }

// legOf is the dialog that a received request belongs to.
func legOf(m *wire.Message) legID {
	return legID{m.Get("Call-ID"), m.Tag("To"), m.Tag("From")}
}

// leg is an answered call that ends at the exchange.
type leg struct {
	x             *Exchange
	id            legID
	local, remote string // From and To of what we send
	target        string // the peer's Contact
	routes        []string
	from          hop // where the peer was last heard from
	localSeq      uint32
	remoteSeq     uint32
	session       *talk.Session
	number        Number // which one it is that talks; zero for a call-back
	record        *Call
	limit         *timer
	// pending is our 2xx to an INVITE that waits for its ACK; offered says
	// that the offer was ours and the ACK bears the answer.
	pending *accepted
	ended   bool
	// onEnd is called once when the call is over.
	onEnd func()
}

// accepted is a 2xx to an INVITE; it is repeated until the ACK comes, over
// TCP too (section 13.3.1.4).
type accepted struct {
	seq     uint32
	offered bool
	repeat  *repeater
	expire  *timer
}

// addLeg takes an answered call into the exchange's books.
func (x *Exchange) addLeg(l *leg) {
	x.legs[l.id] = l
	l.limit = x.after(maxCallTime, func() { l.bye("the longest time of a call is over"); l.end() })
}

// accept sends the 2xx to an INVITE of this dialog.
func (l *leg) accept(tx *serverTx, body []byte, offered bool) {
	res := tx.response(200, "OK", "Contact", l.contact(tx.from.network), "Allow", allow, "Supported", strings.Join(supportedHere, ", "))
	if body != nil {
		res.Add("Content-Type", "application/sdp")
		res.Body = body
	}
	tx.send(res)
	seq, _, _ := tx.req.CSeq()
	l.pending.stop()
	l.pending = &accepted{
		seq:     seq,
		offered: offered,
		repeat:  l.x.repeat(timerT2, tx.write),
		expire: l.x.after(timer64, func() {
			l.bye("no ACK came for the 200")
			l.end()
		}),
	}
}

func (a *accepted) stop() {
	if a != nil {
		a.repeat.stop()
		a.expire.stop()
	}
}

// acked takes the ACK to a 2xx.
func (l *leg) acked(m *wire.Message) {
	seq, _, _ := m.CSeq()
	if l.pending == nil || seq != l.pending.seq {
		return
	}
	offered := l.pending.offered
	l.pending.stop()
	l.pending = nil
	if offered {
		if err := l.session.Accept(m.Body); err != nil {
			l.bye(err.Error())
			l.end()
		}
	}
}

// receive takes a request within the dialog (section 12.2.2).
func (l *leg) receive(tx *serverTx) {
	seq, _, _ := tx.req.CSeq()
	if seq <= l.remoteSeq {
		tx.respond(500, "Out of Order")
		return
	}
	l.remoteSeq, l.from = seq, tx.from
	switch tx.req.Method {
	case "BYE":
		tx.respond(200, "OK")
		l.end()
		l.also(tx.req)
	case "REFER":
		l.refer(tx)
	case "NOTIFY":
		l.notified(tx)
	case "INVITE", "UPDATE":
		l.change(tx)
	case "INFO":
		l.info(tx)
	case "OPTIONS":
		tx.respond(200, "OK", "Allow", allow, "Accept", "application/sdp")
	case "MESSAGE":
		tx.respond(200, "OK")
	default:
		tx.respond(405, "Method Not Allowed", "Allow", allow)
	}
}

// change is a re-INVITE or UPDATE: hold, resume, another codec or address
// (section 14, RFC 3311, RFC 3264 section 8).
func (l *leg) change(tx *serverTx) {
	if l.pending != nil {
		tx.respond(500, "Server Internal Error", "Retry-After", "1") // section 14.2
		return
	}
	body, offered := []byte(nil), false
	switch {
	case len(tx.req.Body) > 0:
		var err error
		if body, err = l.session.Answer(tx.req.Body); err != nil {
			l.x.refuseOffer(tx, err)
			return
		}
	case tx.req.Method == "INVITE":
		body, offered = l.session.Offer(), true
	}
	if c := tx.req.List("Contact"); len(c) > 0 {
		l.retarget(c[0])
	}
	if tx.req.Method == "INVITE" {
		l.accept(tx, body, offered)
		return
	}
	res := tx.response(200, "OK", "Contact", l.contact(tx.from.network))
	if body != nil {
		res.Add("Content-Type", "application/sdp")
		res.Body = body
	}
	tx.send(res)
}

// info takes digits of phones that send them by INFO (application/dtmf-relay).
func (l *leg) info(tx *serverTx) {
	for line := range strings.Lines(string(tx.req.Body)) {
		name, value, _ := strings.Cut(line, "=")
		if value = strings.TrimSpace(value); strings.EqualFold(strings.TrimSpace(name), "Signal") && len(value) == 1 {
			l.session.Press(value[0])
		}
	}
	tx.respond(200, "OK")
}

// refuseOffer answers an offer that cannot be used.
func (x *Exchange) refuseOffer(tx *serverTx, err error) {
	if errors.Is(err, talk.ErrNotAcceptable) {
		tx.respond(488, "Not Acceptable Here", "Warning", x.warning(err.Error()))
		return
	}
	tx.respond(400, "Bad Session Description", "Warning", x.warning(err.Error()))
}

// retarget takes the peer's Contact.
func (l *leg) retarget(contact string) {
	if a, err := wire.ParseAddress(contact); err == nil {
		l.target = a.URI
	}
}

// contact is where requests of this dialog reach us.
func (l *leg) contact(network string) string {
	return l.x.contact("", network)
}

func (x *Exchange) contact(number, network string) string {
	uri := x.uri(number)
	if network != "udp" {
		uri += ";transport=" + network
	}
	return "<" + uri + ">"
}

// request makes a request within the dialog (section 12.2.1.1).
func (l *leg) request(method string, seq uint32) *wire.Message {
	m := wire.Request(method, l.target)
	for _, route := range l.routes {
		m.Add("Route", route)
	}
	m.Add("From", l.local)
	m.Add("To", l.remote)
	m.Add("Call-ID", l.id.callID)
	m.Add("CSeq", strconv.FormatUint(uint64(seq), 10)+" "+method)
	m.Add("Max-Forwards", "70")
	m.Add("User-Agent", agentName)
	return m
}

// hop is where requests of the dialog go: the first route, or the target; or
// where the peer was last heard from, if that names no address to send to.
func (l *leg) hop() hop {
	if l.from.stream != nil && !l.from.stream.gone && len(l.routes) == 0 {
		return l.from
	}
	next := l.target
	if len(l.routes) > 0 {
		if a, err := wire.ParseAddress(l.routes[0]); err == nil {
			next = a.URI
		}
	}
	if u, err := wire.ParseURI(next); err == nil {
		if addr, ok := u.AddrPort(); ok && l.x.reachable(addr) {
			return hop{network: u.Network(), addr: addr}
		}
	}
	return l.from
}

// bye tells the peer that the call is over. The media end with it, the
// transaction lives on by itself.
func (l *leg) bye(why string) {
	if l.ended {
		return
	}
	l.x.Log.Info("lab: call ended by the lab", "call", l.id.callID, "reason", why)
	l.localSeq++
	l.x.request(l.request("BYE", l.localSeq), l.hop(), func(*wire.Message) {})
}

// end frees what the call holds.
func (l *leg) end() {
	if l.ended {
		return
	}
	l.ended = true
	l.pending.stop()
	l.limit.stop()
	l.session.Close()
	l.record.end(200)
	delete(l.x.legs, l.id)
	if l.record != nil {
		l.x.changed(l.record.To)
	}
	if l.record != nil {
		l.x.Log.Info("lab: call over", "from", l.record.From, "to", l.record.To, "lasted", time.Since(l.record.Answered).Round(time.Millisecond))
	}
	if l.onEnd != nil {
		l.onEnd()
	}
}
