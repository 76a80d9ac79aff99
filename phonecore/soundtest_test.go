package phonecore

import (
	"errors"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/mix"
	"deskset/phonecore/flash"
	"deskset/phonecore/view"
)

// trialVoice is a voice whose devices can be tried: its recordings take as long
// as they should.
type trialVoice struct {
	*choosing
	state audio.TrialState
	since time.Time
	level int // at the microphone
	gone  error
}

func (v *trialVoice) TryDevices(r audio.Role, what audio.Trial) {
	if v.path != audio.PathNone {
		return
	}
	v.state, v.since = audio.TrialState{Role: r, Trial: what}, time.Now()
}

func (v *trialVoice) TrialState() audio.TrialState {
	if v.path != audio.PathNone {
		v.state = audio.TrialState{}
	}
	s := v.state
	s.Microphone, s.Loudspeaker = audio.Hop{Level: mix.Silence}, audio.Hop{Level: mix.Silence}
	if s.Trial == audio.TrialNone {
		return s
	}
	if v.gone != nil {
		s.Microphone.Err, s.Loudspeaker.Err = v.gone, v.gone
		return s
	}
	if s.Role != audio.RoleRinger {
		s.Microphone = audio.Hop{Device: "Mic in use", Level: v.level}
	}
	if s.Trial > audio.TrialListen {
		s.Length = audio.TrialLength
		s.Done = min(time.Since(v.since), s.Length)
	}
	if s.Trial == audio.TrialPlay {
		s.Loudspeaker = audio.Hop{Device: "Ear in use", Level: -10}
	}
	return s
}

func (v *trialVoice) Hops() audio.Hops {
	return audio.Hops{Microphone: audio.Hop{Device: "M", Level: -30}, Ear: audio.Hop{Device: "E", Level: -12}}
}

func withTrials(engine **trialVoice) setup {
	return func(c *Config) {
		plain := c.Audio
		c.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
			e, err := plain(notify)
			*engine = &trialVoice{choosing: &choosing{voice: e.(*voice)}, level: mix.Silence}
			return *engine, err
		}
	}
}

// tried is what is being tried now.
func (d *desk) tried(v *trialVoice) (s audio.TrialState) {
	d.on(func() { s = v.state })
	return s
}

func TestAudioDevicesShowsTheMicrophonesLevelWhileItIsOpen(t *testing.T) {
	var engine *trialVoice
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key7)
		d.expect("menu.audio", "Microphone", "Select|Test||Back")
		d.on(func() { engine.level = -30 })
		d.wait(2 * meterEvery)
		if s := d.view().Screen; s.Progress != (view.Progress{Shown: true, Done: 500}) {
			t.Errorf("bar %+v", s.Progress)
		}
		if s := d.tried(engine); s.Trial != audio.TrialListen || s.Role != audio.RoleHandset {
			t.Errorf("%+v", s)
		}
		d.press(view.KeyScrollDown, view.KeyScrollDown)
		d.wait(2 * meterEvery)
		if s := d.tried(engine); s.Trial != audio.TrialListen || s.Role != audio.RoleHeadset {
			t.Errorf("%+v", s)
		}
		// The volume key is for what is selected.
		d.press(view.KeyVolumeUp)
		d.expect("menu.audio", "headset volume 11")
		d.wait(noticeTime)
		// Another page closes the microphone, as leaving the menus does.
		d.press(view.KeySoft1)
		d.expect("menu.audio.devices")
		if s := d.tried(engine); s.Trial != audio.TrialNone {
			t.Errorf("the microphone is open on another page: %+v", s)
		}
		d.soft("Back")
		d.wait(2 * meterEvery)
		if s := d.tried(engine); s.Trial != audio.TrialListen {
			t.Errorf("%+v", s)
		}
		// So does a page that was left on the screen.
		d.wait(listenTime + meterEvery)
		if s := d.tried(engine); s.Trial != audio.TrialNone || d.view().Screen.Progress.Shown {
			t.Errorf("the microphone is open after %v: %+v", listenTime, s)
		}
		d.press(view.KeyScrollDown)
		d.wait(2 * meterEvery)
		if s := d.tried(engine); s.Trial != audio.TrialListen {
			t.Errorf("%+v", s)
		}
		d.press(view.KeySettings)
		d.expect("idle")
		if s := d.tried(engine); s.Trial != audio.TrialNone {
			t.Errorf("the microphone is open on hook: %+v", s)
		}
		d.press(view.KeyVolumeUp)
		d.expect("idle", "ringer volume 11")
	}, withTrials(&engine))
}

func TestRecordAndPlayBack(t *testing.T) {
	var engine *trialVoice
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key7, view.KeyScrollDown, view.KeyScrollDown)
		d.soft("Test")
		d.expect("menu.audio.test", "Test: headset", "Record some words", "Record|||Back")
		d.on(func() { engine.level = -30 })
		d.wait(2 * meterEvery)
		d.expect("menu.audio.test", "Mic in use")
		if i := d.view().Screen.Items[1]; i.Bar.Done != 500 {
			t.Errorf("%+v", i)
		}
		d.press(view.KeyVolumeDown)
		d.expect("menu.audio.test", "headset volume 9")
		d.wait(noticeTime)
		d.soft("Record")
		d.wait(time.Second)
		d.expect("menu.audio.test", "Speak now: 3 s", "|||Cancel")
		if p := d.view().Screen.Progress; !p.Shown || p.Done < 200 || p.Done > 300 {
			t.Errorf("bar %+v after a second of four", p)
		}
		d.wait(audio.TrialLength)
		d.expect("menu.audio.test", "Listen: this was you", "Ear in use", "|||Cancel")
		d.wait(audio.TrialLength)
		d.expect("menu.audio.test", "Did you hear yourself?", "Record|Play||Back")
		d.soft("Play")
		d.wait(time.Second)
		d.expect("menu.audio.test", "Listen")
		d.soft("Cancel")
		d.expect("menu.audio.test", "Stopped", "Record|Play||Back")
		d.on(func() { engine.level = mix.Silence })
		d.soft("Record")
		d.wait(2*audio.TrialLength + time.Second)
		d.expect("menu.audio.test", "The microphone heard silence")
		d.soft("Back")
		d.expect("menu.audio")
		d.soft("Back")
		if s := d.tried(engine); s.Trial != audio.TrialNone {
			t.Errorf("%+v", s)
		}
	}, withTrials(&engine))
}

