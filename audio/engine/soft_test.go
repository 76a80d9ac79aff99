package engine

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
	"deskset/audio/tone"
)

// TestACardThatStartsLateDoesNotBeginATonesMiddleWithAClick: until the card
// runs, the tone is rendered for nobody, its soft begin too.
func TestACardThatStartsLateDoesNotBeginATonesMiddleWithAClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Silence(device.ManualSpeaker, true)
		r.Route(audio.PathHandset)
		r.Tone(tone.Dial)
		r.run(103 * time.Millisecond)
		r.Silence(device.ManualSpeaker, false)
		r.run(time.Second)
		heard := r.Heard(device.ManualSpeaker)
		natural, _ := loudestStep(lastPart(heard, 500*time.Millisecond))
		if step, at := loudestStep(append([]float32{0}, heard...)); natural == 0 || step > 1.1*natural {
			t.Errorf("step of %.3f at sample %d, the tone's own are %.3f", step, at, natural)
		}
	})
}

// TestEndOfACallDoesNotClick: its stream is gone in the middle of a wave.
func TestEndOfACallDoesNotClick(t *testing.T) {
	const size = 240
	wave := func(block []float32, from int) {
		for i := range block {
			block[i] = 0.3 * float32(math.Sin(2*math.Pi*440*float64(from+i)/mix.Rate))
		}
	}
	for ends := range 109 { // over a whole wave
		var f farewell
		heard := make([]float32, 4*size)
		wave(heard[:size], ends)
		f.count(2)
		f.apply(heard[:size])
		other := heard[size:]
		for i := range other {
			other[i] = 0.05
		}
		for n := 0; n < len(other); n += size {
			f.count(1)
			f.apply(other[n : n+size])
		}
		if step, at := loudestStep(heard); step > 0.02 {
			t.Fatalf("step of %.3f at sample %d", step, at)
		}
		if got := heard[3*size]; got != 0.05 {
			t.Fatalf("%v is left of the other call's 0.05", got)
		}
	}
}
