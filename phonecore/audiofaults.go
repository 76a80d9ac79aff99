package phonecore

import (
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/text"
)

// hop is a station of the voice on its way from the microphone to the far side
// and back.
type hop uint8

// The hops in the order of the way. hopNone is for what is no hop's fault.
const (
	hopNone hop = iota
	hopMicrophone
	hopEncoder
	hopSent
	hopNetwork
	hopReceived
	hopBuffer
	hopEar
	numHops
)

// voiceFacts is what is known of the voice path: the decision table asks for
// nothing else.
type voiceFacts struct {
	engine bool // there is a voice engine
	// probed tells that the engine knows its devices; then mic and ear count.
	probed   bool
	mic, ear audio.Hop
	muted    bool
	volume   int
	role     audio.Role

	call       bool
	state      call.State
	early      bool // the network plays to us before the answer
	heldByPeer bool
	direction  audio.Direction
	packet     time.Duration
	stats      audio.Stats

	// watched is for how long we have looked; what follows is of that time, of
	// at most watchTime.
	watched               time.Duration
	sent, received, lost  uint64
	micMoved, earMoved    uint64
	micPeak, farPeak      int
	talked, heard, linked time.Duration
}

// Thresholds of the decision table.
const (
	// watchTime is how far the facts look back; quietTooLong is when silence is
	// no pause any more (people pause for less than that).
	watchTime    = 5 * time.Second
	quietTooLong = 5 * time.Second
	// stoppedAfter is when packets that stay away are missed. Who suppresses
	// silence sends now and then all the same (RFC 3389 section 4).
	stoppedAfter = 5 * time.Second
	// answerTime is what the first packet may take.
	answerTime = 3 * time.Second
	// tooMuchLost in per cent: speech is hard to follow beyond it.
	tooMuchLost = 20
	// silentLevel in dBm0 is below the noise of any microphone that is on.
	silentLevel = -70
)

// voiceFault is one way in which voice can fail.
type voiceFault struct {
	at   hop
	says text.ID
	when func(*voiceFacts) bool
	args func(*voiceFacts) []any
}

// voiceFaults is the decision table: the first that applies is what a person
// is told. First why no voice is to be expected, then what is broken for sure,
// then what a person has chosen, then silence, which may be a pause.
var voiceFaults = []voiceFault{
	{hopNone, text.AudioNoEngine, func(f *voiceFacts) bool { return !f.engine }, nil},
	{hopNone, text.AudioNoCall, func(f *voiceFacts) bool { return !f.call || f.state == call.Failed }, nil},
	{hopNone, text.AudioHeldByUs, func(f *voiceFacts) bool { return f.state == call.Held }, nil},
	{hopNone, text.AudioNotAnswered, func(f *voiceFacts) bool { return f.state != call.Connected && !f.early }, nil},
	{hopNone, text.AudioHeldByPeer, func(f *voiceFacts) bool { return f.heldByPeer }, nil},
	{hopNone, text.AudioNothingAgreed, func(f *voiceFacts) bool { return f.direction == audio.Inactive }, nil},
	{hopEar, text.AudioNoEar, func(f *voiceFacts) bool { return gone(f, f.ear) }, func(f *voiceFacts) []any { return why(f.ear) }},
	{hopMicrophone, text.AudioNoMicrophone, func(f *voiceFacts) bool { return gone(f, f.mic) }, func(f *voiceFacts) []any { return why(f.mic) }},
	{hopEar, text.AudioEarStands, func(f *voiceFacts) bool { return stands(f, f.ear, f.earMoved) }, func(f *voiceFacts) []any { return []any{f.ear.Device} }},
	{hopMicrophone, text.AudioMicStands, func(f *voiceFacts) bool { return stands(f, f.mic, f.micMoved) }, func(f *voiceFacts) []any { return []any{f.mic.Device} }},
	{hopSent, text.AudioNotSent, func(f *voiceFacts) bool { return f.sends() && f.watched > 0 && f.sent == 0 }, nil},
	{hopNetwork, text.AudioNothingCame, func(f *voiceFacts) bool {
		return f.direction.Receives() && f.stats.PacketsReceived == 0 && f.linked >= answerTime
	}, farAddress},
	{hopNetwork, text.AudioStopped, func(f *voiceFacts) bool { return f.direction.Receives() && f.stats.LastReceived >= stoppedAfter },
		func(f *voiceFacts) []any { return append(farAddress(f), int(f.stats.LastReceived/time.Second)) }},
	{hopNetwork, text.AudioLost, func(f *voiceFacts) bool { return f.lostShare() > tooMuchLost }, func(f *voiceFacts) []any { return []any{f.lostShare()} }},
	{hopMicrophone, text.AudioMuted, func(f *voiceFacts) bool { return f.muted && f.sends() }, nil},
	{hopEar, text.AudioVolume, func(f *voiceFacts) bool { return f.volume == 0 }, nil},
	{hopMicrophone, text.AudioMicSilent, func(f *voiceFacts) bool {
		return f.probed && f.sends() && f.talked >= quietTooLong && f.micPeak <= silentLevel
	}, func(f *voiceFacts) []any { return []any{f.mic.Device} }},
	{hopReceived, text.AudioFarSilent, func(f *voiceFacts) bool {
		return f.direction.Receives() && f.heard >= quietTooLong && f.farPeak <= silentLevel
	}, nil},
	{hopNone, text.AudioNotWanted, func(f *voiceFacts) bool { return !f.direction.Sends() && !f.early }, nil},
	{hopNone, text.AudioNotOffered, func(f *voiceFacts) bool { return !f.direction.Receives() }, nil},
}

// sends tells whether our voice is to be sent now.
func (f *voiceFacts) sends() bool { return f.direction.Sends() && f.state == call.Connected }

func (f *voiceFacts) lostShare() float64 { return percent(f.lost, f.lost+f.received) }

// gone tells that there is no device; one that is just being opened has no
// trouble yet.
func gone(f *voiceFacts, h audio.Hop) bool {
	return f.probed && h.Device == "" && (h.Err != nil || f.watched > 0)
}

// stands tells that a device has moved nothing.
func stands(f *voiceFacts, h audio.Hop, moved uint64) bool {
	return f.probed && h.Device != "" && f.watched > 0 && moved == 0
}

func why(h audio.Hop) []any {
	if h.Err != nil {
		return []any{plain(h.Err.Error(), maxWords)}
	}
	return []any{text.Get(text.AudioPlugIn)}
}

func farAddress(f *voiceFacts) []any { return []any{remoteText(f.stats)} }

// diagnose is the one sentence, and every hop where something is wrong.
func (f *voiceFacts) diagnose() (says string, wrong [numHops]bool) {
	for _, fault := range voiceFaults {
		if !fault.when(f) {
			continue
		}
		if says == "" {
			var args []any
			if fault.args != nil {
				args = fault.args(f)
			}
			says = text.Get(fault.says, args...)
			if fault.at == hopNone {
				return says, wrong // nothing is to be expected of any hop
			}
		}
		wrong[fault.at] = true
	}
	if says == "" {
		says = text.Get(text.AudioWorks)
	}
	return says, wrong
}
