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
		const ms, us = time.Millisecond, time.Microsecond
		p := &periods{}
		r := newRig(t, func(c *Config) { p.Backend, c.Backend = c.Backend, p })
		hole := func() {
			time.Sleep(30 * ms)
			r.run(3 * time.Second)
		}
		want := func(when string, list ...time.Duration) {
			t.Helper()
			if got := p.opened(); !slices.Equal(got, list) {
				t.Fatalf("%s: opened with %v, want %v", when, got, list)
			}
		}
		r.Route(audio.PathHandset)
		r.run(time.Second)
		hole()
		if h := r.Hops(); h.Ear.Underruns != 1 {
			t.Errorf("%d under-runs, want 1: the call begins", h.Ear.Underruns)
		}
		list := []time.Duration{5 * ms}
		then := func(when string, more ...time.Duration) {
			t.Helper()
			list = append(list, more...)
			want(when, list...)
		}
		then("no under-run")
		hole()
		then("an under-run", 7500*us)
		hole()
		then("another soon", 15*ms)
		if h := r.Hops(); h.Ear.Underruns != 3 {
			t.Errorf("%d under-runs shown, want 3", h.Ear.Underruns)
		}
		r.run(5 * time.Second)
		then("8 s of quiet")
		r.run(3 * time.Second)
		then("ten seconds of quiet", 7500*us)
		r.run(3 * time.Second)
		hole()
		then("too early", 11250*us)
		r.run(15 * time.Second)
		then("18 s of quiet")
		r.run(3 * time.Second)
		then("20 s of quiet", 5625*us)
		r.run(25 * time.Second)
		then("long quiet", 5*ms)
		hole()
		r.Route(audio.PathNone)
		r.run(time.Second)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		then("the next call", 7500*us, 5*ms)
		if h := r.Hops(); h.Ear.Underruns != 0 {
			t.Errorf("%d under-runs of the last call shown", h.Ear.Underruns)
		}
	})
}
