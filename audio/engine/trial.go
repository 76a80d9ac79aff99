package engine

import (
	"sync/atomic"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
)

// take is the recording of a trial. One callback adds, later one reads.
type take struct {
	sound            []float32
	recorded, played atomic.Int64 // samples
}

// edge is how long a take that is played swells and dies away: 10 ms.
const edge = mix.Rate / 100

func newTake() *take {
	return &take{sound: make([]float32, audio.TrialLength*mix.Rate/time.Second)}
}

// again is the same recording, to be played from its beginning.
func (t *take) again() *take {
	a := &take{sound: t.sound}
	a.recorded.Store(t.recorded.Load())
	return a
}

// add keeps the block, as far as there is room.
func (t *take) add(block []float32) {
	at := t.recorded.Load()
	t.recorded.Store(at + int64(copy(t.sound[at:], block)))
}

// read gives the next block, and silence after the end.
func (t *take) read(dst []float32) {
	at, end := t.played.Load(), t.recorded.Load()
	n := copy(dst, t.sound[at:end])
	clear(dst[n:])
	for i := range dst[:n] {
		here := at + int64(i)
		if rest := min(here, end-1-here); rest < edge {
			dst[i] *= float32(rest) / edge
		}
	}
	t.played.Store(at + int64(n))
}

// trial is what is being tried; control's.
type trial struct {
	role audio.Role
	what audio.Trial
	take *take
}

// TryDevices implements audio.DeviceTester.
func (e *Engine) TryDevices(r audio.Role, what audio.Trial) {
	e.do(func(k *control) { k.try(r, what) })
}

func (k *control) try(r audio.Role, what audio.Trial) {
	if k.path != audio.PathNone || r >= audio.NumRoles {
		return
	}
	was := k.trial
	k.trial = trial{role: r, what: what, take: was.take}
	switch {
	case what == audio.TrialRecord:
		k.trial.take = newTake()
	case what == audio.TrialNone || r != was.role || was.take == nil:
		k.trial.take = nil
	case what == audio.TrialPlay:
		k.trial.take = was.take.again()
	}
	k.tryPorts()
	k.replan()
}

// tryPorts opens what the trial needs, and closes the rest.
func (k *control) tryPorts() {
	names := k.names[k.trial.role]
	if k.trial.what == audio.TrialNone || k.trial.role == audio.RoleRinger {
		k.inPort.Release()
	} else {
		k.inPort.Want(names.Capture)
	}
	if k.trial.what == audio.TrialPlay {
		k.outFade.cancel()
		k.outPort.Want(names.Playback)
	} else if k.outState.Open {
		k.outFade.start(fadeTime)
	}
}

// tries tells whether devices are being tried.
func (k *control) tries() bool { return k.trial.what != audio.TrialNone }

// planTrial adds the trial to what the callbacks shall do, as soon as there is a
// device for it: a substitute neither hears nor plays anything.
func (k *control) planTrial(p *plan) {
	t := k.trial
	k.tried.Store(&t)
	switch {
	case t.what == audio.TrialRecord && k.inState.Device != "":
		p.record = t.take
	case t.what == audio.TrialPlay && k.outState.Device != "":
		p.replay, p.replayGain = t.take, gainOf(t.role, k.volumes[t.role])
	}
}

// TrialState implements audio.DeviceTester.
func (e *Engine) TrialState() audio.TrialState {
	t := e.tried.Load()
	s := audio.TrialState{Role: t.role, Trial: t.what}
	if t.what == audio.TrialNone {
		return s
	}
	hops := e.Hops()
	s.Microphone, s.Loudspeaker = hops.Microphone, hops.Ear
	if t.role == audio.RoleRinger {
		s.Loudspeaker = hop(e.ringSeen.Load(), &e.bell.gauge, &e.bell.meter)
	}
	if t.take != nil {
		recorded, played := lengthOf(t.take.recorded.Load()), lengthOf(t.take.played.Load())
		switch t.what {
		case audio.TrialRecord:
			s.Done, s.Length = recorded, audio.TrialLength
		case audio.TrialPlay:
			s.Done, s.Length = played, recorded
		}
	}
	return s
}

func lengthOf(samples int64) time.Duration {
	return time.Duration(samples) * time.Second / device.Rate
}
