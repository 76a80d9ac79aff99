package stream

import (
	"deskset/audio"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"deskset/audio/dtmf"
	"deskset/audio/stream/jitter"
)

// errorPause keeps a socket that fails from keeping a processor busy.
const errorPause = 5 * time.Millisecond

// maxDatagram is more than any packet of ours or of a sane peer.
const maxDatagram = 2048

// receiver is the state of the receiving goroutine, and what it publishes.
type receiver struct {
	source source
	events [len(eventRates)]*dtmf.Receiver
	packet rtp.Packet
	header rtp.Header     // of packets that are encrypted
	opened []byte         // where they are decrypted
	agreed netip.AddrPort // the remote address of the session last seen
	fresh  bool           // the next voice is the first of a new source
	// shift makes the sequence numbers of a voice that goes on under another
	// SSRC follow its last one, sequence; shifted, it is to be found.
	shift, sequence uint16
	shifted         bool

	conflicts conflicts
	// lateOf is the buffer whose late packets were seen so far.
	lateOf   *playback
	lateSeen uint64

	packets, bytes atomic.Uint64
	octets         atomic.Uint64 // of payload
	first          atomic.Int64  // clock of the first packet
	last           atomic.Int64  // clock of the last packet; 0 if none yet
	payloadType    atomic.Uint32
	// followed is where the peer's packets come from, if not from where it
	// said.
	followed atomic.Pointer[netip.AddrPort]
}

// receive is the receiving goroutine of the RTP socket.
func (s *Stream) receive() {
	defer s.reading.Done()
	s.listen(s.rtp, s.arrive)
}

// listen hands each datagram of a socket to take, until the stream is closed.
// One that fills the buffer has been cut, and is dropped.
func (s *Stream) listen(conn *net.UDPConn, take func(datagram []byte, from netip.AddrPort)) {
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(buf)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			// An ICMP error of a packet that we sent, or an interface that has
			// gone down: it may come back.
			select {
			case <-s.closing:
				return
			case <-time.After(errorPause):
			}
		case n < len(buf):
			s.tap(false, conn == s.rtcp || s.muxed() && looksLikeRTCP(buf[:n]), conn, unmap(from), buf[:n])
			take(buf[:n], unmap(from))
		}
	}
}

