//go:build cgo && linux

package device_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskset/audio/device"
	"deskset/audio/device/pulsetest"
)

// livePort is a playback port on a real sound server.
type livePort struct {
	*device.Port
	mu    sync.Mutex
	now   device.PortState
	calls atomic.Int64
}

func newLivePort(t *testing.T, s *pulsetest.Server, kind device.Kind) *livePort {
	p := &livePort{}
	b := malgoOn(t, s)
	p.Port = device.NewPort(device.PortConfig{
		Backend: b, Kind: kind,
		Data: func([]float32) { p.calls.Add(1) },
		Notify: func(s device.PortState) {
			t.Logf("port: using %q, err %v", s.Device, s.Err)
			p.mu.Lock()
			defer p.mu.Unlock()
			p.now = s
		},
	})
	t.Cleanup(p.Close) // before the backend
	return p
}

func (p *livePort) using() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now.Device
}

// until waits until a device is in use and plays.
func (p *livePort) until(t *testing.T, limit time.Duration, name string) time.Duration {
	t.Helper()
	took := eventually(t, limit, "using "+name, func() bool { return p.using() == name })
	if name != "" {
		n := p.calls.Load()
		eventually(t, 3*time.Second, "callbacks of "+name, func() bool { return p.calls.Load() > n+5 })
	}
	return took
}

func TestUnpluggedSinkFallsBackWithinTwoSecondsAndComesBack(t *testing.T) {
	s := pulsetest.Start(t)
	p := newLivePort(t, s, device.Playback)
	p.Want("headset")
	t.Logf("opened in %v", p.until(t, 5*time.Second, "Virtual-headset"))
	for range 3 {
		s.Unplug("headset")
		took := p.until(t, 5*time.Second, "Virtual-spk")
		t.Logf("fell back in %v", took)
		if took > 2*time.Second {
			t.Errorf("fell back in %v, want 2 s", took)
		}
		s.AddSink("headset")
		t.Logf("came back in %v", p.until(t, 10*time.Second, "Virtual-headset"))
	}
}

func TestUnpluggedMicrophoneFallsBackAndComesBack(t *testing.T) {
	s := pulsetest.Start(t)
	s.AddMicrophone("boom", pulsetest.MicFeed)
	p := newLivePort(t, s, device.Capture)
	p.Want("boom")
	p.until(t, 5*time.Second, "Virtual-boom")
	s.Unplug("boom")
	if took := p.until(t, 5*time.Second, "Virtual-mic"); took > 2*time.Second {
		t.Errorf("fell back in %v, want 2 s", took)
	}
	s.AddMicrophone("boom", pulsetest.MicFeed)
	p.until(t, 10*time.Second, "Virtual-boom")
}

func TestPortOutlivesACrashOfTheSoundServer(t *testing.T) {
	s := pulsetest.Start(t)
	p := newLivePort(t, s, device.Playback)
	p.Want("")
	p.until(t, 5*time.Second, "Virtual-spk")
	s.Kill()
	if took := p.until(t, 5*time.Second, ""); took > 2*time.Second {
		t.Errorf("noticed after %v, want 2 s", took)
	}
	s.Restart()
	p.until(t, 10*time.Second, "Virtual-spk")
}

func TestPortOutlivesAHangOfTheSoundServer(t *testing.T) {
	s := pulsetest.Start(t)
	p := newLivePort(t, s, device.Playback)
	p.Want("spk")
	p.until(t, 5*time.Second, "Virtual-spk")
	s.Pause()
	if took := p.until(t, 5*time.Second, ""); took > 2*time.Second {
		t.Errorf("noticed after %v, want 2 s", took)
	}
	start := time.Now()
	p.Want("headset")
	p.Release()
	p.Want("spk")
	if took := time.Since(start); took > 100*time.Millisecond {
		t.Errorf("control waited %v for a hung server", took)
	}
	s.Resume()
	p.until(t, 15*time.Second, "Virtual-spk")
}

