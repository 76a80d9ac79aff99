package phonecore

import (
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// testPhase is what a test is at.
type testPhase uint8

const (
	testIdle testPhase = iota
	testRecording
	testPlaying
	testRinging
)

// testPatience is how long a device may take to begin, beside what is recorded
// or played.
const testPatience = 4 * time.Second

// soundTest is the page on which a role's devices are tried: some words are
// recorded and played back; the ringer rings.
type soundTest struct {
	phone  *Phone
	tester audio.DeviceTester
	role   audio.Role

	phase testPhase
	began time.Time
	state audio.TrialState
	heard int     // the loudest of what was recorded, in dBm0
	again bool    // something can be played
	says  text.ID // how the last test ended
}

// openSoundTest is Test on Audio Devices. The devices of a call are not taken
// away from it.
func (p *Phone) openSoundTest(tester audio.DeviceTester, role audio.Role) {
	if p.onThePhone() {
		p.remark(text.Get(text.NotDuringCall))
		return
	}
	t := &soundTest{phone: p, tester: tester, role: role}
	page := &menu.Page{
		Name: "menu.audio.test", Title: text.Get(text.SoundTest, roleName(role)), Selected: -1,
		Items: t.items, Status: t.prompt, Bar: t.bar, KeysNow: t.keys,
		Do: map[call.SoftKey]func(int){
			text.SoftRecord: func(int) { t.unlessTalking(t.record) },
			text.SoftPlay:   func(int) { t.unlessTalking(t.play) },
			text.SoftCancel: func(int) { t.end(text.SoundStopped) },
		},
		// Nothing can be chosen here.
		Adjust:  func(int) {},
		Pressed: func(k view.Key) bool { return k.Digit() != 0 },
	}
	p.openLively(livePage{page: page, refresh: t.look, every: meterEvery, leave: t.leave})
}

func (t *soundTest) unlessTalking(do func()) {
	if t.phone.onThePhone() {
		t.phone.remark(text.Get(text.NotDuringCall))
		return
	}
	do()
}

func (t *soundTest) record() {
	t.begin(testRecording, audio.TrialRecord)
	t.heard, t.again = quietLevel, false
}

func (t *soundTest) play() {
	if t.role != audio.RoleRinger {
		t.begin(testPlaying, audio.TrialPlay)
		return
	}
	t.phase = testRinging
	t.phone.ringSample(t.phone.ringOf(0))
}

func (t *soundTest) begin(phase testPhase, what audio.Trial) {
	t.phase, t.began = phase, time.Now()
	t.tester.TryDevices(t.role, what)
}

// end goes back to listening, and says why.
func (t *soundTest) end(says text.ID) {
	t.again = t.again || t.phase == testPlaying
	if t.phase == testRinging {
		t.phone.stopSample()
	}
	t.phase, t.says = testIdle, says
	t.tester.TryDevices(t.role, audio.TrialListen)
}

// leave closes the devices.
func (t *soundTest) leave() {
	t.phone.trying.role = nil
	if t.phase == testRinging {
		t.phone.stopSample()
	}
	t.tester.TryDevices(t.role, audio.TrialNone)
}

// look follows what the devices do.
func (t *soundTest) look() {
	p := t.phone
	p.trying.role = func() audio.Role { return t.role }
	t.state = t.tester.TrialState()
	switch {
	case p.onThePhone():
		if t.phase != testIdle || t.state.Trial != audio.TrialNone {
			t.end(text.NotDuringCall)
			t.tester.TryDevices(t.role, audio.TrialNone)
		}
		t.again = false
	case t.phase == testIdle && p.trying.dozes():
		t.tester.TryDevices(t.role, audio.TrialNone)
	case t.phase == testRecording:
		t.heard = max(t.heard, t.state.Microphone.Level)
		t.follow(t.state.Microphone, audio.TrialRecord, text.SoundNoMicrophone, t.play)
	case t.phase == testPlaying:
		t.follow(t.state.Loudspeaker, audio.TrialPlay, text.SoundNoSpeaker, func() { t.end(t.verdict()) })
	case t.phase == testRinging && p.sample == nil:
		t.end(text.None)
	case t.phase == testIdle && (t.state.Trial == audio.TrialNone || t.state.Role != t.role):
		t.again = false
		t.tester.TryDevices(t.role, audio.TrialListen)
	}
}

// follow goes on when all has been recorded or played, and gives up when there is
// no device for it or the one there is does not move.
func (t *soundTest) follow(hop audio.Hop, what audio.Trial, failed text.ID, next func()) {
	s := t.state
	switch {
	case s.Trial != what: // it was asked for just now
	case hop.Device == "" && hop.Err != nil, time.Since(t.began) > audio.TrialLength+testPatience:
		t.phone.report(hop.Err, text.StatusTrouble, text.Get(failed))
		t.end(failed)
	case s.Length > 0 && s.Done >= s.Length:
		next()
	}
}

// verdict is what can be said of a test that has gone through.
func (t *soundTest) verdict() text.ID {
	if t.heard <= quietLevel {
		return text.SoundSilence
	}
	return text.SoundOver
}

func (t *soundTest) keys() call.Context {
	switch {
	case t.phase != testIdle:
		return call.ContextWaiting
	case t.role == audio.RoleRinger:
		return call.ContextAudioRing
	case t.again:
		return call.ContextAudioAgain
	}
	return call.ContextAudioTest
}

func (t *soundTest) prompt() string {
	switch t.phase {
	case testRecording:
		if t.state.Trial != audio.TrialRecord || t.state.Microphone.Device == "" {
			return text.Get(text.SoundStarting)
		}
		left := t.state.Length - t.state.Done
		return text.Get(text.SoundSpeak, int((left+time.Second-1)/time.Second))
	case testPlaying:
		if t.state.Trial != audio.TrialPlay || t.state.Loudspeaker.Device == "" {
			return text.Get(text.SoundStarting)
		}
		return text.Get(text.SoundListen)
	case testRinging:
		return text.Get(text.SoundRings)
	}
	switch {
	case t.says != text.None:
		return text.Get(t.says)
	case t.role == audio.RoleRinger:
		return text.Get(text.SoundRingHint)
	}
	return text.Get(text.SoundHint)
}

// bar is how far the recording, or its playing, has come.
func (t *soundTest) bar() view.Progress {
	busy := t.phase == testRecording && t.state.Trial == audio.TrialRecord || t.phase == testPlaying && t.state.Trial == audio.TrialPlay
	if !busy || t.state.Length == 0 {
		return view.Progress{}
	}
	return view.Progress{Shown: true, Done: int(1000 * t.state.Done / t.state.Length)}
}

// items are the devices, the one in use where one is, with their levels.
func (t *soundTest) items() (items []view.Item) {
	add := func(name text.ID, hop audio.Hop, capture bool) {
		device := view.Item{Label: text.Get(name), Value: t.phone.deviceName(soundRow{t.role, capture})}
		if hop.Device != "" {
			device.Value = deviceText(hop.Device)
		}
		if hop.Err != nil {
			device.Icon = view.IconFailed
		}
		level := hop.Level
		if hop.Device == "" {
			level = quietLevel
		}
		items = append(items, device, view.Item{Label: text.Get(text.SoundLevel), Bar: levelBar(level)})
	}
	if t.role != audio.RoleRinger {
		add(text.SoundMicrophone, t.state.Microphone, true)
	}
	add(text.SoundSpeaker, t.state.Loudspeaker, false)
	return append(items, view.Item{
		Label: text.Get(text.SoundVolume), Bar: view.Progress{Shown: true, Done: 1000 * t.phone.volumes[t.role] / audio.MaxVolume},
	})
}
