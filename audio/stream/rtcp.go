package stream

import (
	"encoding/base64"
	"math/rand/v2"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
)

// reportTime is the mean time between reports (RFC 3550 section 6.2: the
// minimum of 5 s).
const reportTime = 5 * time.Second

// maxControlRate bounds how many RTCP packets are looked at per second: a peer
// sends one in five.
const maxControlRate = 20

// control is the state of RTCP.
type control struct {
	cname string

	// Of the sending goroutine: what the last report said.
	expected, got uint64

	// lastReport holds the middle 32 bits of the peer's last sender report,
	// lastArrival the clock when it came.
	lastReport  atomic.Uint32
	lastArrival atomic.Int64
	roundTrip   atomic.Int64
	// peer is where the peer's RTCP comes from, if it has come.
	peer atomic.Pointer[netip.AddrPort]
}

// init draws a name that says nothing of the user (RFC 7022 section 4.2).
func (c *control) init() {
	var b [12]byte
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	c.cname = base64.StdEncoding.EncodeToString(b[:])
}

// reportInterval is random, so that reports of many never fall together (RFC
// 3550 section 6.2).
func reportInterval() time.Duration {
	return time.Duration((0.5 + rand.Float64()) * float64(reportTime))
}

// report sends one compound packet.
func (s *Stream) report() { s.sendControl(s.reports()) }

// bye ends the source, if it ever was one.
func (s *Stream) bye() {
	if s.out.packets.Load() == 0 {
		return
	}
	s.sendControl(append(s.reports(), &rtcp.Goodbye{Sources: []uint32{s.out.ssrc}}))
}

func (s *Stream) sendControl(packets []rtcp.Packet) {
	to := s.controlTarget()
	if !to.IsValid() {
		return
	}
	data, err := rtcp.Marshal(packets)
	if err != nil {
		return
	}
	if data = s.sealControl(data); data == nil {
		return
	}
	// RTCP is a courtesy: what does not arrive is not missed.
	if _, err := s.rtcp.WriteToUDPAddrPort(data, to); err == nil {
		s.tap(true, s.rtcp, to, data)
	}
}

// controlTarget is what the peer has named, else the port above that of RTP, or
// whence the peer's RTCP comes.
func (s *Stream) controlTarget() netip.AddrPort {
	to := s.target()
	if peer := s.control.peer.Load(); peer != nil && peer.Addr() == to.Addr().Unmap() {
		return *peer
	}
	if n := s.session.Load(); n != nil && to == n.params.Remote && sendable(n.params.RemoteControl) {
		return n.params.RemoteControl
	}
	if !to.IsValid() || to.Port() == 65535 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(to.Addr(), to.Port()+1)
}

// reports makes the sender or receiver report and the description that every
// compound packet has (RFC 3550 section 6.1).
func (s *Stream) reports() []rtcp.Packet {
	o := &s.out
	blocks := s.receptionReports()
	var first rtcp.Packet = &rtcp.ReceiverReport{SSRC: o.ssrc, Reports: blocks}
	if sent := o.packets.Load(); sent != o.reported {
		o.reported = sent
		first = &rtcp.SenderReport{
			SSRC:        o.ssrc,
			NTPTime:     ntp(time.Now()),
			RTPTime:     s.stampNow(),
			PacketCount: uint32(sent),
			OctetCount:  uint32(o.octets.Load()),
			Reports:     blocks,
		}
	}
	return []rtcp.Packet{first, &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
		Source: o.ssrc,
		Items:  []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: s.control.cname}},
	}}}}
}

// stampNow is the timestamp that a packet sent now would have.
func (s *Stream) stampNow() uint32 {
	rate := s.session.Load().capture.info.ClockRate
	return s.out.lastStamp + uint32((s.clock()-s.out.lastTime)*time.Duration(rate)/time.Second)
}

// receptionReports tells the peer how its packets arrive (RFC 3550 section
// 6.4.1).
func (s *Stream) receptionReports() []rtcp.ReceptionReport {
	c, in := &s.control, &s.in.source.counts
	if !in.active.Load() {
		return nil
	}
	expected, got := in.expected.Load(), in.got.Load()
	if expected < c.expected { // a new source
		c.expected, c.got = 0, 0
	}
	var fraction uint8
	due, came := expected-c.expected, got-c.got
	if due > came && due > 0 {
		fraction = uint8(min(255, (due-came)*256/due))
	}
	c.expected, c.got = expected, got
	r := rtcp.ReceptionReport{
		SSRC:               in.ssrc.Load(),
		FractionLost:       fraction,
		TotalLost:          uint32(min(in.lost.Load(), 1<<23-1)),
		LastSequenceNumber: in.extended.Load(),
		Jitter:             in.jitter16.Load(),
		LastSenderReport:   c.lastReport.Load(),
	}
	if r.LastSenderReport != 0 {
		r.Delay = uint32((s.clock() - time.Duration(c.lastArrival.Load())) * 65536 / time.Second)
	}
	return []rtcp.ReceptionReport{r}
}

// receiveControl is the receiving goroutine of the RTCP socket.
func (s *Stream) receiveControl() {
	defer s.reading.Done()
	var second time.Duration
	count := 0
	s.listen(s.rtcp, func(datagram []byte, from netip.AddrPort) {
		if now := s.clock() / time.Second; now != second {
			second, count = now, 0
		}
		if count++; count <= maxControlRate {
			s.arriveControl(datagram, from)
		}
	})
}

// arriveControl takes one RTCP datagram. Only reports of whom we talk to count.
func (s *Stream) arriveControl(datagram []byte, from netip.AddrPort) {
	to := s.target()
	if !to.IsValid() || from.Addr() != to.Addr().Unmap() {
		return
	}
	if datagram = s.unsealControl(datagram); datagram == nil {
		return
	}
	packets, err := rtcp.Unmarshal(datagram)
	if err != nil {
		return
	}
	now := s.clock()
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.SenderReport:
			s.control.lastReport.Store(uint32(p.NTPTime >> 16))
			s.control.lastArrival.Store(int64(now))
			s.heardOfUs(p.Reports)
		case *rtcp.ReceiverReport:
			s.heardOfUs(p.Reports)
		}
	}
	if peer := s.control.peer.Load(); peer == nil || *peer != from {
		s.control.peer.Store(&from)
	}
}

// heardOfUs takes the round trip from a report about our packets (RFC 3550
// section 6.4.1, LSR and DLSR).
func (s *Stream) heardOfUs(reports []rtcp.ReceptionReport) {
	for _, r := range reports {
		if r.SSRC != s.out.ssrc || r.LastSenderReport == 0 {
			continue
		}
		trip := uint32(ntp(time.Now())>>16) - r.LastSenderReport - r.Delay
		if int32(trip) >= 0 && trip < 65536*60 {
			s.control.roundTrip.Store(int64(time.Duration(trip) * time.Second / 65536))
		}
	}
}

// ntp is a time as RFC 3550 section 4 counts it: seconds since 1900 in the
// upper half, their fraction in the lower.
func ntp(t time.Time) uint64 {
	const from1900to1970 = 2208988800
	seconds := uint64(t.Unix()) + from1900to1970
	return seconds<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}
