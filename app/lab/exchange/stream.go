package exchange

import (
	"bufio"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"deskset/app/lab/wire"
)

// stream is one TCP connection. A reader and a writer goroutine serve it; the
// loop only puts messages into the queue.
type stream struct {
	owner *transport
	addr  netip.AddrPort
	queue chan []byte
	conn  connBox
	gone  bool // the loop's
}

func newStream(owner *transport, addr netip.AddrPort) *stream {
	return &stream{owner: owner, addr: addr, queue: make(chan []byte, streamQueue), conn: connBox{done: make(chan struct{})}}
}

// connBox holds a connection that may be closed while it is still being dialled.
type connBox struct {
	mu     sync.Mutex
	conn   net.Conn
	closed bool
	done   chan struct{} // closed with the connection
}

// set gives false if the box was closed meanwhile.
func (b *connBox) set(c net.Conn) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		c.Close()
		return false
	}
	b.conn = c
	return true
}

func (b *connBox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.closed = true
	close(b.done)
	if b.conn != nil {
		b.conn.Close()
	}
}

// dial connects, then reads and writes like an accepted connection.
func (s *stream) dial(x *Exchange) {
	d := net.Dialer{Timeout: streamTimeout, LocalAddr: &net.TCPAddr{IP: x.Listen.AsSlice()}}
	conn, err := d.Dial("tcp", s.addr.String())
	if err != nil || !s.conn.set(conn) {
		x.post(func() { s.lost(x, err) })
		return
	}
	var both sync.WaitGroup
	both.Go(func() { s.read(x) })
	both.Go(func() { s.write(x) })
	both.Wait()
}

func (s *stream) read(x *Exchange) {
	conn := s.conn.conn
	r := bufio.NewReaderSize(conn, 8192)
	var m meter
	for {
		_ = conn.SetReadDeadline(time.Now().Add(streamIdle))
		msg, err := wire.Read(r)
		switch {
		case errors.Is(err, wire.ErrPing):
			s.pong()
		case err != nil:
			x.post(func() { s.lost(x, err) })
			return
		case m.allow(s.addr):
			x.post(func() { x.receive(msg, hop{network: networkOf(conn), addr: s.addr, stream: s}) })
		}
	}
}

// pong answers a keep-alive (RFC 5626 section 3.5.1).
func (s *stream) pong() {
	select {
	case s.queue <- []byte("\r\n"):
	default:
	}
}

func (s *stream) write(x *Exchange) {
	conn := s.conn.conn
	for {
		select {
		case <-s.conn.done:
			return
		case data := <-s.queue:
			_ = conn.SetWriteDeadline(time.Now().Add(streamTimeout))
			if _, err := conn.Write(data); err != nil {
				// The reader notices the closed connection and reports it.
				conn.Close()
				return
			}
		}
	}
}

// lost is called on the loop when a connection has ended.
func (s *stream) lost(x *Exchange, err error) {
	if s.gone {
		return
	}
	s.gone = true
	s.conn.close()
	delete(s.owner.streams, s)
	x.Log.Debug("lab: TCP connection ended", "peer", s.addr, "error", err)
	x.streamLost(s)
}
