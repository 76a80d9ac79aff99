package talk

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pion/rtcp"
)

// reportTime is how often we report (RFC 3550 section 6.2 asks for 5 s).
const reportTime = 5 * time.Second

// counters of what was sent, for the sender report.
type counters struct {
	packets, octets uint32
	stamp           uint32 // of the last packet
	at              time.Time
}

// senderReport is the last one of the peer.
type senderReport struct {
	middle uint32 // middle 32 bits of its NTP time
	at     time.Time
}

// reception counts what arrives, for the report block (RFC 3550 appendix A).
type reception struct {
	began         bool
	base, highest uint32 // extended sequence numbers
	received      uint32
	// at the last report
	expectedBefore, receivedBefore uint32
	transit                        uint32
	jitter                         float64
}

func (r *reception) count(sequence uint16, stamp uint32, now time.Time) {
	arrival := uint32(now.UnixNano() / (int64(time.Second) / sampleRate))
	transit := arrival - stamp
	if !r.began {
		r.began, r.base, r.highest, r.transit = true, uint32(sequence), uint32(sequence), transit
	}
	if step := int16(sequence - uint16(r.highest)); step > 0 {
		r.highest += uint32(step)
	}
	r.received++
	d := int32(transit - r.transit)
	r.transit = transit
	if d < 0 {
		d = -d
	}
	r.jitter += (float64(d) - r.jitter) / 16
}

// block makes the report block and remembers it for the next.
func (r *reception) block(peer uint32, last *senderReport, now time.Time) rtcp.ReceptionReport {
	expected := r.highest - r.base + 1
	lost := max(int64(expected)-int64(r.received), 0)
	b := rtcp.ReceptionReport{SSRC: peer, TotalLost: uint32(min(lost, 1<<23-1)), LastSequenceNumber: r.highest, Jitter: uint32(r.jitter)}
	expectedNow, receivedNow := expected-r.expectedBefore, r.received-r.receivedBefore
	if expectedNow > receivedNow && expectedNow > 0 {
		b.FractionLost = uint8(min((expectedNow-receivedNow)*256/expectedNow, 255))
	}
	r.expectedBefore, r.receivedBefore = expected, r.received
	if last != nil {
		b.LastSenderReport = last.middle
		b.Delay = uint32(now.Sub(last.at) * 65536 / time.Second)
	}
	return b
}

// ntpEpoch is 1 January 1900 in Unix time (RFC 3550 section 4).
const ntpEpoch = 2208988800

func ntp(t time.Time) uint64 {
	return uint64(t.Unix()+ntpEpoch)<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// sendReport sends what was sent and what arrived, with our name.
func (s *Session) sendReport(f *flow, now time.Time) {
	to := s.destination(f)
	if !to.IsValid() || to.Port() == 65535 {
		return
	}
	var blocks []rtcp.ReceptionReport
	if s.heard.began {
		blocks = append(blocks, s.heard.block(s.peer, s.lastSR.Load(), now))
	}
	var report rtcp.Packet = &rtcp.ReceiverReport{SSRC: s.ssrc, Reports: blocks}
	if s.sent.packets > 0 {
		elapsed := uint32(now.Sub(s.sent.at) * sampleRate / time.Second)
		report = &rtcp.SenderReport{
			SSRC: s.ssrc, NTPTime: ntp(now), RTPTime: s.sent.stamp + elapsed,
			PacketCount: s.sent.packets, OctetCount: s.sent.octets, Reports: blocks,
		}
	}
	data, err := rtcp.Marshal([]rtcp.Packet{report, rtcp.NewCNAMESourceDescription(s.ssrc, "lab@"+s.local.Addr().String())})
	if err == nil {
		_, _ = s.rtcp.WriteToUDPAddrPort(f.sealedControl(data), netip.AddrPortFrom(to.Addr(), to.Port()+1))
	}
}

// readRTCP listens for the peer's sender reports.
func (s *Session) readRTCP() {
	defer s.leave()
	buf := make([]byte, 2048)
	for {
		n, _, err := s.rtcp.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		packets, err := rtcp.Unmarshal(s.flow.Load().openedControl(buf[:n]))
		if err != nil {
			continue
		}
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok {
				s.lastSR.Store(&senderReport{uint32(sr.NTPTime >> 16), time.Now()})
			}
		}
	}
}
