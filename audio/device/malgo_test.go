//go:build cgo && linux

package device_test

import (
	"errors"
	"math"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"deskset/audio/device"
	"deskset/audio/device/pulsetest"
)

// eventually waits for a condition that a real sound server brings about.
func eventually(t *testing.T, limit time.Duration, what string, ok func() bool) time.Duration {
	t.Helper()
	start := time.Now()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Since(start) > limit {
			t.Fatalf("not within %v: %s", limit, what)
		}
		<-tick.C
	}
	return time.Since(start)
}

// toneMaker fills blocks with a sine, 12 dB below full scale.
func toneMaker(hz float64) func([]float32) {
	n := 0
	return func(block []float32) {
		for i := range block {
			block[i] = float32(0.25 * math.Sin(2*math.Pi*hz*float64(n)/device.Rate))
			n++
		}
	}
}

func malgoOn(t *testing.T, s *pulsetest.Server) device.Backend {
	t.Helper()
	b := device.NewMalgo(device.MalgoConfig{Server: s.Address()})
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func open(t *testing.T, b device.Backend, c device.Config) device.Device {
	t.Helper()
	d, err := b.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestMalgoListsWhatThePulseServerHas(t *testing.T) {
	s := pulsetest.Start(t)
	list, err := malgoOn(t, s).List()
	if err != nil {
		t.Fatal(err)
	}
	want := map[device.Info]bool{
		{Kind: device.Playback, ID: "spk", Name: "Virtual-spk", Default: true}: true,
		{Kind: device.Playback, ID: "ring", Name: "Virtual-ring"}:              true,
		{Kind: device.Capture, ID: "mic", Name: "Virtual-mic", Default: true}:  true,
	}
	for _, info := range list {
		delete(want, info)
	}
	if len(want) > 0 {
		t.Errorf("missing %v in %v", want, list)
	}
}

func TestMalgoPlaysIntoTheNamedSinkOnly(t *testing.T) {
	s := pulsetest.Start(t)
	d := open(t, malgoOn(t, s), device.Config{Kind: device.Playback, Name: "headset", Data: toneMaker(1000)})
	if d.Name() != "Virtual-headset" {
		t.Errorf("name %q", d.Name())
	}
	if share := s.HearTone(pulsetest.Headset, 1000, 0.95, time.Second, 15*time.Second); share < 0.95 {
		t.Errorf("tone in %.0f %% of what the headset got", 100*share)
	}
	if rms := pulsetest.RMS(s.Record(pulsetest.Speaker, 200*time.Millisecond)); rms != 0 {
		t.Errorf("the loudspeaker got sound too: %g", rms)
	}
}

func TestMalgoCapturesWhatTheMicrophoneHears(t *testing.T) {
	s := pulsetest.Start(t)
	s.PlayTone(pulsetest.MicFeed, 1500)
	heard := make([]int16, 0, 2*device.Rate)
	full := make(chan struct{})
	d := open(t, malgoOn(t, s), device.Config{Kind: device.Capture, Data: func(block []float32) {
		if len(heard)+len(block) > cap(heard) {
			select {
			case <-full:
			default:
				close(full)
			}
			return
		}
		for _, v := range block {
			heard = append(heard, int16(v*32767))
		}
	}})
	select {
	case <-full:
	case <-time.After(10 * time.Second):
		t.Fatal("no two seconds of sound in ten")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if share := pulsetest.ToneShare(heard, 1500); share < 0.85 {
		t.Errorf("tone in %.0f %% of what was captured", 100*share)
	}
}

func TestMalgoNeverTakesTheLoudspeakerForAMicrophone(t *testing.T) {
	s := pulsetest.Start(t)
	s.Unplug(pulsetest.Mic)
	b := malgoOn(t, s)
	if _, err := b.Open(device.Config{Kind: device.Capture, Data: func([]float32) {}}); !errors.Is(err, device.ErrNoDevice) {
		t.Errorf("the default microphone: %v, want %v", err, device.ErrNoDevice)
	}
	d, err := b.Open(device.Config{Kind: device.Capture, Name: "spk.monitor", Data: func([]float32) {}})
	if err != nil {
		t.Fatalf("a monitor by its name: %v", err)
	}
	d.Close()
}

func TestMalgoWithoutAServerFailsAtOnce(t *testing.T) {
	s := pulsetest.Start(t)
	s.Kill()
	b := malgoOn(t, s)
	start := time.Now()
	_, err := b.Open(device.Config{Kind: device.Playback, Name: "spk", Data: func([]float32) {}})
	if err == nil || time.Since(start) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	t.Log(err)
}

func TestMalgoServerThatDiesOrHangsStopsNobody(t *testing.T) {
	s := pulsetest.Start(t)
	b := malgoOn(t, s)
	var calls atomic.Int64
	config := device.Config{Kind: device.Playback, Name: "spk", Data: func([]float32) { calls.Add(1) }}
	running := func() {
		t.Helper()
		n := calls.Load()
		eventually(t, 5*time.Second, "callbacks", func() bool { return calls.Load() > n+3 })
	}

	d := open(t, b, config)
	running()
	s.Kill()
	if err := d.Close(); err != nil {
		t.Errorf("closing a device of a dead server: %v", err)
	}
	s.Restart()
	d = open(t, b, config)
	running()

	s.Pause()
	start := time.Now()
	if err := d.Close(); !errors.Is(err, device.ErrStuck) {
		t.Errorf("closing a device of a hung server: %v, want %v", err, device.ErrStuck)
	}
	if _, err := b.Open(config); !errors.Is(err, device.ErrStuck) {
		t.Errorf("opening a device of a hung server: %v, want %v", err, device.ErrStuck)
	}
	if _, err := b.List(); !errors.Is(err, device.ErrStuck) {
		t.Errorf("listing devices of a hung server: %v, want %v", err, device.ErrStuck)
	}
	if took := time.Since(start); took > 6*time.Second {
		t.Errorf("a hung server held us for %v", took)
	}
	s.Resume()
	eventually(t, 10*time.Second, "the server answers again", func() bool {
		var err error
		d, err = b.Open(config) // refused for as long as the hung one has not returned
		return err == nil
	})
	running()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func TestMalgoOpenedOftenLeavesNothingBehind(t *testing.T) {
	s := pulsetest.Start(t)
	b := malgoOn(t, s)
	files := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc to count open files in")
		}
		return len(list)
	}
	cycle := func() {
		for _, kind := range []device.Kind{device.Playback, device.Capture} {
			d, err := b.Open(device.Config{Kind: kind, Data: func([]float32) {}})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Open(device.Config{Name: "gone", Data: func([]float32) {}}); !errors.Is(err, device.ErrNoDevice) {
			t.Fatal(err)
		}
	}
	cycle()
	before := files()
	for range 10 {
		cycle()
	}
	if after := files(); after > before+2 {
		t.Errorf("%d open files, %d after ten more openings", before, after)
	}
}

// TestDefaultDeviceIsFoundThoughTheEnvironmentNamesNone: with PULSE_SINK or
// PULSE_SOURCE empty, or naming what was unplugged, PulseAudio refuses the
// default.
func TestDefaultDeviceIsFoundThoughTheEnvironmentNamesNone(t *testing.T) {
	for _, name := range []string{"", "unplugged"} {
		s := pulsetest.Start(t)
		t.Setenv("PULSE_SINK", name)
		t.Setenv("PULSE_SOURCE", name)
		b := malgoOn(t, s)
		for _, kind := range []device.Kind{device.Playback, device.Capture} {
			var blocks atomic.Int32
			open(t, b, device.Config{Kind: kind, Data: func([]float32) { blocks.Add(1) }})
			eventually(t, 5*time.Second, kind.String()+" begins", func() bool { return blocks.Load() > 10 })
		}
	}
}
