package engine

import (
	"errors"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
	"deskset/audio/tone"
)

func TestOnHookNoDeviceIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.run(time.Minute)
		if r.Opened() != 0 {
			t.Errorf("%d devices were opened", r.Opened())
		}
		r.Route(audio.PathHandset)
		r.run(50 * time.Millisecond)
		if got, want := r.Running(), []string{device.ManualMic, device.ManualSpeaker}; !slices.Equal(got, want) {
			t.Errorf("off hook: open %v, want %v", got, want)
		}
		r.Route(audio.PathNone)
		synctest.Wait()
		if slices.Contains(r.Running(), device.ManualMic) {
			t.Error("on hook: the microphone is still open")
		}
		r.run(100 * time.Millisecond)
		if got := r.Running(); len(got) != 0 {
			t.Errorf("on hook: open %v", got)
		}
		if n := r.told(); len(n) != 0 {
			t.Errorf("notices although all is well: %v", n)
		}
	})
}

func TestDialToneIsHeardOffHookOnlyAndEndsWithoutAClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Tone(tone.Dial)
		r.run(100 * time.Millisecond)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		heard := r.Heard(device.ManualSpeaker)
		if level(lastPart(heard, 500*time.Millisecond), 440) < 0.02 {
			t.Error("no dial tone")
		}
		before, _ := loudestStep(lastPart(heard, 500*time.Millisecond))
		r.Route(audio.PathNone)
		r.run(100 * time.Millisecond)
		end := append(lastPart(heard, 10*time.Millisecond), r.Heard(device.ManualSpeaker)...)
		if step, at := loudestStep(append(end, 0)); step > 1.1*before {
			t.Errorf("click of %.4f at %d after hanging up; the tone itself steps %.4f", step, at, before)
		}
	})
}

func TestStreamsAndTonesAreMixedAtUnityVolume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.stream(t, 1000, 0.3)
		r.stream(t, 1700, 0.2)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		heard := lastPart(r.Heard(device.ManualSpeaker), 500*time.Millisecond)
		wantLevel(t, "first call", heard, 1000, 0.3)
		wantLevel(t, "second call", heard, 1700, 0.2)
		r.KeyDown('5')
		r.run(300 * time.Millisecond)
		if heard := lastPart(r.Heard(device.ManualSpeaker), 100*time.Millisecond); level(heard, 770) < 0.01 || level(heard, 1336) < 0.01 {
			t.Error("the key's tone is not heard")
		}
		r.KeyUp()
		r.run(500 * time.Millisecond)
		if heard := lastPart(r.Heard(device.ManualSpeaker), 200*time.Millisecond); level(heard, 770) > 0.001 {
			t.Error("the key's tone does not end")
		}
	})
}

func TestLoudSumIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.stream(t, 1000, 0.9)
		r.stream(t, 1300, 0.9)
		r.SetVolume(audio.RoleHandset, audio.MaxVolume)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		for _, v := range r.Heard(device.ManualSpeaker) {
			if math.Abs(float64(v)) > mix.Ceiling+1e-6 {
				t.Fatalf("sample of %g", v)
			}
		}
	})
}

func TestMicrophoneReachesEveryStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		a, _ := r.stream(t, 0, 0)
		b, _ := r.stream(t, 0, 0)
		r.Speak(device.ManualMic, sineInto(800, 0.4))
		r.Route(audio.PathHandset)
		r.run(time.Second)
		for _, f := range []*fakeMedia{a, b} {
			heard := f.take()
			wantLevel(t, "stream", lastPart(heard, 500*time.Millisecond), 800, 0.4)
			if n := len(heard); n < second-480 || n > second+480 {
				t.Errorf("%d samples in a second", n)
			}
		}
		if l := r.Levels(); l.Microphone != -5 || l.Ear != mix.Silence {
			t.Errorf("levels %+v, want the microphone at -5 dBm0 and the ear silent", l)
		}
	})
}

func TestMuteSendsSilenceWithoutAClickAndKeepsSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f, _ := r.stream(t, 0, 0)
		r.Speak(device.ManualMic, sineInto(800, 0.4))
		r.Route(audio.PathHandset)
		r.run(time.Second)
		natural, _ := loudestStep(lastPart(f.take(), 500*time.Millisecond))
		r.Mute(true)
		r.run(time.Second)
		muted := f.take()
		if !silent(muted[480:]) {
			t.Error("muted, but not silent after 10 ms")
		}
		if n := len(muted); n != second {
			t.Errorf("%d samples sent in a muted second, want %d", n, second)
		}
		if got := r.Levels().Microphone; got != -5 {
			t.Errorf("microphone meter while muted: %d dBm0, want -5", got)
		}
		r.Mute(false)
		r.run(time.Second)
		all := append(muted, f.take()...)
		if step, at := loudestStep(all); step > 1.3*natural {
			t.Errorf("click of %.4f at sample %d; the voice itself steps %.4f", step, at, natural)
		}
		wantLevel(t, "unmuted", lastPart(all, 500*time.Millisecond), 800, 0.4)
	})
}

func TestVolumeChangesWithoutAClickInEqualSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.stream(t, 500, 0.25)
		r.Route(audio.PathSpeaker)
		r.run(200 * time.Millisecond)
		r.Heard(device.ManualSpeaker)
		last := math.NaN()
		for step := range audio.MaxVolume + 1 {
			r.SetVolume(audio.RoleSpeaker, step)
			r.run(200 * time.Millisecond)
			heard := r.Heard(device.ManualSpeaker)
			got := level(lastPart(heard, 100*time.Millisecond), 500)
			if db := 20 * math.Log10(got/last); !math.IsNaN(last) && math.Abs(db-callVolume.StepDB) > 0.1 {
				t.Errorf("step %d is %.2f dB above the one before, want %.1f", step, db, callVolume.StepDB)
			}
			loudest := math.Max(got, 0.26)
			if s, _ := loudestStep(heard); s > 1.3*loudest*2*math.Pi*500/mix.Rate {
				t.Errorf("click of %.4f at step %d", s, step)
			}
			last = got
		}
	})
}

func TestEachRoleHasItsOwnVolume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.stream(t, 500, 0.25)
		r.SetVolume(audio.RoleSpeaker, callVolume.UnityStep-2)
		r.Route(audio.PathHandset)
		r.run(200 * time.Millisecond)
		wantLevel(t, "handset", lastPart(r.Heard(device.ManualSpeaker), 100*time.Millisecond), 500, 0.25)
		opened := r.Opened()
		r.Route(audio.PathSpeaker)
		r.run(200 * time.Millisecond)
		wantLevel(t, "speaker", lastPart(r.Heard(device.ManualSpeaker), 100*time.Millisecond), 500, 0.25*math.Pow(10, -6.0/20))
		if r.Opened() != opened {
			t.Error("the same devices were opened again")
		}
	})
}

func TestRouteChangesInMidCallWithoutAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f, _ := r.stream(t, 500, 0.25)
		r.Speak(device.ManualMic, sineInto(800, 0.4))
		r.Speak(headsetMic, sineInto(1100, 0.4))
		r.Route(audio.PathHandset)
		r.run(500 * time.Millisecond)
		f.take()
		read := f.read()
		r.Route(audio.PathHeadset)
		r.run(500 * time.Millisecond)
		said := f.take()
		if d := f.read() - read - second/2; d < -480 || d > 480 {
			t.Errorf("%d samples too many were played during the change", d)
		}
		if d := len(said) - second/2; d < -480 || d > 480 {
			t.Errorf("%d samples too many were sent during the change", d)
		}
		wantLevel(t, "headset's microphone", lastPart(said, 300*time.Millisecond), 1100, 0.4)
		wantLevel(t, "headset", lastPart(r.Heard(headsetOut), 300*time.Millisecond), 500, 0.25)
		if got, want := r.Running(), []string{headsetOut, headsetMic}; !slices.Equal(got, want) {
			t.Errorf("open %v, want %v", got, want)
		}
	})
}

func TestRingsOnTheRingersDeviceDuringACallOnTheHeadset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.stream(t, 500, 0.25)
		r.Route(audio.PathHeadset)
		r.run(200 * time.Millisecond)
		r.Ring(tone.Chirp1)
		r.run(3 * time.Second)
		if rung := r.Heard(bellOut); silent(rung) {
			t.Error("no ring")
		}
		wantLevel(t, "call", lastPart(r.Heard(headsetOut), time.Second), 500, 0.25)
		if !silent(r.Heard(device.ManualSpeaker)) {
			t.Error("the loudspeaker rings too")
		}
		r.SetVolume(audio.RoleRinger, 0)
		r.run(100 * time.Millisecond)
		r.Heard(bellOut)
		r.run(5 * time.Second)
		if !silent(r.Heard(bellOut)) {
			t.Error("rings at volume 0")
		}
		r.StopRing()
		r.run(100 * time.Millisecond)
		if slices.Contains(r.Running(), bellOut) {
			t.Error("the ringer's device stays open")
		}
	})
}

func TestStreamThatIsClosedIsNotTouchedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f, s := r.stream(t, 500, 0.25)
		r.Route(audio.PathHandset)
		r.run(100 * time.Millisecond)
		for range 2 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if f.closed != 1 {
			t.Errorf("closed %d times", f.closed)
		}
		f.take()
		read := f.read()
		r.run(100 * time.Millisecond)
		if len(f.take()) != 0 || f.read() != read {
			t.Error("the callbacks still use it")
		}
	})
}

func TestCloseEndsWhatIsOpenAndLaterCallsDoNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f, s := r.stream(t, 500, 0.25)
		r.Route(audio.PathHeadset)
		r.Ring(tone.Chirp2)
		r.run(100 * time.Millisecond)
		if err := r.Engine.Close(); err != nil {
			t.Fatal(err)
		}
		if len(r.Running()) != 0 || f.closed != 1 {
			t.Errorf("open %v, stream closed %d times", r.Running(), f.closed)
		}
		r.Route(audio.PathHandset)
		r.Tone(tone.Busy)
		s.Close()
		if _, err := r.NewStream(audio.StreamConfig{}); err == nil {
			t.Error("a new stream after Close")
		}
		if err := r.SetRings(nil); err == nil {
			t.Error("new rings after Close")
		}
	})
}

func TestErrorOfTheStreamReachesThePhone(t *testing.T) {
	want := errors.New("no port free")
	r := newRig(t, func(c *Config) {
		c.NewMedia = func(audio.StreamConfig) (Media, error) { return nil, want }
	})
	if _, err := r.NewStream(audio.StreamConfig{}); !errors.Is(err, want) {
		t.Errorf("%v, want %v", err, want)
	}
}
