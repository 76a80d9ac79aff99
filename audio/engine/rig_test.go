package engine

import (
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
)

// fakeMedia is a stream that says a tone and remembers what it was told.
type fakeMedia struct {
	audio.Stream
	hz, amplitude float64

	mu     sync.Mutex
	played int // samples read so far
	heard  []float32
	writes int
	closed int
}

func (f *fakeMedia) Read(dst []float32) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range dst {
		dst[i] = float32(f.amplitude * math.Sin(2*math.Pi*f.hz*float64(f.played)/mix.Rate))
		f.played++
	}
}

func (f *fakeMedia) Write(src []float32) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heard = append(f.heard, src...)
	f.writes++
}

func (f *fakeMedia) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed++
	return nil
}

// read is how many samples have been played.
func (f *fakeMedia) read() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.played
}

// sent is how many times something was written.
func (f *fakeMedia) sent() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.writes
}

// take gives, and forgets, what was written.
func (f *fakeMedia) take() []float32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.heard
	f.heard = nil
	return h
}

// rig is an engine on devices whose clock the test turns.
type rig struct {
	*Engine
	*device.Manual
	next *fakeMedia

	mu      sync.Mutex
	notices []audio.Notice
}

const (
	headsetOut = "headset"
	headsetMic = "headsetmic"
	bellOut    = "bell"
)

func newRig(t *testing.T, change ...func(*Config)) *rig {
	r := &rig{Manual: device.NewManual()}
	r.Plug(device.Info{Kind: device.Playback, ID: headsetOut, Name: "Headset"})
	r.Plug(device.Info{Kind: device.Capture, ID: headsetMic, Name: "Headset Microphone"})
	r.Plug(device.Info{Kind: device.Playback, ID: bellOut, Name: "Bell"})
	c := Config{
		Backend: r.Manual,
		Devices: map[audio.Role]DeviceNames{
			audio.RoleHeadset: {Playback: headsetOut, Capture: headsetMic},
			audio.RoleRinger:  {Playback: bellOut},
		},
		Volumes: map[audio.Role]int{
			audio.RoleHandset: callVolume.UnityStep,
			audio.RoleHeadset: callVolume.UnityStep,
			audio.RoleSpeaker: callVolume.UnityStep,
			audio.RoleRinger:  audio.MaxVolume,
		},
		Notify: func(n audio.Notice) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.notices = append(r.notices, n)
		},
		NewMedia: func(audio.StreamConfig) (Media, error) { return r.next, nil },
	}
	for _, f := range change {
		f(&c)
	}
	r.Engine = New(c)
	t.Cleanup(func() {
		if err := r.Engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// stream adds a call whose peer says a tone.
func (r *rig) stream(t *testing.T, hz, amplitude float64) (*fakeMedia, audio.Stream) {
	t.Helper()
	f := &fakeMedia{hz: hz, amplitude: amplitude}
	r.next = f
	s, err := r.NewStream(audio.StreamConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return f, s
}

// told gives, and forgets, the notices.
func (r *rig) told() []audio.Notice {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.notices
	r.notices = nil
	return n
}

// run lets commands take effect and then time pass.
func (r *rig) run(d time.Duration) {
	synctest.Wait()
	r.Run(d)
	synctest.Wait()
}

// level is the amplitude of a frequency (Goertzel's sum).
func level(block []float32, hz float64) float64 {
	if len(block) == 0 {
		return 0
	}
	var re, im float64
	for i, v := range block {
		s, c := math.Sincos(2 * math.Pi * hz * float64(i) / mix.Rate)
		re += float64(v) * c
		im += float64(v) * s
	}
	return 2 * math.Hypot(re, im) / float64(len(block))
}

func about(got, want float64) bool { return math.Abs(got-want) <= 0.03*want+0.002 }

func wantLevel(t *testing.T, what string, block []float32, hz, want float64) {
	t.Helper()
	if got := level(block, hz); !about(got, want) {
		t.Errorf("%s: %g Hz at %.4f, want %.4f", what, hz, got, want)
	}
}

// loudestStep is the largest difference of two samples in a row: a click shows
// as more than the sound itself has.
func loudestStep(block []float32) (step float64, at int) {
	for i := 1; i < len(block); i++ {
		if d := math.Abs(float64(block[i] - block[i-1])); d > step {
			step, at = d, i
		}
	}
	return step, at
}

func sineInto(hz, amplitude float64) func([]float32) {
	n := 0
	return func(block []float32) {
		for i := range block {
			block[i] = float32(amplitude * math.Sin(2*math.Pi*hz*float64(n)/mix.Rate))
			n++
		}
	}
}

func silent(block []float32) bool {
	for _, v := range block {
		if v != 0 {
			return false
		}
	}
	return true
}

const second = mix.Rate

// lastPart gives the last d of a recording.
func lastPart(block []float32, d time.Duration) []float32 {
	n := min(len(block), int(d*mix.Rate/time.Second))
	return block[len(block)-n:]
}
