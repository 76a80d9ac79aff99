package engine

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
)

// periods remembers the periods with which loudspeakers were opened.
type periods struct {
	device.Backend
	mu  sync.Mutex
	out []time.Duration
}

func (p *periods) Open(c device.Config) (device.Device, error) {
	if c.Kind == device.Playback {
		p.mu.Lock()
		p.out = append(p.out, c.Period)
		p.mu.Unlock()
	}
	return p.Backend.Open(c)
}

func (p *periods) opened() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.out)
}

func TestEarsBufferDeepensAfterUnderrunsAndShrinksWhenAllIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ms = time.Millisecond
		p := &periods{}
		r := newRig(t, func(c *Config) { p.Backend, c.Backend = c.Backend, p })
		hole := func() {
			time.Sleep(30 * ms)
			r.run(2 * time.Second)
		}
		want := func(when string, list ...time.Duration) {
			t.Helper()
			if got := p.opened(); !slices.Equal(got, list) {
				t.Fatalf("%s: opened with %v, want %v", when, got, list)
			}
		}
		r.Route(audio.PathHandset)
		r.run(2 * time.Second)
		want("no under-run", 5*ms)
		hole()
		want("an under-run", 5*ms, 10*ms)
		hole()
		want("another", 5*ms, 10*ms, 20*ms)
		if h := r.Hops(); h.Ear.Underruns != 2 {
			t.Errorf("%d under-runs shown, want 2", h.Ear.Underruns)
		}
		r.run(20 * time.Second)
		want("20 s of quiet", 5*ms, 10*ms, 20*ms)
		r.run(10 * time.Second)
		want("half a minute of quiet", 5*ms, 10*ms, 20*ms, 10*ms)
		hole()
		want("too early", 5*ms, 10*ms, 20*ms, 10*ms, 20*ms)
		r.run(50 * time.Second)
		want("50 s of quiet", 5*ms, 10*ms, 20*ms, 10*ms, 20*ms)
		r.run(2 * time.Minute)
		want("long quiet", 5*ms, 10*ms, 20*ms, 10*ms, 20*ms, 10*ms, 5*ms)
		hole()
		r.Route(audio.PathNone)
		r.run(time.Second)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		want("the next call", 5*ms, 10*ms, 20*ms, 10*ms, 20*ms, 10*ms, 5*ms, 10*ms, 5*ms)
		if h := r.Hops(); h.Ear.Underruns != 0 {
			t.Errorf("%d under-runs of the last call shown", h.Ear.Underruns)
		}
	})
}
