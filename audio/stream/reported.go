package stream

import (
	"encoding/binary"
	"math"
	"net/netip"
	"time"

	"github.com/pion/rtcp"

	"deskset/audio"
)

// maxControlPackets bounds how many packets of one datagram are looked at.
const maxControlPackets = 32

// receiveControl is the receiving goroutine of the RTCP socket.
func (s *Stream) receiveControl() {
	defer s.reading.Done()
	s.listen(s.rtcp, s.arriveControl)
}

// looksLikeRTCP tells RTCP from RTP on one port (RFC 5761 section 4).
func looksLikeRTCP(datagram []byte) bool {
	const header = 8
	return len(datagram) >= header && datagram[0]>>6 == 2 && datagram[1] >= 192 && datagram[1] <= 223
}

// arriveControl takes one RTCP datagram. Only reports of whom we talk to count.
func (s *Stream) arriveControl(datagram []byte, from netip.AddrPort) {
	to := s.target()
	if !to.IsValid() || from.Addr() != to.Addr().Unmap() {
		return
	}
	c := &s.control
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := s.clock() / time.Second; now != c.second {
		c.second, c.count = now, 0
	}
	if c.count++; c.count > maxControlRate {
		return
	}
	size := len(datagram) + headerSize(from)
	if datagram = s.unsealControl(datagram); datagram == nil {
		return
	}
	parts := compound(datagram)
	if parts == nil || binary.BigEndian.Uint32(parts[0][4:]) == s.out.ssrc.Load() {
		return // not RTCP, or our own come back (RFC 3550 section 8.2)
	}
	c.schedule.passed(size)
	now := s.clock()
	for _, part := range parts {
		s.controlPacket(part, now)
	}
	if peer := c.peer.Load(); !s.muxed() && (peer == nil || *peer != from) {
		c.peer.Store(&from)
	}
}

// compound cuts a datagram into its packets, if it is one that may be: all of
// version 2, a report at first and without padding, the lengths adding up (RFC
// 3550 appendix A.2). Nil if it is not.
func compound(datagram []byte) (parts [][]byte) {
	for rest := datagram; len(rest) > 0; {
		if len(rest) < 4 || rest[0]>>6 != 2 || len(parts) == maxControlPackets {
			return nil
		}
		size := 4 * (int(binary.BigEndian.Uint16(rest[2:])) + 1)
		padded := rest[0]&0x20 != 0
		if size > len(rest) || padded && size < len(rest) {
			return nil // only the last one may be padded
		}
		if kind := rtcp.PacketType(rest[1]); len(parts) == 0 && (padded || size < 8 || kind != rtcp.TypeSenderReport && kind != rtcp.TypeReceiverReport) {
			return nil
		}
		parts = append(parts, rest[:size])
		rest = rest[size:]
	}
	return parts
}

// controlPacket takes one packet of a compound. One that cannot be read is left out; the
// others count nevertheless.
func (s *Stream) controlPacket(part []byte, now time.Duration) {
	c := &s.control
	switch rtcp.PacketType(part[1]) {
	case rtcp.TypeSenderReport:
		var p rtcp.SenderReport
		if p.Unmarshal(part) != nil {
			return
		}
		c.schedule.heard(p.SSRC, now, false)
		if s.ofPresentSource(p.SSRC) {
			c.lastReport.Store(uint32(p.NTPTime >> 16))
			c.lastArrival.Store(int64(now))
		}
		s.heardOfUs(p.Reports)
	case rtcp.TypeReceiverReport:
		var p rtcp.ReceiverReport
		if p.Unmarshal(part) != nil {
			return
		}
		c.schedule.heard(p.SSRC, now, false)
		s.heardOfUs(p.Reports)
	case rtcp.TypeExtendedReport:
		s.heardMetrics(part)
	case rtcp.TypeGoodbye:
		var p rtcp.Goodbye
		if p.Unmarshal(part) != nil {
			return
		}
		for _, ssrc := range p.Sources {
			c.schedule.left(ssrc, now)
		}
	}
}

// ofPresentSource tells whether a sender report is that of whom we hear: reports
// of others, or of the source before a transfer, say nothing of its clock.
func (s *Stream) ofPresentSource(ssrc uint32) bool {
	in := &s.in.source.counts
	return !in.active.Load() || in.ssrc.Load() == ssrc
}

// heardOfUs takes loss and jitter from a report about our packets, and the round
// trip (RFC 3550 section 6.4.1, LSR and DLSR).
func (s *Stream) heardOfUs(reports []rtcp.ReceptionReport) {
	for _, r := range reports {
		if r.SSRC != s.out.ssrc.Load() {
			continue
		}
		far := &s.control.far
		far.Reported = true
		far.Loss = float64(r.FractionLost) * 100 / 256
		s.farLoss.Store(1 + int32(math.Ceil(far.Loss)))
		far.Lost = int(int32(r.TotalLost<<8) >> 8) // 24 bits with a sign
		if n := s.session.Load(); n != nil {
			far.Jitter = time.Duration(r.Jitter) * time.Second / time.Duration(n.capture.info.ClockRate)
		}
		if r.LastSenderReport == 0 {
			continue
		}
		trip := uint32(ntp(time.Now())>>16) - r.LastSenderReport - r.Delay
		if int32(trip) >= 0 && trip < 65536*60 {
			// 0 is unknown.
			s.control.roundTrip.Store(max(1, int64(time.Duration(trip)*time.Second/65536)))
		}
	}
}

// farHears is what the peer said last of our voice.
func (s *Stream) farHears() audio.Far {
	s.control.mu.Lock()
	defer s.control.mu.Unlock()
	return s.control.far
}
