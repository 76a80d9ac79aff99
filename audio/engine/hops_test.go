package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/mix"
)

func TestHopsTellDevicesLevelsAndThatTheyMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		if h := r.Hops(); h.Microphone.Device+h.Ear.Device != "" || h.Ear.Err != nil {
			t.Errorf("on hook: %+v", h)
		}
		r.stream(t, 800, 0.4)
		r.Speak(headsetMic, sineInto(800, 0.4))
		r.Route(audio.PathHeadset)
		r.run(time.Second)
		h := r.Hops()
		if h.Microphone.Device != "Headset Microphone" || h.Microphone.Peak != -5 || h.Ear.Device != "Headset" || h.Ear.Peak != -5 {
			t.Errorf("%+v", h)
		}
		before := h
		r.run(time.Second)
		if h = r.Hops(); h.Microphone.Samples-before.Microphone.Samples < mix.Rate*9/10 || h.Ear.Samples-before.Ear.Samples < mix.Rate*9/10 {
			t.Errorf("they stand still: %+v, %+v", before, h)
		}
		r.Unplug(headsetMic)
		r.Unplug(device.ManualMic)
		r.run(2 * time.Second)
		if h = r.Hops(); h.Microphone.Device != "" || h.Microphone.Err == nil || h.Microphone.Level != mix.Silence {
			t.Errorf("without a microphone: %+v", h.Microphone)
		}
		r.Route(audio.PathNone)
		r.run(time.Second)
		if h = r.Hops(); h.Ear.Device != "" || h.Microphone.Err != nil {
			t.Errorf("on hook again: %+v", h)
		}
	})
}
