package sipua

import (
	"net/netip"
	"time"

	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// round is one try to register: the servers are asked one after the other,
// each at all its addresses (RFC 3263 section 4.3), until one accepts. Between
// two there is a short pause, after a round that came to nothing a longer one.
type round struct {
	at      *server // asked now
	servers []*server
	addrs   []transport.Destination // of at, not yet asked
	// wish is the better server that the round tries to return to, while we are
	// registered with another.
	wish *server
	// failed is the failure of the server that we would like best.
	failed *Registration
}

// try begins a round. Who is registered stays where it is if it can; else the
// order of preference counts.
func (r *registration) try() {
	if r.state == RegOK {
		r.ask(r.l.ordered(r.l.server()), nil)
		return
	}
	r.ask(r.l.ordered(), nil)
}

// ask begins a round with servers.
func (r *registration) ask(servers []*server, wish *server) {
	r.stop()
	if wait := r.l.a.o.Pace.wait(r.l.acc.Line); wait > 0 {
		r.timer = r.l.a.after(wait, func() { r.ask(servers, wish) })
		return
	}
	r.round = round{at: servers[0], servers: servers, wish: wish}
	if r.state == RegFailed || r.state == RegRejected {
		r.report(Registration{State: RegTrying, Server: name(servers[0].address(), servers[0].target()), Rank: servers[0].rank})
	}
	r.next()
}

// next asks the next address. Names are resolved anew in each round.
func (r *registration) next() {
	d := &r.round
	for len(d.addrs) > 0 {
		to := d.addrs[0]
		d.addrs = d.addrs[1:]
		if time.Now().Before(r.held[to.Addr]) {
			continue
		}
		r.register(d.at, to)
		return
	}
	if len(d.servers) == 0 {
		r.over()
		return
	}
	d.at, d.servers = d.servers[0], d.servers[1:]
	if d.at.refused {
		r.next()
		return
	}
	run := r.run
	s := d.at
	r.l.a.resolve(s.target(), func(list []transport.Destination, err error) {
		if r.run != run {
			return
		}
		s.resolved(list, err)
		d.addrs = s.inUse()
		if len(d.addrs) == 0 {
			r.to = transport.Destination{Network: r.l.network()}
			r.lost(503, err.Error(), 0, err)
			return
		}
		r.next()
	})
}

// register sends the REGISTER, behind a farewell to an address that we had
// before.
func (r *registration) register(s *server, to transport.Destination) {
	send := func() { r.send(s, to, r.expires, r.heard) }
	contact, err := r.l.binding(to)
	if err == nil && r.contact != "" && r.contact != contact && s == r.l.server() {
		r.farewell(s, to, send)
		return
	}
	send()
}

// lost is the end of one address: the next one is asked.
func (r *registration) lost(code int, reason string, after time.Duration, err error) {
	d := &r.round
	if d.failed == nil || d.at.rank < d.failed.Rank {
		d.failed = &Registration{State: RegFailed, Code: code, Reason: reason, Err: err, Server: name(r.to, d.at.target()), Rank: d.at.rank, Took: time.Since(r.asked)}
	}
	if after > 0 {
		r.hold(after)
	}
	if len(d.addrs) == 0 && len(d.servers) == 0 {
		r.over()
		return
	}
	if r.state == RegOK && d.at == r.l.server() {
		r.report(Registration{State: RegTrying, Code: code, Reason: reason})
	}
	r.run++
	r.timer = r.l.a.after(time.Duration(r.l.a.o.Rand()*float64(nextMax)), r.next)
}

// hold leaves the present address alone for a time.
func (r *registration) hold(after time.Duration) {
	now := time.Now()
	for a, until := range r.held {
		if now.After(until) {
			delete(r.held, a)
		}
	}
	if r.held == nil {
		r.held = map[netip.AddrPort]time.Time{}
	}
	r.held[r.to.Addr] = now.Add(min(after, retryAfterMax))
}

// over is the end of a round without success. The next one comes later each
// time, with jitter so that a hundred phones do not come back as one.
func (r *registration) over() {
	failed := r.round.failed
	if failed == nil { // all have refused us, or want to be left alone
		failed = &Registration{State: RegFailed, Code: r.last.Code, Reason: r.last.Reason, Err: r.last.Err, Server: r.last.Server, Rank: r.last.Rank}
	}
	base, most := backoffBase, backoffMax
	if r.flow {
		base, most = flowBase, flowMax
	}
	wait := max(backoffMin, r.backoff(base, most), r.soonest())
	failed.Retry = wait
	r.l.unwatch(0)
	r.report(*failed)
	r.timer = r.l.a.after(wait, r.try)
}

// backoff doubles with each failure; half of it is chance.
func (r *registration) backoff(base, most time.Duration) time.Duration {
	return r.l.a.backOff(&r.failures, base, most)
}

// backOff is the pause after one more failure in a row.
func (a *Agent) backOff(failures *int, base, most time.Duration) time.Duration {
	ceiling := min(most, base<<min(*failures, 8))
	*failures++
	return ceiling/2 + time.Duration(a.o.Rand()*float64(ceiling/2))
}

// soonest is how long all servers want to be left alone.
func (r *registration) soonest() time.Duration {
	least := retryAfterMax
	for _, s := range r.l.servers {
		list := s.inUse()
		if len(list) == 0 && !s.refused {
			return 0
		}
		for _, to := range list {
			if !s.refused {
				least = min(least, max(0, time.Until(r.held[to.Addr])))
			}
		}
	}
	return least
}

// refused takes a server's no. It is the last word if the server that we
// would like best has said it; a backup's does not outweigh that another one
// may come back.
func (r *registration) refused(x *exchange, res *wire.Message) {
	d := &r.round
	password := res.Status == 401 || res.Status == 407
	d.at.refused = password
	if d.failed != nil || r.bound && d.at != r.l.server() {
		r.lost(res.Status, res.Reason, 0, nil)
		return
	}
	r.bound = false
	n := Registration{State: RegRejected, Code: res.Status, Reason: res.Reason, Took: time.Since(r.asked), Attempts: x.refused}
	if !password {
		n.Retry = r.backoff(refusalBase, refusalMax)
		r.timer = r.l.a.after(n.Retry, r.try)
	}
	r.report(n)
}

// moveTo makes the server that has accepted us, and its address, the ones in
// use.
func (r *registration) moveTo(s *server, to transport.Destination) {
	r.l.use = s.rank
	for i, a := range s.addrs {
		if a.Addr == to.Addr {
			s.current = i
		}
	}
	if wish := r.round.wish; wish == s {
		s.monitor.failed = 0
	} else if wish != nil {
		wish.monitor.failed++
	}
	r.round.failed = nil
}

// suspect checks the registration when a call could not reach the server.
func (r *registration) suspect() {
	if r.state == RegOK && r.x == nil && time.Since(r.asked) > suspectAfter {
		r.try()
	}
}

// suspectAfter keeps a row of failing calls from becoming one of REGISTERs.
const suspectAfter = 10 * time.Second
