package phonecore

import (
	"time"

	"deskset/audio"
	"deskset/audio/mix"
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// voiceCall is the call that statistics are about: the selected one, or any
// that has voice; nil without.
func (p *Phone) voiceCall() *call.Call {
	hasVoice := func(c *call.Call) bool { return c != nil && p.legs[c] != nil && p.legs[c].stream != nil }
	if c := p.calls.Selected(); hasVoice(c) {
		return c
	}
	for _, c := range p.calls.All() {
		if hasVoice(c) {
			return c
		}
	}
	return nil
}

// callStatistics is one page of them: of a call that goes on, or as it ended.
type callStatistics struct {
	party  string
	stats  audio.Stats
	packet time.Duration
	ended  bool
	// sent and heard are about digits.
	sent, heard string
}

// openCallStatistics is the i key pressed twice in a call.
func (p *Phone) openCallStatistics(c *call.Call) {
	s := &callStatistics{party: p.partyName(c)}
	p.openStatistics(s, func() { s.refresh(p, p.legs[c]) })
}

func (p *Phone) openStatistics(s *callStatistics, refresh func()) {
	p.openLive(&menu.Page{
		Name: "menu.call.statistics", Title: text.Get(text.MenuCallStatistics), Keys: call.ContextSubMenu,
		Items: s.items, Status: s.status,
		Open: func(i int) {
			if i == 0 {
				p.openAudioPath()
			}
		},
	}, refresh)
}

func (s *callStatistics) refresh(p *Phone, l *leg) {
	if s.ended = l == nil || l.stream == nil; s.ended {
		return
	}
	s.stats, s.packet = l.stream.Stats(), p.sentTime(l.agreed)
	s.sent, s.heard = l.digitsSent(), l.digitsHeard(s.stats)
}

func (s *callStatistics) status() string {
	switch {
	case s.party == "":
		return text.Get(text.CallStatsNone)
	case s.ended:
		return text.Get(text.CallStatsEnded)
	}
	return text.Get(text.CallStatsParty, s.party)
}

func (s *callStatistics) items() []view.Item {
	t := s.stats
	items := []view.Item{
		{Label: text.Get(text.MenuAudioPath)},
		{Label: text.Get(text.CallStatsScore), Value: scores(t.Quality.Known, t.Quality.MOSLQ, t.Quality.MOSCQ, t.Quality.Rating)},
		{Label: text.Get(text.CallStatsFarScore), Value: scores(t.Far.Metrics && t.Far.MOSLQ > 0, t.Far.MOSLQ, t.Far.MOSCQ, t.Far.Rating)},
		{Label: text.Get(text.CallStatsSendCodec), Value: codecText(t.Send, s.packet)},
		{Label: text.Get(text.CallStatsReceiveCodec), Value: codecText(t.Receive, 0)},
		{Label: text.Get(text.CallStatsSent), Value: text.Get(text.CallStatsPackets, t.PacketsSent, t.BytesSent/1000)},
		{Label: text.Get(text.CallStatsReceived), Value: text.Get(text.CallStatsPackets, t.PacketsReceived, t.BytesReceived/1000)},
		{Label: text.Get(text.CallStatsLost), Value: share(t.PacketsLost, t.PacketsLost+t.PacketsReceived)},
		{Label: text.Get(text.CallStatsLate), Value: share(t.PacketsLate, t.PacketsReceived)},
		{Label: text.Get(text.CallStatsBurst), Value: period(t.Quality.Burst)},
		{Label: text.Get(text.CallStatsGap), Value: period(t.Quality.Gap)},
		{Label: text.Get(text.CallStatsConcealed), Value: text.Get(text.CallStatsMilliseconds, t.Concealed)},
		{Label: text.Get(text.CallStatsJitter), Value: milliseconds(t.Jitter)},
		{Label: text.Get(text.CallStatsBuffer), Value: milliseconds(t.BufferDepth)},
		{Label: text.Get(text.CallStatsDelay), Value: roundTrip(t)},
		{Label: text.Get(text.CallStatsOneWay), Value: milliseconds(t.Quality.OneWay)},
		{Label: text.Get(text.CallStatsFarLost), Value: farLost(t.Far)},
		{Label: text.Get(text.CallStatsFarJitter), Value: farJitter(t.Far)},
		{Label: text.Get(text.CallStatsLevelOut), Value: levelText(t.LevelOut)},
		{Label: text.Get(text.CallStatsLevelIn), Value: levelText(t.LevelIn)},
		{Label: text.Get(text.CallStatsRemote), Value: remoteText(t)},
		{Label: text.Get(text.CallStatsLast), Value: lastPacket(t)},
		{Label: text.Get(text.CallStatsDigitsSent), Value: s.sent},
		{Label: text.Get(text.CallStatsDigitsHeard), Value: s.heard},
	}
	for i := range items {
		items[i].Number = i + 1
	}
	return items
}

func codecText(f audio.Format, packet time.Duration) string {
	switch {
	case f.Codec == "":
		return text.Get(text.CallStatsUnknown)
	case packet > 0:
		return text.Get(text.CallStatsCodec, f.Codec, packet.Milliseconds())
	}
	return string(f.Codec)
}

// share is a count and its part of the whole.
func share(n, of uint64) string { return text.Get(text.CallStatsShare, n, percent(n, of)) }

func percent(n, of uint64) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

func milliseconds(d time.Duration) string {
	return text.Get(text.CallStatsMilliseconds, d.Milliseconds())
}

// roundTrip is known only if the far side sends RTCP.
func roundTrip(t audio.Stats) string {
	if t.RoundTrip == 0 {
		return text.Get(text.CallStatsUnknown)
	}
	return milliseconds(t.RoundTrip)
}

func levelText(dBm0 int) string {
	if dBm0 <= mix.Silence {
		return text.Get(text.CallStatsSilence)
	}
	return text.Get(text.CallStatsLevel, dBm0)
}

func remoteText(t audio.Stats) string {
	if !t.Remote.IsValid() {
		return text.Get(text.CallStatsUnknown)
	}
	return t.Remote.String()
}

func lastPacket(t audio.Stats) string {
	if t.LastReceived == 0 {
		return text.Get(text.CallStatsUnknown)
	}
	return text.Get(text.CallStatsAgo, t.LastReceived.Seconds())
}
