package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"deskset/phonecore/sipua/wire"
)

// Limits of one stream.
const (
	writeTimeout = 10 * time.Second
	// partTimeout is how long the rest of a message may take once it has
	// begun.
	partTimeout = 30 * time.Second
	// guestTimeout ends a connection that somebody opened to us and leaves
	// silent. Our own ones stay: calls come in over them.
	guestTimeout = 15 * time.Minute
	queueLength  = 64
)

// passingTimeout does the same for one of ours that nobody has a lasting use for:
// longer than any call rings, as the answer comes back by it.
var passingTimeout = 15 * time.Minute

var (
	errQueue   = errors.New("too many messages are waiting to be sent")
	errReply   = errors.New("the connection that the request came by is gone")
	errStreams = fmt.Errorf("more than %d connections", maxConnections)
)

type streamKey struct {
	network string
	addr    netip.AddrPort
}

// stream is one TCP or TLS connection, perhaps still being opened.
type stream struct {
	n     *Net
	to    Destination
	guest bool // opened by the far side
	// passing: ours, and nobody needs it for longer; see Destination.
	passing atomic.Bool
	out     chan outgoing
	ctx     context.Context
	stop    context.CancelFunc

	once sync.Once
	mu   sync.Mutex
	conn net.Conn
	// verified: it is TLS, and the far side's certificate was checked.
	verified bool
	err      error
	// pongs is set once the far side has answered a keep-alive; pong runs while
	// an answer is due. See raw.go.
	pongs bool
	pong  *time.Timer
}

type outgoing struct {
	data   []byte
	failed func(error)
}

// stream finds the connection to a destination or begins to open one.
func (n *Net) stream(to Destination) (*stream, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if s := n.streams[streamKey{to.Network, to.Addr}]; s != nil {
		if !to.Passing {
			s.passing.Store(false)
		}
		return s, nil
	}
	if to.Reply {
		return nil, errReply
	}
	s, err := n.addStream(to)
	if err != nil {
		return nil, err
	}
	n.goes(s.open)
	return s, nil
}

// addStream makes the entry; n.mu is held.
func (n *Net) addStream(to Destination) (*stream, error) {
	if n.closed {
		return nil, errClosed
	}
	if len(n.streams) >= maxConnections {
		return nil, errStreams
	}
	s := &stream{n: n, to: to, out: make(chan outgoing, queueLength)}
	s.passing.Store(to.Passing)
	s.to.Passing = false // for who answers on it
	s.ctx, s.stop = context.WithCancel(n.ctx)
	n.streams[streamKey{to.Network, to.Addr}] = s
	return s, nil
}

// accept takes connections until the listener is closed.
func (n *Net) accept() {
	for {
		c, err := n.tcp.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			n.o.Log.Warn("accepting SIP by TCP", "cause", err)
			select {
			case <-n.ctx.Done():
				return
			case <-time.After(readPause):
			}
			continue
		}
		from := c.RemoteAddr().(*net.TCPAddr).AddrPort()
		n.mu.Lock()
		s, err := n.addStream(Destination{Network: TCP, Addr: netip.AddrPortFrom(from.Addr().Unmap(), from.Port())})
		n.mu.Unlock()
		if err != nil {
			c.Close()
			continue
		}
		s.guest = true
		n.goes(func() { s.run(c) })
	}
}

// open connects and runs.
func (s *stream) open() {
	ctx, cancel := context.WithTimeout(s.ctx, dialTimeout)
	defer cancel()
	c, err := s.dial(ctx)
	if err == nil && s.to.Network == TLS {
		c, err = s.secure(ctx, c)
	}
	if err != nil {
		s.end(fmt.Errorf("connecting to %s by %s: %w", s.name(), s.to.Network, err))
		s.drain()
		return
	}
	s.run(c)
}

func (s *stream) name() string {
	if s.to.Host == "" {
		return s.to.Addr.String()
	}
	return fmt.Sprintf("%s (%v)", s.to.Host, s.to.Addr)
}

// run reads and writes until either fails.
func (s *stream) run(c net.Conn) {
	s.mu.Lock()
	s.conn = c
	ended := s.err
	s.mu.Unlock()
	if ended != nil {
		c.Close()
		s.drain()
		return
	}
	s.n.goes(func() { s.end(s.read(c)) })
	s.end(s.write(c))
	s.drain()
}

// queue hands a message to the writer.
func (s *stream) queue(data []byte, failed func(error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	select {
	case s.out <- outgoing{data, failed}:
		return nil
	default:
		return errQueue
	}
}

func (s *stream) write(c net.Conn) error {
	for {
		select {
		case <-s.ctx.Done():
			return errClosed
		case m := <-s.out:
			err := c.SetWriteDeadline(time.Now().Add(writeTimeout))
			if err == nil {
				_, err = c.Write(m.data)
			}
			if err != nil {
				err = s.because(fmt.Errorf("sending to %s by %s: %w", s.name(), s.to.Network, err))
				m.fail(err)
				return err
			}
		}
	}
}

// because is why the connection has ended, if it has: the reader has heard the
// reason, and then closed what was being written to.
func (s *stream) because(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	return err
}

func (m outgoing) fail(err error) {
	if m.failed != nil {
		m.failed(err)
	}
}

// end closes the connection once and tells the receiver.
func (s *stream) end(err error) {
	s.once.Do(func() {
		s.n.mu.Lock()
		key := streamKey{s.to.Network, s.to.Addr}
		if s.n.streams[key] == s {
			delete(s.n.streams, key)
			delete(s.n.planned, key)
		}
		closing := s.n.closed
		s.n.mu.Unlock()
		s.mu.Lock()
		s.err = err
		c := s.conn
		if s.pong != nil {
			s.pong.Stop()
		}
		s.mu.Unlock()
		s.stop()
		if c != nil {
			c.Close()
		}
		if !closing {
			s.n.receiver.Closed(s.to, err)
		}
	})
}

// drain fails what is still queued. Nothing is added after end.
func (s *stream) drain() {
	for {
		select {
		case m := <-s.out:
			m.fail(s.err)
		default:
			return
		}
	}
}

func (s *stream) read(c net.Conn) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.n.o.Log.Error("parsing a stream panicked", "from", s.to.Addr, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("parsing what %s sent: %v", s.name(), r)
		}
	}()
	parser := wire.NewStream()
	buf := make([]byte, 16<<10)
	for {
		if err := c.SetReadDeadline(s.deadline(parser.Idle())); err != nil {
			return err
		}
		size, err := c.Read(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) && parser.Idle() && !s.guest && !s.passing.Load() {
			continue // it has come to be of lasting use meanwhile
		}
		if err != nil {
			return fmt.Errorf("connection to %s by %s: %w", s.name(), s.to.Network, err)
		}
		s.alive(buf[:size])
		pinged, err := parser.Write(buf[:size], func(m *wire.Message, err error) {
			s.n.deliver(Packet{From: s.to, Message: m, Err: err})
		})
		if pinged {
			// A full queue means a peer that does not read: then it gets no pong.
			_ = s.queue(pong, nil)
		}
		if err != nil {
			return fmt.Errorf("what %s sent by %s is not SIP: %.100q", s.name(), s.to.Network, err.Error())
		}
	}
}

func (s *stream) deadline(idle bool) time.Time {
	switch {
	case !idle:
		return time.Now().Add(partTimeout)
	case s.guest:
		return time.Now().Add(guestTimeout)
	case s.passing.Load():
		return time.Now().Add(passingTimeout)
	}
	return time.Time{}
}

// pong answers the double line end between messages (RFC 5626 section 3.5.1).
var pong = []byte("\r\n")
