package siptest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Proxy is a registrar with digest authentication and a stateless proxy that
// records its route. Calls to users that are not registered get 404.
type Proxy struct {
	t *Transport
	// Realm of challenges; Users are the passwords by user. With no users
	// nobody is asked.
	Realm string
	Users map[string]string
	// Algorithm of challenges; empty means MD5.
	Algorithm string
	// Expires granted, in seconds, "" for what was asked.
	Expires string
	// Status answers calls to a user at once, instead of forwarding them.
	Status map[string]int
	// Refuse answers every REGISTER, if it is not 0.
	Refuse int
	// Stamp makes it note in Via where a REGISTER came from (RFC 3581).
	Stamp bool
	// Grant is added to a 200 to REGISTER, GRUU to the Contact in it.
	Grant []wire.Field
	GRUU  string

	mu       sync.Mutex
	bindings map[string]binding
}

type binding struct {
	contact wire.URI
	network string
}

// NewProxy puts a proxy on a network. Set its fields before the first message.
func NewProxy(n *Network, addr string) *Proxy {
	p := &Proxy{t: n.Transport(addr), Realm: "siptest", Users: map[string]string{}, Status: map[string]int{}, bindings: map[string]binding{}}
	p.t.Start(p)
	return p
}

// Transport is the proxy's place on the network, to set it down or break its
// connections.
func (p *Proxy) Transport() *Transport { return p.t }

// Registered tells where a user is reached; "" if it is not registered.
func (p *Proxy) Registered(user string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b, ok := p.bindings[user]; ok {
		return b.contact.String()
	}
	return ""
}

// Bind puts a user where a URI says, as if it had registered from there.
func (p *Proxy) Bind(user, uri string) error {
	u, err := wire.ParseURI(uri)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bindings[user] = binding{u, transport.UDP}
	return nil
}

// Forget loses where a user is, as a registrar does that comes back without its
// memory.
func (p *Proxy) Forget(user string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.bindings, user)
}

// SetPassword changes a user's password while the proxy runs.
func (p *Proxy) SetPassword(user, password string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Users[user] = password
}

// Closed implements transport.Receiver.
func (p *Proxy) Closed(transport.Destination, error) {}

// Trouble implements transport.Receiver.
func (p *Proxy) Trouble(error) {}

// Receive implements transport.Receiver.
func (p *Proxy) Receive(packet transport.Packet) {
	m := packet.Message
	if m == nil || packet.Err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !m.IsRequest():
		p.back(m)
	case m.Method == "REGISTER" && p.Refuse != 0:
		p.reply(m, packet.From, p.Refuse)
	case m.Method == "REGISTER":
		p.register(m, packet.From)
	case m.Method == "OPTIONS" && !strings.Contains(m.RequestURI, "@"): // for ourselves
		p.reply(m, packet.From, 200)
	default:
		p.forward(m, packet.From)
	}
}

func (p *Proxy) reply(m *wire.Message, from transport.Destination, status int, fields ...wire.Field) {
	res := wire.NewResponse(m, status, "", "proxy")
	if via := res.Via(); p.Stamp && via != nil {
		via.Params.Set("received", from.Addr.Addr().String())
		via.Params.Set("rport", strconv.Itoa(int(from.Addr.Port())))
		res.SetVia(via)
	}
	res.Header = append(res.Header, fields...)
	_ = p.t.Send(from, res, nil)
}

// authorized checks a request's credentials; if they do not do it challenges.
func (p *Proxy) authorized(m *wire.Message, from transport.Destination, user string) bool {
	if len(p.Users) == 0 {
		return true
	}
	status, ask, answer := 407, "Proxy-Authenticate", "Proxy-Authorization"
	if m.Method == "REGISTER" {
		status, ask, answer = 401, "WWW-Authenticate", "Authorization"
	}
	c := digest.Challenge{Realm: p.Realm, Nonce: "nonce-of-" + p.t.addr.String(), Algorithm: p.Algorithm, QOP: []string{"auth"}}
	if fields := m.Header.List(answer); len(fields) > 0 {
		given := map[string]string{}
		for _, f := range fields {
			name, value, _ := strings.Cut(strings.TrimPrefix(f, "Digest "), "=")
			given[name] = wire.Unquote(value)
		}
		use := digest.Use{Method: m.Method, URI: given["uri"], CNonce: given["cnonce"], Count: hexNumber(given["nc"])}
		password, known := p.Users[user]
		if known && given["username"] == user && c.Response(digest.Credentials{Username: user, Password: password}, use) == given["response"] {
			return true
		}
	}
	challenge := "Digest realm=" + wire.Quote(c.Realm) + ", nonce=" + wire.Quote(c.Nonce) + `, qop="auth"`
	if c.Algorithm != "" {
		challenge += ", algorithm=" + c.Algorithm
	}
	p.reply(m, from, status, wire.Field{Name: ask, Value: challenge})
	return false
}

