//go:build linux

package interop_test

import (
	"slices"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/audio/device/pulsetest"
)

// soundEnv is the environment in which the phone finds the server and chooses
// its default devices: an empty PULSE_SINK would ask for a device without a name.
func soundEnv(s *pulsetest.Server) []string {
	return slices.DeleteFunc(s.Env(), func(e string) bool { return e == "PULSE_SINK=" || e == "PULSE_SOURCE=" })
}

// TestPulseAudioEchoCall is the path of a voice through real sound devices: the
// microphone of a sound server, the phone, the lab's echo, the loudspeaker.
func TestPulseAudioEchoCall(t *testing.T) {
	pulsetest.Front()
	server := pulsetest.Start(t)
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-lab"}, Env: soundEnv(server), OwnSound: true})
	phone.Do("timeout 30s", "screen idle")
	phone.Do("press handset 1 pound", "screen connected", "wait 1s")
	stop := server.PlayTone(pulsetest.MicFeed, ourTone)
	phone.Do("wait 1s") // the way there and back
	// A machine that is busy with other things makes holes that are not the
	// phone's, and it deepens its buffer then: one stretch of three must be whole.
	var best time.Duration
	for range 3 {
		if best < heardAtLeast {
			heard := interop.Sound{Rate: pulsetest.Rate, Samples: server.Record(pulsetest.Speaker, spoken)}
			best = max(best, heard.ToneTime(ourTone))
			t.Logf("the echo was heard for %v of %v", best, spoken)
		}
	}
	stop()
	if best < heardAtLeast {
		t.Errorf("the echo was heard for %v of %v", best, spoken)
	}
	phone.Do("wait 1s", "press mute", "lamp mute on")
	stop = server.PlayTone(pulsetest.MicFeed, ourTone)
	phone.Do("wait 1s")
	heard := interop.Sound{Rate: pulsetest.Rate, Samples: server.Record(pulsetest.Speaker, time.Second)}
	stop()
	if d := heard.ToneTime(ourTone); d > 0 {
		t.Errorf("muted, the echo was still heard for %v", d)
	}
	phone.Do("press handset", "screen idle")
	phone.Quit()
}

// TestNoSoundCardIsSaidAndTheCallGoesOn: without a device the phone tells so on
// its status list and can still call.
func TestNoSoundCardIsSaidAndTheCallGoesOn(t *testing.T) {
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Args: []string{"-lab"}, OwnSound: true, Env: interop.WithoutSound(),
	})
	phone.Do("timeout 30s", "screen idle", "press handset 1 pound", "screen connected", "expect Connected, no sound", "wait 1s", "press handset", "screen idle",
		"press settings", "highlight Audio Devices", "soft Select", "screen menu.audio", "soft Test", "screen menu.audio.test",
		"soft Record", "expect No microphone works", "press settings", "screen idle")
	phone.Quit()
}

// TestHeadsetIsPulledAndPluggedInACall: the call goes on, and the display says on
// what. TestHotPlugInACall of audio/engine does it a hundred times.
func TestHeadsetIsPulledAndPluggedInACall(t *testing.T) {
	server := pulsetest.Start(t)
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Args: []string{"-lab"}, Env: soundEnv(server), OwnSound: true,
		Settings: map[string]string{"audio_headset": pulsetest.Headset + " / " + pulsetest.Mic},
	})
	phone.Do("timeout 30s", "screen idle", "press headset 1 pound", "screen connected", "wait 1s")
	server.PlayTone(pulsetest.MicFeed, ourTone)
	for range 3 {
		server.Unplug(pulsetest.Headset)
		phone.Do("expect headset lost, using Virtual-spk")
		if share := server.HearTone(pulsetest.Speaker, ourTone, 0.5, time.Second, 15*time.Second); share < 0.5 {
			t.Errorf("the echo fills %.0f %% of what the loudspeaker gets in its place", 100*share)
		}
		server.AddSink(pulsetest.Headset)
		phone.Do("expect headset uses Virtual-headset", "screen connected")
		if share := server.HearTone(pulsetest.Headset, ourTone, 0.5, time.Second, 15*time.Second); share < 0.5 {
			t.Errorf("the echo fills %.0f %% of what the headset gets", 100*share)
		}
	}
	phone.Do("press headset", "screen idle")
	phone.Quit()
}

// TestRecordAndPlayBackOnRealDevices is the test on Audio Devices: what the
// headset's microphone hears comes out of the headset.
func TestRecordAndPlayBackOnRealDevices(t *testing.T) {
	server := pulsetest.Start(t)
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Args: []string{"-lab"}, Env: soundEnv(server), OwnSound: true,
		Settings: map[string]string{"audio_headset": pulsetest.Headset + " / " + pulsetest.Mic},
	})
	phone.Do("timeout 30s", "screen idle", "press settings", "highlight Audio Devices", "soft Select", "screen menu.audio",
		"highlight headset, loudspeaker", "soft Test", "screen menu.audio.test", "expect Virtual-mic")
	best := 0.0
	for try := 0; try < 3 && best < 0.5; try++ { // a busy machine makes gaps
		stop := server.PlayTone(pulsetest.MicFeed, ourTone)
		phone.Do("soft Record", "expect Speak now", "expect Listen: this was you")
		stop()
		best = max(best, server.HearTone(pulsetest.Headset, ourTone, 0.5, time.Second, 3*time.Second))
		phone.Do("absent Cancel", "expect Did you hear yourself?")
	}
	if best < 0.5 {
		t.Errorf("what was recorded fills %.0f %% of what the headset gets", 100*best)
	}
	phone.Do("press settings", "screen idle")
	interop.WaitFor(t, 10*time.Second, "the devices to be closed on hook", func() bool { return len(server.Streams()) == 0 })
	phone.Quit()
}
