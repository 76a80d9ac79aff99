package engine

import "deskset/audio"

// RingBeside implements audio.BesideRinger.
func (e *Engine) RingBeside(name string) {
	e.do(func(k *control) { k.beside = true; k.startRing(name) })
}

// Ring plays a ring on the ringer's device until StopRing.
func (e *Engine) Ring(name string) {
	e.do(func(k *control) { k.beside = false; k.startRing(name) })
}

// StopRing ends Ring.
func (e *Engine) StopRing() { e.do((*control).stopRing) }

func (k *control) startRing(name string) {
	if !k.bell.ringer.Play(name) {
		k.config.Log.Info("ring not known, ringing Chirp 1", "ring", name)
	}
	k.ringing = true
	k.tendBell()
	k.replan()
}

func (k *control) stopRing() {
	if !k.ringing {
		return
	}
	k.bell.ringer.Stop()
	k.ringing = false
	k.ringFade.start(fadeTime)
	k.replan()
}

// tendBell opens the ringer's device while it rings, unless that would be in the
// ear.
func (k *control) tendBell() {
	if !k.ringing {
		return
	}
	name := k.names[audio.RoleRinger].Playback
	if k.besidePath() && name == k.names[roleOf(k.path)].Playback {
		k.ringFade.start(fadeTime)
		return
	}
	k.ringFade.cancel()
	k.ringPort.Want(name)
}

// besidePath tells that the ringer must keep out of the ear.
func (k *control) besidePath() bool { return k.beside && k.path != audio.PathNone }

// audible tells whether the ringer may sound: on a device that is known not to
// be the ear's.
func (k *control) audible() bool {
	if !k.ringing || !k.besidePath() {
		return k.ringing
	}
	return k.ringState.Device != "" && k.ringState.ID != k.outState.ID && !starting(k.outState)
}