func hexNumber(s string) uint32 {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 4 {
		return 0
	}
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func (p *Proxy) register(m *wire.Message, from transport.Destination) {
	user := m.To().ParsedURI().UserText()
	if !p.authorized(m, from, user) {
		return
	}
	contact := m.Address("Contact")
	expires := m.Header.Get("Expires")
	if expires == "0" {
		delete(p.bindings, user)
		p.reply(m, from, 200)
		return
	}
	if p.Expires != "" {
		expires = p.Expires
	}
	p.bindings[user] = binding{contact.ParsedURI(), from.Network}
	contact.Params.Set("expires", expires)
	if p.GRUU != "" {
		contact.Params.Set("pub-gruu", wire.Quote(p.GRUU))
	}
	p.reply(m, from, 200, append([]wire.Field{{Name: "Contact", Value: contact.String()}}, p.Grant...)...)
}

// forward sends a request on (RFC 3261 section 16.11): along its route, or to
// where its user is registered.
func (p *Proxy) forward(m *wire.Message, from transport.Destination) {
	m = m.Clone()
	if routes := m.Header.List("Route"); len(routes) > 0 && p.mine(routes[0]) {
		m.Header.Del("Route")
		for _, r := range routes[1:] {
			m.Header.Add("Route", r)
		}
	}
	uri, err := wire.ParseURI(m.RequestURI)
	if err != nil {
		return
	}
	network := transport.UDP
	if m.To().Tag() == "" && m.Method != "ACK" {
		if status := p.Status[uri.UserText()]; status != 0 && m.Method != "CANCEL" {
			p.reply(m, from, status)
			return
		}
		if m.Method != "CANCEL" && !p.authorized(m, from, m.From().ParsedURI().UserText()) {
			return
		}
		m.Header = append(wire.Header{{Name: "Record-Route", Value: "<sip:" + p.t.addr.String() + ";lr>"}}, m.Header...)
	}
	if uri.Host == p.t.addr.Addr().String() && (uri.Port == 0 || uri.Port == p.t.addr.Port()) {
		b, ok := p.bindings[uri.UserText()]
		if !ok {
			if m.Method != "ACK" {
				p.reply(m, from, 404)
			}
			return
		}
		uri, network = b.contact, b.network
		m.RequestURI = uri.String()
	} else if name, ok := uri.Params.Get("transport"); ok {
		network = name
	}
	via := wire.Via{Transport: strings.ToUpper(network), Host: p.t.addr.Addr().String(), Port: p.t.addr.Port()}
	via.Params.Set("branch", branch(m))
	m.Header = append(wire.Header{{Name: "Via", Value: via.String()}}, m.Header...)
	m.Header.Del("Proxy-Authorization")
	p.send(network, uri.Host, uri.Port, m)
}

func (p *Proxy) mine(route string) bool {
	a, err := wire.ParseAddress(route)
	return err == nil && a.ParsedURI().HostPort() == p.t.addr.String()
}

// branch is the same for a request, its retransmissions, its CANCEL and the
// ACK of its failure.
func branch(m *wire.Message) string {
	sum := sha256.Sum256([]byte(m.Via().Branch() + m.CallID() + m.From().Tag()))
	return wire.Cookie + hex.EncodeToString(sum[:8])
}

// back returns a response to the next Via.
func (p *Proxy) back(m *wire.Message) {
	m = m.Clone()
	vias := m.Header.List("Via")
	if len(vias) < 2 {
		return
	}
	m.Header.Del("Via")
	rest := wire.Header{}
	for _, v := range vias[1:] {
		rest.Add("Via", v)
	}
	m.Header = append(rest, m.Header...)
	via := m.Via()
	p.send(strings.ToLower(via.Transport), via.Host, via.Port, m)
}

func (p *Proxy) send(network, host string, port uint16, m *wire.Message) {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return
	}
	if port == 0 {
		port = transport.DefaultPort(network)
	}
	_ = p.t.Send(transport.Destination{Network: network, Addr: netip.AddrPortFrom(addr, port)}, m, nil)
}
