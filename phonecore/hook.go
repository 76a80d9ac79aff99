package phonecore

import (
	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/call"
	"deskset/phonecore/text"
)

// hook is where the voice goes and whether the handset is out of its cradle.
type hook struct {
	lifted bool
	path   audio.Path
	muted  bool
	// handsFree is what answers and new calls use while the handset rests:
	// the speaker, or the headset once its key was used.
	handsFree audio.Path
}

// openPath is the path for a call that begins now.
func (p *Phone) openPath() audio.Path {
	switch {
	case p.hook.path != audio.PathNone:
		return p.hook.path
	case p.hook.lifted:
		return audio.PathHandset
	case p.hook.handsFree == audio.PathHeadset:
		return audio.PathHeadset
	}
	return audio.PathSpeaker
}

// route takes the voice to a path. Closing it also ends mute: the next call
// must not begin with a surprise.
func (p *Phone) route(path audio.Path) {
	if p.hook.path == path {
		return
	}
	p.hook.path = path
	if path == audio.PathNone {
		p.setMute(false)
	}
	if p.voice != nil {
		p.process()
		p.voice.Route(path)
	}
}

func (p *Phone) setMute(on bool) {
	if p.hook.muted == on {
		return
	}
	p.hook.muted = on
	if p.voice != nil {
		p.voice.Mute(on)
	}
}

func (p *Phone) tone(name tone.Name) {
	if p.voice != nil {
		p.tones()
		p.voice.Tone(name)
	}
}

// silence closes the path and stops every tone.
func (p *Phone) silence() {
	p.tone(tone.None)
	p.stopRinging()
	p.route(audio.PathNone)
}

// pressHandset lifts the handset or puts it back.
func (p *Phone) pressHandset() {
	p.hook.lifted = !p.hook.lifted
	if p.hook.lifted {
		p.takeUp(audio.PathHandset)
		return
	}
	if p.hook.path == audio.PathHandset {
		p.hangUp()
	}
}

// pressHandsFree is the speaker or headset key: it takes the voice over, or
// gives it back to the lifted handset, or hangs up.
func (p *Phone) pressHandsFree(path audio.Path) {
	if p.hook.path != path {
		p.hook.handsFree = path
		p.takeUp(path)
		return
	}
	if p.hook.lifted {
		p.route(audio.PathHandset)
		return
	}
	p.hangUp()
}

// takeUp is what lifting the handset and pressing speaker or headset have in
// common: answer, go on with what there is, or open a line.
func (p *Phone) takeUp(path audio.Path) {
	switch {
	case p.ringing != nil && p.calls.Active() == nil:
		p.route(path)
		p.answer(p.ringing)
	case p.reminder.call != nil:
		p.route(path)
		p.resume(p.reminder.call)
	case p.entry.open && !p.entry.offHook && p.entry.text != "":
		p.route(path)
		p.dialEntry()
	case p.calls.Active() != nil || p.entry.open && p.entry.offHook:
		p.route(path)
	default:
		p.route(path)
		p.openLine(p.defaultLine())
	}
}

// hangUp ends what has the voice path: the active call, or the entry.
func (p *Phone) hangUp() {
	c := p.calls.Active()
	switch {
	case c == nil:
		p.closeEntry()
		p.settle()
	case p.conf.has(c):
		p.leave()
	default:
		p.endCall(c)
	}
	p.remind(c)
}

// pressMute works while the voice path is open.
func (p *Phone) pressMute() {
	if p.hook.path == audio.PathNone {
		p.remark(text.Get(text.KeyNotActive))
		return
	}
	p.setMute(!p.hook.muted)
}

// settle closes the voice path when nothing uses it any more, and plays the
// tone that the present state asks for.
func (p *Phone) settle() {
	p.keepReminder()
	p.updateRinging()
	p.conf.keep(p.entry.open)
	p.xfer.keep(p.entry.open)
	p.bridge()
	c := p.calls.Active()
	switch {
	case c == nil && !(p.entry.open && p.entry.offHook):
		p.tone(tone.None)
		if !p.returning {
			p.route(audio.PathNone)
		}
	case c == nil:
		p.tone(p.entryTone())
	default:
		p.tone(p.callTone(c))
	}
}

// callTone is the call-progress tone of a call in its state.
func (p *Phone) callTone(c *call.Call) tone.Name {
	switch {
	case c.State == call.RingOut && !c.EarlyMedia:
		return tone.Ringback
	case c.State == call.Failed:
		return failureOf(c.Code).tone
	case c == p.auto.call && c.State == call.Connected:
		return tone.Zip
	case c.State == call.Connected && p.ringing != nil:
		return tone.CallWaiting
	}
	return tone.None
}
