package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
)

// TestChangeOfPathInACallHasNeitherGapNorClick goes round handset, headset and
// speaker, each with devices of its own, in the middle of the waves that both
// sides say.
func TestChangeOfPathInACallHasNeitherGapNorClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(c *Config) {
			c.Devices[audio.RoleSpeaker] = DeviceNames{Playback: bellOut}
		})
		r.Speak(device.ManualMic, sineInto(437, 0.3))
		r.Speak(headsetMic, sineInto(437, 0.3))
		f, _ := r.stream(t, 443, 0.3)
		r.Route(audio.PathHandset)
		r.run(time.Second)
		ears := []string{device.ManualSpeaker, headsetOut, bellOut}
		for _, id := range ears {
			r.Heard(id)
		}
		said, played := f.take(), f.read()
		natural, _ := loudestStep(said[second/2:])
		natural += natural / 10 // the slopes that the changes are made of

		var length time.Duration
		for range 5 {
			for _, path := range []audio.Path{audio.PathHeadset, audio.PathSpeaker, audio.PathHandset} {
				r.Route(path)
				r.run(207 * time.Millisecond)
				length += 210 * time.Millisecond // the next whole block
			}
		}
		said = f.take()
		if step, at := loudestStep(said); step > natural {
			t.Errorf("the peer hears a step of %.3f at sample %d, the voice's own are %.3f", step, at, natural)
		}
		want := int(length * mix.Rate / time.Second)
		// Where one device ends and the other begins is a period too much at most.
		const slack = 15 * second / 200
		if n := len(said) - want; n < 0 || n > slack {
			t.Errorf("%+d samples sent in %v beyond the %d wanted", n, length, want)
		}
		if n := f.read() - played - want; n < 0 || n > slack {
			t.Errorf("%+d samples played in %v beyond the %d wanted", n, length, want)
		}
		for _, id := range ears {
			heard := r.Heard(id)
			if step, at := loudestStep(heard); step > natural || len(heard) < second/2 {
				t.Errorf("%s plays a step of %.3f at sample %d of %d, the voice's own are %.3f", id, step, at, len(heard), natural)
			}
		}
	})
}

// TestMicrophoneThatIsLostDoesNotClick: the stop itself cannot be helped, what
// goes on in its place can.
func TestMicrophoneThatIsLostDoesNotClick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.Unplug(headsetMic)
		r.Speak(device.ManualMic, sineInto(437, 0.3))
		f, _ := r.stream(t, 443, 0.3)
		r.Route(audio.PathHandset)
		r.run(505 * time.Millisecond)
		natural, _ := loudestStep(f.take())
		r.Unplug(device.ManualMic)
		r.run(2 * time.Second)
		r.Plug(device.Info{Kind: device.Capture, ID: device.ManualMic, Name: "Mic", Default: true})
		r.run(5 * time.Second)
		said := f.take()
		if step, at := loudestStep(said); step > 1.1*natural {
			t.Errorf("the peer hears a step of %.3f at sample %d, the voice's own are %.3f", step, at, natural)
		}
		wantLevel(t, "the microphone again", lastPart(said, 300*time.Millisecond), 437, 0.3)
	})
}
