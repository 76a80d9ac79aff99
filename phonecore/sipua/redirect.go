package sipua

import (
	"slices"
	"time"

	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// redirects are the further addresses of a call (RFC 3261 section 8.1.3.4).
type redirects struct {
	queue []redirect
	seen  map[string]bool
	count int
	// diversions say who has sent the call on so far.
	diversions []string
}

type redirect struct {
	uri wire.URI
	hop transport.Target
	q   int
}

// redirected follows a 3xx, a 485 with other addresses or, as the guide has it
// (Appendix A, "5xx Response"), a server's failure with further contacts: they
// are tried in the order of their preference, each once. It is false if there is
// nothing to follow.
func (o *outgoing) redirected(res *wire.Message) bool {
	switch class := res.Status / 100; {
	case class != 3 && class != 5 && res.Status != 485:
		return false
	case o.collect(res) == 0 && class != 3:
		return false
	}
	o.diverted(res)
	return o.next(res.Status, res.Reason)
}

// collect adds a response's contacts to those that wait, and counts them.
func (o *outgoing) collect(res *wire.Message) int {
	var found []redirect
	for _, text := range res.Header.List("Contact") {
		contact, err := wire.ParseAddress(text)
		if err != nil {
			continue
		}
		u := contact.ParsedURI().Bare()
		if u.Scheme == "tel" {
			if u, err = o.c.l.number(u.User); err != nil {
				continue
			}
		}
		at := o.c.l.home(u)
		if !u.IsSIP() || o.seen[at.String()] || len(o.seen) > 4*defaultMaxRedirects {
			continue
		}
		o.seen[at.String()] = true
		r := redirect{uri: at, hop: o.c.l.hopFor(u), q: contact.Q()}
		if res.Status == 305 { // Use Proxy: the same address by another way
			r = redirect{uri: o.uri, hop: hop(u), q: r.q}
		}
		found = append(found, r)
	}
	slices.SortStableFunc(found, func(a, b redirect) int { return b.q - a.q })
	o.queue = append(found, o.queue...)
	return len(found)
}

// next calls the next address; false if there is none or the limit is reached.
func (o *outgoing) next(code int, reason string) bool {
	c := o.c
	for len(o.queue) > 0 && o.count < c.a.o.Timers.MaxRedirects && c.state != CallEnded {
		r := o.queue[0]
		o.queue = o.queue[1:]
		o.count++
		o.uri, o.hop = r.uri, r.hop
		c.peer, c.asserted = Party{User: short(r.uri.UserText()), Host: r.uri.Host, URI: r.uri.String()}, false
		c.state = CallCalling
		c.event(Event{Code: code, Reason: reason, Redirected: true, Took: time.Since(o.asked)})
		if c.state == CallEnded { // the handler has hung up
			c.release()
			return true
		}
		o.asked = time.Now()
		if err := o.place(); err != nil {
			code, reason = 503, err.Error()
			continue
		}
		return true
	}
	return false
}
