package phonecore

import (
	"time"

	"deskset/audio"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// meterEvery is how often a level meter is read.
const meterEvery = 200 * time.Millisecond

// quietLevel is what a meter begins with, in dBm0: less is silence.
const quietLevel = -60

// levelBar shows a level from quietLevel to 0 dBm0.
func levelBar(dBm0 int) view.Progress {
	return view.Progress{Shown: true, Done: min(max(dBm0-quietLevel, 0)*1000/-quietLevel, 1000)}
}

// listenTime is how long after the last key a microphone stays open for its
// meter: nobody is to be listened to because a page was left on the screen.
const listenTime = 5 * time.Minute

// trying is the page on which sound devices are tried, if one is shown.
type trying struct {
	role func() audio.Role
	key  time.Time // when one was pressed last
}

func (t *trying) dozes() bool { return time.Since(t.key) > listenTime }

// onThePhone tells that the devices belong to calls now, or to one that begins.
func (p *Phone) onThePhone() bool { return p.calls.Len() > 0 || p.hook.path != audio.PathNone }

// meters is the level beside the prompt of Audio Devices: that of the selected
// role's microphone, which is opened for it; while a path is in use that of its
// two devices, and of no others.
type meters struct {
	phone    *Phone
	tester   audio.DeviceTester
	selected func() soundRow

	shown   bool
	capture bool
	level   int
}

func (m *meters) role() audio.Role { return m.selected().role }

func (m *meters) look() {
	p, s := m.phone, m.selected()
	p.trying.role = m.role
	state := m.tester.TrialState()
	switch prober, _ := p.voice.(audio.Prober); {
	case p.hook.path != audio.PathNone && prober != nil && s.role == p.volumeRole():
		hops := prober.Hops()
		m.shown, m.capture, m.level = true, s.capture, hops.Ear.Level
		if s.capture {
			m.level = hops.Microphone.Level
		}
	case p.onThePhone() || p.trying.dozes():
		m.shown = false
		if state.Trial != audio.TrialNone {
			m.tester.TryDevices(s.role, audio.TrialNone)
		}
	default:
		if state.Trial != audio.TrialListen || state.Role != s.role {
			m.tester.TryDevices(s.role, audio.TrialListen)
		}
		m.shown, m.capture, m.level = true, s.role != audio.RoleRinger, state.Loudspeaker.Level
		if m.capture {
			m.level = state.Microphone.Level
		}
	}
}

// leave closes the microphone.
func (m *meters) leave() {
	m.phone.trying.role = nil
	m.tester.TryDevices(m.role(), audio.TrialNone)
}

func (m *meters) label() string {
	switch {
	case !m.shown:
		return ""
	case m.capture:
		return text.Get(text.SoundMicrophone)
	}
	return text.Get(text.SoundSpeaker)
}

func (m *meters) bar() view.Progress {
	if !m.shown {
		return view.Progress{}
	}
	return levelBar(m.level)
}
