//go:build cgo && linux

package engine

import (
	"sync"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/device/pulsetest"
	"deskset/audio/tone"
)

// liveEngine runs on the cards of a PulseAudio server.
func liveEngine(t *testing.T, s *pulsetest.Server, f *fakeMedia) (*Engine, func() []audio.Notice) {
	var mu sync.Mutex
	var told []audio.Notice
	e := New(Config{
		Backend: device.NewMalgo(device.MalgoConfig{Server: s.Address()}),
		Devices: map[audio.Role]DeviceNames{
			audio.RoleHeadset: {Playback: pulsetest.Headset},
			audio.RoleRinger:  {Playback: pulsetest.Ringer},
		},
		Volumes: map[audio.Role]int{audio.RoleHandset: callVolume.UnityStep, audio.RoleHeadset: callVolume.UnityStep},
		Notify: func(n audio.Notice) {
			t.Logf("notice: %v on %q: %v", n.Role, n.Device, n.Err)
			mu.Lock()
			defer mu.Unlock()
			told = append(told, n)
		},
		NewMedia: func(audio.StreamConfig) (Media, error) { return f, nil },
	})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, func() []audio.Notice {
		mu.Lock()
		defer mu.Unlock()
		return append([]audio.Notice(nil), told...)
	}
}

func eventually(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

// returning gives back what is said to it, 20 ms later.
type returning struct {
	fakeMedia
	ring        [1 << 16]float32
	read, wrote int
}

func (e *returning) Write(src []float32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, v := range src {
		e.ring[e.wrote%len(e.ring)] = v
		e.wrote++
	}
}

func (e *returning) Read(dst []float32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(dst)
	for i := range dst {
		if e.read == e.wrote {
			return
		}
		dst[i] = e.ring[e.read%len(e.ring)]
		e.read++
	}
}

func TestEchoThroughRealDevicesReturnsTheTone(t *testing.T) {
	s := pulsetest.Start(t)
	e, told := liveEngine(t, s, nil)
	e.config.NewMedia = func(audio.StreamConfig) (Media, error) { return &returning{wrote: second / 50}, nil }
	if _, err := e.NewStream(audio.StreamConfig{}); err != nil {
		t.Fatal(err)
	}
	s.PlayTone(pulsetest.MicFeed, 1000)
	e.Route(audio.PathHandset)
	eventually(t, 5*time.Second, "voice at the ear", func() bool { return e.Levels().Ear > -30 })
	if share := s.HearTone(pulsetest.Speaker, 1000, 0.95, 2*time.Second, 20*time.Second); share < 0.95 {
		t.Errorf("tone in %.0f %% of two seconds", 100*share)
	}
	m := e.Measurements()
	t.Logf("ear %+v", m.Ear)
	t.Logf("microphone %+v", m.Microphone)
	if m.Ear.Rate < 90 || m.Microphone.Rate < 90 {
		t.Errorf("callbacks per second: %d and %d, want 200 and more", m.Ear.Rate, m.Microphone.Rate)
	}
	if n := told(); len(n) != 0 {
		t.Errorf("notices although all is well: %v", n)
	}
}

func TestRealHeadsetUnpluggedInMidCall(t *testing.T) {
	s := pulsetest.Start(t)
	f := &fakeMedia{hz: 700, amplitude: 0.25}
	e, told := liveEngine(t, s, f)
	if _, err := e.NewStream(audio.StreamConfig{}); err != nil {
		t.Fatal(err)
	}
	e.Ring(tone.Chirp1)
	e.Route(audio.PathHeadset)
	eventually(t, 5*time.Second, "the headset", func() bool { return e.Levels().Ear > -30 })
	eventually(t, 5*time.Second, "the ring on its own device", func() bool { return e.Levels().Ringer > -40 })
	e.StopRing()
	before := f.read()
	s.Unplug(pulsetest.Headset)
	eventually(t, 2*time.Second, "the fall-back", func() bool {
		n := told()
		return len(n) > 0 && n[len(n)-1].Device == "Virtual-spk" && n[len(n)-1].Err != nil
	})
	if share := s.HearTone(pulsetest.Speaker, 700, 0.95, time.Second, 15*time.Second); share < 0.95 {
		t.Errorf("call in %.0f %% of what the loudspeaker got", 100*share)
	}
	s.AddSink(pulsetest.Headset)
	eventually(t, 10*time.Second, "the return", func() bool {
		n := told()
		return n[len(n)-1].Device == "Virtual-headset" && n[len(n)-1].Err == nil
	})
	if share := s.HearTone(pulsetest.Headset, 700, 0.95, time.Second, 15*time.Second); share < 0.95 {
		t.Errorf("call in %.0f %% of what the headset got", 100*share)
	}
	if f.read() < before+second {
		t.Error("the call stopped")
	}
	e.Route(audio.PathNone)
	eventually(t, 5*time.Second, "all devices closed on hook", func() bool { return len(s.Streams()) == 0 })
}

func TestCallOutlivesTheSoundServer(t *testing.T) {
	s := pulsetest.Start(t)
	f := &fakeMedia{hz: 700, amplitude: 0.25}
	e, told := liveEngine(t, s, f)
	if _, err := e.NewStream(audio.StreamConfig{}); err != nil {
		t.Fatal(err)
	}
	e.Route(audio.PathHandset)
	eventually(t, 5*time.Second, "the card", func() bool { return e.Levels().Ear > -30 })
	s.Kill()
	eventually(t, 2*time.Second, "the notice", func() bool { return len(told()) > 0 })
	read, wrote := f.read(), f.sent()
	eventually(t, 3*time.Second, "a second of voice without a card", func() bool {
		return f.read()-read > second && f.sent()-wrote > 50
	})
	s.Restart()
	eventually(t, 10*time.Second, "the card again", func() bool {
		n := told()
		return n[len(n)-1].Err == nil && n[len(n)-1].Device == "Virtual-spk"
	})
}
