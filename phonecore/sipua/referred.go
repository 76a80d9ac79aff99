package sipua

import (
	"fmt"
	"strings"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// Referral is the wish of a far side that we call somebody else. Its owner says
// Follow or Refuse while it is told; who says nothing refuses.
type Referral struct {
	To Party
	// Takes tells that the new call takes the place of one that the far side has
	// there.
	Takes bool

	c     *Call
	s     *transaction.Server // nil: a BYE with Also, which has been answered
	to    referTo
	by    []wire.Field
	event string
	done  bool
}

// referred takes a REFER within a call (RFC 3515 section 2.4.2).
func (c *Call) referred(s *transaction.Server) {
	m := s.Request
	values := m.Header.All("Refer-To")
	switch {
	case c.state != CallConnected:
		s.Respond(c.response(s, 403, ""))
		return
	case len(values) != 1:
		s.Respond(c.response(s, 400, "One Refer-To Wanted"))
		return
	case c.referral != nil && !c.referral.over:
		s.Respond(c.response(s, 491, "")) // one transfer at a time
		return
	}
	to, code := parseReferTo(values[0])
	if code != 0 {
		s.Respond(c.response(s, code, ""))
		return
	}
	r := c.newReferral(to, referredBy(m, "Referred-By"))
	r.s, r.event = s, "refer"
	if c.referrals++; c.referrals > 1 { // RFC 3515 section 2.4.6
		n, _ := m.CSeq()
		r.event += fmt.Sprintf(";id=%d", n)
	}
	c.event(Event{Code: 200, Reason: wire.StatusText(200), ByPeer: true, Referral: r})
	r.Refuse(603)
}

func (c *Call) newReferral(to referTo, by []wire.Field) *Referral {
	return &Referral{
		c: c, to: to, by: by, Takes: to.fields != nil,
		To: Party{User: short(to.uri.UserText()), Host: to.uri.Host, URI: to.uri.String()},
	}
}

// also takes the wish in a BYE of a phone of the guide's time (guide B-12): the
// first address of Also is called, and a Requested-By passed on.
func (c *Call) also(m *wire.Message) {
	list := m.Header.List("Also")
	if len(list) == 0 || c.state != CallConnected {
		return
	}
	to, code := parseReferTo(list[0])
	if code != 0 {
		c.a.o.Log.Info("cannot call whom a BYE names", "call", c.id, "status", code)
		return
	}
	r := c.newReferral(to, referredBy(m, "Requested-By"))
	c.event(Event{Code: 200, Reason: wire.StatusText(200), ByPeer: true, Referral: r})
	r.done = true
}

// Refuse says no, with a final status of 300 to 699. After Follow it does
// nothing.
func (r *Referral) Refuse(code int) {
	if !r.done && r.s != nil {
		r.s.Respond(r.c.response(r.s, code, ""))
	}
	r.done = true
}

// Follow places the call on the line of the one that it comes from. The far side
// is told how it goes.
func (r *Referral) Follow(local sdp.Local) (*Call, error) {
	c := r.c
	defer c.a.enter()()
	if r.done {
		return nil, errNotConnected
	}
	uri, err := c.l.home(r.to.uri), error(nil)
	if uri.Scheme == "tel" {
		uri, err = c.l.number(uri.User)
	}
	var n *Call
	if err == nil {
		n, err = c.a.call(c.l, uri, local, append(r.by, r.to.fields...))
	}
	if err != nil {
		r.Refuse(503)
		return nil, err
	}
	r.done = true
	if r.s == nil {
		return n, nil
	}
	res := c.response(r.s, 202, "")
	wanted := !strings.EqualFold(strings.TrimSpace(r.s.Request.Header.Get("Refer-Sub")), "false")
	if !wanted { // RFC 4488 section 4
		res.Header.Add("Refer-Sub", "false")
	}
	r.s.Respond(res)
	if wanted {
		n.reports = &reports{c: c, d: c.dlg, event: r.event}
		c.referral = n.reports
		n.reports.begin()
	}
	return n, nil
}

// reports are the NOTIFYs that tell a far side how the call goes that it has
// wished for (RFC 3515 section 2.4.5). They go by the dialog of the REFER, also
// when its call has ended (RFC 5057).
type reports struct {
	c     *Call // which the REFER came in
	d     *dialog
	event string
	// busy is a NOTIFY that is not answered yet; next waits for that, and newer
	// news takes its place.
	busy  bool
	next  *news
	over  bool
	limit *loop.Timer
}

type news struct {
	code   int
	reason string
	state  string // of the subscription
}

func (r *reports) begin() {
	lasts := r.c.a.o.Timers.InviteExpires + newsMargin
	active := "active;expires=" + wire.FormatSeconds(lasts)
	r.limit = r.c.a.after(lasts, func() { r.say(news{100, wire.StatusText(100), "terminated;reason=timeout"}) })
	r.say(news{100, wire.StatusText(100), active})
}

// heard makes news of what happens to the call.
func (r *reports) heard(state CallState, e Event) {
	switch {
	case r == nil || r.over || e.Redirected:
	case state >= CallConnected:
		if e.Code >= 200 {
			r.say(news{e.Code, e.Reason, "terminated;reason=noresource"})
		}
	case e.Code >= 100 && e.Code < 200:
		r.say(news{e.Code, e.Reason, "active;expires=" + wire.FormatSeconds(r.c.a.o.Timers.InviteExpires)})
	}
}

func (r *reports) say(n news) {
	if r.over {
		return
	}
	r.over = strings.HasPrefix(n.state, "terminated")
	if r.over {
		r.limit.Stop()
	}
	r.next = &n
	r.send()
}

func (r *reports) send() {
	if r.busy || r.next == nil || r.c.a.closed {
		return
	}
	n := r.next
	r.next, r.busy = nil, true
	m, next := r.c.a.dialogRequest(r.d, "NOTIFY")
	m.Header.Add("Event", r.event)
	m.Header.Add("Subscription-State", n.state)
	m.SetBody(sipfragType+";version=2.0", fmt.Appendf(nil, "SIP/2.0 %d %s\r\n", n.code, strings.Join(strings.Fields(short(n.reason)), " ")))
	r.c.exchange(r.d, m, next, func(_ *exchange, res *wire.Message, err error) {
		if err == nil && res.Status < 200 {
			return
		}
		r.busy = false
		if err != nil || res.Status >= 300 { // nobody listens any more
			r.over, r.next = true, nil
			r.limit.Stop()
		}
		r.send()
	})
}
