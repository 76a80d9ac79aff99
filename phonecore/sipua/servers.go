package sipua

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Server is a SIP server by name or address.
type Server struct {
	Host string
	Port int // 0 means 5060 (5061 for TLS) or, for a name, whatever DNS says
}

// server is one of a line's servers at work.
type server struct {
	l *line
	Server
	// rank is its place in the order of preference, 0 first.
	rank int
	// addrs is what the name was last resolved to; the one at [current] is, or
	// was last, in use.
	addrs   []transport.Destination
	current int
	// refused is set when our password was: it is not tried again until the
	// account changes.
	refused bool
	monitor monitor
}

// monitor watches a server that is better than the one in use; see failback.go.
type monitor struct {
	on    bool
	timer *loop.Timer
	run   int // tells the answers to older probes from those to the present one
	// since is when the present row of answers began, zero without one.
	since time.Time
	// asked counts the probes, failed the returns that came to nothing.
	asked, failed int
}

// newServers lists the account's servers in their order, each once.
func (l *line) newServers() {
	first := Server{l.acc.Proxy, l.acc.ProxyPort}
	if first.Host == "" {
		first.Host = l.acc.Domain
	}
	for _, s := range append([]Server{first}, l.acc.Backups...) {
		known := slices.ContainsFunc(l.servers, func(o *server) bool { return o.Server == s })
		if s.Host == "" && len(l.servers) > 0 || known || len(l.servers) == maxServers {
			continue
		}
		l.servers = append(l.servers, &server{l: l, Server: s, rank: len(l.servers)})
	}
}

// maxServers bounds the servers of one line: six call managers and a backup,
// and one to spare.
const maxServers = 8

// target is the server before resolution, or the outbound proxy before it: that
// is the next hop then, and Request-URI and addresses stay those of the server,
// as instruments have it (reference, section 3).
func (s *server) target() transport.Target {
	hop := s.Server
	if s.l.acc.Outbound.Host != "" && s.Host != "" {
		hop = s.l.acc.Outbound
	}
	return transport.Target{Network: s.l.network(), Host: hop.Host, Port: hop.port()}
}

func (s Server) port() uint16 { return uint16(max(0, min(s.Port, 65535))) }

// address is the one in use; it is not valid while the name is unresolved.
func (s *server) address() transport.Destination {
	if s.current < len(s.addrs) {
		return s.addrs[s.current]
	}
	if to, ok := transport.Literal(s.target()); ok {
		return to
	}
	return transport.Destination{Network: s.l.network()}
}

// resolved takes new addresses and keeps to the one in use if it is still
// among them; without DNS the old ones must do.
func (s *server) resolved(list []transport.Destination, err error) {
	if err != nil {
		return
	}
	old := s.address()
	s.addrs, s.current = list, 0
	for i, to := range list {
		if to.Addr == old.Addr {
			s.current = i
		}
	}
	s.l.a.introduce()
}

// inUse is the server's addresses with the one in use first.
func (s *server) inUse() []transport.Destination {
	if len(s.addrs) == 0 {
		if to := s.address(); to.Addr.IsValid() {
			return []transport.Destination{to}
		}
		return nil
	}
	return slices.Concat(s.addrs[s.current:], s.addrs[:s.current])
}

// has tells whether an address is one of the server's.
func (s *server) has(a netip.Addr) bool {
	return slices.ContainsFunc(s.inUse(), func(to transport.Destination) bool { return to.Addr.Addr() == a })
}

// domain is the host of the line's own address: the account's domain, else the
// server itself.
func (s *server) domain() string {
	if s.l.acc.Domain != "" {
		return s.l.acc.Domain
	}
	return strings.Trim(s.Host, "[]")
}

// uri is the address of a user at the line's domain. With a domain that is
// only the server's address, its port belongs to the Request-URI: without it
// the server would not recognise itself.
func (s *server) uri(user string, inRequest bool) wire.URI {
	u := wire.URI{Scheme: "sip", User: wire.EscapeUser(user), Host: s.domain()}
	if inRequest {
		u.Port = s.uriPort()
	}
	return u
}

func (s *server) uriPort() uint16 {
	if s.l.acc.Domain == "" && s.Port != int(transport.DefaultPort(s.l.network())) {
		return s.port()
	}
	return 0
}

// from is the line's own address with its display name and our tag.
func (s *server) from(user, tag string) string {
	from := wire.Address{Name: s.l.acc.DisplayName, URI: s.uri(user, false).String()}
	from.Params.Set("tag", tag)
	return from.String()
}

// server is the one in use.
func (l *line) server() *server { return l.servers[l.use] }

// target is the server in use before resolution.
func (l *line) target() transport.Target { return l.server().target() }

// domain is the host of the line's own address.
func (l *line) domain() string { return l.server().domain() }

// isServer tells whether an address is one of the line's servers: only they
// are trusted with answers to challenges.
func (l *line) isServer(a netip.Addr) bool {
	return slices.ContainsFunc(l.servers, func(s *server) bool { return s.has(a) })
}

// ordered is all servers: some first, then the others in the order of
// preference.
func (l *line) ordered(first ...*server) []*server {
	list := slices.Clone(first)
	for _, s := range l.servers {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// addresses is every address of every server, the one in use first.
func (l *line) addresses() (list []transport.Destination) {
	for _, w := range l.ways() {
		list = append(list, w.to)
	}
	return list
}

// ways is where a request to the line's server may go, best first. Servers
// whose name was never resolved are left out.
func (l *line) ways() (list []way) {
	for _, s := range l.ordered(l.server()) {
		for _, to := range s.inUse() {
			list = append(list, way{to, s})
		}
	}
	return list
}

// way is an address to try, and whose it is: nil for a stranger's.
type way struct {
	to transport.Destination
	s  *server
}
