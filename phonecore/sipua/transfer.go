package sipua

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

var errTransfer = errors.New("the call is being transferred already")

const (
	// firstNews is how long the first NOTIFY may take (timer N of RFC 6665
	// section 4.1.2, 64 times T1).
	firstNews = 32 * time.Second
	// newsMargin is what the whole transfer may take beyond an INVITE's time.
	newsMargin = 30 * time.Second
)

// Transferred is how a transfer that we have asked for stands.
type Transferred struct {
	// Code and Reason of the far side's own call to the target, or of what became
	// of our request. A final code below 200 means that nothing more was heard.
	Code   int
	Reason string
	// Final is the last that is told. With a code of 200 to 299 the target has
	// answered: it is time to hang up.
	Final bool
}

// transfer is our side of a REFER and its implicit subscription (RFC 3515
// section 2.4.4).
type transfer struct {
	seq   uint32 // of the REFER: the id of its event
	last  Transferred
	limit *loop.Timer
}

// Transfer asks the far side to call somebody else (RFC 3515). The handler hears
// of it by Event.Transfer until one is final; the call stays, on hold or not.
func (c *Call) Transfer(target string) error {
	defer c.a.enter()()
	uri, err := c.l.dialled(target)
	if err != nil {
		return err
	}
	return c.refer("<" + uri.String() + ">")
}

// TransferTo asks the far side to take our place in another call of ours (RFC
// 3891, RFC 5589 section 7). If the party there does not know how to replace a
// call, ours is ended first, and it is called anew (section 7.4).
func (c *Call) TransferTo(other *Call) error {
	defer c.a.enter()()
	if other.state != CallConnected || other == c {
		return errNotConnected
	}
	uri := other.address()
	if !other.dlg.replaces {
		if err := c.refer("<" + uri.String() + ">"); err != nil {
			return err
		}
		other.Hangup()
		return nil
	}
	uri.Headers = "Replaces=" + escapeHeader(other.replacement().String())
	return c.refer("<" + uri.String() + ">")
}

// address is where others reach the far side of a call: its address of record,
// or its Contact if it keeps that back.
func (c *Call) address() wire.URI {
	a, err := wire.ParseAddress(c.dlg.remote)
	u := a.ParsedURI()
	if err != nil || u.User == "" || strings.EqualFold(u.User, "anonymous") || strings.HasSuffix(strings.ToLower(u.Host), ".invalid") {
		u, _ = wire.ParseURI(c.dlg.target)
		return u.Bare()
	}
	return c.l.home(u.Bare())
}

func (c *Call) refer(to string) error {
	if c.state != CallConnected {
		return errNotConnected
	}
	if c.xfer != nil && !c.xfer.last.Final {
		return errTransfer
	}
	m, next := c.a.dialogRequest(c.dlg, "REFER")
	m.Header.Add("Refer-To", to)
	m.Header.Add("Referred-By", c.refersBy())
	m.Header.Add("Allow", allow)
	x := &transfer{}
	c.xfer = x
	c.exchange(c.dlg, m, next, func(e *exchange, res *wire.Message, err error) { c.referAnswered(x, e, res, err) })
	return nil
}

// referAnswered takes what becomes of our REFER: 202 or 200 only say that it will
// be tried.
func (c *Call) referAnswered(x *transfer, e *exchange, res *wire.Message, err error) {
	switch {
	case x != c.xfer || x.last.Final || c.state != CallConnected:
	case err != nil:
		c.transferred(Transferred{Code: status(err), Reason: err.Error(), Final: true})
	case res.Status < 200:
	case res.Status < 300:
		x.seq, _ = e.sent.CSeq()
		if x.last.Code != 0 { // a NOTIFY was faster
			return
		}
		c.transferLasts(firstNews)
		c.transferred(Transferred{Code: res.Status, Reason: res.Reason})
	default:
		if res.Status == 401 || res.Status == 407 {
			e.give()
		}
		c.transferred(Transferred{Code: res.Status, Reason: short(res.Reason), Final: true})
	}
}

