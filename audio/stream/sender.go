package stream

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"

	"deskset/audio/stream/jitter"
)

// sender is the state of the sending goroutine, and what it publishes.
type sender struct {
	ssrc     atomic.Uint32
	sequence uint16
	header   rtp.Header
	buf      []byte
	// sealed is where encrypted packets are made.
	sealed []byte

	clock     int // that the timestamps count, in Hz; 0 until it is known
	lastStamp uint32
	lastTime  time.Duration // 0 until something was sent
	// reported is the number of packets at the last RTCP report.
	reported uint64
	// packetsBefore and octetsBefore were sent under another SSRC.
	packetsBefore, octetsBefore uint64

	packets, octets atomic.Uint64 // octets of payload, as RTCP counts
	bytes           atomic.Uint64 // with headers
	first           atomic.Int64  // clock of the first packet; 0 if none yet
}

// maxHeader is that of the RTP headers we send: no extensions, no sources.
const maxHeader = 12

// init draws what RFC 3550 section 5.1 wants to be random; the callback's first
// packet is stamped with first.
func (o *sender) init(first uint32) {
	o.ssrc.Store(rand.Uint32())
	// In the lower half, so that no loss of the first packets hides a wrap from
	// who decrypts them (RFC 3711 section 3.3.1).
	o.sequence = uint16(rand.Uint32N(1 << 15))
	o.lastStamp = first
	o.buf = make([]byte, maxHeader+jitter.MaxPayload)
	o.sealed = make([]byte, 0, len(o.buf)+maxTag)
}

// send is the sending goroutine: it alone writes to the sockets.
func (s *Stream) send() {
	defer s.sending.Done()
	s.reporting.Reset(s.join())
	defer s.reporting.Stop()
	for {
		select {
		case <-s.closing:
			s.flush()
			s.bye()
			return
		case <-s.wake:
			s.flush()
		case <-s.reporting.C:
			due, again := s.reportDue()
			if due {
				s.report()
			}
			s.reporting.Reset(again)
		}
	}
}

// flush sends what the callback has made, and the packet that opens the way.
func (s *Stream) flush() {
	if s.collided.Swap(false) {
		s.renumber()
	}
	if s.pinhole.Swap(false) {
		s.open()
	}
	for p := s.outgoing.front(); p != nil; p = s.outgoing.front() {
		s.say(p)
		s.outgoing.release()
	}
}

// open sends one packet of silence, unless voice is under way in any case.
func (s *Stream) open() {
	n := s.session.Load()
	if n == nil {
		return
	}
	v := n.capture.speech
	if s.out.lastTime == 0 || s.clock()-s.out.lastTime > pause {
		s.countAt(v.info.ClockRate)
	}
	if s.out.lastTime == 0 {
		// Its place is just before the first packet of voice.
		s.transmit(s.out.lastStamp-v.ticks, v.format.PayloadType, true, v.quiet)
	} else if s.clock()-s.out.lastTime > pause {
		s.transmit(s.out.lastStamp+v.ticks, v.format.PayloadType, true, v.quiet)
	}
}

// transmit sends one packet. An address that cannot be reached is the network's
// trouble and shows in the statistics; the next packet may get there.
func (s *Stream) transmit(stamp uint32, payloadType uint8, marker bool, payload []byte) {
	to := s.target()
	if !to.IsValid() {
		return
	}
	o := &s.out
	o.header = rtp.Header{
		Version:        2,
		Marker:         marker,
		PayloadType:    payloadType,
		SequenceNumber: o.sequence,
		Timestamp:      stamp,
		SSRC:           o.ssrc.Load(),
	}
	n, err := o.header.MarshalTo(o.buf)
	if err != nil {
		return
	}
	n += copy(o.buf[n:], payload)
	o.sequence++
	o.lastStamp, o.lastTime = stamp, s.clock()
	datagram, ok := s.seal(o.buf[:n])
	if !ok {
		return
	}
	if _, err := s.rtp.WriteToUDPAddrPort(datagram, to); err != nil {
		return
	}
	s.tap(true, false, s.rtp, to, datagram)
	o.first.CompareAndSwap(0, int64(o.lastTime))
	o.packets.Add(1)
	o.octets.Add(uint64(len(payload)))
	o.bytes.Add(uint64(len(datagram)))
}
