package talk

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"deskset/audio/codec"
)

// Framing of what is sent: 20 ms, as the answer's ptime says.
const (
	frameTime    = 20 * time.Millisecond
	frameSamples = 160
	sampleRate   = 8000
)

// Options make a session.
type Options struct {
	// Local is the address to bind; ports are free ones.
	Local   netip.Addr
	Service Service
	// Codec is the only one that the session speaks; empty is G.711.
	Codec codec.Name
	Log   *slog.Logger
}

// Digit is one that the session heard.
type Digit struct {
	Key     byte   // '0'-'9', '*', '#', 'A'-'D'
	Method  string // "event" (RFC 4733), "tone" (in-band) or "info" (SIP INFO)
	Service Service
}

// Outcome is why a service ends its call.
type Outcome uint8

// The outcomes.
const (
	Done           Outcome = iota
	CallBackWanted         // and the caller is to be called back
)

// Session is the media of one call.
type Session struct {
	Options
	// OnDigit and OnEnd are called on the media goroutine; OnEnd once. Set
	// them before Start.
	OnDigit func(Digit)
	OnEnd   func(Outcome)

	rtp, rtcp *net.UDPConn
	local     netip.AddrPort
	id        uint64
	version   uint64
	secured   *protection // the last one made
	flow      atomic.Pointer[flow]
	pressed   chan byte
	started   bool
	closed    bool
	done      chan struct{}
	running   atomic.Int32 // goroutines; the last one closes done

	stream
}

// bindTries is how often a pair of ports is tried for.
const bindTries = 50

// New binds an even port for RTP and the next for RTCP (RFC 3550 section 11).
func New(o Options) (*Session, error) {
	s := &Session{Options: o, id: rand.Uint64N(1 << 62), pressed: make(chan byte, 16), done: make(chan struct{})}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	var err error
	for range bindTries {
		if err = s.bind(); err == nil {
			s.begin(o.Service)
			return s, nil
		}
	}
	return nil, fmt.Errorf("lab: RTP ports on %s: %w", o.Local, err)
}

var errOddPort = errors.New("no even port with a free one behind it")

func (s *Session) bind() error {
	rtp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(s.Local, 0)))
	if err != nil {
		return err
	}
	port := uint16(rtp.LocalAddr().(*net.UDPAddr).Port)
	if port%2 != 0 {
		rtp.Close()
		return errOddPort
	}
	rtcp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(s.Local, port+1)))
	if err != nil {
		rtp.Close()
		return err
	}
	s.rtp, s.rtcp, s.local = rtp, rtcp, netip.AddrPortFrom(s.Local, port)
	return nil
}

// reachable: as the exchange, a loopback session sends to loopback only.
func (s *Session) reachable(to netip.AddrPort) bool {
	return to.IsValid() && to.Port() != 0 && !to.Addr().IsMulticast() && !to.Addr().IsUnspecified() &&
		to.Addr().IsLoopback() == s.Local.IsLoopback() && to != s.local
}

// Start lets the media flow.
func (s *Session) Start() {
	if s.started || s.closed {
		return
	}
	s.started = true
	s.running.Store(2)
	go s.run()
	go s.readRTCP()
}

// Press is a digit that came by other ways than RTP; it does not wait.
func (s *Session) Press(key byte) {
	select {
	case s.pressed <- key:
	default:
	}
}

// Close ends the session. It returns at once; Done tells when all has stopped.
func (s *Session) Close() {
	if s.closed {
		return
	}
	s.closed = true
	s.rtp.Close()
	s.rtcp.Close()
	if !s.started {
		close(s.done)
	}
}

// Done is closed when the session's goroutines have ended.
func (s *Session) Done() <-chan struct{} { return s.done }

// leave is called by each goroutine at its end.
func (s *Session) leave() {
	if s.running.Add(-1) == 0 {
		close(s.done)
	}
}
