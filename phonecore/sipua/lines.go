package sipua

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

var errNoServer = errors.New("no SIP server is set: set proxy1_address or dial user@host")

// line is one account at work.
type line struct {
	a   *Agent
	acc Account
	// servers is what the server's name was last resolved to; the one at
	// [current] is in use.
	servers []transport.Destination
	current int
	reg     registration
	// serviceRoute is the way that the registrar wants our calls to take behind
	// the server (RFC 3608).
	serviceRoute []string
	// nonces are the challenges that further requests can answer in advance.
	nonces map[nonceKey]*nonce
}

// SetAccount starts, changes or (with Register false) stops the registration
// of a line. An account without a user removes the line.
func (a *Agent) SetAccount(acc Account) {
	defer a.enter()()
	if a.closing {
		return
	}
	old := a.lines[acc.Line]
	if old != nil && old.acc == acc {
		return
	}
	if old != nil {
		old.unregister(func() {})
		delete(a.lines, acc.Line)
	}
	if old != nil && old.acc.Register && (acc.User == "" || !acc.Register) {
		a.emit(func() { a.o.Handler.Registration(Registration{Line: acc.Line}) })
	}
	if acc.User == "" {
		return
	}
	l := &line{a: a, acc: acc, nonces: map[nonceKey]*nonce{}}
	a.lines[acc.Line] = l
	l.reg = registration{l: l, callID: transaction.Token(), tag: transaction.Token()}
	if acc.Register {
		l.reg.begin()
	} else if l.target().Host != "" {
		a.resolve(l.target(), func(list []transport.Destination, err error) { l.resolved(list, err) })
	}
}

// Account gives a line's account.
func (a *Agent) Account(line int) (Account, bool) {
	if l := a.lines[line]; l != nil {
		return l.acc, true
	}
	return Account{}, false
}

// Register registers a line now, whatever has been before.
func (a *Agent) Register(line int) {
	defer a.enter()()
	if l := a.lines[line]; l != nil && l.acc.Register && !a.closing {
		l.reg.now()
	}
}

// network is the one that the line's server is reached by.
func (l *line) network() string {
	switch n := strings.ToLower(l.acc.Network); n {
	case transport.TCP, transport.TLS:
		return n
	}
	return transport.UDP
}

// target is the line's server before resolution.
func (l *line) target() transport.Target {
	host := l.acc.Proxy
	if host == "" {
		host = l.acc.Domain
	}
	port := uint16(max(0, min(l.acc.ProxyPort, 65535)))
	return transport.Target{Network: l.network(), Host: host, Port: port}
}

// server is the address in use; it is not valid while the name is unresolved.
func (l *line) server() transport.Destination {
	if l.current < len(l.servers) {
		return l.servers[l.current]
	}
	if to, ok := transport.Literal(l.target()); ok {
		return to
	}
	return transport.Destination{Network: l.network()}
}

// resolved takes the addresses of the server and keeps to the one in use if it
// is still among them.
func (l *line) resolved(list []transport.Destination, err error) {
	if err != nil {
		return
	}
	old := l.server()
	l.servers, l.current = list, 0
	for i, to := range list {
		if to.Addr == old.Addr {
			l.current = i
		}
	}
}

// inUse is the server's addresses with the one in use first.
func (l *line) inUse() []transport.Destination {
	return slices.Concat(l.servers[l.current:], l.servers[:l.current])
}

// isServer tells whether an address is the line's server: only it is trusted
// with answers to challenges.
func (l *line) isServer(a netip.Addr) bool {
	for _, to := range l.servers {
		if to.Addr.Addr() == a {
			return true
		}
	}
	return l.server().Addr.Addr() == a
}

// domain is the host of the line's own address.
func (l *line) domain() string {
	if l.acc.Domain != "" {
		return l.acc.Domain
	}
	return strings.Trim(l.acc.Proxy, "[]")
}

