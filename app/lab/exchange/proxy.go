package exchange

import (
	"slices"
	"strconv"

	"deskset/app/lab/wire"
)

// relay is one request that is proxied, perhaps to several places at once
// (RFC 3261 section 16).
type relay struct {
	x        *Exchange
	in       *serverTx
	record   *Call
	out      []*clientTx
	finals   []*wire.Message // by branch; nil: none yet
	answered bool
	timeout  *timer // timer C
	timedOut bool
}

// relayTo proxies a request to bindings.
func (x *Exchange) relayTo(in *serverTx, record *Call, to []*binding) {
	if len(to) == 0 {
		record.end(480)
		in.respond(480, "Temporarily Unavailable", "Warning", x.warning("nobody is registered under this number"))
		return
	}
	r := &relay{x: x, in: in, record: record, finals: make([]*wire.Message, len(to))}
	if in.req.Method == "INVITE" {
		in.respond(100, "Trying")
		in.canceled = func(cancel *wire.Message) { r.cancel(cancel.Get("Reason"), nil) }
		r.startTimerC()
	}
	for i, b := range to {
		r.out = append(r.out, x.request(x.forwarded(in.req, b.contact.URI), b.hop(x), func(m *wire.Message) { r.heard(i, m) }))
	}
}

// forwarded makes the copy that goes on (section 16.6).
func (x *Exchange) forwarded(req *wire.Message, target string) *wire.Message {
	m := req.Clone()
	m.URI = target
	left := uint64(70)
	if n, has := maxForwards(m); has {
		left = n - min(n, 1)
	}
	m.Set("Max-Forwards", strconv.FormatUint(left, 10))
	// Credentials for this realm are nobody else's business (section 22.3).
	m.Remove("Proxy-Authorization", func(value string) bool {
		c, ok := parseCredentials(value)
		return !ok || c["realm"] != x.Realm
	})
	if anonymous(m) { // RFC 3325 section 7: who asks for privacy is not named to users
		for _, name := range []string{"P-Preferred-Identity", "P-Asserted-Identity", "Remote-Party-ID"} {
			m.Remove(name, func(string) bool { return false })
		}
	}
	return m
}

func (r *relay) startTimerC() {
	r.timeout.stop()
	r.timeout = r.x.after(timerC, func() {
		r.timedOut = true
		r.cancel("", nil)
	})
}

// cancel gives up all branches without a final response but one.
func (r *relay) cancel(reason string, but *clientTx) {
	for _, tx := range r.out {
		if tx != but {
			tx.cancel(reason)
		}
	}
}

// heard takes the response of a branch (section 16.7).
func (r *relay) heard(i int, m *wire.Message) {
	m = m.Clone()
	m.RemoveFirst("Via")
	switch {
	case m.Status == 100:
	case m.Status < 200:
		if !r.answered {
			r.in.send(m)
		}
		if r.timeout != nil {
			r.startTimerC()
		}
	case m.Status < 300:
		r.finals[i] = m
		r.answered = true
		r.timeout.stop()
		r.record.answered(m.Status)
		r.in.send(m)
		r.cancel(`SIP;cause=200;text="Call completed elsewhere"`, r.branch(i))
	default:
		r.finals[i] = m
		if m.Status >= 600 {
			r.cancel("", nil)
		}
		r.finish()
	}
}

// branch is a client transaction by its number; none while they are being made.
func (r *relay) branch(i int) *clientTx {
	if i < len(r.out) {
		return r.out[i]
	}
	return nil
}

// finish sends the best response on when no branch is open any more.
func (r *relay) finish() {
	if r.answered || slices.Contains(r.finals, nil) {
		return
	}
	r.timeout.stop()
	best := slices.MinFunc(r.finals, func(a, b *wire.Message) int { return rank(a.Status) - rank(b.Status) })
	switch {
	case r.timedOut:
		best = r.in.response(408, "Request Timeout")
	case best.Status == 503:
		// It says something of the server asked, not of this one (16.7, step 6).
		best = r.in.response(500, "Server Internal Error")
	}
	r.record.end(best.Status)
	r.in.send(best)
}

// rank orders final responses, the best first (section 16.7, step 6).
func rank(status int) int {
	switch {
	case status >= 600:
		return 0
	case slices.Contains([]int{401, 407, 415, 420, 484}, status):
		return 400
	case status == 408 || status == 503:
		return status/100*100 + 99
	}
	return status/100*100 + 1
}

// passACK sends the ACK to a 2xx on, without a transaction (section 16.6).
func (x *Exchange) passACK(m *wire.Message) {
	b := x.bound(m.URI)
	if forwards, has := maxForwards(m); b == nil || has && forwards == 0 {
		return
	}
	to := b.hop(x)
	m = x.forwarded(m, m.URI)
	via := x.via(to)
	m.Prepend("Via", via.String())
	_ = x.net.send(x, to, m.Bytes())
}
