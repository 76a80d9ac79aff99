package sipua

import (
	"errors"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// Session timers (RFC 4028): both sides agree on a time in which one of them,
// the refresher, shows that it is still there. A call whose refresh does not
// come is ended, so that a peer that has lost power does not hold a line for
// ever.

const (
	// minSE is the least that the RFC allows (section 5).
	minSE = 90 * time.Second
	// shortestSession keeps a peer that breaks that rule from making us send.
	shortestSession = 20 * time.Second
	longestSession  = 24 * time.Hour
	// endEarly is how long before its end a call is given up: 32 s, or a third of
	// the time if that is less (section 10).
	endEarly = 32 * time.Second
	// refreshAgain is the pause before a refresh that something was in the way of.
	refreshAgain = 5 * time.Second
	// maxRaises is how often one request follows a 422.
	maxRaises = 3
)

// sessionTimer is one call's.
type sessionTimer struct {
	// interval is what was agreed, 0 for none; ours tells who refreshes.
	interval time.Duration
	ours     bool
	// least is the shortest that the path takes, as a 422 has said.
	least  time.Duration
	raises int

	refresh, end *loop.Timer
}

func (t *sessionTimer) stop() {
	t.refresh.Stop()
	t.end.Stop()
}

// proposeSession writes what we want into an INVITE or UPDATE (sections 7.1 and
// 7.4); who refreshes stays who it is.
func (c *Call) proposeSession(m *wire.Message) {
	t := &c.session
	want := t.interval
	if want == 0 {
		want = c.a.o.Dialogs.SessionExpires
	}
	if want == 0 || c.state != CallConnected && m.Method == "UPDATE" {
		return
	}
	value := wire.FormatSeconds(max(want, t.least))
	switch {
	case t.interval != 0 && t.ours:
		value += ";refresher=uac"
	case t.interval != 0:
		value += ";refresher=uas"
	}
	m.Header.Set("Session-Expires", value)
	if t.least > minSE {
		m.Header.Set("Min-SE", wire.FormatSeconds(t.least))
	}
}

// sessionExpires reads Session-Expires: the time and who refreshes, "uac",
// "uas" or nothing.
func sessionExpires(m *wire.Message) (d time.Duration, refresher string, ok bool) {
	text := m.Header.Get("Session-Expires")
	d, ok = wire.Seconds(text)
	_, params, _ := strings.Cut(text, ";")
	for param := range strings.SplitSeq(params, ";") {
		if name, value, _ := strings.Cut(param, "="); strings.EqualFold(strings.TrimSpace(name), "refresher") {
			refresher = strings.ToLower(strings.TrimSpace(value))
		}
	}
	return min(max(d, shortestSession), longestSession), refresher, ok
}

// sessionAgreed takes what a 2xx says of the session's time (section 7.2).
func (c *Call) sessionAgreed(res *wire.Message) {
	d, refresher, ok := sessionExpires(res)
	c.session.raises = 0
	if !ok {
		d = 0
	}
	c.startSession(d, refresher != "uas")
}

// answerSession says in our 2xx what counts from now on (section 9). The peer
// refreshes if it has said so and can; else we do, then we know that it happens.
func (c *Call) answerSession(req, res *wire.Message) {
	d, refresher, ok := sessionExpires(req)
	if !ok {
		c.startSession(0, false)
		return
	}
	theirs := refresher == "uac" && has(req, "Supported", tagTimer)
	value := wire.FormatSeconds(d) + ";refresher=uas"
	if theirs {
		value = wire.FormatSeconds(d) + ";refresher=uac"
		res.Header.Add("Require", tagTimer)
	}
	res.Header.Set("Session-Expires", value)
	c.startSession(d, !theirs)
}

// startSession begins the time anew; 0 is none.
func (c *Call) startSession(d time.Duration, ours bool) {
	t := &c.session
	t.stop()
	t.interval, t.ours = d, ours
	if d == 0 {
		return
	}
	if ours {
		t.refresh = c.a.after(d/2, c.refreshSession)
	}
	t.end = c.a.after(d-min(endEarly, d/3), func() { c.vanished(408, "no sign of life from the far end") })
}

// vanished ends a call whose peer is not there any more.
func (c *Call) vanished(code int, reason string) {
	c.end(Event{Code: code, Reason: reason})
	c.byeBecause(c.dlg, reasonTimeout, c.release)
}

// refreshSession shows that we are there: by UPDATE if the peer takes that, it
// leaves the media alone; else by an INVITE with the offer as it is.
func (c *Call) refreshSession() {
	u := &c.upd
	switch {
	case c.state != CallConnected:
	case u.x != nil || u.waiting || c.in != nil && c.in.waitsForAck:
		c.session.refresh = c.a.after(refreshAgain, c.refreshSession)
	case c.dlg.updates:
		c.refreshByUpdate()
	default:
		if u.want == nil {
			same := c.local
			u.want, u.quiet = &same, true
		}
		c.tryUpdate()
	}
}

func (c *Call) refreshByUpdate() {
	m, next := c.a.dialogRequest(c.dlg, "UPDATE")
	c.upd.x = &exchange{}
	c.exchange(c.dlg, m, next, func(_ *exchange, res *wire.Message, err error) {
		if err == nil && res.Status < 200 {
			return
		}
		c.updateDone()
		if c.state != CallConnected {
			return
		}
		c.refreshed(res, err)
		c.tryUpdate()
	})
}

// refreshed takes the answer to an UPDATE of ours (section 10).
func (c *Call) refreshed(res *wire.Message, err error) {
	code := 0
	if res != nil {
		code = res.Status
	}
	switch {
	case err == nil && code < 300:
		c.dlg.retarget(res)
		c.sessionAgreed(res)
	case errors.Is(err, transaction.ErrTimeout), code == 408, code == 481:
		c.vanished(408, "no sign of life from the far end")
	case code == 422 && c.session.raise(res):
		c.refreshSession()
	case code == 405 || code == 501:
		c.dlg.updates = false
		c.refreshSession()
	default: // 491 and the like: again, while there is time
		c.session.refresh = c.a.after(refreshAgain, c.refreshSession)
	}
}

// raise takes the Min-SE of a 422 (section 7.3).
func (t *sessionTimer) raise(res *wire.Message) bool {
	d, ok := wire.Seconds(res.Header.Get("Min-SE"))
	if t.raises++; !ok || t.raises > maxRaises || d <= t.least || d > longestSession {
		return false
	}
	t.least = d
	return true
}

// sessionTooShort refuses a session time below ours; a caller who does not know
// of 422 is left alone (section 9).
func (a *Agent) sessionTooShort(s *transaction.Server) bool {
	least := max(minSE, a.o.Dialogs.MinSE)
	d, ok := wire.Seconds(s.Request.Header.Get("Session-Expires"))
	if !ok || d >= least || !has(s.Request, "Supported", tagTimer) {
		return false
	}
	a.respond(s, 422, wire.Field{Name: "Min-SE", Value: wire.FormatSeconds(least)})
	return true
}
