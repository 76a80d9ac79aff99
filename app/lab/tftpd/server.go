package tftpd

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// Limits of the server.
const (
	maxTransfers = 16
	maxAsked     = 1000 // names that are remembered
)

// Options make a server.
type Options struct {
	// Log gets one record per request; nil logs nothing.
	Log *slog.Logger
	// Listen is the address to bind, on a free port.
	Listen netip.Addr
	// Open gives a whole file by the name that the client sent. An error that
	// is fs.ErrNotExist becomes code 1 of RFC 1350, another one code 0.
	Open  func(name string) ([]byte, error)
	Fault Fault
}

// Server is a running server.
type Server struct {
	log   *slog.Logger
	open  func(string) ([]byte, error)
	conn  *net.UDPConn
	addr  netip.AddrPort
	done  chan struct{}
	slots chan struct{}  // taken by transfers until they have ended
	ended sync.WaitGroup // the reader and the transfers

	mu     sync.Mutex
	fault  Fault
	dice   *rand.Rand
	asked  []string
	active map[netip.AddrPort]*transfer
	closed bool
}

// Start binds a free port and serves until Close.
func Start(o Options) (*Server, error) {
	conn, err := listen(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("lab: TFTP port on %s: %w", o.Listen, err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		log: o.Log, open: o.Open, conn: conn, addr: plain(conn.LocalAddr().(*net.UDPAddr).AddrPort()),
		done: make(chan struct{}), slots: make(chan struct{}, maxTransfers), fault: o.Fault, dice: dice(o.Fault.Seed), active: map[netip.AddrPort]*transfer{},
	}
	s.ended.Go(s.serve)
	return s, nil
}

func listen(addr netip.Addr) (*net.UDPConn, error) {
	return net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
}

func plain(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

func dice(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// Addr is where requests go.
func (s *Server) Addr() netip.AddrPort { return s.addr }

// Requests lists the names of the files asked for, oldest first.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Close ends all transfers, frees the ports and waits for everything to stop.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.done)
		s.conn.Close()
		for _, t := range s.active {
			t.conn.Close()
		}
	}
	s.mu.Unlock()
	s.ended.Wait()
}

// serve takes requests until the socket is closed.
func (s *Server) serve() {
	buf := make([]byte, 65536)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		// Other errors are news of a port unreachable; the socket is whole.
		if err != nil || s.loses() {
			continue
		}
		s.request(bytes.Clone(buf[:n]), plain(from))
	}
}

// request begins a transfer.
func (s *Server) request(packet []byte, from netip.AddrPort) {
	req, err := parseRequest(packet)
	if err == nil {
		s.note(req.name)
	}
	if s.ill().Silent {
		return
	}
	switch {
	case err != nil:
		s.refuse(from, codeIllegal, err.Error())
	case req.write:
		s.refuse(from, codeAccess, "Access violation: this server is read only")
	default:
		s.begin(&transfer{s: s, peer: from, packet: packet, req: req})
	}
}

// note remembers the name of a file asked for.
func (s *Server) note(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked) < maxAsked {
		s.asked = append(s.asked, shorten(name))
	}
}

// refuse answers a request that makes no transfer.
func (s *Server) refuse(to netip.AddrPort, code uint16, text string) {
	if !s.loses() {
		_, _ = s.conn.WriteToUDPAddrPort(packError(code, text), to)
	}
}

// begin starts a transfer, unless the request only repeats the one that began
// the transfer under way, which repeats its first packet by itself.
func (s *Server) begin(t *transfer) {
	s.mu.Lock()
	old := s.active[t.peer]
	s.mu.Unlock()
	if old != nil && !old.heard.Load() && bytes.Equal(old.packet, t.packet) {
		return
	}
	if old != nil {
		old.conn.Close() // the client has given it up
	}
	select {
	case s.slots <- struct{}{}:
	default:
		s.refuse(t.peer, codeUndefined, "server busy, try again")
		return
	}
	var err error
	if t.conn, err = listen(s.addr.Addr()); err != nil {
		<-s.slots
		s.log.Warn("lab: TFTP: no port for a transfer", "error", err)
		s.refuse(t.peer, codeUndefined, "server busy, try again")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		t.conn.Close()
		return
	}
	s.active[t.peer] = t
	s.ended.Go(t.run)
}

// end forgets a transfer.
func (s *Server) end(t *transfer) {
	t.conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.active[t.peer] == t {
		delete(s.active, t.peer)
	}
	<-s.slots
}

// shorten keeps a name from the network fit for a log line.
func shorten(name string) string {
	const most = 64
	if len(name) > most {
		name = name[:most] + "..."
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
}
