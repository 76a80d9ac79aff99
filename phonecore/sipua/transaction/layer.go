// Package transaction has the four transaction machines of RFC 3261 section 17
// with the corrections of RFC 6026, matching peers of RFC 2543 too.
//
// Timers and the numbers of retransmissions belong to one Layer, that is to
// one phone: sip_retx and sip_invite_retx of the guide count retransmissions,
// where RFC 3261 counts time. After the last one the machine waits as long as
// it waited before it, and gives up.
//
// Everything runs on the owner's event loop; there are no locks.
package transaction

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Timers and counts. All must be positive.
type Timers struct {
	T1, T2           time.Duration
	Retx, InviteRetx int
}

// ErrTimeout means that the far side has not answered.
var ErrTimeout = errors.New("no answer")

const (
	// timeoutFactor: 64*T1 is how long RFC 3261 waits (table 4).
	timeoutFactor = 64
	// t4 is how long a message may stay in the network (table 4).
	t4 = 5 * time.Second
	// maxServers bounds what a flood of requests can make us remember.
	maxServers = 1024
	// maxDatagram is where a request goes by TCP instead (section 18.1.1).
	maxDatagram = 1300
	// refusalKept is how long a server that has refused TCP is not asked again.
	refusalKept = 10 * time.Minute
)

// Config is what a layer needs. All functions are called on the loop.
type Config struct {
	Post func(func())
	// Send is the transport's.
	Send func(to transport.Destination, m *wire.Message, failed func(error)) error
	// Local is the transport's LocalAddr.
	Local  func(to transport.Destination) (netip.AddrPort, error)
	Timers Timers
	// Request is a new request other than ACK and CANCEL.
	Request func(*Server)
	// Cancel is a CANCEL with the transaction that it means, nil if there is
	// none.
	Cancel func(cancel, invite *Server)
	// Ack is an ACK of a 2xx.
	Ack func(*wire.Message)
	// Fit cuts a response for who asks down, or forbids it by nil; a nil Fit
	// changes nothing.
	Fit func(to transport.Destination, req, res *wire.Message) *wire.Message
	// Stray is a response that belongs to no transaction any more.
	Stray func(*wire.Message)
}

// Layer is the transactions of one phone.
type Layer struct {
	c       Config
	clients map[string]*Client
	servers map[string]*Server
	refused map[netip.AddrPort]time.Time // no TCP there
}

// New makes a layer.
func New(c Config) *Layer {
	return &Layer{c: c, clients: map[string]*Client{}, servers: map[string]*Server{}, refused: map[netip.AddrPort]time.Time{}}
}

// SetTimers changes the timers for transactions to come.
func (l *Layer) SetTimers(t Timers) { l.c.Timers = t }

// Pending is how many transactions live.
func (l *Layer) Pending() int { return len(l.clients) + len(l.servers) }

// Close forgets all transactions; none is heard of again.
func (l *Layer) Close() {
	for _, c := range l.clients {
		c.terminate()
	}
	for _, s := range l.servers {
		s.terminate()
	}
}

func (l *Layer) after(d time.Duration, f func()) *loop.Timer { return loop.After(l.c.Post, d, f) }

// Receive takes a message from the network. It must have Via, From, To,
// Call-ID and CSeq that can be read.
func (l *Layer) Receive(m *wire.Message, from transport.Destination) {
	if !m.IsRequest() {
		l.response(m)
		return
	}
	stampVia(m, from)
	switch m.Method {
	case "ACK":
		if s := l.servers[serverKey(m, "INVITE")]; s == nil || s.ack() {
			l.c.Ack(m)
		}
		return
	case "CANCEL":
		if s := l.server(m, from); s != nil {
			l.c.Cancel(s, l.servers[serverKey(m, "INVITE")])
		}
		return
	}
	if s := l.server(m, from); s != nil {
		l.c.Request(s)
	}
}

func (l *Layer) response(m *wire.Message) {
	via := m.Via()
	_, method := m.CSeq()
	if c := l.clients[clientKey(via.Branch(), method)]; c != nil {
		c.response(m)
		return
	}
	l.c.Stray(m)
}

// server makes the transaction of a new request; nil if it is a retransmission
// or one too many.
func (l *Layer) server(m *wire.Message, from transport.Destination) *Server {
	key := serverKey(m, m.Method)
	if s := l.servers[key]; s != nil {
		s.repeat()
		return nil
	}
	if len(l.servers) >= maxServers && !l.makeRoom() {
		return nil
	}
	s := &Server{Request: m, From: from, l: l, key: key, to: replyTo(m, from)}
	l.servers[key] = s
	return s
}