// unmap makes addresses from dual-stack sockets comparable.
func unmap(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// looksLikeRTP sorts out STUN, DTLS, RTCP and noise before anything is parsed
// (RFC 7983, RFC 5761 section 4).
func looksLikeRTP(datagram []byte) bool {
	const fixedHeader = 12
	if len(datagram) < fixedHeader || datagram[0]>>6 != 2 {
		return false
	}
	kind := datagram[1] & 0x7F
	return kind < 64 || kind > 95
}

// arrive takes one datagram of the RTP socket. It is counted when all is done.
func (s *Stream) arrive(datagram []byte, from netip.AddrPort) {
	if s.muxed() && looksLikeRTCP(datagram) {
		s.arriveControl(datagram, from)
		return
	}
	if !looksLikeRTP(datagram) {
		if s.cfg.Other != nil && len(datagram) > 0 && datagram[0]>>6 == 0 {
			s.cfg.Other(from, datagram)
		}
		return
	}
	n := s.session.Load()
	if n == nil {
		return
	}
	size := len(datagram)
	if datagram = s.unseal(n, datagram); datagram == nil {
		return
	}
	p := &s.in.packet
	if err := p.Unmarshal(datagram); err != nil || len(p.Payload) == 0 || len(p.Payload) > jitter.MaxPayload {
		return
	}
	events := s.eventsOf(n, p.PayloadType)
	if events == nil && n.decoders[p.PayloadType] == nil {
		return
	}
	if s.collides(&p.Header, from, unmap(n.params.Remote)) || !s.believe(p, n.clocks[p.PayloadType], from, unmap(n.params.Remote)) {
		return
	}
	now := s.clock()
	if events != nil {
		s.digit(events, p)
	} else {
		s.voice(n, p, now)
	}
	s.in.last.Store(int64(now))
	s.in.first.CompareAndSwap(0, int64(now))
	s.in.octets.Add(uint64(len(p.Payload)))
	s.in.bytes.Add(uint64(size))
	s.in.packets.Add(1)
}

// believe tells whether the packet is of the source that we listen to; clock
// counts its timestamps, 0 for events.
func (s *Stream) believe(p *rtp.Packet, clock int, from, agreed netip.AddrPort) bool {
	r := &s.in
	if agreed != r.agreed {
		r.agreed = agreed
		r.source.forget()
	}
	newClock := clock != 0 && r.source.clock.Load() != 0 && uint32(clock) != r.source.clock.Load()
	switch r.source.judge(&p.Header, from, agreed, newClock) {
	case drop:
		return false
	case restart:
		// With a new clock the voice goes on in another codec.
		r.fresh, r.shifted = !newClock, newClock
		if r.fresh {
			r.shift = 0
		}
		for _, events := range r.events {
			events.Reset()
		}
	}
	s.follow()
	return true
}

// follow sends to where the peer's packets come from, once they are steady. A
// peer that said 0.0.0.0, or port 0, wants nothing.
func (s *Stream) follow() {
	r := &s.in
	if r.source.proven < steadyElsewhere || !sendable(r.agreed) {
		return
	}
	followed := r.followed.Load()
	switch {
	case followed == nil && r.source.addr == r.agreed:
	case followed != nil && *followed == r.source.addr:
	default:
		addr := r.source.addr
		r.followed.Store(&addr)
	}
}

// eventsOf tells who takes the events of a payload type; nil for voice.
func (s *Stream) eventsOf(n *session, payloadType uint8) *dtmf.Receiver {
	switch payloadType {
	case 0:
		return nil
	case n.params.EventReceive:
		return s.in.events[0]
	case n.params.EventReceiveWide:
		return s.in.events[1]
	}
	return nil
}

// digit reports a digit that begins with this event packet.
func (s *Stream) digit(events *dtmf.Receiver, p *rtp.Packet) {
	s.heard.events.Store(true)
	if digit := events.Receive(p.Payload, p.Timestamp, p.Marker); digit != 0 {
		s.hear(digit, audio.DigitsEvents)
	}
}

// voice hands a packet to the playback callback. If that does not listen, the
// ring is full of old voice, which it will drop.
func (s *Stream) voice(n *session, p *rtp.Packet, now time.Duration) {
	s.in.source.delay(p.Timestamp, now, n.clocks[p.PayloadType])
	s.in.discards(n.playback)
	if p.PayloadType != n.noise {
		s.in.payloadType.Store(uint32(p.PayloadType))
	}
	if !n.params.Direction.Receives() {
		return
	}
	f := s.incoming.reserve()
	if f == nil {
		return
	}
	if s.in.shifted {
		s.in.shifted = false
		s.in.shift = s.in.sequence + 1 - p.SequenceNumber
	}
	s.in.sequence = p.SequenceNumber + s.in.shift
	f.sequence, f.marker = s.in.sequence, p.Marker
	f.stamp, f.payloadType, f.restart = p.Timestamp, p.PayloadType, s.in.fresh
	f.length = copy(f.payload[:], p.Payload)
	s.in.fresh = false
	s.incoming.commit()
}

// discards takes note of the packets that the playout buffer has thrown away.
func (r *receiver) discards(p *playback) {
	late := p.buffer.Late.Load()
	if r.lateOf == p && late > r.lateSeen {
		r.source.losses.late(r.source.seen, late-r.lateSeen)
	}
	r.lateOf, r.lateSeen = p, late
}

// sinceLast is how long ago the last packet came; 0 if none has.
func (r *receiver) sinceLast(now time.Duration) time.Duration {
	last := time.Duration(r.last.Load())
	if last == 0 {
		return 0
	}
	return max(1, now-last)
}
