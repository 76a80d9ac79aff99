package sipua

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// outgoing is the caller's side of a call until it is answered.
type outgoing struct {
	c *Call
	// uri is the Request-URI of the present attempt, hop where it goes.
	uri wire.URI
	hop transport.Target
	to  string // the value of To, the same for all attempts
	// ways are the addresses that are left to try, the present one first.
	ways []way
	// local is what the owner gave, perhaps without an address.
	local sdp.Local
	// fields go into the INVITE beside the usual ones.
	fields []wire.Field
	seq    uint32

	x       *exchange
	early   map[string]*early // by remote tag
	turns   int               // of their media
	expires *loop.Timer
	asked   time.Time
	// offered: the INVITE holds our offer, else the peer makes one. plain is set
	// when the INVITE requires nothing, simple when it offers the oldest codecs
	// only, after who is called has refused more.
	offered, plain, simple bool
	// acks by remote tag of every dialog that a 2xx has made.
	acks map[string]*ack
	redirects
}

// Dial calls a target on a line: a number, user@host or a SIP URI. A number may
// have the user parameter of its URI behind it: 5551212;user=phone (RFC 3261
// section 19.1.1). What goes wrong later is told by CallEnded.
func (a *Agent) Dial(line int, target string, local sdp.Local) (*Call, error) {
	defer a.enter()()
	l := a.lines[line]
	if l == nil || a.closing {
		return nil, lineError(line)
	}
	uri, err := l.dialled(target)
	if err != nil {
		return nil, err
	}
	return a.call(l, uri, local, nil)
}

// call places a call to a URI, with further header fields in its INVITE.
func (a *Agent) call(l *line, uri wire.URI, local sdp.Local, fields []wire.Field) (*Call, error) {
	if local.Port == 0 || len(local.Codecs) == 0 {
		return nil, errLocal
	}
	c := &Call{a: a, l: l, id: a.callID(l), tag: transaction.Token(), outgoing: true, state: CallCalling, hidden: a.rules().Hidden}
	c.ses = sdp.NewSession(a.random())
	c.peer = Party{User: uri.UserText(), Host: uri.Host, URI: uri.String()}
	c.out = &outgoing{c: c, uri: uri, hop: l.hopFor(uri), to: l.toField(uri), local: local, fields: fields, asked: time.Now(), acks: map[string]*ack{}}
	c.out.redirects.seen = map[string]bool{uri.String(): true}
	a.calls = append(a.calls, c)
	if err := c.out.place(); err != nil {
		c.state = CallEnded
		c.stopTimers()
		c.release()
		return nil, err
	}
	return c, nil
}

// toField is the value of To of a call to a URI.
func (l *line) toField(uri wire.URI) string {
	if uri.Host == l.domain() {
		uri.Port = 0
	}
	uri.Params = nil
	return "<" + uri.String() + ">"
}

// dialled makes a URI of what a person dials.
func (l *line) dialled(target string) (wire.URI, error) {
	target = strings.TrimSpace(target)
	lower := strings.ToLower(target)
	switch {
	case target == "":
		return wire.URI{}, fmt.Errorf("nothing was dialled")
	case strings.HasPrefix(lower, "sip:"), strings.HasPrefix(lower, "sips:"), strings.HasPrefix(lower, "tel:"):
		u, err := wire.ParseURI(target)
		if err != nil || strings.ContainsAny(target, " \t\r\n<>") {
			return wire.URI{}, fmt.Errorf("%.100q is no SIP address: want sip:user@host", target)
		}
		if u.Scheme == "tel" {
			return l.number(u.User)
		}
		return l.home(u.Bare()), nil
	case strings.Contains(target, "@"):
		at := strings.LastIndexByte(target, '@')
		u, err := wire.ParseURI("sip:" + wire.EscapeUser(target[:at]) + target[at:])
		if err != nil || strings.ContainsAny(target[at:], " \t\r\n<>") {
			return wire.URI{}, fmt.Errorf("%.100q is no SIP address: want user@host", target)
		}
		return l.home(u.Bare()), nil
	}
	return l.number(target)
}

