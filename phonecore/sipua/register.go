package sipua

import (
	"errors"
	"net/netip"
	"syscall"
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
	// refusalBase and refusalMax: who was refused with 403 or 404 may have been
	// put into the server's books meanwhile.
	refusalBase = 10 * time.Minute
	refusalMax  = 2 * time.Hour
	// nextMax is how long the next server may have to wait for us, so that not
	// all phones fall on it at once.
	nextMax = time.Second
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
	farewellTime = time.Second
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
	round    round
	// run tells the answers to older attempts from those to the present one.
	run int
	// bound is true while a server may hold a binding of ours; contact is the
	// one that the last 200 was about.
	bound bool
	// alone is true from the end of a round that came to nothing until a server
	// has us again.
	alone   bool
	contact string
	// held are the addresses that have asked for a rest (Retry-After), until
	// when.
	held map[netip.AddrPort]time.Time
	// seen is where the server saw us, if that is not where we are, which is
	// what behind tells; moves counts its changes. See nat.go.
	seen   netip.AddrPort
	behind bool
	moves  int
	keep   *loop.Timer
	// flow, flowTimer and gruu are what the registrar has granted; noOutbound is
	// set when the way to it does not do. See outbound.go.
	flow       bool
	flowTimer  time.Duration
	gruu       string
	noOutbound bool
	// to is the address that was asked last.
	to   transport.Destination
	last Registration
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

// inherit goes on with the binding of an account that has changed in nothing
// that matters to it.
func (l *line) inherit(old *line) {
	old.stopTimers()
	r, o := &l.reg, &old.reg
	r.callID, r.tag, r.seq, r.bound, r.contact = o.callID, o.tag, o.seq, o.bound, o.contact
	l.use = old.use
	for i, s := range old.servers {
		l.servers[i].addrs, l.servers[i].current = s.addrs, s.current
	}
}

// now registers at once, and gives a rejected account another chance.
func (r *registration) now() {
	if r.x != nil {
		return // one at a time (section 10.2)
	}
	r.forgive()
	if r.state != RegOK {
		r.report(Registration{State: RegTrying})
	}
	r.try()
}

// forgive forgets what speaks against trying now.
func (r *registration) forgive() {
	r.failures, r.held = 0, nil
	for _, s := range r.l.servers {
		s.refused = false
	}
}

// report tells the handler of a change.
func (r *registration) report(n Registration) {
	s := r.round.at
	if s == nil {
		s = r.l.server()
	}
	n.Line = r.l.acc.Line
	if n.Server == "" {
		n.Server, n.Rank = name(r.to, s.target()), s.rank
	}
	same := r.state == n.State && r.last.Code == n.Code && r.last.Expires == n.Expires && r.last.Server == n.Server
	r.state, r.last = n.State, n
	r.alone = n.State == RegFailed || n.State == RegRejected || r.alone && n.State == RegTrying
	if same && n.State == RegOK {
		return // a quiet refresh
	}
	r.l.a.o.Log.Info("SIP registration", "line", n.Line, "server", n.Server, "state", n.State, "code", n.Code, "reason", n.Reason, "took", n.Took)
	r.l.a.emit(func() { r.l.a.o.Handler.Registration(n) })
}

// stop ends what is under way.
func (r *registration) stop() {
	r.run++
	r.timer.Stop()
	if r.x != nil {
		r.x.quit = true
		if r.x.tx != nil {
			r.x.tx.Abandon()
		}
		r.x = nil
	}
}

// send sends one REGISTER for a time; zero takes the binding away.
func (r *registration) send(s *server, to transport.Destination, expires time.Duration, heard func(*exchange, *wire.Message, error)) {
	l := r.l
	r.asked = time.Now()
	if r.to.Addr != to.Addr {
		clear(l.nonces) // they are another server's
	}
	r.to = to
	m, err := r.request(s, to, expires)
	if err != nil {
		heard(nil, nil, err)
		return
	}
	run := r.run
	x := &exchange{l: l, base: m, to: []transport.Destination{to}, cred: l.registerCredentials(), attempts: authAttempts}
	x.seq = func() uint32 { r.seq++; return r.seq }
	x.handler = func(res *wire.Message, err error) {
		if r.run != run || err == nil && res.Status < 200 {
			return
		}
		heard(x, res, err)
	}
	r.x = x
	if err := x.start(); err != nil {
		heard(x, nil, err)
	}
}

// request composes the REGISTER (section 10.2).
func (r *registration) request(s *server, to transport.Destination, expires time.Duration) (*wire.Message, error) {
	l := r.l
	contact, err := l.binding(to)
	if err != nil {
		return nil, err
	}
	own := s.uri(l.acc.User, false)
	if l.acc.UserInfo != "" {
		own.Params.Set("user", l.acc.UserInfo)
	}
	self, from := own.String(), wire.Address{Name: l.acc.DisplayName, URI: own.String()}
	from.Params.Set("tag", r.tag)
	registrar := s.uri("", true)
	address := wire.Address{Name: l.acc.DisplayName, URI: self}
	m := l.a.newRequest("REGISTER", registrar.String(), from.String(), address.String(), r.callID)
	m.Header.Add("Contact", contact)
	m.Header.Add("Expires", wire.FormatSeconds(expires))
	m.Header.Add("Allow", allow)
	m.Header.Add("Supported", l.supported())
	return m, nil
}

// heard takes the end of an attempt.
func (r *registration) heard(x *exchange, res *wire.Message, err error) {
	r.x = nil
	switch {
	case errors.Is(err, transaction.ErrTimeout):
		r.lost(408, err.Error(), 0, err)
	case err != nil:
		r.lost(503, brief(err), 0, err)
	case res.Status/100 == 2:
		r.accepted(x, res)
	case res.Status == 423:
		r.tooBrief(res)
	case res.Status == 439:
		r.firstHopLacks()
	case res.Status == 401 || res.Status == 407:
		x.give()
		if x.refused == 0 && x.stale > 0 {
			r.lost(res.Status, res.Reason, 0, nil) // a server that never likes its nonces
			return
		}
		r.refused(x, res)
	case retried(res.Status):
		after, _ := wire.Seconds(res.Header.Get("Retry-After"))
		r.lost(res.Status, res.Reason, after, nil)
	default:
		r.refused(x, res)
	}
}

// brief is the heart of an error of the system: the server's address stands
// beside it.
func brief(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return err.Error()
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

// tooBrief raises the time as 423 asks (section 10.2.8).
func (r *registration) tooBrief(res *wire.Message) {
	least, ok := wire.Seconds(res.Header.Get("Min-Expires"))
	r.brief++
	if !ok || least <= r.expires || least > expiresMax || r.brief > maxBrief {
		r.lost(res.Status, res.Reason, 0, nil)
		return
	}
	r.expires = least
	r.send(r.round.at, r.to, r.expires, r.heard)
}

func (r *registration) accepted(x *exchange, res *wire.Message) {
	granted := r.granted(x, res)
	if granted <= 0 {
		r.lost(res.Status, "the server granted no time", 0, nil)
		return
	}
	r.failures, r.brief = 0, 0
	r.moveTo(r.round.at, r.to)
	r.bound, r.contact = true, x.sent.Header.Get("Contact")
	r.l.serviceRoute = looseRoutes(res.Header.List("Service-Route"))
	r.learnFlow(res)
	r.see(res)
	r.report(Registration{State: RegOK, Code: res.Status, Reason: res.Reason, Expires: granted, Took: time.Since(r.asked)})
	r.l.keepAlive()
	if !r.follow() {
		r.timer = r.l.a.after(refresh(granted, r.l.a.o.Timers.RegisterDelta), r.try)
	}
	r.l.watch()
}

// farewell takes a binding away whose address is ours no longer: calls would be
// sent there too. It goes before the REGISTER for the new one, as some servers
// take Expires: 0 for all bindings, and holds that up for a second at most.
func (r *registration) farewell(s *server, to transport.Destination, then func()) {
	r.to = to
	m, err := r.request(s, to, 0)
	if err != nil {
		then()
		return
	}
	m.Header.Set("Contact", r.contact)
	r.contact = "" // once is enough
	run := r.run
	x := &exchange{l: r.l, base: m, to: []transport.Destination{to}, cred: r.l.registerCredentials(), attempts: 1}
	end := func() {
		if r.run == run && r.x == x {
			r.stop()
			then()
		}
	}
	x.seq = func() uint32 { r.seq++; return r.seq }
	x.handler = func(res *wire.Message, err error) {
		if err != nil || res.Status >= 200 {
			end()
		}
	}
	r.x = x
	r.timer = r.l.a.after(farewellTime, end)
	if x.start() != nil {
		end()
	}
}

// unregister takes the binding away and stops; done is called when the server
// has answered, after 2 seconds at the latest, or at once if there is nothing
// to take away.
func (l *line) unregister(done func()) {
	r := &l.reg
	s, to := l.server(), l.server().address()
	busy := r.x != nil && r.state == RegTrying
	if busy && !r.bound {
		s, to = r.round.at, r.to
	}
	l.stopTimers()
	if !r.bound && !busy || !to.Addr.IsValid() {
		done()
		return
	}
	r.bound = false
	var limit *loop.Timer
	end := func() {
		limit.Stop()
		r.stop()
		done()
	}
	limit = l.a.after(shutdownTime, end)
	r.send(s, to, 0, func(*exchange, *wire.Message, error) { end() })
}

// stopTimers ends the line without a word.
func (l *line) stopTimers() {
	l.reg.stop()
	l.reg.keep.Stop()
	l.unwatch(0)
}
