package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
)

// wantFlow asserts that a stream was read and written at the card's rate.
func wantFlow(t *testing.T, what string, f *fakeMedia, r *rig, d time.Duration) {
	t.Helper()
	f.take()
	read := f.read()
	r.run(d)
	want := int(d * second / time.Second)
	if n := len(f.take()) - want; n < -960 || n > 960 {
		t.Errorf("%s: sent %+d samples in %v beyond the %d wanted", what, n, d, want)
	}
	if n := f.read() - read - want; n < -960 || n > 960 {
		t.Errorf("%s: played %+d samples in %v beyond the %d wanted", what, n, d, want)
	}
}

func TestMissingMicrophoneIsClockedByTheLoudspeaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Unplug(device.ManualMic)
		r.Unplug(headsetMic)
		f, _ := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		wantFlow(t, "no microphone", f, r, 2*time.Second)
		if n := r.told(); len(n) != 1 || n[0].Role != audio.RoleHandset || !n[0].Capture || n[0].Device != "" ||
			!strings.HasPrefix(n[0].Err.Error(), "capture") || !strings.HasSuffix(n[0].Err.Error(), "using no microphone") {
			t.Errorf("notices %v", n)
		}
		r.Plug(device.Info{Kind: device.Capture, ID: "new", Name: "New", Default: true})
		r.run(5 * time.Second)
		wantFlow(t, "microphone again", f, r, 2*time.Second)
		if n := r.told(); len(n) != 1 || n[0].Err != nil || !n[0].Capture || n[0].Device != "New" {
			t.Errorf("notices %v, want that all is well again", n)
		}
	})
}

func TestMissingLoudspeakerIsClockedByTheMicrophone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		for _, id := range []string{device.ManualSpeaker, headsetOut, bellOut} {
			r.Unplug(id)
		}
		r.Speak(device.ManualMic, sineInto(800, 0.4))
		f, _ := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		wantFlow(t, "no loudspeaker", f, r, 2*time.Second)
		if n := r.told(); len(n) != 1 || n[0].Device != "" || !strings.HasSuffix(n[0].Err.Error(), "using no sound") {
			t.Errorf("notices %v", n)
		}
	})
}

func TestCallGoesOnWithNoCardAtAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Fail(device.ErrNoSound)
		f, _ := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		wantFlow(t, "no cards", f, r, 2*time.Second)
		if n := r.told(); len(n) == 0 || n[len(n)-1].Device != "" || !errors.Is(n[len(n)-1].Err, device.ErrNoSound) {
			t.Errorf("notices %v", n)
		}
		r.Fail(nil)
		r.run(5 * time.Second)
		wantFlow(t, "cards again", f, r, 2*time.Second)
		if n := r.told(); len(n) == 0 || n[len(n)-1].Err != nil {
			t.Errorf("notices %v, want that all is well again", n)
		}
	})
}

func TestFirstPacketDoesNotWaitForTheCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Silence(device.ManualSpeaker, true) // open, but slow to start
		r.Silence(device.ManualMic, true)
		f, _ := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		r.run(100 * time.Millisecond)
		if n := len(f.take()); n < second/10-960 {
			t.Errorf("%d samples sent in the first 100 ms", n)
		}
		r.Silence(device.ManualSpeaker, false)
		r.Silence(device.ManualMic, false)
		wantFlow(t, "started", f, r, time.Second)
	})
}

func TestCallsOnHoldAreClockedWithSilenceOnHook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Speak(device.ManualMic, sineInto(800, 0.4))
		f, s := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		r.Route(audio.PathNone)
		r.run(100 * time.Millisecond)
		f.take()
		before := f.sent()
		r.run(10 * time.Second)
		if said := f.take(); !silent(said) || len(said) < 10*second-960 {
			t.Errorf("%d samples, silent %v; want ten seconds of silence", len(said), silent(said))
		}
		if n := f.sent() - before; n > 1100 {
			t.Errorf("%d writes in ten seconds: not at low cost", n)
		}
		if len(r.Running()) != 0 {
			t.Errorf("open: %v", r.Running())
		}
		s.Close()
		if f.closed != 1 {
			t.Error("not closed")
		}
	})
}

