package phonecore

import (
	"time"

	"deskset/audio"
	"deskset/audio/mix"
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
)

// audioPath is the page "Where is the audio?": it looks once a second and
// remembers the last looks, as most faults show in what does not move.
type audioPath struct {
	call  *call.Call
	looks []look
	facts voiceFacts
	// talked and heard are since when both could be.
	talked, heard, linked time.Time
}

// look is what was seen at one moment.
type look struct {
	at    time.Time
	stats audio.Stats
	hops  audio.Hops
}

func (p *Phone) openAudioPath() {
	a := &audioPath{}
	p.openLive(&menu.Page{
		Name: "menu.status.audiopath", Title: text.Get(text.MenuAudioPath), Keys: call.ContextSubText,
		Text: func() []string { return p.cfg.Wrap(a.lines()) },
	}, func() { a.look(p) })
}

// look takes the facts anew.
func (a *audioPath) look(p *Phone) {
	c := p.voiceCall()
	if c != a.call {
		*a = audioPath{call: c}
	}
	role := p.volumeRole()
	f := voiceFacts{engine: p.voice != nil, muted: p.hook.muted, role: role, volume: p.volumes[role], call: c != nil}
	a.facts = f
	if c == nil || p.voice == nil {
		return
	}
	l := p.legs[c]
	f.state, f.early, f.heldByPeer = c.State, c.EarlyMedia, c.HeldByPeer
	f.packet = p.sentTime(l.agreed)
	if l.agreed != nil {
		f.direction = l.agreed.Direction
	}
	now := look{at: time.Now(), stats: l.stream.Stats()}
	if prober, ok := p.voice.(audio.Prober); ok {
		now.hops, f.probed = prober.Hops(), true
	}
	f.stats, f.mic, f.ear = now.stats, now.hops.Microphone, now.hops.Ear
	a.compare(&f, now)
	a.facts = f
}

// compare fills in what has moved since the earliest look that still counts,
// and for how long there has been something to hear.
func (a *audioPath) compare(f *voiceFacts, now look) {
	for len(a.looks) > 0 && now.at.Sub(a.looks[0].at) > watchTime {
		a.looks = a.looks[1:]
	}
	if len(a.looks) > 0 {
		first, last := a.looks[0], a.looks[len(a.looks)-1]
		f.watched = now.at.Sub(first.at)
		f.sent = moved(now.stats.PacketsSent, last.stats.PacketsSent)
		f.received = moved(now.stats.PacketsReceived, first.stats.PacketsReceived)
		f.lost = moved(now.stats.PacketsLost, first.stats.PacketsLost)
		f.micMoved = moved(now.hops.Microphone.Samples, last.hops.Microphone.Samples)
		f.earMoved = moved(now.hops.Ear.Samples, last.hops.Ear.Samples)
	}
	a.looks = append(a.looks, now)
	f.micPeak, f.farPeak = mix.Silence, mix.Silence
	for _, l := range a.looks {
		f.micPeak = max(f.micPeak, l.hops.Microphone.Peak)
		f.farPeak = max(f.farPeak, l.stats.PeakIn)
	}
	f.linked = lasting(&a.linked, now.at, f.state == call.Connected && f.direction.Receives())
	f.talked = lasting(&a.talked, now.at, f.sends() && !f.muted)
	f.heard = lasting(&a.heard, now.at, f.received > 0)
}

// moved is how far a counter has come. What counts as lost may turn up late.
func moved(now, before uint64) uint64 { return max(now, before) - before }

// lasting is for how long something has been so without a break; since keeps
// when that began.
func lasting(since *time.Time, now time.Time, so bool) time.Duration {
	switch {
	case !so:
		*since = time.Time{}
		return 0
	case since.IsZero():
		*since = now
	}
	return now.Sub(*since)
}

// lines are the sentence, and below it each hop with what it does; one that is
// broken is marked.
func (a *audioPath) lines() []string {
	f := &a.facts
	says, wrong := f.diagnose()
	if !f.call {
		return []string{says}
	}
	s := f.stats
	mic := hopText(f.probed, f.mic)
	if f.muted {
		mic = text.Get(text.HopMuted, mic)
	}
	hops := [numHops]string{
		hopMicrophone: text.Get(text.HopMicrophone, mic),
		hopEncoder:    text.Get(text.HopEncoder, codecText(s.Send, f.packet)),
		hopSent:       text.Get(text.HopSent, s.PacketsSent, f.sent, remoteText(s)),
		hopNetwork:    text.Get(text.HopNetwork, roundTrip(s), f.lostShare()),
		hopReceived:   text.Get(text.HopReceived, s.PacketsReceived, f.received),
		hopBuffer:     text.Get(text.HopBuffer, s.BufferDepth.Milliseconds(), s.PacketsLate, s.Concealed),
		hopEar:        text.Get(text.HopEar, f.role, hopText(f.probed, f.ear), f.volume, audio.MaxVolume),
	}
	lines := []string{says, ""}
	for h := hopMicrophone; h < numHops; h++ {
		if wrong[h] {
			hops[h] = text.Get(text.HopWrong) + hops[h]
		}
		lines = append(lines, hops[h])
	}
	return lines
}

func hopText(probed bool, h audio.Hop) string {
	switch {
	case !probed:
		return text.Get(text.CallStatsUnknown)
	case h.Device == "":
		return text.Get(text.HopNoDevice)
	}
	device := text.Get(text.HopDevice, plain(h.Device, maxWords), levelText(h.Level))
	if h.Underruns > 0 {
		return text.Get(text.HopGaps, device, h.Underruns)
	}
	return device
}