func (l *line) number(user string) (wire.URI, error) {
	if l.domain() == "" {
		return wire.URI{}, errNoServer
	}
	user, kind, _ := strings.Cut(user, ";user=")
	u := l.server().uri(user, true)
	if kind != "" {
		u.Params.Set("user", kind)
	}
	return u, nil
}

// home writes the port of the line's server into a URI of its domain that has
// none, as in a party's own address: hopFor takes it there, and the server
// would not recognise itself (see server.uri).
func (l *line) home(u wire.URI) wire.URI {
	if u.Port == 0 && strings.EqualFold(u.Host, l.domain()) {
		u.Port = l.server().uriPort()
	}
	return u
}

// hopFor is where a request to a URI goes: to the line's server if it is of
// its domain, else to the URI's own host.
func (l *line) hopFor(u wire.URI) transport.Target {
	server := l.target()
	if l.throughOutbound(u) {
		return server
	}
	if server.Host != "" && l.ownPort(u.Port) && (strings.EqualFold(u.Host, l.domain()) || strings.EqualFold(u.Host, strings.Trim(l.server().Host, "[]"))) {
		return server
	}
	return hop(u)
}

// ownPort tells whether a port is the line's server's: at another one of the same
// machine somebody else listens.
func (l *line) ownPort(port uint16) bool {
	own := l.server().port()
	if own == 0 {
		own = transport.DefaultPort(l.network())
	}
	return port == 0 || port == own
}

// throughOutbound tells that a request goes to the outbound proxy, although it
// is for somebody else than the line's server. While no server answers there is
// no use in it; and who calls for help is not sent round about.
func (l *line) throughOutbound(u wire.URI) bool {
	return l.acc.Outbound.Host != "" && l.target().Host != "" && !l.alone() && !l.forHelp(u)
}

// place sends an INVITE to the present target. The error is one that shows at
// once.
func (o *outgoing) place() (err error) {
	o.early = map[string]*early{}
	c := o.c
	atOnce := true
	c.a.resolve(o.hop, func(list []transport.Destination, failure error) {
		if c.state == CallEnded {
			c.release()
			return
		}
		o.ways = nil
		for _, to := range list {
			o.ways = append(o.ways, way{to: to})
		}
		if o.hop == c.l.target() {
			c.l.server().resolved(list, failure)
			if ways := c.l.ways(); len(ways) > 0 { // without DNS the old addresses must do
				o.ways, failure = ways, nil
			}
		}
		if failure == nil {
			failure = o.invite()
		}
		if failure == nil {
			return
		}
		if atOnce {
			err = failure
			return
		}
		code := 503
		if errors.Is(failure, ErrKeys) {
			code = 488
		}
		o.failed(code, failure.Error(), nil)
	})
	atOnce = false
	return err
}

// invite sends the INVITE to the first of the addresses that can be sent to.
func (o *outgoing) invite() (err error) {
	for ; len(o.ways) > 0; o.ways = o.ways[1:] {
		if err = o.inviteAt(o.ways[0]); err == nil {
			return nil
		}
	}
	return err
}

// elsewhere tries the next address after the server has failed (RFC 3263
// section 4.3): it was silent, could not be reached or has said 503. A peer
// that has rung is no dead server.
func (o *outgoing) elsewhere() bool {
	c := o.c
	if len(o.ways) == 0 || c.state != CallCalling {
		return false
	}
	if o.ways[0].s == c.l.server() {
		c.l.reg.suspect()
	}
	o.ways = o.ways[1:]
	return len(o.ways) > 0 && o.invite() == nil
}

func (o *outgoing) inviteAt(w way) error {
	c := o.c
	at := c.l.server()
	if w.s != nil && w.s != at && c.l.acc.Domain == "" && o.uri.Host == at.domain() {
		// The domain is only the server's address: another server would take
		// the call for somebody else's.
		u := o.uri
		u.Host, u.Port = w.s.domain(), w.s.uriPort()
		return o.send(w, u, "<"+w.s.uri(u.UserText(), false).String()+">", w.s)
	}
	return o.send(w, o.uri, o.to, at)
}