func TestLostHeadsetFallsBackWithinTwoSecondsAndComesBackInMidCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Speak(device.ManualMic, sineInto(800, 0.4))
		r.Speak(headsetMic, sineInto(1100, 0.4))
		f, _ := r.stream(t, 500, 0.25)
		r.Route(audio.PathHeadset)
		r.run(time.Second)
		f.take()
		r.Heard(device.ManualSpeaker)

		r.Unplug(headsetOut)
		r.Unplug(headsetMic)
		r.run(time.Second)
		wantLevel(t, "default loudspeaker", lastPart(r.Heard(device.ManualSpeaker), 300*time.Millisecond), 500, 0.25)
		said := f.take()
		wantLevel(t, "default microphone", lastPart(said, 300*time.Millisecond), 800, 0.4)
		if len(said) < second*7/10 {
			t.Errorf("%d samples in the second of the loss: packets stopped for more than 300 ms", len(said))
		}
		n := r.told()
		if len(n) == 0 || n[len(n)-1].Device != "Manual Speaker" || n[len(n)-1].Err == nil || n[0].Role != audio.RoleHeadset {
			t.Errorf("notices %v", n)
		}

		r.Plug(device.Info{Kind: device.Playback, ID: headsetOut, Name: "Headset"})
		r.Plug(device.Info{Kind: device.Capture, ID: headsetMic, Name: "Headset Microphone"})
		r.run(6 * time.Second)
		wantFlow(t, "headset again", f, r, time.Second)
		wantLevel(t, "headset", lastPart(r.Heard(headsetOut), 300*time.Millisecond), 500, 0.25)
		if got, want := r.Running(), []string{headsetOut, headsetMic}; !slices.Equal(got, want) {
			t.Errorf("open %v, want %v", got, want)
		}
		n = r.told()
		if len(n) == 0 || n[len(n)-1].Err != nil || n[len(n)-1].Device != "Headset" {
			t.Errorf("notices %v", n)
		}
	})
}

func TestDevicesOfARoleCanBeChangedDuringACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f, _ := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		r.run(200 * time.Millisecond)
		r.SetDevices(audio.RoleHandset, DeviceNames{Playback: "Bell", Capture: headsetMic})
		wantFlow(t, "changing", f, r, time.Second)
		wantLevel(t, "new device", lastPart(r.Heard(bellOut), 300*time.Millisecond), 500, 0.25)
		r.SetDevices(audio.RoleRinger, DeviceNames{Playback: headsetOut})
		r.Ring("")
		r.run(time.Second)
		if !slices.Contains(r.Running(), headsetOut) {
			t.Errorf("open %v: the ringer's new device is not", r.Running())
		}
	})
}

func TestMeasurementsCountWhatTheCardsDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Route(audio.PathHandset)
		r.run(2 * time.Second)
		m := r.Measurements()
		if m.Ear.Rate != 200 || m.Microphone.Rate != 200 || m.Ear.Underruns != 0 || m.Ear.Samples < 2*second-960 {
			t.Errorf("%+v", m)
		}
		for range 3 { // a card that asks 30 ms late has run dry
			time.Sleep(30 * time.Millisecond)
			r.run(500 * time.Millisecond)
		}
		if m := r.Measurements(); m.Ear.Underruns != 3 || m.Ear.Lost < 85*time.Millisecond || m.Ear.Lost > 95*time.Millisecond {
			t.Errorf("%d under-runs, %v lost, want 3 of 30 ms", m.Ear.Underruns, m.Ear.Lost)
		}
	})
}

// TestSystemsDefaultIsFollowedAndTold: who unplugs the default, or chooses another
// one in the desktop's settings, reads which one it is now.
func TestSystemsDefaultIsFollowedAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f, _ := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		r.SetDefault(bellOut)
		wantFlow(t, "another default", f, r, time.Second)
		wantLevel(t, "new default", lastPart(r.Heard(bellOut), 300*time.Millisecond), 500, 0.25)
		if n := r.told(); len(n) != 1 || n[0].Capture || n[0].Device != "Bell" || n[0].Err != nil {
			t.Errorf("notices %v", n)
		}
		if h := r.Hops(); h.Ear.Device != "Bell" {
			t.Errorf("hops %+v", h)
		}
		r.SetDefault(headsetMic)
		r.run(time.Second)
		if n := r.told(); len(n) != 1 || !n[0].Capture || n[0].Device != "Headset Microphone" || n[0].Err != nil {
			t.Errorf("notices %v", n)
		}
		// A person's own choice needs no notice.
		r.ChooseDevices(audio.RoleHandset, headsetOut, headsetMic)
		r.run(time.Second)
		if n := r.told(); len(n) != 0 {
			t.Errorf("notices %v", n)
		}
	})
}
