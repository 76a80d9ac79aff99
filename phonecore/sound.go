package phonecore

import (
	"deskset/audio"
	"deskset/phonecore/text"
)

// sounds are the last notices of each role: of its loudspeaker and its
// microphone.
type sounds [audio.NumRoles]struct{ ear, microphone audio.Notice }

// soundTexts are what is said of a device: it serves, it serves in place of
// another one that is lost, there is none.
var soundTexts = map[bool]struct{ serves, instead, none text.ID }{
	false: {text.SoundBack, text.SoundLost, text.SoundNone},
	true:  {text.MicrophoneBack, text.MicrophoneLost, text.MicrophoneNone},
}

// soundNotice tells that a role's device was lost, replaced or is back: on the
// display, in the status messages and in the log. The call goes on in any case.
func (p *Phone) soundNotice(n audio.Notice) {
	if n.Role >= audio.NumRoles {
		return
	}
	if n.Capture {
		p.sounds[n.Role].microphone = n
	} else {
		p.sounds[n.Role].ear = n
	}
	role, texts := roleName(n.Role), soundTexts[n.Capture]
	tell := func(id text.ID, args ...any) {
		p.report(n.Err, id, args...)
		p.remark(plain(text.Get(id, args...), maxWords))
	}
	switch {
	case n.Err == nil:
		tell(texts.serves, role, n.Device)
	case n.Device == "":
		tell(texts.none, role)
	default:
		tell(texts.instead, role, n.Device)
	}
}

// soundless tells that a role has no loudspeaker at all.
func (p *Phone) soundless(r audio.Role) bool {
	n := p.sounds[r].ear
	return n.Err != nil && n.Device == ""
}