func (o *outgoing) send(w way, uri wire.URI, to string, as *server) error {
	c := o.c
	local, err := c.settle(o.local, w.to)
	if err != nil {
		return err
	}
	if local.Encryption == sdp.EncryptionRequired && c.l.bares(w.to) {
		if !c.l.forHelp(uri) {
			return ErrKeys
		}
		local.Encryption = sdp.EncryptionIfAsked
	}
	c.passes(w.to)
	if o.simple {
		local.Codecs = numbered(local.Codecs)
	}
	c.local = local
	user := c.l.acc.User
	if c.l.acc.CallUser != "" {
		user = c.l.acc.CallUser
	}
	m := c.a.newRequest("INVITE", uri.Bare().String(), as.from(user, c.tag), to, c.id)
	if err := c.addContact(m, w.to); err != nil {
		return err
	}
	if w.s != nil && w.s == c.l.server() {
		for _, route := range c.l.serviceRoute {
			m.Header.Add("Route", route)
		}
	}
	if c.a.o.Dialogs.Reliable == ReliableRequired && !o.plain {
		m.Header.Add("Require", tagReliable)
	}
	c.nameUs(m, as, user, w.to)
	m.Header = append(m.Header, o.fields...)
	for _, d := range o.diversions {
		m.Header.Add("Diversion", d)
	}
	expires := c.a.o.Timers.InviteExpires
	m.Header.Add("Expires", wire.FormatSeconds(expires))
	if o.offered = !c.a.o.Dialogs.DelayedOffer; o.offered {
		m.SetBody(sdpType, c.ses.Offer(local))
	}
	x := &exchange{l: c.l, base: m, to: []transport.Destination{w.to}, cred: c.l.callCredentials(), attempts: 1}
	x.seq = func() uint32 { o.seq++; return o.seq }
	x.handler = func(res *wire.Message, err error) { o.heard(x, res, err) }
	o.x = x
	o.expires.Stop()
	o.expires = c.a.after(expires, o.expired)
	return x.start()
}

// expired is timer_invite_expires: nobody has answered.
func (o *outgoing) expired() {
	o.c.end(Event{Code: 408, Reason: "nobody answered in time"})
	o.cancel(reasonTimeout)
}

// cancel gives the INVITE up. The call stays until its final response.
func (o *outgoing) cancel(reason string) {
	if o.x == nil || o.x.tx == nil {
		return // the name is still being resolved; place releases the call
	}
	o.x.cancel(reason)
}

// heard takes what an INVITE brings.
func (o *outgoing) heard(x *exchange, res *wire.Message, err error) {
	c := o.c
	switch {
	case x != o.x && (err != nil || res.Status/100 != 2):
		// An attempt that was given up for another.
	case err != nil && c.state == CallEnded:
		c.release()
	case err != nil:
		o.unreachable(status(err), err.Error(), nil)
	case res.Status < 200:
		if c.state < CallConnected {
			o.progress(x, res)
		}
	case res.Status < 300:
		o.answered(x, res)
	case c.state == CallEnded:
		c.release() // 487 in the normal case
	case o.adapted(res):
	case o.redirected(res):
	case res.Status == 503:
		o.unreachable(res.Status, res.Reason, res)
	default:
		o.failed(res.Status, res.Reason, res)
	}
}

// unreachable is the failure of a server, not of who was called.
func (o *outgoing) unreachable(code int, reason string, res *wire.Message) {
	if !o.elsewhere() {
		o.failed(code, reason, res)
	}
}

// failed ends the attempt: the next target of a redirection is tried, or the
// call is over.
func (o *outgoing) failed(code int, reason string, res *wire.Message) {
	if code < 600 && o.next(code, reason) {
		return
	}
	if code == 401 || code == 407 {
		o.x.give()
	}
	e := Event{Code: code, Reason: reason, ByPeer: res != nil, Took: time.Since(o.asked)}
	if res != nil {
		e.RetryAfter, _ = wire.Seconds(res.Header.Get("Retry-After"))
		if w := res.Header.Get("Warning"); w != "" {
			o.c.a.o.Log.Info("the far end warns", "call", o.c.id, "code", code, "warning", short(w))
		}
	}
	o.c.end(e)
	o.c.release()
}