func TestPortChangesRealDevicesWithoutALongPause(t *testing.T) {
	s := pulsetest.Start(t)
	b := malgoOn(t, s)
	var longest, last atomic.Int64
	p := device.NewPort(device.PortConfig{Backend: b, Kind: device.Playback, Data: func([]float32) {
		now := time.Now().UnixNano()
		if l := last.Swap(now); l != 0 && now-l > longest.Load() {
			longest.Store(now - l)
		}
	}})
	defer p.Close()
	running := func() bool { return p.Live() }
	p.Want("spk")
	eventually(t, 5*time.Second, "start", running)
	streams := func(n int) func() bool {
		return func() bool { return len(s.Streams()) == n }
	}
	eventually(t, 5*time.Second, "one stream", streams(1))
	// A machine that is busy with other things makes pauses of its own, but not
	// in each of the changes.
	best := time.Hour
	for range 5 {
		longest.Store(0)
		for _, name := range []string{"headset", "spk"} {
			p.Want(name)
			eventually(t, 5*time.Second, "the change to "+name, func() bool {
				list := s.Streams()
				return len(list) == 1 && list[0].Device == name
			})
		}
		pause := time.Duration(longest.Load())
		t.Logf("longest pause in two changes: %v", pause)
		best = min(best, pause)
	}
	if best > 50*time.Millisecond {
		t.Errorf("pause of %v, want 50 ms", best)
	}
}

// TestPhoneDoesNotListenToTheLoudspeakerWhenTheLastMicrophoneGoes: PulseAudio
// moves what records from the default to the loudspeaker's monitor then, and the
// peer would hear itself.
func TestPhoneDoesNotListenToTheLoudspeakerWhenTheLastMicrophoneGoes(t *testing.T) {
	s := pulsetest.Start(t)
	p := newLivePort(t, s, device.Capture)
	p.Want("")
	p.until(t, 5*time.Second, "Virtual-mic")
	s.Unplug("mic")
	if took := p.until(t, 5*time.Second, ""); took > time.Second {
		t.Errorf("deaf after %v, want 1 s", took)
	}
	before := p.calls.Load()
	s.AddMicrophone("mic", pulsetest.MicFeed)
	if p.calls.Load() != before {
		t.Error("heard something without a microphone")
	}
	t.Logf("came back in %v", p.until(t, 6*time.Second, "Virtual-mic"))
}

// TestMicrophoneFollowsTheSystemsDefault: who chooses another in the desktop's
// settings hears the change at once.
func TestMicrophoneFollowsTheSystemsDefault(t *testing.T) {
	s := pulsetest.Start(t)
	s.AddMicrophone("boom", pulsetest.MicFeed)
	p := newLivePort(t, s, device.Capture)
	p.Want("")
	p.until(t, 5*time.Second, "Virtual-mic")
	s.Unplug("mic")
	eventually(t, 3*time.Second, "recording from boom", func() bool {
		streams := s.Streams()
		return len(streams) == 1 && streams[0].Device == "boom"
	})
	p.until(t, 2*time.Second, "Virtual-boom")
}

func TestLoudspeakerFollowsTheSystemsDefault(t *testing.T) {
	s := pulsetest.Start(t)
	p := newLivePort(t, s, device.Playback)
	p.Want("")
	p.until(t, 5*time.Second, "Virtual-spk")
	for range 2 {
		s.SetDefault(pulsetest.Headset)
		p.until(t, 5*time.Second, "Virtual-headset")
		if list := s.Streams(); len(list) != 1 || list[0].Device != pulsetest.Headset {
			t.Errorf("streams %v", list)
		}
		s.Unplug(pulsetest.Headset) // now the server chooses
		eventually(t, 5*time.Second, "another device", func() bool { return p.using() != "Virtual-headset" && p.using() != "" })
		s.AddSink(pulsetest.Headset)
		s.SetDefault(pulsetest.Speaker)
		p.until(t, 5*time.Second, "Virtual-spk")
	}
}
