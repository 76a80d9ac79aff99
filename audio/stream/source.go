package stream

import (
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
)

// RFC 3550 appendix A.1.
const (
	maxDropout  = 3000
	maxMisorder = 100
)

// How many packets in a row prove that a sender counts anew: two (appendix A.1),
// but more where they look like old ones of the same count, which a network may
// have held back or sent twice.
const (
	provesJump   = 2
	provesReturn = 8
)

// How many packets in a row, with none from the present source between them, a
// new source must send before it is believed: a new SSRC at the same address
// or at the agreed one, and one at another address.
const (
	steadyHere      = 2
	steadyElsewhere = 4
)

// verdict on a packet.
type verdict uint8

const (
	drop    verdict = iota
	take            // it belongs to the present source
	restart         // it is the first of a new source, or of one that began anew
)

// source judges and counts the packets that arrive (RFC 3550 appendix A.1, A.3,
// A.8). It belongs to the receiving goroutine, except for counts.
type source struct {
	counts
	losses losses

	known bool
	addr  netip.AddrPort
	// proven packets have come from addr; see steadyElsewhere.
	proven int

	highest  uint16
	cycles   uint32
	newest   uint32 // timestamp of highest
	bad      uint16 // the sequence number that would prove a jump
	jumped   int    // packets in a row that jumped
	seen     uint64 // bit i: highest-i has come
	first    uint32 // extended sequence number of the source's first packet
	received uint64 // from this source
	before   uint64 // lost of the sources before it

	transit    int64 // timestamp units
	hasTransit bool
	jitter     float64

	rival rival
}

// rival is a source that may become the present one.
type rival struct {
	addr  netip.AddrPort
	ssrc  uint32
	next  uint16
	count int
}

// counts is what others may read.
type counts struct {
	ssrc     atomic.Uint32
	extended atomic.Uint32 // highest sequence number with its cycles
	expected atomic.Uint64 // from this source
	got      atomic.Uint64 // from this source
	lost     atomic.Uint64 // from all
	jitter16 atomic.Uint32 // timestamp units
	clock    atomic.Uint32 // that they count, in Hz; 0 if nothing has come
	active   atomic.Bool

	duplicates atomic.Uint64 // of all sources
}

// judge looks at a packet from an address; agreed is where the peer said that
// it would be. Where timestamps count a new clock a new source is what RFC 7160
// section 4.1 asks for: it need not prove itself.
func (s *source) judge(h *rtp.Header, from, agreed netip.AddrPort, newClock bool) verdict {
	if !s.known {
		s.adopt(h, from)
		return restart
	}
	if from == s.addr && h.SSRC == s.ssrc.Load() {
		s.rival.count = 0
		return s.sequence(h.SequenceNumber, h.Timestamp)
	}
	if !s.rival.steady(h, from, s.addr, agreed) && !(newClock && from == s.addr) {
		return drop
	}
	s.adopt(h, from)
	return restart
}

// steady counts a rival's packet and tells whether it has won.
func (r *rival) steady(h *rtp.Header, from, present, agreed netip.AddrPort) bool {
	if r.count == 0 || r.addr != from || r.ssrc != h.SSRC || h.SequenceNumber-r.next > maxMisorder {
		*r = rival{addr: from, ssrc: h.SSRC}
	}
	r.count++
	r.next = h.SequenceNumber + 1
	if from == present || from == agreed {
		return r.count >= steadyHere
	}
	return r.count >= steadyElsewhere
}

// adopt makes the packet's sender the present source.
func (s *source) adopt(h *rtp.Header, from netip.AddrPort) {
	if s.known {
		s.before = s.lost.Load()
	}
	if from != s.addr {
		s.proven = s.rival.count
	}
	s.known, s.addr, s.rival = true, from, rival{}
	s.ssrc.Store(h.SSRC)
	s.begin(h.SequenceNumber, h.Timestamp)
}

func (s *source) begin(sequence uint16, stamp uint32) {
	s.highest, s.cycles, s.seen = sequence, 0, 1
	s.first, s.received = uint32(sequence), 1
	s.newest, s.jumped = stamp, 0
	s.hasTransit, s.jitter = false, 0
	s.jitter16.Store(0)
	s.losses.begin()
	s.proven++
	s.publish()
	s.active.Store(true)
}

// forget drops the source: the peer has moved.
func (s *source) forget() {
	if s.known {
		s.before = s.lost.Load()
	}
	s.known, s.proven, s.rival = false, 0, rival{}
	s.active.Store(false)
}

// sequence follows the sequence number of the present source.
func (s *source) sequence(number uint16, stamp uint32) verdict {
	switch step := number - s.highest; {
	case step == 0:
		s.duplicates.Add(1)
		return drop
	case step < maxDropout:
		if number < s.highest {
			s.cycles += 1 << 16
		}
		s.highest, s.newest = number, stamp
		s.losses.advance(s.seen, int(step))
		s.seen = s.seen<<step | 1
	case step <= 1<<16-maxMisorder-1:
		return s.leap(number, stamp)
	default:
		back := -step
		if back >= 64 {
			return drop // far too late, or a duplicate: too old to tell
		}
		if s.seen&(1<<back) != 0 {
			s.duplicates.Add(1)
			return drop
		}
		s.seen |= 1 << back
	}
	s.jumped = 0
	s.received++
	s.proven++
	s.publish()
	return take
}

// leap judges a packet far from where the source is.
func (s *source) leap(number uint16, stamp uint32) verdict {
	if number != s.bad {
		s.jumped = 0
	}
	s.jumped++
	s.bad = number + 1
	proof := provesJump
	if back := s.highest - number; back < 1<<15 && int32(s.newest-stamp) > 0 {
		proof = provesReturn
	}
	if s.jumped < proof {
		return drop
	}
	s.before = s.lost.Load()
	s.begin(number, stamp)
	return restart
}

func (s *source) publish() {
	extended := s.cycles + uint32(s.highest)
	expected := uint64(extended - s.first + 1)
	s.extended.Store(extended)
	s.expected.Store(expected)
	s.got.Store(s.received)
	lost := s.before
	if expected > s.received { // duplicates may turn it round
		lost += expected - s.received
	}
	s.lost.Store(lost)
}

// delay follows the interarrival jitter (appendix A.8); arrival on our clock,
// which has no need to be the sender's.
func (s *source) delay(stamp uint32, arrival time.Duration, clockRate int) {
	if uint32(clockRate) != s.clock.Load() {
		s.clock.Store(uint32(clockRate))
		s.hasTransit, s.jitter = false, 0
	}
	now := int64(arrival) * int64(clockRate) / int64(time.Second)
	transit := int64(int32(uint32(now) - stamp))
	d := transit - s.transit
	s.transit = transit
	if !s.hasTransit {
		s.hasTransit = true
		return
	}
	if limit := int64(clockRate) * 10; d > limit || d < -limit {
		return // the timestamps began anew
	}
	s.jitter += (float64(max(d, -d)) - s.jitter) / 16
	s.jitter16.Store(uint32(s.jitter))
}
