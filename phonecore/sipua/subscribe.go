package sipua

import (
	"slices"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// SubState is where a subscription stands.
type SubState uint8

// The states of a subscription.
const (
	// SubTrying: a SUBSCRIBE is on its way, or the server thinks about it.
	SubTrying SubState = iota
	// SubActive: the server tells of changes (and is quietly asked to go on).
	SubActive
	// SubFailed: it is tried again at Retry.
	SubFailed
	// SubEnded: the server has ended it for good, or Unsubscribe has.
	SubEnded
)

// Subscribed is what the owner hears of a subscription.
type Subscribed struct {
	State  SubState
	Code   int           // last final status; 408 for no answer or no NOTIFY, 503 for a transport failure
	Reason string        // reason phrase, error text, or why the server has ended it
	Retry  time.Duration // until the next try, for SubFailed
}

// SubscribeOptions make a subscription.
type SubscribeOptions struct {
	// Line whose account and server are used.
	Line int
	// Target is what is subscribed to: a number, user@host or a SIP URI. Empty
	// is the line's own address.
	Target string
	// Event is the package, Accept the media type of its bodies.
	Event, Accept string
	// Expires is asked for; 0 means one hour.
	Expires time.Duration
	// Notify is given each body that comes, Changed each change of the state.
	// Both run on the event loop; Changed may be nil.
	Notify  func(body []byte)
	Changed func(Subscribed)
}

// Times of a subscription that registration has not.
const (
	defaultSubscription = time.Hour
	// settled is how long a subscription must have lasted for its end to be no
	// failure: a server that ends each at once is asked ever more seldom.
	settled = time.Minute
	// timerN is in units of T1 (RFC 6665 section 4.1.2.4).
	timerN = 64
)

// Subscription keeps a subscription alive (RFC 6665): it refreshes it, begins a
// new one where the server has lost it, and backs off where it cannot be had.
type Subscription struct {
	a *Agent
	o SubscribeOptions

	callID, tag string
	seq         uint32
	dlg         *dialog
	// heard tells that a NOTIFY has come: it makes the dialog (section 4.4.1).
	heard bool

	state    SubState
	expires  time.Duration // what we ask for; 423 may raise it
	brief    int
	failures int
	since    time.Time // when the present dialog began
	until    time.Time // when it ends if it is not refreshed
	x        *exchange
	// run tells the answers to older attempts from those to the present one.
	run   int
	timer *loop.Timer // the next refresh or try
	n     *loop.Timer // timer N
	// leaving is called when the server has answered our farewell.
	leaving func()
}

// Subscribe begins a subscription on a line.
func (a *Agent) Subscribe(o SubscribeOptions) *Subscription {
	defer a.enter()()
	s := &Subscription{a: a, o: o, expires: o.Expires}
	if s.expires <= 0 {
		s.expires = defaultSubscription
	}
	if a.closing {
		s.state = SubEnded
		return s
	}
	a.subs = append(a.subs, s)
	s.begin()
	return s
}

// State is where the subscription stands.
func (s *Subscription) State() SubState { return s.state }

// Unsubscribe ends the subscription; the owner hears no more of it.
func (s *Subscription) Unsubscribe() {
	defer s.a.enter()()
	if s.state != SubEnded && s.leaving == nil {
		s.leave(func() {})
	}
}

// leave takes the subscription back; done is called when the server has
// answered, or at once if it knows of nothing. The last NOTIFY may come after
// that and is answered by 481, which ends it as well (section 4.1.3).
func (s *Subscription) leave(done func()) {
	dlg := s.dlg
	s.stop()
	s.o.Notify, s.o.Changed = func([]byte) {}, nil
	if dlg == nil || s.line() == nil {
		s.end()
		done()
		return
	}
	s.leaving = func() { s.end(); done() }
	s.timer = s.a.after(shutdownTime, s.leaving)
	s.expires = 0
	s.refresh()
}

// line is the line as it is now: its account may have been changed.
func (s *Subscription) line() *line { return s.a.lines[s.o.Line] }

// stop ends what is under way.
func (s *Subscription) stop() {
	s.run++
	s.timer.Stop()
	s.n.Stop()
	if s.x != nil {
		s.x.quit = true
		if s.x.tx != nil {
			s.x.tx.Abandon()
		}
		s.x = nil
	}
}

// end takes the subscription off the list: NOTIFY is answered by 481 from now
// on.
func (s *Subscription) end() {
	s.stop()
	s.state = SubEnded
	s.a.subs = slices.DeleteFunc(s.a.subs, func(o *Subscription) bool { return o == s })
}

// report tells the owner of a change.
func (s *Subscription) report(n Subscribed) {
	same := s.state == n.State && n.State != SubFailed
	s.state = n.State
	if same {
		return // a quiet refresh
	}
	s.a.o.Log.Info("SIP subscription", "line", s.o.Line, "event", s.o.Event, "state", n.State, "code", n.Code, "reason", n.Reason, "retry", n.Retry)
	if changed := s.o.Changed; changed != nil {
		s.a.emit(func() { changed(n) })
	}
}

// begin sends the first SUBSCRIBE of a new dialog (section 4.1.2.1).
func (s *Subscription) begin() {
	s.stop()
	s.dlg, s.heard = nil, false
	s.callID, s.tag = transaction.Token(), transaction.Token()
	s.state = SubTrying
	l := s.line()
	if l == nil {
		s.over(0, "the line has no account")
		return
	}
	uri, err := s.target(l)
	if err != nil {
		s.over(0, err.Error())
		return
	}
	run, own := s.run, l.hopFor(uri) == l.target()
	s.a.resolve(l.hopFor(uri), func(list []transport.Destination, err error) {
		if s.run != run {
			return
		}
		if own {
			l.server().resolved(list, err)
			if known := l.addresses(); len(known) > 0 { // without DNS the old ones must do
				list, err = known, nil
			}
		}
		if err != nil {
			s.lost(503, brief(err), 0)
			return
		}
		m := s.a.newRequest("SUBSCRIBE", uri.Bare().String(), l.server().from(l.acc.User, s.tag), l.toField(uri), s.callID)
		if own {
			for _, route := range l.serviceRoute {
				m.Header.Add("Route", route)
			}
		}
		s.send(l, m, list)
	})
}

func (s *Subscription) target(l *line) (wire.URI, error) {
	if s.o.Target == "" {
		return l.number(l.acc.User)
	}
	return l.dialled(s.o.Target)
}

// refresh asks the server to go on, or, with no time, to end (section 4.1.2.2).
func (s *Subscription) refresh() {
	l := s.line()
	if l == nil {
		s.over(0, "the line has no account")
		return
	}
	run := s.run
	m, next := s.a.dialogRequest(s.dlg, "SUBSCRIBE")
	l.route(s.dlg, next, func(list []transport.Destination, err error) {
		switch {
		case s.run != run:
		case err != nil:
			s.notRefreshed(503, err.Error(), 0)
		default:
			s.send(l, m, list)
		}
	})
}

// send sends a SUBSCRIBE and waits for the answer and for the NOTIFY that
// follows each one.
func (s *Subscription) send(l *line, m *wire.Message, list []transport.Destination) {
	contact, err := l.contact(list[0])
	if err != nil {
		s.notRefreshed(503, brief(err), 0)
		return
	}
	m.Header.Add("Contact", contact)
	m.Header.Add("Event", s.o.Event)
	m.Header.Add("Accept", s.o.Accept)
	m.Header.Add("Expires", wire.FormatSeconds(s.expires))
	m.Header.Add("Allow", allow)
	run := s.run
	x := &exchange{l: l, base: m, to: list, cred: l.callCredentials(), attempts: 1}
	x.seq = func() uint32 { s.seq++; return s.seq }
	x.handler = func(res *wire.Message, err error) {
		if s.run == run && (err != nil || res.Status >= 200) {
			s.answered(x, res, err)
		}
	}
	s.x = x
	s.n.Stop()
	s.n = s.a.after(timerN*s.a.o.Timers.T1, s.silent)
	if err := x.start(); err != nil {
		s.answered(x, nil, err)
	}
}

// silent is timer N: the server has promised and told nothing.
func (s *Subscription) silent() {
	switch {
	case s.leaving != nil:
	case s.x != nil: // it may still promise
		s.n = s.a.after(timerN*s.a.o.Timers.T1, s.silent)
	default:
		s.lost(408, "no NOTIFY came", 0)
	}
}

// moved renews our Contact after the host has another address.
func (s *Subscription) moved() {
	if s.leaving != nil {
		return
	}
	s.stop()
	wait := time.Duration((1 + s.a.o.Rand()) * float64(nextMax)) // behind the registration
	if s.dlg == nil {
		s.timer = s.a.after(wait, s.begin)
		return
	}
	s.timer = s.a.after(wait, s.refresh)
}