// Known tells whether a request has come before and is remembered.
func (l *Layer) Known(m *wire.Message) bool { return l.servers[serverKey(m, m.Method)] != nil }

// makeRoom forgets a request that was answered long since, if there is one: a
// flood of OPTIONS must not keep out the BYE of a call.
func (l *Layer) makeRoom() bool {
	for _, s := range l.servers {
		if s.final != 0 && s.Request.Method != "INVITE" {
			s.terminate()
			return true
		}
	}
	return false
}

// Merged tells whether a request without To tag has come before by another
// path (RFC 3261 section 8.2.2.2). One that was refused is over: a proxy that
// hunts may come again for another line.
func (l *Layer) Merged(s *Server) bool {
	n, _ := s.Request.CSeq()
	tag := s.Request.From().Tag()
	for _, other := range l.servers {
		if other == s || other.final >= 300 || other.Request.Method != s.Request.Method || other.Request.CallID() != s.Request.CallID() {
			continue
		}
		if on, _ := other.Request.CSeq(); on == n && other.Request.From().Tag() == tag {
			return true
		}
	}
	return false
}

// Stateless answers a request without remembering it.
func (l *Layer) Stateless(m *wire.Message, from transport.Destination, res *wire.Message) {
	stampVia(res, from)
	l.reply(replyTo(m, from), m, res)
}

// reply sends a response; if the request's connection is gone, to the address
// in its Via (RFC 3261 section 18.2.2).
func (l *Layer) reply(to transport.Destination, req, res *wire.Message) {
	if l.c.Fit != nil {
		if res = l.c.Fit(to, req, res); res == nil {
			return
		}
	}
	err := l.c.Send(to, res, nil)
	if err == nil || !to.Reply {
		return
	}
	via := req.Via()
	if via == nil {
		return
	}
	port := via.Port
	if port == 0 {
		port = transport.DefaultPort(to.Network)
	}
	// A second failure has no remedy: the peer will ask again.
	_ = l.c.Send(transport.Destination{Network: to.Network, Addr: netip.AddrPortFrom(to.Addr.Addr(), port)}, res, nil)
}

// stampVia notes where a request has come from (RFC 3261 section 18.2.1, RFC
// 3581 section 4).
func stampVia(m *wire.Message, from transport.Destination) {
	via := m.Via()
	if via == nil {
		return
	}
	ip := from.Addr.Addr()
	rport, asked := via.Params.Get("rport")
	host, err := netip.ParseAddr(via.Host)
	if asked && rport == "" {
		via.Params.Set("rport", strconv.Itoa(int(from.Addr.Port())))
	} else if err == nil && host.Unmap() == ip {
		return
	}
	received := ip.String()
	via.Params.Set("received", received)
	m.SetVia(via)
}

// replyTo is where responses to a request go (RFC 3261 section 18.2.2).
func replyTo(m *wire.Message, from transport.Destination) transport.Destination {
	to := from
	to.Reply = transport.Reliable(from.Network)
	if to.Reply {
		return to
	}
	via := m.Via()
	if via == nil || via.Params.Has("rport") {
		return to
	}
	port := via.Port
	if port == 0 {
		port = transport.DefaultPort(from.Network)
	}
	to.Addr = netip.AddrPortFrom(from.Addr.Addr(), port)
	return to
}

// serverKey matches requests to transactions (section 17.2.3). Without the
// cookie it is what RFC 2543 peers have.
func serverKey(m *wire.Message, method string) string {
	via := m.Via()
	if via == nil {
		return ""
	}
	branch := via.Branch()
	if len(branch) > len(wire.Cookie) && strings.EqualFold(branch[:len(wire.Cookie)], wire.Cookie) {
		return method + " " + strings.ToLower(branch+" "+via.SentBy())
	}
	n, _ := m.CSeq()
	from := m.From()
	return fmt.Sprintf("%s %d %q %q %q %q %s", method, n, m.CallID(), from.Tag(), from.URI, m.RequestURI, strings.ToLower(via.SentBy()+" "+branch))
}

// clientKey matches responses (section 17.1.3). ACK has no response.
func clientKey(branch, method string) string { return method + " " + branch }

// Token is a random text for branches, tags and Call-IDs.
func Token() string { return rand.Text()[:16] }

// Closed tells that a connection has ended: requests that wait for an answer
// over it need not wait any longer. An INVITE that has heard a 1xx may still
// get its answer over a new one.
func (l *Layer) Closed(to transport.Destination, err error) {
	for _, c := range l.clients {
		waits := c.state == calling || c.state == proceeding && !c.invite()
		if waits && c.to.Network == to.Network && c.to.Addr == to.Addr {
			c.failed(err)
		}
	}
}
