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
		r := roleOf(k.path)
		k.notify(r, true, k.inState, noMicrophone)
		k.notify(r, false, k.outState, device.NullName)
	}
	if k.ringing {
		k.notify(audio.RoleRinger, false, k.ringState, device.NullName)
	}
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

// notify tells a change for the better or the worse, once, and that the system's
// default has become another device. Devices that work as they should are not
// worth a notice, unless they did not before.
func (k *control) notify(r audio.Role, capture bool, s device.PortState, none string) {
	if starting(s) {
		return
	}
	n := audio.Notice{Role: r, Capture: capture, Device: s.Device, Err: trouble(s, none)}
	last := &k.toldOut[r]
	if capture {
		last = &k.toldIn[r]
	}
	followed := s.Wanted == "" && last.Device != "" && n.Device != last.Device
	news := errText(n.Err) != errText(last.Err) || n.Err == nil && followed
	*last = n
	if !news {
		return
	}
	select {
	case k.notices <- n:
	default: // a listener that sleeps gets the next ones
		k.config.Log.Warn("notice dropped: nobody listens", "role", r)
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
