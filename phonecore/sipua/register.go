package sipua

import (
	"errors"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Bounds of the registration's times.
const (
	backoffBase = 4 * time.Second
	backoffMin  = 2 * time.Second
	backoffMax  = 300 * time.Second
	// retryAfterMax keeps a server's slip of the pen from silencing the phone
	// for days.
	retryAfterMax = time.Hour
	expiresMax    = 24 * time.Hour
	refreshMin    = time.Second
	// authAttempts is how many answers to challenges a server may refuse.
	authAttempts = 3
	// shortLived is a connection that did not last.
	shortLived   = 30 * time.Second
	reconnectMax = 2 * time.Second
	// maxBrief is how often a server may find the time too short.
	maxBrief = 3
)

// registration keeps one line registered (RFC 3261 section 10).
type registration struct {
	l      *line
	callID string
	tag    string
	seq    uint32

	state    RegState
	expires  time.Duration // what we ask for; 423 may raise it
	brief    int
	failures int
	asked    time.Time
	timer    *loop.Timer
	x        *exchange
	// run tells the answers to older attempts from those to the present one.
	run int
	// bound is true while the server may hold a binding of ours.
	bound  bool
	server transport.Destination
	last   Registration
}

// begin starts from nothing.
func (r *registration) begin() {
	r.expires = r.l.acc.Expires
	if r.expires <= 0 {
		r.expires = defaultExpires
	}
	r.report(Registration{State: RegTrying})
	r.try()
}

// now registers at once, and gives a rejected account another chance.
func (r *registration) now() {
	if r.x != nil {
		return // one at a time (section 10.2)
	}
	r.failures = 0
	if r.state != RegOK {
		r.report(Registration{State: RegTrying})
	}
	r.try()
}

// report tells the handler of a change.
func (r *registration) report(n Registration) {
	n.Line = r.l.acc.Line
	if n.Server == "" {
		n.Server = name(r.server, r.l.target())
	}
	same := r.state == n.State && r.last.Code == n.Code && r.last.Expires == n.Expires
	r.state, r.last = n.State, n
	if same && n.State == RegOK {
		return // a quiet refresh
	}
	r.l.a.o.Log.Info("SIP registration", "line", n.Line, "server", n.Server, "state", n.State, "code", n.Code, "reason", n.Reason, "took", n.Took)
	r.l.a.emit(func() { r.l.a.o.Handler.Registration(n) })
}

// try resolves the server and sends a REGISTER.
func (r *registration) try() {
	r.stop()
	if r.state == RegFailed {
		r.report(Registration{State: RegTrying})
	}
	run := r.run
	r.l.a.resolve(r.l.target(), func(list []transport.Destination, err error) {
		if r.run != run {
			return
		}
		if err != nil && len(r.l.servers) == 0 {
			r.failed(503, err.Error(), 0)
			return
		}
		r.l.resolved(list, err) // without DNS the old addresses must do
		r.send(r.expires, r.heard)
	})
}

// stop ends what is under way.
func (r *registration) stop() {
	r.run++
	r.timer.Stop()
	if r.x != nil {
		r.x.quit = true
		r.x = nil
	}
}

// send sends one REGISTER for a time; zero takes the binding away.
func (r *registration) send(expires time.Duration, heard func(*exchange, *wire.Message, error)) {
	l := r.l
	r.asked = time.Now()
	servers := l.inUse()
	r.server = servers[0]
	m, err := r.request(servers[0], expires)
	if err != nil {
		heard(nil, nil, err)
		return
	}
	run := r.run
	x := &exchange{l: l, base: m, to: servers, cred: l.registerCredentials(), attempts: authAttempts}
	x.seq = func() uint32 { r.seq++; return r.seq }
	x.handler = func(res *wire.Message, err error) {
		if r.run != run || err == nil && res.Status < 200 {
			return
		}
		if len(x.to) > 0 {
			r.server = x.to[0]
		}
		heard(x, res, err)
	}
	r.x = x
	if err := x.start(); err != nil {
		heard(x, nil, err)
	}
}

// request composes the REGISTER (section 10.2).
func (r *registration) request(to transport.Destination, expires time.Duration) (*wire.Message, error) {
	l := r.l
	contact, err := l.contact(to)
	if err != nil {
		return nil, err
	}
	self := l.uri(l.acc.User, false).String()
	registrar := l.uri("", true)
	address := wire.Address{Name: l.acc.DisplayName, URI: self}
	m := l.a.newRequest("REGISTER", registrar.String(), l.fromField(l.acc.User, r.tag), address.String(), r.callID)
	m.Header.Add("Contact", contact)
	m.Header.Add("Expires", wire.FormatSeconds(expires))
	m.Header.Add("Allow", allow)
	return m, nil
}

// heard takes the end of an attempt.
func (r *registration) heard(x *exchange, res *wire.Message, err error) {
	r.x = nil
	switch {
	case errors.Is(err, transaction.ErrTimeout):
		r.failed(408, err.Error(), 0)
	case err != nil:
		r.failed(503, err.Error(), 0)
	case res.Status/100 == 2:
		r.accepted(x, res)
	case res.Status == 423:
		r.tooBrief(res)
	case res.Status == 401 || res.Status == 407:
		x.give()
		if x.refused == 0 && x.stale > 0 {
			r.failed(res.Status, res.Reason, 0) // a server that never likes its nonces
			return
		}
		r.rejected(x, res)
	case retried(res.Status):
		after, _ := wire.Seconds(res.Header.Get("Retry-After"))
		r.failed(res.Status, res.Reason, after)
	default:
		r.rejected(x, res)
	}
}

// retried are the statuses that may pass by themselves: the server's own
// failures (not 501, 505, 513, which are about us), redirection, which we do
// not follow with a password in hand, and what is called temporary.
func retried(status int) bool {
	switch status {
	case 501, 505, 513:
		return false
	case 408, 413, 429, 480, 482, 486, 491, 494:
		return true
	}
	return status < 400 || status/100 == 5
}

func (r *registration) rejected(x *exchange, res *wire.Message) {
	r.bound = false
	r.report(Registration{State: RegRejected, Code: res.Status, Reason: res.Reason, Took: time.Since(r.asked), Attempts: x.refused})
}

// failed waits longer each time, with jitter so that a hundred phones do not
// come back as one.
func (r *registration) failed(code int, reason string, after time.Duration) {
	l := r.l
	ceiling := backoffMax
	if r.failures < 8 {
		ceiling = min(backoffMax, backoffBase<<r.failures)
	}
	r.failures++
	wait := max(backoffMin, ceiling/2+time.Duration(l.a.o.Rand()*float64(ceiling/2)))
	wait = max(wait, min(after, retryAfterMax))
	if len(l.servers) > 1 {
		l.current = (l.current + 1) % len(l.servers)
	}
	r.report(Registration{State: RegFailed, Code: code, Reason: reason, Took: time.Since(r.asked), Retry: wait})
	r.timer = l.a.after(wait, r.try)
}

// tooBrief raises the time as 423 asks (section 10.2.8).
func (r *registration) tooBrief(res *wire.Message) {
	least, ok := wire.Seconds(res.Header.Get("Min-Expires"))
	r.brief++
	if !ok || least <= r.expires || least > expiresMax || r.brief > maxBrief {
		r.failed(res.Status, res.Reason, 0)
		return
	}
	r.expires = least
	r.send(r.expires, r.heard)
}

func (r *registration) accepted(x *exchange, res *wire.Message) {
	l := r.l
	r.failures, r.brief = 0, 0
	for i, to := range l.servers {
		if len(x.to) > 0 && to.Addr == x.to[0].Addr {
			l.current = i
		}
	}
	granted := r.granted(x, res)
	if granted <= 0 {
		r.failed(res.Status, "the server granted no time", 0)
		return
	}
	r.bound = true
	l.serviceRoute = looseRoutes(res.Header.List("Service-Route"))
	r.report(Registration{State: RegOK, Code: res.Status, Reason: res.Reason, Expires: granted, Took: time.Since(r.asked)})
	r.timer = l.a.after(refresh(granted, l.a.o.Timers.RegisterDelta), r.try)
}

// connectionClosed registers again when the connection that calls would come
// in by is gone: quietly, as servers close what has been idle for minutes, but
// with jitter, as it may have been everybody's. A server that closes what it
// has just opened is one that fails.
func (l *line) connectionClosed(to transport.Destination, err error) {
	r := &l.reg
	switch {
	case r.state != RegOK || r.x != nil || to.Network != l.network() || to.Addr != r.server.Addr:
	case time.Since(r.asked) < shortLived:
		r.failed(503, err.Error(), 0)
	default:
		r.timer.Stop()
		r.timer = l.a.after(time.Duration(l.a.o.Rand()*float64(reconnectMax)), r.try)
	}
}

// unregister takes the binding away and stops; done is called when the server
// has answered, or at once if there is nothing to take away.
func (l *line) unregister(done func()) {
	r := &l.reg
	busy := r.x != nil && r.state == RegTrying
	r.stop()
	if !r.bound && !busy || len(l.servers) == 0 {
		done()
		return
	}
	r.bound = false
	r.send(0, func(*exchange, *wire.Message, error) {
		r.x = nil
		done()
	})
}

// stopTimers ends the line without a word.
func (l *line) stopTimers() { l.reg.stop() }
