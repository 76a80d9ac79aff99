package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
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