// transferLasts limits how long nothing is heard.
func (c *Call) transferLasts(d time.Duration) {
	x := c.xfer
	x.limit.Stop()
	x.limit = c.a.after(d, func() {
		c.transferred(Transferred{Code: x.last.Code, Reason: x.last.Reason, Final: true})
	})
}

// transferred tells the owner what has changed.
func (c *Call) transferred(t Transferred) {
	x := c.xfer
	if x.last.Final || x.last == t || c.state != CallConnected {
		return
	}
	x.last = t
	if t.Final {
		x.limit.Stop()
	}
	c.event(Event{Code: 200, Reason: wire.StatusText(200), Transfer: &t})
}

// referNotified takes the NOTIFY of our REFER (RFC 3515 section 2.4.5).
func (c *Call) referNotified(s *transaction.Server) {
	m, x := s.Request, c.xfer
	event, id, _ := strings.Cut(m.Header.Get("Event"), ";")
	switch {
	case x == nil || !x.means(id):
		s.Respond(c.response(s, 481, ""))
		return
	case !strings.EqualFold(strings.TrimSpace(event), "refer"):
		s.Respond(c.response(s, 489, ""))
		return
	case !hasType(m, sipfragType):
		res := c.response(s, 415, "")
		res.Header.Add("Accept", sipfragType)
		s.Respond(res)
		return
	case len(m.Body) > maxNotify:
		s.Respond(c.response(s, 413, ""))
		return
	}
	s.Respond(c.response(s, 200, ""))
	if x.last.Final {
		return
	}
	state, _ := subscriptionState(m)
	code, reason, ok := parseFragment(m.Body)
	if !ok {
		code, reason = max(x.last.Code, 100), x.last.Reason
	}
	c.transferLasts(c.a.o.Timers.InviteExpires + newsMargin)
	c.transferred(Transferred{Code: code, Reason: reason, Final: code >= 200 || state == "terminated"})
}

// means tells whether the parameters of an Event are of this REFER. Many peers
// leave the id away.
func (x *transfer) means(params string) bool {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(name), "id") && x.seq != 0 {
			return strings.TrimSpace(value) == fmt.Sprint(x.seq)
		}
	}
	return true
}

// LeaveFor ends the call by a BYE that tells the far side to call somebody else,
// as the phones of the guide's time transfer (guide B-12 and B-33): nothing is
// heard of how that goes. The handler hears CallEnded when the far side has
// answered the BYE.
func (c *Call) LeaveFor(target string) error {
	defer c.a.enter()()
	uri, err := c.l.dialled(target)
	if err != nil {
		return err
	}
	return c.leaveFor(uri)
}

// LeaveForParty is LeaveFor with the party of another call, which is ended first
// (guide B-35, steps 12 to 15).
func (c *Call) LeaveForParty(other *Call) error {
	defer c.a.enter()()
	if other.state != CallConnected || other == c {
		return errNotConnected
	}
	uri := other.address()
	if err := c.leaveFor(uri); err != nil {
		return err
	}
	other.Hangup()
	return nil
}

func (c *Call) leaveFor(uri wire.URI) error {
	if c.state != CallConnected || c.in != nil && c.in.waitsForAck {
		return errNotConnected
	}
	if c.xfer != nil && !c.xfer.last.Final {
		return errTransfer
	}
	c.xfer = &transfer{}
	m, next := c.a.dialogRequest(c.dlg, "BYE")
	c.farewell(m)
	m.Header.Add("Also", "<"+uri.String()+">")
	m.Header.Add("Requested-By", c.refersBy())
	c.exchange(c.dlg, m, next, func(_ *exchange, res *wire.Message, err error) {
		t := Transferred{Final: true}
		switch {
		case err != nil:
			t.Code, t.Reason = status(err), err.Error()
		case res.Status < 200:
			return
		default:
			t.Code, t.Reason = res.Status, short(res.Reason)
		}
		c.end(Event{Code: t.Code, Reason: t.Reason, ByPeer: err == nil, Transfer: &t})
		c.release()
	})
	return nil
}