// uri is the address of a user at the line's domain. With a domain that is
// only the server's address, its port belongs to the Request-URI: without it
// the server would not recognise itself.
func (l *line) uri(user string, inRequest bool) wire.URI {
	u := wire.URI{Scheme: "sip", User: wire.EscapeUser(user), Host: l.domain()}
	if inRequest && l.acc.Domain == "" && l.acc.ProxyPort != 0 && l.acc.ProxyPort != int(transport.DefaultPort(l.network())) {
		u.Port = uint16(l.acc.ProxyPort)
	}
	return u
}

// contactUser is the user part of our Contact: the line's own name, told apart
// where two lines have the same.
func (l *line) contactUser() string {
	for n, other := range l.a.lines {
		if n < l.acc.Line && other.acc.User == l.acc.User {
			return l.acc.User + "-" + strconv.Itoa(l.acc.Line)
		}
	}
	return l.acc.User
}

// contact is our Contact towards a destination.
func (l *line) contact(to transport.Destination) (string, error) {
	local, err := l.a.o.Transport.LocalAddr(to)
	if err != nil {
		return "", err
	}
	u := wire.URI{Scheme: "sip", User: wire.EscapeUser(l.contactUser()), Host: local.Addr().String(), Port: local.Port()}
	if to.Network != transport.UDP {
		u.Params.Set("transport", to.Network)
	}
	return "<" + u.String() + ">", nil
}

// registerCredentials answer challenges to REGISTER.
func (l *line) registerCredentials() digest.Credentials {
	c := digest.Credentials{Username: l.acc.AuthName, Password: l.acc.Password}
	if c.Username == "" && c.Password != "" {
		c.Username = l.acc.User
	}
	return c
}

// callCredentials answer challenges to everything else (userx_* of the guide).
func (l *line) callCredentials() digest.Credentials {
	c := l.registerCredentials()
	if l.acc.CallAuthName != "" {
		c.Username = l.acc.CallAuthName
	}
	if l.acc.CallPassword != "" {
		c.Password = l.acc.CallPassword
	}
	return c
}

// findLine finds the line that a request is meant for: by our Contact, by the
// user of the Request-URI, then of To (nil: none). Lines of the server that
// the request comes from go first.
func (a *Agent) findLine(m *wire.Message, from transport.Destination) *line {
	uri, err := wire.ParseURI(m.RequestURI)
	if err != nil {
		return nil
	}
	for _, user := range []string{uri.UserText(), m.To().ParsedURI().UserText()} {
		if user == "" {
			continue
		}
		for _, test := range []func(*line) bool{
			func(l *line) bool { return l.contactUser() == user },
			func(l *line) bool { return l.acc.User == user && l.isServer(from.Addr.Addr()) },
			func(l *line) bool { return l.acc.User == user || l.acc.CallUser == user },
			func(l *line) bool { return strings.EqualFold(l.acc.User, user) },
		} {
			if l := a.firstLine(test); l != nil {
				return l
			}
		}
	}
	return nil
}

// firstLine is the lowest line that passes a test.
func (a *Agent) firstLine(test func(*line) bool) *line {
	var found *line
	for _, l := range a.lines {
		if test(l) && (found == nil || l.acc.Line < found.acc.Line) {
			found = l
		}
	}
	return found
}

// fromServer tells whether an address is the server of any line.
func (a *Agent) fromServer(from netip.Addr) bool {
	return a.firstLine(func(l *line) bool { return l.isServer(from) }) != nil
}

// name is how a destination is told to a person.
func name(to transport.Destination, t transport.Target) string {
	if to.Addr.IsValid() && (to.Host == "" || to.Host == to.Addr.Addr().String()) {
		return to.Addr.String()
	}
	if to.Host != "" {
		return net.JoinHostPort(to.Host, strconv.Itoa(int(to.Addr.Port())))
	}
	if t.Port != 0 {
		return net.JoinHostPort(t.Host, strconv.Itoa(int(t.Port)))
	}
	return t.Host
}

func lineError(line int) error {
	return fmt.Errorf("line %d has no account: set line%d_name", line, line)
}
