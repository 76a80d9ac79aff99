package engine

import (
	"sync/atomic"

	"deskset/audio"
	"deskset/audio/mix"
)

// plan is what the callbacks shall do. It is never changed once published.
type plan struct {
	streams []voice
	// open tells that a path is selected: tones sound, volume is up.
	open bool
	// earGain, micGain and bellGain are linear factors.
	earGain, micGain, bellGain float32
	treat                      treatment
	// record takes what the microphone hears, replay gives it back to who has
	// said it; nil is none.
	record, replay *take
	replayGain     float32
}

// planBox hands plans over from control to the callbacks.
type planBox struct{ now atomic.Pointer[plan] }

func (b *planBox) publish(p plan) { b.now.Store(&p) }

func (b *planBox) load() *plan { return b.now.Load() }

// callVolume spreads 45 dB over the steps: from a whisper to twice what was
// sent, where the limiter sees to it that nothing clips. It is never silent
// (audio.MaxVolume).
var callVolume = mix.Steps{Top: audio.MaxVolume, UnityStep: 12, StepDB: 3}

// ringVolume is silent at step 0.
var ringVolume = mix.Steps{Top: audio.MaxVolume, UnityStep: audio.MaxVolume, StepDB: 3, MuteAtZero: true}

func gainOf(r audio.Role, step int) float32 {
	if r == audio.RoleRinger {
		return ringVolume.Gain(step)
	}
	return callVolume.Gain(step)
}

func roleOf(p audio.Path) audio.Role {
	switch p {
	case audio.PathHeadset:
		return audio.RoleHeadset
	case audio.PathSpeaker:
		return audio.RoleSpeaker
	}
	return audio.RoleHandset
}
