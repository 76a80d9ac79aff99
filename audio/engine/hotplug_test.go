//go:build cgo && linux

package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/device/pulsetest"
	"deskset/audio/mix"
)

// hotplugEnv says how many devices TestHotPlugInACall plugs and unplugs; 100 is
// the proof and takes a minute and a half.
const hotplugEnv = "DESKSET_HOTPLUG"

// backLimit is how soon the voice must be back (issue "Voice", 5).
const backLimit = 2 * time.Second

// caller is a stream that says a tone and notices when it was heard last, in both
// senses.
type caller struct {
	audio.Stream
	phase  int
	heard  atomic.Int64 // when the microphone last had a sound, Unix nanoseconds
	reads  atomic.Int64
	writes atomic.Int64
	closed atomic.Bool
}

func (s *caller) Read(dst []float32) {
	for i := range dst {
		dst[i] = float32(0.25 * math.Sin(2*math.Pi*700*float64(s.phase)/mix.Rate))
		s.phase = (s.phase + 1) % mix.Rate
	}
	s.reads.Add(1)
}

func (s *caller) Write(src []float32) {
	var sum float32
	for _, v := range src {
		sum += v * v
	}
	if sum > 1e-4*float32(len(src)) {
		s.heard.Store(time.Now().UnixNano())
	}
	s.writes.Add(1)
}

func (s *caller) Close() error { s.closed.Store(true); return nil }

// plugger is a call in the hands of somebody who pulls plugs.
type plugger struct {
	*testing.T
	*Engine
	server *pulsetest.Server
	call   *caller
	random *rand.Rand
	out    map[string]bool // what is unplugged
	late   []time.Duration
	worst  time.Duration
}

// plugs are what is pulled: of each kind one stays in.
var plugs = [2][2]string{{pulsetest.Speaker, pulsetest.Headset}, {pulsetest.Mic, "boom"}}

func (p *plugger) plug(name string, in bool) {
	switch {
	case !in:
		p.server.Unplug(name)
	case name == pulsetest.Mic || name == "boom":
		p.server.AddMicrophone(name, pulsetest.MicFeed)
	default:
		p.server.AddSink(name)
	}
	p.out[name] = !in
}

// pull does something to a device at random, and sometimes changes the path or
// lets a second call ring as well.
func (p *plugger) pull() (what string) {
	pair := plugs[p.random.IntN(2)]
	i := p.random.IntN(2)
	switch name := pair[i]; {
	case p.out[pair[1-i]]: // the last one stays
		what = "+" + pair[1-i]
		p.plug(pair[1-i], true)
	case p.out[name]:
		what = "+" + name
		p.plug(name, true)
	default:
		what = "-" + name
		p.plug(name, false)
	}
	switch p.random.IntN(8) {
	case 0:
		path := audio.PathHandset + audio.Path(p.random.IntN(3))
		p.Route(path)
		what += ", " + path.String()
	case 1:
		p.RingBeside("")
	case 2:
		p.StopRing()
	}
	return what
}

// back waits until a card plays and a microphone is heard for some time, and
// gives the longest gap of either since the plug was pulled.
func (p *plugger) back() (gap time.Duration) {
	p.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	played, moved := p.Measurements().Ear.Samples, time.Now()
	began, steady := moved, moved
	for time.Since(steady) < 400*time.Millisecond || time.Since(began) < 600*time.Millisecond {
		now := <-tick.C
		if n := p.Measurements().Ear.Samples; n != played {
			played, moved = n, now
		}
		silent := max(now.Sub(moved), now.Sub(time.Unix(0, p.call.heard.Load())))
		gap = max(gap, silent)
		if silent > 100*time.Millisecond {
			steady = now
		}
		if now.Sub(began) > 20*time.Second {
			p.Fatalf("no voice for %v: %+v", silent, p.Hops())
		}
	}
	return gap
}

