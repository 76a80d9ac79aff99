package sipua

import (
	"net/netip"
	"time"

	"deskset/phonecore/sipua/transport"
)

// What ends a registration's way from outside: the host's network, or the
// server's end of a connection.

// Moved tells that the host has another address or route, or has slept:
// connections are broken, and every line registers again within a second, with
// jitter. Calls go on; whoever owns them offers their new address by
// Call.Update.
func (a *Agent) Moved() {
	defer a.enter()()
	if a.closing {
		return
	}
	a.o.Transport.Reset()
	a.explore()
	for _, l := range a.lines {
		if l.acc.Register && a.leaving[l.acc.Line] == 0 {
			l.reg.moved()
		}
	}
	for _, s := range a.subs {
		s.moved()
	}
}

// moved begins again, whatever is under way: it may wait for an answer that
// goes to the old address. A refused password is as wrong as before.
func (r *registration) moved() {
	if r.state == RegRejected && r.last.Retry == 0 {
		return
	}
	r.stop()
	r.failures, r.held, r.seen, r.moves, r.noOutbound = 0, nil, netip.AddrPort{}, 0, false
	r.round = round{at: r.l.server()}
	if r.state != RegTrying {
		r.report(Registration{State: RegTrying})
	}
	r.timer = r.l.a.after(time.Duration(r.l.a.o.Rand()*float64(nextMax)), func() {
		run := r.run
		r.l.a.located(func() {
			if r.run == run {
				r.ask(r.l.ordered(r.l.server()), nil)
			}
		})
	})
}

// connectionClosed registers again when the connection that calls would come
// in by is gone: quietly, as servers close what has been idle for minutes, but
// with jitter, as it may have been everybody's. A server that closes what it
// has just opened is one that fails. By UDP it is an ICMP message about
// something that we sent.
func (l *line) connectionClosed(to transport.Destination, err error) {
	r := &l.reg
	switch {
	case r.state != RegOK || r.x != nil || to.Network != l.network() || to.Addr != r.to.Addr:
	case to.Network != transport.UDP && time.Since(r.asked) < shortLived:
		r.lost(503, brief(err), 0, err)
	default:
		r.timer.Stop()
		r.timer = l.a.after(time.Duration(l.a.o.Rand()*float64(reconnectMax)), r.try)
	}
}
