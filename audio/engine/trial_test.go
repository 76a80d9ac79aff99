package engine

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
)

func wantTrial(t *testing.T, r *rig, what audio.Trial, done, length time.Duration) audio.TrialState {
	t.Helper()
	s := r.TrialState()
	if s.Trial != what || s.Length != length || s.Done < done-20*time.Millisecond || s.Done > done {
		t.Errorf("state %+v, want trial %d, %v of %v", s, what, done, length)
	}
	return s
}

func TestMicrophonesLevelShowsWithoutACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Speak(headsetMic, sineInto(800, 0.5))
		r.TryDevices(audio.RoleHeadset, audio.TrialListen)
		r.run(500 * time.Millisecond)
		s := wantTrial(t, r, audio.TrialListen, 0, 0)
		if s.Microphone.Device != "Headset Microphone" || s.Microphone.Level < -4 || s.Loudspeaker.Device != "" {
			t.Errorf("%+v", s)
		}
		if got := r.Running(); !slices.Equal(got, []string{headsetMic}) {
			t.Errorf("open %v, want the microphone alone", got)
		}
		r.TryDevices(audio.RoleHandset, audio.TrialListen)
		r.run(500 * time.Millisecond)
		if s := r.TrialState(); s.Microphone.Device != "Manual Microphone" || s.Microphone.Level != mix.Silence {
			t.Errorf("%+v", s)
		}
		r.TryDevices(audio.RoleRinger, audio.TrialListen)
		r.run(100 * time.Millisecond)
		if got := r.Running(); len(got) != 0 {
			t.Errorf("open %v: the ringer has no microphone", got)
		}
		r.TryDevices(audio.RoleHandset, audio.TrialListen)
		r.run(100 * time.Millisecond)
		r.TryDevices(audio.RoleHandset, audio.TrialNone)
		r.run(100 * time.Millisecond)
		if got := r.Running(); len(got) != 0 {
			t.Errorf("open %v after the end", got)
		}
		if n := r.told(); len(n) != 0 {
			t.Errorf("notices %v", n)
		}
	})
}

func TestRecordingIsPlayedBackOnTheRolesLoudspeaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		// Calls on hold neither hear nor disturb the trial.
		f, _ := r.stream(t, 500, 0.25)
		r.Speak(headsetMic, sineInto(800, 0.4))
		r.TryDevices(audio.RoleHeadset, audio.TrialRecord)
		r.run(audio.TrialLength / 2)
		wantTrial(t, r, audio.TrialRecord, audio.TrialLength/2, audio.TrialLength)
		r.run(audio.TrialLength)
		wantTrial(t, r, audio.TrialRecord, audio.TrialLength, audio.TrialLength)
		if !silent(f.take()) {
			t.Error("a held call hears the trial")
		}

		for range 2 {
			r.Speak(headsetMic, nil)
			r.TryDevices(audio.RoleHeadset, audio.TrialPlay)
			r.run(audio.TrialLength / 2)
			if s := wantTrial(t, r, audio.TrialPlay, audio.TrialLength/2, audio.TrialLength); s.Loudspeaker.Level < -8 || s.Loudspeaker.Device != "Headset" {
				t.Errorf("%+v", s)
			}
			r.run(audio.TrialLength)
			wantTrial(t, r, audio.TrialPlay, audio.TrialLength, audio.TrialLength)
			heard := r.Heard(headsetOut)
			wantLevel(t, "played", heard[second:2*second], 800, 0.4)
			wantLevel(t, "of the held call", heard[second:2*second], 500, 0)
			natural, _ := loudestStep(heard[second : 2*second])
			if step, at := loudestStep(append([]float32{0}, heard...)); step > 1.1*natural {
				t.Errorf("step of %.3f at sample %d, the tone's own are %.3f", step, at, natural)
			}
		}
		r.TryDevices(audio.RoleHeadset, audio.TrialListen)
		r.run(200 * time.Millisecond)
		if got := r.Running(); !slices.Equal(got, []string{headsetMic}) {
			t.Errorf("open %v after playing", got)
		}
	})
}

func TestCallEndsATrialAndATrialNeverBeginsInACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.TryDevices(audio.RoleHeadset, audio.TrialRecord)
		r.run(time.Second)
		r.Route(audio.PathHandset)
		r.run(200 * time.Millisecond)
		if s := r.TrialState(); s.Trial != audio.TrialNone {
			t.Errorf("%+v", s)
		}
		r.TryDevices(audio.RoleHeadset, audio.TrialPlay)
		r.run(200 * time.Millisecond)
		if s := r.TrialState(); s.Trial != audio.TrialNone {
			t.Errorf("%+v", s)
		}
		if got, want := r.Running(), []string{device.ManualMic, device.ManualSpeaker}; !slices.Equal(got, want) {
			t.Errorf("open %v, want %v", got, want)
		}
		r.Route(audio.PathNone)
		r.run(200 * time.Millisecond)
		if got := r.Running(); len(got) != 0 {
			t.Errorf("open %v", got)
		}
	})
}