// TestHotPlugInACall pulls and plugs devices at random while a call is up: the
// voice is back in time, the call goes on, and nothing is left behind.
func TestHotPlugInACall(t *testing.T) {
	times := 10
	if n, err := strconv.Atoi(os.Getenv(hotplugEnv)); err == nil {
		times = n
	}
	p := &plugger{T: t, server: pulsetest.Start(t), call: &caller{}, random: rand.New(rand.NewPCG(7960, 5)), out: map[string]bool{}}
	p.server.AddMicrophone("boom", pulsetest.MicFeed)
	p.server.PlayTone(pulsetest.MicFeed, 1000)
	p.Engine = New(Config{
		Backend: device.NewMalgo(device.MalgoConfig{Server: p.server.Address()}),
		Devices: map[audio.Role]DeviceNames{
			audio.RoleHeadset: {Playback: pulsetest.Headset, Capture: "boom"},
			audio.RoleRinger:  {Playback: pulsetest.Ringer},
		},
		NewMedia: func(audio.StreamConfig) (Media, error) { return p.call, nil },
	})
	defer p.Engine.Close()
	stream, err := p.NewStream(audio.StreamConfig{})
	if err != nil {
		t.Fatal(err)
	}
	p.Route(audio.PathHeadset)
	eventually(t, 10*time.Second, "voice", func() bool { return p.call.heard.Load() > 0 && p.Measurements().Ear.Samples > 0 })

	var before footprint
	for i := range times {
		if i == min(5, times/2) { // what is made once has been made
			before = newFootprint()
		}
		what := p.pull()
		gap := p.back()
		t.Logf("%3d %-24s gap %4d ms", i+1, what, gap.Milliseconds())
		p.worst = max(p.worst, gap)
		if gap > backLimit {
			p.late = append(p.late, gap)
		}
	}
	after := newFootprint()
	t.Logf("longest gap %v in %d; before %+v, after %+v", p.worst, times, before, after)
	// A machine that is busy with other tests makes gaps of its own.
	if allowed := times / 4; len(p.late) > allowed || os.Getenv(hotplugEnv) != "" && len(p.late) > 0 {
		t.Errorf("%d gaps of more than %v: %v", len(p.late), backLimit, p.late)
	}
	if after.goroutines > before.goroutines+8 || after.files > before.files+16 || after.threads > before.threads+8 {
		t.Errorf("grew from %+v to %+v", before, after)
	}
	if grown := int64(after.heap) - int64(before.heap); grown > 1<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	if grown := after.resident - before.resident; grown > 32<<20 {
		t.Errorf("the process grew by %d bytes", grown)
	}
	if p.call.closed.Load() {
		t.Error("the call has ended")
	}
	p.plugAll()
	eventually(t, 15*time.Second, "the headset again", func() bool {
		p.Route(audio.PathHeadset)
		h := p.Hops()
		return h.Ear.Device == "Virtual-headset" && h.Microphone.Device == "Virtual-boom" && h.Ear.Err == nil && h.Microphone.Err == nil
	})
	if err := stream.Close(); err != nil {
		t.Error(err)
	}
	p.StopRing()
	p.Route(audio.PathNone)
	eventually(t, 10*time.Second, "all devices closed on hook", func() bool { return len(p.server.Streams()) == 0 })
}

func (p *plugger) plugAll() {
	for _, pair := range plugs {
		for _, name := range pair {
			if p.out[name] {
				p.plug(name, true)
			}
		}
	}
}

// footprint is what a process has of what must not grow.
type footprint struct {
	goroutines, files, threads int
	heap                       uint64
	resident                   int64
}

func newFootprint() footprint {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	count := func(dir string) int {
		list, _ := os.ReadDir(dir)
		return len(list)
	}
	f := footprint{goroutines: runtime.NumGoroutine(), files: count("/proc/self/fd"), threads: count("/proc/self/task"), heap: m.HeapAlloc}
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		var size, pages int64
		if _, err := fmt.Sscan(string(statm), &size, &pages); err == nil {
			f.resident = pages * int64(os.Getpagesize())
		}
	}
	return f
}
