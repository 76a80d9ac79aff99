package exchange

import (
	"slices"
	"strconv"
	"time"

	"deskset/app/lab/talk"
	"deskset/app/lab/wire"
)

// outgoing is a call that the lab places, to all contacts of a user at once;
// the first that answers has it.
type outgoing struct {
	x       *Exchange
	user    string
	local   string // From, with our tag
	tag     string
	callID  string
	session *talk.Session
	offer   []byte
	record  *Call
	out     []*clientTx
	open    int // branches without a final response
	expire  *timer
	won     *leg
	over    bool

	caller
	redirects  int
	diversions []string // who has sent the call on
}

// CallLater calls a registered user after a time, as one of the numbers that
// call (the call-back number if it is none), and plays music to whoever answers.
func (x *Exchange) CallLater(user, number string, after time.Duration) {
	x.ask(func() { x.callLater(user, number, after) })
}

func (x *Exchange) callLater(user, number string, after time.Duration) {
	if _, calls := manners[number]; !calls {
		number = callBackNumber
	}
	x.after(after, func() { x.call(user, number) })
}

// GiveUp ends the calls of the lab that nobody has answered yet.
func (x *Exchange) GiveUp() {
	x.ask(func() {
		for o := range x.outgoing {
			o.cancel(nil, "")
		}
	})
}

// call places the call of one of the numbers that call.
func (x *Exchange) call(user, number string) {
	x.callAs(user, caller{number: number, manner: manners[number], service: talk.Music, tell: func(int, string) {}}, nil)
}

// callAs calls a user, at all his contacts or at the one that is given.
func (x *Exchange) callAs(user string, as caller, at *binding) {
	contacts := []*binding{at}
	if at == nil {
		contacts = nil
		if a := x.users[user]; a != nil {
			contacts = a.live()
		}
	}
	if len(contacts) == 0 {
		x.Log.Warn("lab: call not possible: not registered", "user", user)
		as.tell(480, "Temporarily Unavailable")
		return
	}
	if len(x.legs)+len(x.answers)+len(x.outgoing) >= maxCalls {
		x.Log.Warn("lab: call not possible: too many calls", "user", user)
		as.tell(503, "Service Unavailable")
		return
	}
	session, err := x.newSession(as.service, "")
	if err != nil {
		x.Log.Warn("lab: call not possible: no media", "error", err)
		as.tell(500, "Server Internal Error")
		return
	}
	o := &outgoing{x: x, user: user, caller: as, tag: randomToken(), callID: randomToken() + "@" + x.Realm, session: session}
	from := o.manner.from(x)
	from.Params.Set("tag", o.tag)
	o.local = from.String()
	x.outgoing[o] = struct{}{}
	o.offer = session.Offer()
	o.expire = x.after(callRingTime, func() { o.cancel(nil, "") })
	o.ring(contacts)
}

// ring calls contacts of a user.
func (o *outgoing) ring(contacts []*binding) {
	for _, b := range contacts {
		m := o.invite(b)
		if o.record == nil {
			o.record = o.x.record(m, o.user)
		}
		o.open++
		to := b.hop(o.x)
		o.out = append(o.out, o.x.request(m, to, func(res *wire.Message) { o.heard(m, to, res) }))
	}
	o.x.Log.Info("lab: calling", "user", o.user, "contacts", len(o.out))
}

// seq is the CSeq of the present attempt (section 8.1.3.4).
func (o *outgoing) seq() uint32 { return uint32(1 + o.redirects) }

// invite makes the INVITE for one contact.
func (o *outgoing) invite(b *binding) *wire.Message {
	m := wire.Request("INVITE", b.contact.URI)
	m.Add("From", o.local)
	m.Add("To", wire.Address{URI: o.x.uri(o.user)}.String())
	m.Add("Call-ID", o.callID)
	m.Add("CSeq", strconv.FormatUint(uint64(o.seq()), 10)+" INVITE")
	m.Add("Max-Forwards", "70")
	m.Add("Contact", o.x.contact(o.number, b.hop(o.x).network))
	m.Add("Allow", allow)
	m.Add("User-Agent", agentName)
	m.Add("Content-Type", "application/sdp")
	o.manner.say(o.x, m)
	for _, d := range slices.Backward(o.diversions) {
		m.Prepend("Diversion", d)
	}
	m.Body = o.offer
	return m
}

// heard takes the response of a branch.
func (o *outgoing) heard(invite *wire.Message, to hop, m *wire.Message) {
	switch {
	case m.Status == 100:
	case m.Status < 200:
		o.tell(m.Status, m.Reason)
	case m.Status < 300:
		o.answered(invite, to, m)
	default:
		o.open--
		if o.won == nil && !o.over && o.sentOn(m) {
			return
		}
		if o.open == 0 && o.won == nil {
			o.record.end(m.Status)
			o.x.Log.Info("lab: call not answered", "user", o.user, "status", m.Status)
			o.tell(m.Status, m.Reason)
			o.close()
		}
	}
}

// answered takes a 2xx: the first one wins, a repeated one is acknowledged
// again, any other is acknowledged and ended (section 13.2.2.4).
func (o *outgoing) answered(invite *wire.Message, to hop, m *wire.Message) {
	id := legID{o.callID, o.tag, m.Tag("To")}
	if o.won != nil && o.won.id == id {
		o.ack(o.won)
		return
	}
	routes := m.List("Record-Route")
	slices.Reverse(routes) // section 12.1.2
	l := &leg{
		x: o.x, id: id, local: o.local, remote: m.Get("To"), target: invite.URI,
		routes: routes, from: to, localSeq: o.seq(), session: o.session, record: o.record,
	}
	if c := m.List("Contact"); len(c) > 0 {
		l.retarget(c[0])
	}
	o.ack(l)
	if o.won != nil || o.over {
		l.localSeq++
		o.x.request(l.request("BYE", l.localSeq), l.hop(), func(*wire.Message) {})
		return
	}
	o.won = l
	o.record.answered(m.Status)
	o.cancel(invite, `SIP;cause=200;text="Call completed elsewhere"`)
	o.expire.stop()
	delete(o.x.outgoing, o)
	o.x.addLeg(l)
	if err := o.session.Accept(m.Body); err != nil {
		l.bye(err.Error())
		l.end()
		return
	}
	o.tell(m.Status, m.Reason)
	n, _ := lookup(o.number)
	n.SendTo, n.CallBack, n.Mailbox = "", false, false // they are for who calls
	l.play(n, nil)
}

// ack acknowledges a 2xx; it has no transaction (section 13.2.2.4).
func (o *outgoing) ack(l *leg) {
	m := l.request("ACK", o.seq())
	to := l.hop()
	via := o.x.via(to)
	m.Prepend("Via", via.String())
	_ = o.x.net.send(o.x, to, m.Bytes())
}

// cancel gives up all branches but one.
func (o *outgoing) cancel(but *wire.Message, reason string) {
	for _, tx := range o.out {
		if tx.req != but {
			tx.cancel(reason)
		}
	}
}

// giveUp ends the call before it is answered, when the exchange closes.
func (o *outgoing) giveUp(why string) {
	o.x.Log.Info("lab: call given up", "user", o.user, "reason", why)
	o.cancel(nil, "")
	o.record.end(487)
	o.close()
}

// close frees what the call holds.
func (o *outgoing) close() {
	o.over = true
	o.expire.stop()
	o.session.Close()
	delete(o.x.outgoing, o)
}