func TestDevicesThatVanishInATestAreNamed(t *testing.T) {
	var engine *trialVoice
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key7)
		d.soft("Test")
		d.soft("Record")
		d.wait(time.Second)
		d.on(func() { engine.gone = errors.New("unplugged") })
		d.wait(time.Second)
		d.expect("menu.audio.test", "No microphone works", "Record|||Back")
		if i := d.view().Screen.Items[0]; i.Icon != view.IconFailed {
			t.Errorf("%+v", i)
		}
		d.on(func() { engine.gone = nil })
		d.soft("Record")
		d.wait(audio.TrialLength + time.Second)
		d.expect("menu.audio.test", "Listen")
		d.on(func() { engine.gone = errors.New("unplugged") })
		d.wait(time.Second)
		d.expect("menu.audio.test", "No loudspeaker works", "Record|Play||Back")
	}, withTrials(&engine))
}

func TestRingerIsTriedByRinging(t *testing.T) {
	var engine *trialVoice
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key7)
		for range 6 {
			d.press(view.KeyScrollDown)
		}
		d.soft("Test")
		d.expect("menu.audio.test", "Test: ringer", "|Play||Back")
		if n := len(d.view().Screen.Items); n != 3 {
			t.Errorf("%d rows: the ringer has no microphone", n)
		}
		d.soft("Play")
		d.expect("menu.audio.test", "Ringing", "|||Cancel")
		if d.heard().ring == "" {
			t.Error("no ring")
		}
		d.wait(sampleTime + 2*meterEvery)
		d.expect("menu.audio.test", "|Play||Back")
		d.soft("Play")
		d.soft("Cancel")
		if d.heard().ring != "" {
			t.Error("rings on")
		}
		d.soft("Play")
		d.press(view.KeySettings)
		d.expect("idle")
		if d.heard().ring != "" {
			t.Error("rings on")
		}
	}, withTrials(&engine))
}

func TestDevicesAreNotTriedDuringACall(t *testing.T) {
	var engine *trialVoice
	onDesk(t, func(d *desk) {
		a := d.far("ada", "9")
		d.press(view.KeySettings, view.Key7)
		d.soft("Test")
		d.soft("Record")
		d.wait(time.Second)
		a.calls("5551212")
		d.wait(2 * meterEvery)
		if s := d.tried(engine); s.Trial != audio.TrialNone {
			t.Errorf("a call rings: %+v", s)
		}
		d.soft("Record")
		d.expect("menu.audio.test", "Not during a call")
		d.press(view.KeyHandset)
		a.answered()
		d.expect("connected")
		d.press(view.KeySettings, view.Key7)
		d.wait(2 * meterEvery)
		// Now the meter is the call's.
		d.expect("menu.audio", "Loudspeaker")
		if p := d.view().Screen.Progress; p.Done != 800 {
			t.Errorf("bar %+v, want -12 dBm0", p)
		}
		d.soft("Test")
		d.expect("menu.audio", "Not during a call")
		d.press(view.KeyVolumeUp)
		d.expect("menu.audio", "handset volume 11")
		d.press(view.KeyScrollDown, view.KeyScrollDown)
		d.wait(2 * meterEvery)
		if p := d.view().Screen.Progress; p.Shown {
			t.Error("a meter for devices that are not in use")
		}
	}, withTrials(&engine))
}

func TestDevicesOfOneNameAreToldApart(t *testing.T) {
	devices := []audio.Device{
		{Name: "USB", ID: "usb-1"}, {Name: "Built-in", ID: "pci"}, {Name: "USB", ID: "usb-2"}, {Name: "USB", ID: "mic", Capture: true},
	}
	list := distinct(devices, false)
	want := []soundDevice{{}, {opens: "usb-1", name: "USB", id: "usb-1", number: 1}, {opens: "Built-in", name: "Built-in", id: "pci"}, {opens: "usb-2", name: "USB", id: "usb-2", number: 2}}
	if len(list) != len(want) {
		t.Fatalf("%v", list)
	}
	for i := range want {
		if list[i] != want[i] {
			t.Errorf("entry %d: %+v, want %+v", i, list[i], want[i])
		}
	}
	if list := distinct(devices, true); len(list) != 2 || list[1].opens != "USB" {
		t.Errorf("microphones: %v", list)
	}
	// What is kept is the ID, what is shown the name, after a restart too.
	f := flash.Memory()
	var engine *choosing
	onDesk(t, func(d *desk) {
		d.on(func() { d.phone.chooseDevice(soundRows[0], list[3]) })
	}, withFlash(f), withChoice(&engine))
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key7)
		d.expect("menu.audio", "handset, loudspeaker 2: USB")
		d.on(func() {
			if got := engine.chosen; len(got) != 1 || got[0] != "handset: usb-2, " {
				t.Errorf("chosen %q", got)
			}
			d.phone.chooseDevice(soundRows[0], list[2])
		})
		d.expect("menu.audio", "handset, loudspeaker Built-in")
	}, withFlash(f), withChoice(&engine))
}
