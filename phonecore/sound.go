package phonecore

import (
	"deskset/audio"
	"deskset/phonecore/text"
)

// soundNotice tells that a role's devices were lost, replaced or are back: on the
// display, in the status messages and in the log. The call goes on in any case.
func (p *Phone) soundNotice(n audio.Notice) {
	if n.Role >= audio.NumRoles {
		return
	}
	before := p.sounds[n.Role]
	p.sounds[n.Role] = n
	role := roleName(n.Role)
	tell := func(err error, id text.ID, args ...any) {
		p.report(err, id, args...)
		p.remark(plain(text.Get(id, args...), maxWords))
	}
	// What is remarked last stands on the display: the worse.
	switch {
	case n.MicrophoneErr == nil && before.MicrophoneErr != nil:
		tell(nil, text.MicrophoneBack, role, n.Microphone)
	case n.MicrophoneErr == nil || same(n.MicrophoneErr, before.MicrophoneErr):
	case n.Microphone == "":
		tell(n.MicrophoneErr, text.MicrophoneNone, role)
	default:
		tell(n.MicrophoneErr, text.MicrophoneLost, role, n.Microphone)
	}
	switch {
	case n.Err == nil && before.Err != nil:
		tell(nil, text.SoundBack, role, n.Device)
	case n.Err == nil || same(n.Err, before.Err):
	case n.Device == "":
		tell(n.Err, text.SoundNone, role)
	default:
		tell(n.Err, text.SoundLost, role, n.Device)
	}
}

func same(a, b error) bool { return a != nil && b != nil && a.Error() == b.Error() }

// soundless tells that a role has no loudspeaker at all.
func (p *Phone) soundless(r audio.Role) bool {
	return p.sounds[r].Err != nil && p.sounds[r].Device == ""
}
