package phonecore

import (
	"fmt"
	"time"

	"deskset/audio"
	"deskset/phonecore/text"
)

// keepStatistics remembers those of a call whose stream is about to be closed, for
// Settings, Status, Last Call.
func (p *Phone) keepStatistics(l *leg) {
	for c, of := range p.legs {
		if of != l || l.agreed == nil {
			continue
		}
		s := &callStatistics{party: p.partyName(c)}
		s.refresh(p, l)
		p.lastCall = s
	}
}

// openLastCall shows the statistics of the call that goes on, or of the last one.
func (p *Phone) openLastCall() {
	if c := p.voiceCall(); c != nil {
		p.openCallStatistics(c)
		return
	}
	s := p.lastCall
	if s == nil {
		s = &callStatistics{}
	}
	p.openStatistics(s, func() {})
}

// farewell is what the BYE of a call and its answer say of its voice, if call_stats
// wants it (release notes of the SIP image, 6.0): of what was received and of what
// was sent.
func (p *Phone) farewell(l *leg) func() [][2]string {
	stream := l.stream
	return func() [][2]string {
		if !p.params.Bool("call_stats") {
			return nil
		}
		t := stream.Stats()
		return [][2]string{
			{"RTP-RxStat", fmt.Sprintf("Dur=%d,Pkt=%d,Oct=%d,LatePkt=%d,LostPkt=%d,AvgJit=%d",
				seconds(t.Receiving), t.PacketsReceived, t.OctetsReceived, t.PacketsLate, t.PacketsLost, t.JitterTicks)},
			{"RTP-TxStat", fmt.Sprintf("Dur=%d,Pkt=%d,Oct=%d", seconds(t.Sending), t.PacketsSent, t.OctetsSent)},
		}
	}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// scores are MOS of listening and of conversing, and R.
func scores(known bool, lq, cq, r float64) string {
	if !known {
		return text.Get(text.CallStatsUnknown)
	}
	return text.Get(text.CallStatsScoreIs, lq, cq, r)
}

func period(p audio.Period) string {
	return text.Get(text.CallStatsPeriod, p.Mean.Milliseconds(), p.Density)
}

func farLost(f audio.Far) string {
	if !f.Reported {
		return text.Get(text.CallStatsUnknown)
	}
	return text.Get(text.CallStatsFarLostIs, f.Lost, f.Loss)
}

func farJitter(f audio.Far) string {
	if !f.Reported {
		return text.Get(text.CallStatsUnknown)
	}
	return milliseconds(f.Jitter)
}
