package stream

import (
	"math"
	"time"

	"github.com/pion/rtcp"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/emodel"
	"deskset/audio/mix"
)

const (
	// cardTime is what both sound cards add, each with two periods of 5 ms.
	cardTime = 20 * time.Millisecond
	// bufferMost is more than the playout buffer ever holds.
	bufferMost = 500 * time.Millisecond
	// judgeable is how many packets must have been judged before it says anything.
	judgeable = 50
)

// quality judges how the peer is heard.
func (s *Stream) quality() audio.Quality {
	n := s.session.Load()
	if n == nil {
		return audio.Quality{}
	}
	t := s.in.source.losses.read()
	p := t.pattern()
	packet := n.arriving()
	mean := func(packets float64) time.Duration { return time.Duration(packets * float64(packet)) }
	q := audio.Quality{
		Known:   t.total >= judgeable,
		Loss:    100 * ratio(t.lost, t.total),
		Discard: 100 * ratio(t.discarded, t.total),
		Burst:   audio.Period{Mean: mean(p.burstMean), Density: 100 * p.burstDensity},
		Gap:     audio.Period{Mean: mean(p.gapMean), Density: 100 * p.gapDensity},
		OneWay:  s.oneWay(),
	}
	info, _ := codec.Lookup(n.format(uint8(s.in.payloadType.Load())).Codec)
	c := emodel.Conditions{
		OneWay: q.OneWay, Ie: info.Ie, Bpl: info.Bpl,
		Loss: q.Loss + q.Discard, BurstRatio: p.ratio,
	}
	q.Rating = emodel.Rating(c)
	q.MOSCQ = emodel.MOS(q.Rating)
	q.MOSLQ = emodel.MOS(emodel.Listening(c))
	return q
}

// arriving is the packet time of the peer. Whoever says none uses what we asked
// for, mostly what we send as well.
func (n *session) arriving() time.Duration {
	if n.params.PacketTime > 0 {
		return n.params.PacketTime
	}
	return defaultPacketTime
}

// ownDelay is the end system delay (RFC 3611 section 4.7.3): from RTP to the ear
// and from the mouth to RTP.
func (s *Stream) ownDelay() time.Duration {
	n := s.session.Load()
	if n == nil {
		return 0
	}
	return s.bufferDepth(n) + n.arriving() + cardTime
}

func (s *Stream) bufferDepth(n *session) time.Duration {
	return time.Duration(n.playback.buffer.Depth.Load()) * time.Second / time.Duration(n.playback.rate)
}

// oneWay is half of the way round, with the delay of both ends (RFC 3611 section
// 4.7.3). A peer that does not tell its own is taken to be as we are.
func (s *Stream) oneWay() time.Duration {
	far := s.farHears().Delay
	own := s.ownDelay()
	if far == 0 {
		far = own
	}
	return (time.Duration(s.control.roundTrip.Load()) + own + far) / 2
}

// unavailable stands for a value that is not known (RFC 3611 section 4.7.4 and
// 4.7.5).
const unavailable = 127

// receiverConfig: an enhanced concealment, a buffer that adapts itself (section
// 4.7.6).
const receiverConfig = 2<<6 | 3<<4

// voiceMetrics is the report block on VoIP metrics (RFC 3611 section 4.7).
func (s *Stream) voiceMetrics() *rtcp.VoIPMetricsReportBlock {
	q := s.quality()
	b := &rtcp.VoIPMetricsReportBlock{
		SSRC:           s.in.source.ssrc.Load(),
		LossRate:       fraction(q.Loss),
		DiscardRate:    fraction(q.Discard),
		BurstDensity:   fraction(q.Burst.Density),
		GapDensity:     fraction(q.Gap.Density),
		BurstDuration:  inMilliseconds(q.Burst.Mean),
		GapDuration:    inMilliseconds(q.Gap.Mean),
		RoundTripDelay: inMilliseconds(time.Duration(s.control.roundTrip.Load())),
		EndSystemDelay: inMilliseconds(s.ownDelay()),
		SignalLevel:    unavailable,
		NoiseLevel:     unavailable,
		RERL:           unavailable,
		Gmin:           gmin,
		RFactor:        unavailable,
		ExtRFactor:     unavailable,
		MOSLQ:          unavailable,
		MOSCQ:          unavailable,
		RXConfig:       receiverConfig,
		JBAbsMax:       inMilliseconds(bufferMost),
	}
	if level := s.levelIn.Peak(); level > mix.Silence {
		b.SignalLevel = uint8(int8(min(level, 0)))
	}
	if q.Known {
		b.RFactor = uint8(math.Round(min(max(q.Rating, 0), 100)))
		b.MOSLQ, b.MOSCQ = uint8(math.Round(10*q.MOSLQ)), uint8(math.Round(10*q.MOSCQ))
	}
	if n := s.session.Load(); n != nil {
		depth := s.bufferDepth(n)
		b.JBNominal = inMilliseconds(depth)
		b.JBMaximum = inMilliseconds(min(2*depth, bufferMost))
	}
	return b
}

// fraction writes a percentage as a part of 256.
func fraction(percent float64) uint8 { return uint8(min(255, percent*256/100)) }

func inMilliseconds(d time.Duration) uint16 {
	return uint16(min(max(0, d.Milliseconds()), math.MaxUint16))
}

// heardMetrics takes how the peer hears us from its report.
func (s *Stream) heardMetrics(part []byte) {
	var p rtcp.ExtendedReport
	if p.Unmarshal(part) != nil {
		return
	}
	for _, block := range p.Reports {
		b, ok := block.(*rtcp.VoIPMetricsReportBlock)
		if !ok || b.SSRC != s.out.ssrc.Load() {
			continue
		}
		far := &s.control.far
		far.Metrics = true
		far.Discard = float64(b.DiscardRate) * 100 / 256
		far.Delay = time.Duration(b.EndSystemDelay) * time.Millisecond
		far.Rating, far.MOSLQ, far.MOSCQ = 0, 0, 0
		if b.RFactor <= 100 {
			far.Rating = float64(b.RFactor)
		}
		if b.MOSLQ >= 10 && b.MOSLQ <= 50 {
			far.MOSLQ = float64(b.MOSLQ) / 10
		}
		if b.MOSCQ >= 10 && b.MOSCQ <= 50 {
			far.MOSCQ = float64(b.MOSCQ) / 10
		}
	}
}
