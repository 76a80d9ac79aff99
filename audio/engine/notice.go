package engine

import (
	"fmt"
	"time"

	"deskset/audio"
	"deskset/audio/device"
)

// noMicrophone is what is used in place of a microphone.
const noMicrophone = "no microphone"

// noticeDelay is how long trouble must last to be worth a notice: a device that
// is lost is first silent, then replaced, and a server that stumbles is back
// before anybody could read of it.
const noticeDelay = 300 * time.Millisecond

// tellSoon is called upon each change of a device.
func (k *control) tellSoon() {
	if !k.telling {
		k.telling = true
		k.noticeDue.start(noticeDelay)
	}
}

// tell notifies of what has changed since the last notices.
func (k *control) tell() {
	k.telling = false
	if k.path != audio.PathNone {
		k.tellCall(roleOf(k.path), k.outState, k.inState)
	}
	if r := k.ringState; k.ringing && !starting(r) {
		k.notify(audio.Notice{Role: audio.RoleRinger, Device: r.Device, Err: trouble(r, device.NullName)})
	}
}

// tellCall tells how the two devices of a path fare.
func (k *control) tellCall(r audio.Role, out, in device.PortState) {
	if starting(out) || starting(in) && out.Err == nil {
		return
	}
	k.notify(audio.Notice{
		Role: r, Device: out.Device, Microphone: in.Device,
		Err: trouble(out, device.NullName), MicrophoneErr: trouble(in, noMicrophone),
	})
}

// starting tells that a device has neither begun nor failed.
func starting(s device.PortState) bool { return s.Device == "" && s.Err == nil }

// trouble says what is wrong and what is used instead.
func trouble(s device.PortState, none string) error {
	if s.Err == nil {
		return nil
	}
	using := s.Device
	if using == "" {
		using = none
	}
	return fmt.Errorf("%w; using %s", s.Err, using)
}

// notify tells a change for the better or the worse, once. Devices that work as
// they should are not worth a notice, unless they did not before.
func (k *control) notify(n audio.Notice) {
	last := &k.told[n.Role]
	if errText(n.Err) == errText(last.Err) && errText(n.MicrophoneErr) == errText(last.MicrophoneErr) {
		return
	}
	*last = n
	select {
	case k.notices <- n:
	default: // a listener that sleeps gets the next ones
		k.config.Log.Warn("notice dropped: nobody listens", "role", n.Role)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
