package engine

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
)

// tape remembers what it was given.
type tape struct {
	mu        sync.Mutex
	near, far []float32
}

func (t *tape) Take(near, far []float32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.near, t.far = append(t.near, near...), append(t.far, far...)
}

func (t *tape) take() (near, far []float32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	near, far = t.near, t.far
	t.near, t.far = nil, nil
	return near, far
}

// TestBothSidesOfACallAreTaped: each on its own channel, in a conference all the
// others, on mute nothing of the person; nothing once it is over.
func TestBothSidesOfACallAreTaped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, media, streams := conference(t, 0.2, 500, 1100)
		var kept tape
		r.Bridge()
		r.Tape(streams[0], &kept, false)
		r.run(time.Second)
		near, far := kept.take()
		hears(t, "near", near, map[float64]float64{800: 0.2, 500: 0, 1100: 0})
		hears(t, "far", far, map[float64]float64{500: 0.2, 800: 0, 1100: 0})
		if len(near) != len(far) || len(near) < 9*mix.Rate/10 {
			t.Errorf("%d and %d samples of a second", len(near), len(far))
		}
		media[0].take()
		r.Bridge(streams...)
		r.Mute(true)
		r.run(time.Second)
		near, far = kept.take()
		hears(t, "near, muted", near, map[float64]float64{800: 0, 500: 0, 1100: 0})
		hears(t, "all the others", far, map[float64]float64{500: 0.2, 1100: 0.2, 800: 0})
		r.Tape(streams[0], nil, false)
		kept.take()
		r.run(time.Second)
		if near, _ := kept.take(); len(near) != 0 {
			t.Errorf("%d samples after the end", len(near))
		}
	})
}

// TestRecordingWarns: half a second of 1400 Hz each 15 s, to the far side, on the
// tape, and faintly to who records; not to other calls.
func TestRecordingWarns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, media, streams := conference(t, 0, 500, 1100)
		r.Bridge()
		var kept tape
		r.Tape(streams[0], &kept, true)
		media[0].take()
		media[1].take()
		r.Heard(device.ManualSpeaker)
		r.run(31 * time.Second)
		near, _ := kept.take()
		const slot = mix.Rate / 4
		for name, block := range map[string][]float32{"the far side": media[0].take(), "the tape": near} {
			var beeps []int
			for i := 0; (i+1)*slot <= len(block); i++ {
				if level(block[i*slot:(i+1)*slot], warningHz) > 0.05 {
					beeps = append(beeps, i)
				}
			}
			// Two quarters of a second each, perhaps the edges of a third.
			if n := len(beeps); n < 6 || n > 9 || beeps[n-1]-beeps[0] < 120 || beeps[n-1]-beeps[0] > 123 {
				t.Errorf("%s: beeps at %v quarters of a second", name, beeps)
			}
		}
		if l := level(media[1].take(), warningHz); l > 0.001 {
			t.Errorf("the other call hears it: %.3f", l)
		}
		loudest := 0.0
		for heard := r.Heard(device.ManualSpeaker); len(heard) >= slot; heard = heard[slot:] {
			loudest = max(loudest, level(heard[:slot], warningHz))
		}
		if loudest < 0.01 || loudest > 0.04 {
			t.Errorf("who records hears it at %.3f", loudest)
		}
	})
}

// TestTapingDoesNotAllocate in the callbacks.
func TestTapingDoesNotAllocate(t *testing.T) {
	r := newRig(t)
	_, s := r.stream(t, 500, 0.1)
	r.Tape(s, nothingKept{}, true)
	r.ask(func(k *control) {
		k.path = audio.PathHandset // no device: this test is the card
		k.replan()
		k.timer.run(0, nil)
	})
	block := make([]float32, 240)
	p := r.plan.load()
	if n := testing.AllocsPerRun(500, func() {
		for _, v := range p.streams {
			r.mouth.keep(p, v, block)
		}
		r.ear.warn(p, block)
	}); n != 0 && !raceDetector {
		t.Errorf("%g allocations", n)
	}
}

type nothingKept struct{}

func (nothingKept) Take(near, far []float32) {}

var _ audio.Taper = (*Engine)(nil)