// TestDeviceThatVanishesInATrialIsReplacedOrTold: nothing is recorded or played
// that no device has heard or could play.
func TestDeviceThatVanishesInATrialIsReplacedOrTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.stream(t, 500, 0.25) // on hold: a timer clocks it
		r.TryDevices(audio.RoleHeadset, audio.TrialRecord)
		r.run(time.Second)
		r.Unplug(headsetMic)
		r.run(500 * time.Millisecond)
		if s := r.TrialState(); s.Microphone.Device != "Manual Microphone" || s.Microphone.Err == nil {
			t.Errorf("%+v", s)
		}
		r.Unplug(device.ManualMic)
		r.run(500 * time.Millisecond)
		before := r.TrialState()
		if before.Microphone.Device != "" || before.Microphone.Err == nil {
			t.Errorf("%+v", before)
		}
		r.run(2 * time.Second)
		if s := r.TrialState(); s.Done != before.Done {
			t.Errorf("recorded %v with no microphone", s.Done-before.Done)
		}
		for _, id := range []string{device.ManualSpeaker, headsetOut, bellOut} {
			r.Unplug(id)
		}
		r.Plug(device.Info{Kind: device.Capture, ID: headsetMic, Name: "Headset Microphone"})
		r.run(2 * time.Second) // the microphone drives a missing loudspeaker
		r.TryDevices(audio.RoleHeadset, audio.TrialPlay)
		r.run(2 * time.Second)
		if s := r.TrialState(); s.Done != 0 || s.Loudspeaker.Err == nil {
			t.Errorf("%+v", s)
		}
		r.Plug(device.Info{Kind: device.Playback, ID: headsetOut, Name: "Headset"})
		r.run(5 * time.Second)
		if s := r.TrialState(); s.Done == 0 || s.Loudspeaker.Err != nil {
			t.Errorf("%+v", s)
		}
	})
}

func TestDevicesThatAreTriedCanBeChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.TryDevices(audio.RoleSpeaker, audio.TrialListen)
		r.run(100 * time.Millisecond)
		r.ChooseDevices(audio.RoleSpeaker, "", headsetMic)
		r.run(200 * time.Millisecond)
		if got := r.Running(); !slices.Equal(got, []string{headsetMic}) {
			t.Errorf("open %v", got)
		}
	})
}

func TestTrialDoesNotAllocateInTheCallbacks(t *testing.T) {
	p := plan{record: newTake(), replayGain: 0.5}
	p.replay = p.record
	var box planBox
	box.publish(p)
	processing := newProcessing()
	e, m := newEar(&box, processing), newMouth(&box, processing)
	block := make([]float32, 240)
	if n := testing.AllocsPerRun(100, func() { m.capture(block); e.render(block) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

// Ring on the ringer's device while talking on another one (issue "Voice", 5).
func TestRingBesideACallIsForAnotherDeviceOnly(t *testing.T) {
	for name, c := range map[string]struct {
		path  audio.Path
		bell  string
		lose  string // what is unplugged before
		rings string
	}{
		"apart":                          {audio.PathHeadset, bellOut, "", bellOut},
		"the same by name":               {audio.PathHeadset, headsetOut, "", ""},
		"both the system's":              {audio.PathHandset, "", "", ""},
		"the default, also by its ID":    {audio.PathHandset, device.ManualSpeaker, "", ""},
		"lost ringer falls into the ear": {audio.PathHandset, bellOut, bellOut, ""},
		"lost headset falls on ringer":   {audio.PathHeadset, device.ManualSpeaker, headsetOut, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, func(conf *Config) { conf.Devices[audio.RoleRinger] = DeviceNames{Playback: c.bell} })
				r.Unplug(c.lose)
				r.Route(c.path)
				r.run(time.Second)
				for _, id := range []string{device.ManualSpeaker, headsetOut, bellOut} {
					r.Heard(id)
				}
				r.RingBeside("")
				r.run(5 * time.Second)
				for _, id := range []string{device.ManualSpeaker, headsetOut, bellOut} {
					if heard := !silent(r.Heard(id)); heard != (id == c.rings) {
						t.Errorf("ring on %s: %v", id, heard)
					}
				}
				// On hook it rings wherever the ringer is.
				r.Route(audio.PathNone)
				r.run(5 * time.Second) // a ring and its pause
				var anywhere bool
				for _, id := range []string{device.ManualSpeaker, headsetOut, bellOut} {
					anywhere = !silent(r.Heard(id)) || anywhere
				}
				if !anywhere {
					t.Error("no ring on hook")
				}
				r.StopRing()
				r.run(200 * time.Millisecond)
				if got := r.Running(); len(got) != 0 {
					t.Errorf("open %v", got)
				}
			})
		})
	}
}

func TestRingMovesOutOfTheEarInMidCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t) // the ringer is on the bell
		r.Route(audio.PathHandset)
		r.RingBeside("")
		r.run(time.Second)
		r.SetDevices(audio.RoleHandset, DeviceNames{Playback: bellOut})
		r.run(200 * time.Millisecond)
		r.Heard(bellOut)
		r.run(3 * time.Second)
		if heard := r.Heard(bellOut); !silent(heard) {
			t.Error("the ring is in the ear")
		}
		r.SetDevices(audio.RoleHandset, DeviceNames{})
		r.run(200 * time.Millisecond)
		r.Heard(bellOut)
		r.run(3 * time.Second)
		if silent(r.Heard(bellOut)) {
			t.Error("the ring is not back on its own device")
		}
	})
}
