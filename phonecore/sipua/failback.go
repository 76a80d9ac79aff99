package sipua

import (
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Times of the watch over better servers.
const (
	probeEvery     = 30 * time.Second
	defaultMonitor = 2 * time.Minute // connectionMonitorDuration
	// maxDoublings bounds how much longer a server must have answered that has
	// sent us back before.
	maxDoublings = 5
)

// watch asks the servers that are better than the one in use, by OPTIONS, how
// they are. One that has answered for Account.Monitor without a break is
// registered with again; only its 200 makes us leave the present one. The
// binding there is left to run out: servers with common books would take the
// new one away with it.
func (l *line) watch() {
	l.unwatch(l.use)
	for _, s := range l.servers[:l.use] {
		if m := &s.monitor; !m.on && !s.refused {
			m.on, m.since = true, time.Time{}
			m.timer = l.a.after(s.pause(), s.probe)
		}
	}
}

// unwatch ends the watch over the servers from a rank on.
func (l *line) unwatch(from int) {
	for _, s := range l.servers[from:] {
		s.monitor.end()
	}
}

func (m *monitor) end() {
	m.timer.Stop()
	m.run++
	m.on = false
}

// pause until the next probe, with jitter of a quarter.
func (s *server) pause() time.Duration {
	return probeEvery*3/4 + time.Duration(s.l.a.o.Rand()*float64(probeEvery/2))
}

// probe sends an OPTIONS. It carries no credentials: any answer will do.
func (s *server) probe() {
	run := s.monitor.run
	heard := func(up bool) {
		if s.monitor.run == run {
			s.probed(up)
		}
	}
	s.l.a.resolve(s.target(), func(list []transport.Destination, err error) {
		if s.monitor.run != run {
			return
		}
		s.resolved(list, err)
		addrs := s.inUse()
		if len(addrs) == 0 {
			heard(false)
			return
		}
		to := addrs[s.monitor.asked%len(addrs)]
		m := s.l.a.newRequest("OPTIONS", s.uri("", true).String(), s.from(s.l.acc.User, transaction.Token()), "<"+s.uri("", false).String()+">", transaction.Token())
		m.Header.Set("CSeq", "1 OPTIONS")
		_, err = s.l.a.tx.Request(m, to, func(res *wire.Message, err error) {
			if err != nil || res.Status >= 200 {
				heard(err == nil && res.Status != 503)
			}
		})
		if err != nil {
			heard(false)
		}
	})
}

// probed takes the result of a probe. An address that is silent gives way to
// the server's next one.
func (s *server) probed(up bool) {
	m := &s.monitor
	now := time.Now()
	switch {
	case !up:
		m.since = time.Time{}
		m.asked++
	case m.since.IsZero():
		m.since = now
	case now.Sub(m.since) >= s.wanted() && s.l.reg.state == RegOK && s.l.reg.x == nil:
		m.end()
		s.l.reg.ask(s.l.ordered(s, s.l.server()), s)
		return
	}
	m.timer = s.l.a.after(s.pause(), s.probe)
}

// wanted is how long the server must have answered without a break.
func (s *server) wanted() time.Duration {
	d := s.l.acc.Monitor
	if d <= 0 {
		d = defaultMonitor
	}
	return d << min(s.monitor.failed, maxDoublings)
}
