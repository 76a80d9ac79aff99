package exchange

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"deskset/app/lab/wire"
)

// Limits of the transports.
const (
	bindTries     = 20
	maxStreams    = 64
	streamQueue   = 64               // messages that wait to be written
	streamIdle    = 30 * time.Minute // longer than any keep-alive
	streamTimeout = 10 * time.Second // to dial, or to write one message
	perSource     = 500              // datagrams per second that are looked at
)

// hop is where a message came from, or goes to.
type hop struct {
	network string // "udp", "tcp" or "tls"
	addr    netip.AddrPort
	stream  *stream // of tcp and tls
}

func (h hop) reliable() bool { return h.network != "udp" }

// transport is UDP and TCP on the same port (RFC 3261 section 18).
type transport struct {
	addr     netip.AddrPort
	udp      *net.UDPConn
	listener *net.TCPListener
	streams  map[*stream]struct{} // the loop's
}

func (t *transport) local() netip.AddrPort { return t.addr }

// open binds both. A port that is free for UDP may be taken for TCP.
func (t *transport) open(addr netip.Addr) (err error) {
	t.streams = map[*stream]struct{}{}
	for range bindTries {
		t.udp, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
		if err != nil {
			return fmt.Errorf("lab: SIP port on %s: %w", addr, err)
		}
		bound := t.udp.LocalAddr().(*net.UDPAddr).AddrPort()
		t.addr = netip.AddrPortFrom(bound.Addr().Unmap(), bound.Port())
		t.listener, err = net.ListenTCP("tcp", net.TCPAddrFromAddrPort(t.addr))
		if err == nil {
			return nil
		}
		t.udp.Close()
	}
	return fmt.Errorf("lab: no port on %s is free for both UDP and TCP: %w", addr, err)
}

func (t *transport) close() {
	t.udp.Close()
	_ = t.listener.Close()
	for s := range t.streams {
		s.conn.close()
	}
}

// serve starts the readers; they end when the sockets close.
func (t *transport) serve(x *Exchange) {
	x.ended.Add(2)
	go func() { defer x.ended.Done(); t.readUDP(x) }()
	go func() { defer x.ended.Done(); t.accept(x) }()
}

func (t *transport) readUDP(x *Exchange) {
	buf := make([]byte, 65536)
	var m meter
	for {
		n, from, err := t.udp.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		// Other errors are news of a port unreachable; the socket is whole.
		if err != nil || n < 16 || !m.allow(from) {
			continue
		}
		msg, err := wire.Parse(buf[:n])
		if err != nil {
			x.Log.Debug("lab: not a SIP message", "source", from, "error", err)
			continue
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		x.tryPost(func() { x.receive(msg, hop{network: "udp", addr: from}) })
	}
}

func (t *transport) accept(x *Exchange) {
	for {
		conn, err := t.listener.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil && !x.post(func() { t.adopt(x, conn) }) {
			conn.Close()
		}
	}
}

// adopt takes a connection in, on the loop.
func (t *transport) adopt(x *Exchange, conn net.Conn) {
	addr, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil || len(t.streams) >= maxStreams {
		conn.Close()
		return
	}
	s := newStream(t, addr)
	if x.Certificate != nil {
		conn = newEither(conn, &tls.Config{Certificates: []tls.Certificate{*x.Certificate}, MinVersion: tls.VersionTLS12})
	}
	s.conn.set(conn)
	t.streams[s] = struct{}{}
	x.ended.Add(2)
	go func() { defer x.ended.Done(); s.read(x) }()
	go func() { defer x.ended.Done(); s.write(x) }()
}

// streamTo finds a connection to an address, or opens one, on the loop.
func (t *transport) streamTo(x *Exchange, addr netip.AddrPort) (*stream, error) {
	for s := range t.streams {
		if s.addr == addr {
			return s, nil
		}
	}
	if len(t.streams) >= maxStreams {
		return nil, errTooManyStreams
	}
	s := newStream(t, addr)
	t.streams[s] = struct{}{}
	x.ended.Add(1)
	go func() { defer x.ended.Done(); s.dial(x) }()
	return s, nil
}

var (
	errTooManyStreams = errors.New("too many TCP connections")
	errStreamFull     = errors.New("the peer does not read its TCP connection")
	errUnreachable    = errors.New("not an address that the lab may send to")
)

// send writes to a hop and never waits.
func (t *transport) send(x *Exchange, to hop, data []byte) error {
	if !x.reachable(to.addr) {
		return fmt.Errorf("%s: %w", to.addr, errUnreachable)
	}
	if to.network == "udp" {
		_, err := t.udp.WriteToUDPAddrPort(data, to.addr)
		return err
	}
	s := to.stream
	if s == nil || s.gone {
		var err error
		if s, err = t.streamTo(x, to.addr); err != nil {
			return err
		}
	}
	select {
	case s.queue <- data:
		return nil
	default:
		return errStreamFull
	}
}

// meter lets each source have its share of messages a second. It forgets all
// sources when it has seen too many: an attacker with many ports gains one
// second's worth from each.
type meter struct {
	since time.Time
	seen  map[netip.AddrPort]int
}

const maxSources = 1024

func (m *meter) allow(from netip.AddrPort) bool {
	if now := time.Now(); now.Sub(m.since) > time.Second || len(m.seen) >= maxSources {
		m.since, m.seen = now, map[netip.AddrPort]int{}
	}
	m.seen[from]++
	return m.seen[from] <= perSource
}
