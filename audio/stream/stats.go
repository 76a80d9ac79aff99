package stream

import (
	"sync/atomic"
	"time"

	"deskset/audio"
)

// retired keeps the counts of playout buffers that another codec replaced.
type retired struct{ late, concealed uint64 }

func (r *retired) add(p *playback) {
	r.late += p.buffer.Late.Load()
	r.concealed += p.concealedMs()
}

func (p *playback) concealedMs() uint64 {
	return p.buffer.Concealed.Load() * 1000 / uint64(p.rate)
}

// Stats implements audio.Stream. LevelIn is what the peer says, LevelOut what
// we send.
func (s *Stream) Stats() audio.Stats {
	in, counts := &s.in, &s.in.source.counts
	stats := audio.Stats{
		PacketsSent:     s.out.packets.Load(),
		PacketsReceived: in.packets.Load(),
		PacketsLost:     counts.lost.Load(),
		PacketsLate:     s.retired.late,
		BytesSent:       s.out.bytes.Load(),
		BytesReceived:   in.bytes.Load(),
		Concealed:       s.retired.concealed,
		LevelIn:         s.levelIn.Level(),
		LevelOut:        s.levelOut.Level(),
		PeakIn:          s.levelIn.Peak(),
		PeakOut:         s.levelOut.Peak(),
		RoundTrip:       time.Duration(s.control.roundTrip.Load()),
		Remote:          s.target(),
		LastReceived:    in.sinceLast(s.clock()),
		Duplicates:      counts.duplicates.Load(),
		OctetsSent:      s.out.octets.Load(),
		OctetsReceived:  in.octets.Load(),
		Sending:         s.since(&s.out.first),
		Receiving:       s.since(&in.first),
		Quality:         s.quality(),
		Far:             s.farHears(),
		Heard:           s.heard.digits(),
	}
	n := s.session.Load()
	if n == nil {
		return stats
	}
	p := n.playback
	stats.PacketsLate += p.buffer.Late.Load()
	stats.Concealed += p.concealedMs()
	stats.BufferDepth = s.bufferDepth(n)
	stats.JitterTicks = counts.jitter16.Load()
	stats.Jitter = time.Duration(counts.jitter16.Load()) * time.Second / time.Duration(max(1, counts.clock.Load()))
	stats.Send = n.params.Send
	if stats.PacketsReceived > 0 {
		stats.Receive = n.format(uint8(in.payloadType.Load()))
	}
	return stats
}

// since is how long ago a clock was noted; 0 if it was not.
func (s *Stream) since(clock *atomic.Int64) time.Duration {
	then := time.Duration(clock.Load())
	if then == 0 {
		return 0
	}
	return s.clock() - then
}
