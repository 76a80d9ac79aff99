package stream

import (
	"time"

	"github.com/pion/rtcp"
)

// reports makes the sender or receiver report and the description that every
// compound packet has (RFC 3550 section 6.1), and the metrics that the peer has
// asked for.
func (s *Stream) reports() []rtcp.Packet {
	o := &s.out
	ssrc := o.ssrc.Load()
	blocks := s.receptionReports()
	var first rtcp.Packet = &rtcp.ReceiverReport{SSRC: ssrc, Reports: blocks}
	if sent := o.packets.Load(); sent != o.reported {
		o.reported = sent
		first = &rtcp.SenderReport{
			SSRC:        ssrc,
			NTPTime:     ntp(time.Now()),
			RTPTime:     s.stampNow(),
			PacketCount: uint32(sent - o.packetsBefore),
			OctetCount:  uint32(o.octets.Load() - o.octetsBefore),
			Reports:     blocks,
		}
	}
	packets := []rtcp.Packet{first, &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
		Source: ssrc,
		Items:  []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: s.control.cname}},
	}}}}
	if n := s.session.Load(); n != nil && n.params.VoiceMetrics && len(blocks) > 0 {
		packets = append(packets, &rtcp.ExtendedReport{SenderSSRC: ssrc, Reports: []rtcp.ReportBlock{s.voiceMetrics()}})
	}
	return packets
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
	lost := uint64(0)
	if expected > got { // of this source only
		lost = expected - got
	}
	r := rtcp.ReceptionReport{
		SSRC:               in.ssrc.Load(),
		FractionLost:       fraction,
		TotalLost:          uint32(min(lost, 1<<23-1)),
		LastSequenceNumber: in.extended.Load(),
		Jitter:             in.jitter16.Load(),
		LastSenderReport:   c.lastReport.Load(),
	}
	if r.LastSenderReport != 0 {
		r.Delay = uint32((s.clock() - time.Duration(c.lastArrival.Load())) * 65536 / time.Second)
	}
	return []rtcp.ReceptionReport{r}
}
