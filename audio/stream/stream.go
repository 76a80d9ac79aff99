package stream

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"deskset/audio"
	"deskset/audio/dtmf"
	"deskset/audio/mix"
	"deskset/audio/pace"
)

var (
	errClosed  = errors.New("the stream is closed")
	errTooLong = errors.New("the packet lasts too long")
)

// Packets between callbacks and goroutines: outgoing ones wait for the encoder
// and the socket only, incoming ones for the next period of a sound card.
const (
	outgoingPieces = 8
	incomingFrames = 64
)

// Stream is one call's media. It implements audio.Stream for the event loop,
// and Read and Write for the sound card.
type Stream struct {
	cfg  audio.StreamConfig
	rtp  *net.UDPConn
	rtcp *net.UDPConn
	port uint16
	// clock is the time since the stream was made; never 0.
	clock func() time.Duration

	session atomic.Pointer[session]
	started atomic.Int64 // clock of the first Start
	closed  atomic.Bool
	keys    dtmf.Keys

	// Of the event loop.
	dscp    uint8
	retired retired
	// secured was made for the last keys: they come back after a hold.
	secured *secure

	// Of the capture callback.
	inband    *dtmf.Generator
	byTones   bool // digits went in-band last
	stamp     uint32
	talk      bool // the next voice packet begins talk
	lastWrite time.Duration
	levelOut  mix.Meter
	past      []float32 // captured last
	capturing *capture

	// Of the playback callback.
	deaf     bool // nobody has listened
	playing  *playback
	fading   *playback // of the codec before, nil most of the time
	left     int       // samples of it
	hearing  mix.Gain
	lastRead time.Duration
	pace     pace.Pace
	levelIn  mix.Meter

	heard heard

	outgoing  *ring[piece]
	incoming  *ring[frame]
	out       sender
	in        receiver
	control   control
	reporting *time.Timer // of the sending goroutine

	wake    chan struct{}
	pinhole atomic.Bool
	// collided: another has our SSRC.
	collided atomic.Bool
	// farLoss is 1 more than the percentage that the peer misses of our voice; 0
	// until it tells.
	farLoss atomic.Int32
	closing chan struct{}
	once    sync.Once
	sending sync.WaitGroup
	reading sync.WaitGroup
}

var _ audio.Stream = (*Stream)(nil)

// New binds an even RTP port and the odd RTCP port above it. The stream must be
// closed.
func New(cfg audio.StreamConfig) (*Stream, error) {
	began := time.Now()
	return newStream(cfg, func() time.Duration { return time.Since(began) + 1 })
}

func newStream(cfg audio.StreamConfig, clock func() time.Duration) (*Stream, error) {
	rtp, rtcp, err := bind(cfg.Local, cfg.PortLow, cfg.PortHigh)
	if err != nil {
		return nil, err
	}
	s := &Stream{
		cfg:      cfg,
		rtp:      rtp,
		rtcp:     rtcp,
		port:     rtp.LocalAddr().(*net.UDPAddr).AddrPort().Port(),
		clock:    clock,
		stamp:    rand.Uint32(),
		talk:     true,
		outgoing: newRing[piece](outgoingPieces),
		incoming: newRing[frame](incomingFrames),
		wake:     make(chan struct{}, 1),
		closing:  make(chan struct{}),
	}
	s.past = make([]float32, 0, maxPiece+block)
	s.inband = dtmf.NewGenerator(&s.keys, cardRate)
	s.heard.detector = dtmf.NewDetector(cardRate)
	s.heard.found = func(digit byte) { s.hear(digit, audio.DigitsTones) }
	s.out.init(s.stamp)
	for i, rate := range eventRates {
		s.in.events[i] = dtmf.NewReceiver(rate)
	}
	s.control.init()
	s.reporting = time.NewTimer(time.Hour)
	s.sending.Add(1)
	go s.send()
	s.reading.Add(2)
	go s.receive()
	go s.receiveControl()
	return s, nil
}

// SendOther implements audio.OtherSender.
func (s *Stream) SendOther(to netip.AddrPort, datagram []byte) error {
	_, err := s.rtp.WriteToUDPAddrPort(datagram, to)
	return err
}

// Sends tells whether voice goes out now: not on hold.
func (s *Stream) Sends() bool {
	n := s.session.Load()
	return n != nil && !s.closed.Load() && n.params.Direction.Sends()
}

// LocalPort implements audio.Stream.
func (s *Stream) LocalPort() uint16 { return s.port }

// Start implements audio.Stream. The first packet goes at once, whether or not
// anybody speaks: it opens the way back through a NAT.
func (s *Stream) Start(params audio.Params) error {
	if s.closed.Load() {
		return errClosed
	}
	last := s.session.Load()
	next, err := newSession(params, last, s)
	if err != nil {
		return err
	}
	if last != nil && last.playback != next.playback {
		s.retired.add(last.playback)
	}
	if params.DSCP != s.dscp {
		mark(s.rtp, params.DSCP)
		mark(s.rtcp, params.DSCP)
		s.dscp = params.DSCP
	}
	s.started.CompareAndSwap(0, int64(s.clock()))
	s.session.Store(next)
	if last == nil || last.params.Remote != params.Remote {
		s.in.followed.Store(nil)
	}
	if params.Direction != audio.Inactive {
		s.pinhole.Store(true)
		s.nudge()
	}
	return nil
}

// DigitDown implements audio.Stream.
func (s *Stream) DigitDown(digit byte) { s.keys.Down(digit) }

// DigitUp implements audio.Stream.
func (s *Stream) DigitUp() { s.keys.Up() }

// Close implements audio.Stream: it says goodbye by RTCP, frees the ports, and
// waits for the stream's goroutines, which do not linger.
func (s *Stream) Close() error {
	var err error
	s.once.Do(func() {
		s.closed.Store(true)
		// A stuck socket must not keep us.
		_ = s.rtp.SetWriteDeadline(time.Now().Add(closeTime))
		_ = s.rtcp.SetWriteDeadline(time.Now().Add(closeTime))
		close(s.closing)
		s.sending.Wait()
		err = errors.Join(s.rtp.Close(), s.rtcp.Close())
		s.reading.Wait()
	})
	return err
}

// closeTime bounds how long the last packets may take.
const closeTime = 50 * time.Millisecond

// target is where RTP goes: what was agreed, or whence the peer's packets
// prove to come (symmetric RTP, RFC 4961). It is invalid where nothing may be
// sent.
func (s *Stream) target() netip.AddrPort {
	if followed := s.in.followed.Load(); followed != nil {
		return *followed
	}
	n := s.session.Load()
	if n == nil || !sendable(n.params.Remote) {
		return netip.AddrPort{}
	}
	return n.params.Remote
}

// sendable tells whether packets can go to an address.
func sendable(a netip.AddrPort) bool {
	return a.IsValid() && a.Port() != 0 && !a.Addr().IsUnspecified()
}
