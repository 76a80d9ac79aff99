package stream

import (
	"math/rand/v2"
	"net/netip"

	"github.com/pion/rtp"
)

// maxConflicts bounds how often we let ourselves be driven to another number.
const maxConflicts = 4

// conflicts are the addresses from which our own SSRC has come (RFC 3550 section
// 8.2). They belong to the receiving goroutine.
type conflicts struct {
	from  [maxConflicts]netip.AddrPort
	count int
}

// collides looks for our own SSRC in what arrives from where the peer is. The
// first time it may be chance: we take another. What comes from there under the
// new number as well is our own voice sent back, as echo services do, and is
// heard; the RFC would drop it, which makes such a service look dead.
func (s *Stream) collides(h *rtp.Header, from, agreed netip.AddrPort) bool {
	in := &s.in
	if h.SSRC != s.out.ssrc.Load() || from != agreed && from != in.source.addr {
		return false
	}
	c := &in.conflicts
	for _, known := range c.from[:c.count] {
		if known == from {
			return false
		}
	}
	if c.count == maxConflicts {
		return false
	}
	c.from[c.count] = from
	c.count++
	s.collided.Store(true)
	s.nudge()
	return true
}

// renumber says goodbye as who we were, and goes on as another source. It belongs
// to the sending goroutine.
func (s *Stream) renumber() {
	o := &s.out
	s.bye()
	old := o.ssrc.Load()
	next := rand.Uint32()
	for next == old || next == s.in.source.ssrc.Load() {
		next = rand.Uint32()
	}
	o.ssrc.Store(next)
	o.sequence = uint16(rand.Uint32N(1 << 15))
	o.packetsBefore, o.octetsBefore = o.packets.Load(), o.octets.Load()
	s.control.mu.Lock()
	s.control.schedule.left(old, s.clock())
	s.control.mu.Unlock()
}
