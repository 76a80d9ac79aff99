//go:build linux

package interop_test

import (
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/audio/device/pulsetest"
)

// TestPulseAudioEchoCall is the path of a voice through real sound devices: the
// microphone of a sound server, the phone, the lab's echo, the loudspeaker.
func TestPulseAudioEchoCall(t *testing.T) {
	server := pulsetest.Start(t)
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-lab"}, Env: server.Env(), OwnSound: true})
	phone.Do("timeout 30s", "screen idle", "press handset 1 pound", "screen connected", "wait 1s")
	stop := server.PlayTone(pulsetest.MicFeed, ourTone)
	phone.Do("wait 1s") // the way there and back
	heard := interop.Sound{Rate: pulsetest.Rate, Samples: server.Record(pulsetest.Speaker, spoken)}
	stop()
	if d := heard.ToneTime(ourTone); d < heardAtLeast {
		t.Errorf("the echo was heard for %v of %v", d, spoken)
	}
	phone.Do("wait 1s", "press mute", "lamp mute on")
	stop = server.PlayTone(pulsetest.MicFeed, ourTone)
	phone.Do("wait 1s")
	heard.Samples = server.Record(pulsetest.Speaker, time.Second)
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
	phone.Do("timeout 30s", "screen idle", "press handset 1 pound", "screen connected", "wait 1s", "press handset", "screen idle")
	phone.Quit()
}
