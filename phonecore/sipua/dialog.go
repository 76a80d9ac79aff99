package sipua

import (
	"slices"
	"strings"

	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// dialog is one peer-to-peer relation (RFC 3261 section 12). The remote tag
// may be empty: RFC 2543 peers need not have one.
type dialog struct {
	callID, localTag, remoteTag string
	// local and remote are the values of From and To as we send them.
	local, remote string
	localSeq      uint32
	remoteSeq     uint32
	// routes are the addresses of Record-Route in our order.
	routes []string
	// target is the peer's Contact, as it was written.
	target string
	// source is where the peer's messages come from: the way back to a peer
	// that gives no Contact, as contacted tells.
	source    transport.Destination
	contacted bool
	// updates: the peer takes UPDATE, as its Allow says.
	updates bool
	// replaces: the peer knows RFC 3891.
	replaces bool
}

// dialogOfResponse is the dialog that a response to our INVITE makes (section
// 12.1.2).
func dialogOfResponse(sent, res *wire.Message, to transport.Destination) *dialog {
	seq, _ := sent.CSeq()
	d := &dialog{
		callID:    sent.CallID(),
		localTag:  sent.From().Tag(),
		remoteTag: res.To().Tag(),
		local:     sent.Header.Get("From"),
		remote:    res.Header.Get("To"),
		localSeq:  seq,
		target:    sent.RequestURI,
		source:    to,
	}
	d.confirm(res)
	return d
}

// confirm takes route and target anew from a 2xx (section 13.2.2.4).
func (d *dialog) confirm(res *wire.Message) {
	d.routes = res.Header.List("Record-Route")
	slices.Reverse(d.routes)
	d.retarget(res)
}

// dialogOfRequest is the dialog that a peer's INVITE makes (section 12.1.1).
func dialogOfRequest(m *wire.Message, tag string, from transport.Destination) *dialog {
	seq, _ := m.CSeq()
	to := m.To()
	if to.Tag() == "" {
		to.Params.Set("tag", tag)
	}
	d := &dialog{
		callID:    m.CallID(),
		localTag:  tag,
		remoteTag: m.From().Tag(),
		local:     to.String(),
		remote:    m.Header.Get("From"),
		remoteSeq: seq,
		routes:    m.Header.List("Record-Route"),
		target:    m.From().URI,
		source:    from,
	}
	d.retarget(m)
	return d
}

// retarget takes a new remote target, if there is a usable one (section
// 12.2.1.2).
func (d *dialog) retarget(m *wire.Message) {
	c := m.Address("Contact")
	if c.ParsedURI().IsSIP() {
		d.target = c.URI
		d.contacted = true
	}
	if m.Header.Has("Allow") {
		d.updates = has(m, "Allow", "UPDATE")
	}
	if m.Header.Has("Supported") {
		d.replaces = has(m, "Supported", tagReplaces)
	}
}

// matches tells whether a request of the peer belongs to the dialog.
func (d *dialog) matches(m *wire.Message) bool {
	if m.CallID() != d.callID || d.remoteTag != "" && m.From().Tag() != d.remoteTag {
		return false
	}
	tag := m.To().Tag()
	return tag == d.localTag || tag == "" // RFC 2543 peers may lose our tag
}

// dialogRequest begins a request within the dialog (section 12.2.1.1) and tells
// where its next hop is.
func (a *Agent) dialogRequest(d *dialog, method string) (*wire.Message, wire.URI) {
	m := a.newRequest(method, d.target, d.local, d.remote, d.callID)
	routes := d.routes
	if len(routes) == 0 {
		u, err := wire.ParseURI(d.target)
		if err == nil {
			m.RequestURI = u.Bare().String()
		}
		if !d.contacted {
			u = wire.URI{}
		}
		return m, u
	}
	first, err := wire.ParseAddress(routes[0])
	next := first.ParsedURI()
	if err == nil && !next.Params.Has("lr") {
		// A strict router wants its own address as Request-URI and the target
		// at the end of the route.
		m.RequestURI = next.Bare().String()
		routes = append(slices.Clone(routes[1:]), "<"+d.target+">")
	}
	for _, r := range routes {
		m.Header.Add("Route", r)
	}
	return m, next
}

// hop is the transport's target for a URI (RFC 3263 section 4.1).
func hop(u wire.URI) transport.Target {
	t := transport.Target{Host: u.Host, Port: u.Port}
	if maddr, ok := u.Params.Get("maddr"); ok {
		t.Host = maddr
	}
	switch name, _ := u.Params.Get("transport"); {
	case u.Scheme == "sips" || strings.EqualFold(name, transport.TLS):
		t.Network = transport.TLS
	case strings.EqualFold(name, transport.TCP):
		t.Network = transport.TCP
	case strings.EqualFold(name, transport.UDP):
		t.Network = transport.UDP
	}
	return t
}

// route finds where a request within a dialog goes. An address that is the
// line's server is taken as the line knows it: by the name that its
// certificate bears, and, if the URI leaves that open, by its transport. What
// cannot be found goes back the way the dialog came.
func (l *line) route(d *dialog, next wire.URI, f func([]transport.Destination, error)) {
	if next.Host == "" {
		f([]transport.Destination{d.source}, nil)
		return
	}
	if l.acc.Outbound.Host != "" && len(d.routes) == 0 && l.isServer(d.source.Addr.Addr()) {
		f([]transport.Destination{d.source}, nil) // the outbound proxy, which has not asked to be left out
		return
	}
	t := hop(next)
	l.a.resolve(t, func(list []transport.Destination, err error) {
		if err != nil {
			// A name that only the server's own network knows.
			f([]transport.Destination{d.source}, nil)
			return
		}
		for i, to := range list {
			for _, known := range l.addresses() {
				if known.Addr == to.Addr && (known.Network == to.Network || t.Network == "") {
					list[i] = known
				}
			}
		}
		f(list, nil)
	})
}
