package sipua

import (
	"errors"
	"fmt"
	"net"
	"reflect"
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
	// servers in the order of preference, at least one; the one at [use] is in
	// use: we are registered there, or were last.
	servers []*server
	use     int
	reg     registration
	// serviceRoute is the way that the registrar wants our calls to take behind
	// the server (RFC 3608).
	serviceRoute []string
	// nonces are the challenges that further requests can answer in advance.
	nonces map[nonceKey]*nonce
}

// SetAccount starts, changes or (with Register false) stops the registration
// of a line. An account without a user removes the line. What the account
// before had registered elsewhere, or under another name, is taken away first:
// two REGISTERs that overtake each other could leave the line without any.
func (a *Agent) SetAccount(acc Account) {
	defer a.enter()()
	if a.closing {
		return
	}
	old := a.lines[acc.Line]
	if old != nil && reflect.DeepEqual(old.acc, acc) {
		return
	}
	acc.Backups = slices.Clone(acc.Backups)
	l := &line{a: a, acc: acc, nonces: map[nonceKey]*nonce{}}
	l.newServers()
	l.reg = registration{l: l, callID: transaction.Token(), tag: transaction.Token()}
	if old != nil {
		a.replace(old, l)
	}
	if acc.User == "" {
		a.introduce()
		return
	}
	a.lines[acc.Line] = l
	a.introduce()
	if a.leaving[acc.Line] == 0 {
		l.begin()
	}
}

// replace ends a line for another one.
func (a *Agent) replace(old, l *line) {
	n := l.acc.Line
	delete(a.lines, n)
	if l.acc.User != "" && l.acc.Register && l.sameBinding(old) {
		l.inherit(old)
		return
	}
	a.leaving[n]++
	old.unregister(func() {
		if a.leaving[n]--; a.leaving[n] == 0 && a.lines[n] != nil && !a.closing {
			a.lines[n].begin()
		}
	})
	if old.acc.Register && (l.acc.User == "" || !l.acc.Register) {
		a.emit(func() { a.o.Handler.Registration(Registration{Line: n}) })
	}
}

// sameBinding tells whether a line's registration takes the place of another
// one's by itself, as its address and server are the same.
func (l *line) sameBinding(old *line) bool {
	return old.acc.Register && l.acc.Outbound == old.acc.Outbound && l.acc.User == old.acc.User && l.acc.Domain == old.acc.Domain && l.network() == old.network() &&
		slices.EqualFunc(l.servers, old.servers, func(a, b *server) bool { return a.Server == b.Server })
}

// begin starts what the account wants.
func (l *line) begin() {
	if l.acc.Register {
		l.a.located(func() {
			if l.a.lines[l.acc.Line] == l {
				l.reg.begin()
			}
		})
		return
	}
	for _, s := range l.servers {
		if s.Host != "" {
			l.a.resolve(s.target(), s.resolved)
		}
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

// fromServer tells whether a message comes from the server of any line: from
// its address or, where the line has TLS, over a connection that we have opened
// to it, and so have checked.
func (a *Agent) fromServer(from transport.Destination) bool {
	for _, l := range a.lines {
		if l.isServer(from.Addr.Addr()) && (l.network() != transport.TLS || from.Network == transport.TLS) {
			return true
		}
	}
	return false
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
