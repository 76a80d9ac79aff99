package sipua

import (
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Times between keep-alives, of which the last fifth is chance (RFC 5626
// section 4.4.1).
const (
	datagramKeep = 29 * time.Second
	streamKeep   = 120 * time.Second
)

// keepAlive keeps the way to the line's server open, while it is registered:
// calls come in by it. By datagrams that is needed behind a router only.
func (l *line) keepAlive() {
	r := &l.reg
	r.keep.Stop()
	r.keep = nil
	if r.state != RegOK || !r.to.Addr.IsValid() {
		return
	}
	by := l.a.o.NAT.KeepAlive
	if by == "" || by == "auto" {
		by = "crlf"
		if r.to.Network == transport.UDP && !r.behind && !l.a.nat.mapped.IsValid() && !l.a.nat.address.IsValid() {
			by = "none"
		}
	}
	send := map[string]func(){"crlf": l.ping, "options": l.ask}[by]
	if send != nil {
		r.keep = l.a.after(l.keepEvery(), func() { send(); l.keepAlive() })
	}
}

// keepEvery is the time until the next keep-alive: the server's (Flow-Timer), the
// parameter's, or what the RFC recommends for the transport.
func (l *line) keepEvery() time.Duration {
	every, stated := l.reg.flowTimer, l.a.o.NAT.KeepAliveEvery
	switch {
	case stated > 0 && (every == 0 || stated < every):
		return stated
	case every == 0 && l.reg.to.Network == transport.UDP:
		every = datagramKeep
	case every == 0:
		every = streamKeep
	}
	return every*4/5 + time.Duration(l.a.o.Rand()*float64(every/5))
}

// ping sends the line ends. That a connection does not answer them any more is
// the transport's to notice; it says so by closing it.
func (l *line) ping() {
	if raw, ok := l.a.o.Transport.(transport.Raw); ok {
		if err := raw.SendRaw(l.reg.to, transport.Ping, nil); err != nil {
			l.a.o.Log.Debug("keep-alive", "line", l.acc.Line, "cause", err)
		}
	}
}

// ask sends OPTIONS to the server. Any answer will do; without one the
// registration is tried at once, and so goes to the next server if this one is
// dead.
func (l *line) ask() {
	s, to := l.server(), l.reg.to
	m := l.a.newRequest("OPTIONS", s.uri("", true).String(), s.from(l.acc.User, transaction.Token()), "<"+s.uri("", false).String()+">", transaction.Token())
	m.Header.Set("CSeq", "1 OPTIONS")
	lost := func() {
		if r := &l.reg; l.a.lines[l.acc.Line] == l && r.state == RegOK && r.x == nil && r.to.Addr == to.Addr {
			r.try()
		}
	}
	_, err := l.a.tx.Request(m, to, func(_ *wire.Message, err error) {
		if err != nil {
			lost()
		}
	})
	if err != nil {
		lost()
	}
}
