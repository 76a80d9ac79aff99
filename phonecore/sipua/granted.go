package sipua

import (
	"strings"
	"time"

	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// granted is the time of our own Contact, else of Expires, else the shortest of
// the Contacts with our user, which servers behind a NAT write as they see us;
// else what we asked for (section 10.2.4).
func (r *registration) granted(x *exchange, res *wire.Message) time.Duration {
	ours := x.sent.Address("Contact").ParsedURI()
	shortest := time.Duration(-1)
	for _, text := range res.Header.List("Contact") {
		c, err := wire.ParseAddress(text)
		u := c.ParsedURI()
		expires, _ := c.Params.Get("expires")
		d, ok := wire.Seconds(expires)
		if err != nil || !ok || u.UserText() != ours.UserText() {
			continue
		}
		if sameContact(u, ours) {
			return d
		}
		if shortest < 0 || d < shortest {
			shortest = d
		}
	}
	if d, ok := wire.Seconds(res.Header.Get("Expires")); ok {
		return d
	}
	if shortest >= 0 {
		return shortest
	}
	return r.expires
}

// sameContact compares as far as servers leave our Contact alone: not in its
// parameters.
func sameContact(a, b wire.URI) bool {
	port := func(u wire.URI) uint16 {
		if u.Port == 0 {
			return transport.DefaultPort(transport.UDP)
		}
		return u.Port
	}
	return a.UserText() == b.UserText() && strings.EqualFold(a.Host, b.Host) && port(a) == port(b)
}

// maxServiceRoutes bounds what a registrar can make us write into each call.
const maxServiceRoutes = 4

// looseRoutes leaves out what is no route of RFC 3261.
func looseRoutes(list []string) (routes []string) {
	for _, text := range list[:min(len(list), maxServiceRoutes)] {
		if a, err := wire.ParseAddress(text); err == nil && a.ParsedURI().IsSIP() && a.ParsedURI().Params.Has("lr") {
			routes = append(routes, text)
		}
	}
	return routes
}

// refresh is when to register again: timer_register_delta before the end, but
// not before half of the time is over.
func refresh(granted, delta time.Duration) time.Duration {
	granted = min(granted, expiresMax)
	return max(granted-delta, granted/2, refreshMin)
}
