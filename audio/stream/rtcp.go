package stream

import (
	"encoding/base64"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"

	"deskset/audio"
)

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

	// mu guards what follows: RTCP may come by both sockets, and the sending
	// goroutine keeps the time.
	mu       sync.Mutex
	schedule schedule
	far      audio.Far
	second   time.Duration // in which count packets have come
	count    int
}

// init draws a name that says nothing of the user (RFC 7022 section 4.2).
func (c *control) init() {
	var b [12]byte
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	c.cname = base64.StdEncoding.EncodeToString(b[:])
	c.schedule = newSchedule(rand.Float64)
}

// join begins to keep the time of reports: the first is that of somebody who has
// not sent yet.
func (s *Stream) join() time.Duration {
	const firstSize = 28 + 8 + 32 // IP and UDP, receiver report, description
	c := &s.control
	c.mu.Lock()
	defer c.mu.Unlock()
	now := s.clock()
	c.schedule.begin(now, firstSize)
	return c.schedule.next - now
}

// reportDue is asked when the time has come; it tells when to ask again.
func (s *Stream) reportDue() (due bool, again time.Duration) {
	c := &s.control
	sent := s.out.packets.Load()
	c.mu.Lock()
	defer c.mu.Unlock()
	now := s.clock()
	if n := s.session.Load(); n != nil {
		c.schedule.bandwidth = n.bandwidth()
	}
	if last := time.Duration(s.in.last.Load()); last != 0 {
		c.schedule.heard(s.in.source.ssrc.Load(), last, true)
	}
	// Who has sent since the report before the last one is a sender (RFC 3550
	// section 6.3.8).
	c.schedule.weSent = sent != s.out.reported
	due, next := c.schedule.expired(now)
	return due, next - now
}

// bandwidth of the session in octets per second, with all headers (RFC 3550
// section 6.2).
func (n *session) bandwidth() float64 {
	const headers = 20 + 8 + maxHeader
	packet := n.params.PacketTime.Seconds()
	if packet <= 0 {
		packet = defaultPacketTime.Seconds()
	}
	return float64(len(n.capture.speech.quiet)+headers) / packet
}

// report sends one compound packet.
func (s *Stream) report() { s.sendControl(s.reports()) }

// bye ends the source, if it ever was one (RFC 3550 section 6.3.7).
func (s *Stream) bye() {
	if s.out.packets.Load() == 0 {
		return
	}
	s.sendControl(append(s.reports(), &rtcp.Goodbye{Sources: []uint32{s.out.ssrc.Load()}}))
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
	s.control.mu.Lock()
	s.control.schedule.passed(len(data) + headerSize(to))
	s.control.mu.Unlock()
	// RTCP is a courtesy: what does not arrive is not missed.
	conn := s.controlConn()
	if _, err := conn.WriteToUDPAddrPort(data, to); err == nil {
		s.tap(true, true, conn, to, data)
	}
}

// headerSize is what IP and UDP add, which counts as bandwidth (RFC 3550 section
// 6.2).
func headerSize(a netip.AddrPort) int {
	if a.Addr().Unmap().Is4() {
		return 20 + 8
	}
	return 40 + 8
}

// controlConn is the socket that RTCP is sent by.
func (s *Stream) controlConn() *net.UDPConn {
	if s.muxed() {
		return s.rtp
	}
	return s.rtcp
}

func (s *Stream) muxed() bool {
	n := s.session.Load()
	return n != nil && n.params.Mux
}

// controlTarget is what the peer has named, else the port above that of RTP, or
// whence the peer's RTCP comes.
func (s *Stream) controlTarget() netip.AddrPort {
	to := s.target()
	if s.muxed() {
		return to
	}
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

// ntp is a time as RFC 3550 section 4 counts it: seconds since 1900 in the
// upper half, their fraction in the lower.
func ntp(t time.Time) uint64 {
	const from1900to1970 = 2208988800
	seconds := uint64(t.Unix()) + from1900to1970
	return seconds<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}
