//go:build linux

package interop

import (
	"os"
	"slices"
	"testing"
	"time"

	"deskset/audio/device"
	"deskset/audio/device/clicks"
	"deskset/audio/device/pulsetest"
)

// The devices of a call from mouth to ear. What the far end says is heard by
// nobody: its microphone is a sink into which nothing plays.
const (
	NearSource, NearSink = pulsetest.Mic, pulsetest.Ringer
	FarSource, FarSink   = pulsetest.Headset + ".monitor", pulsetest.Speaker
)

// StartMeter opens the meter's two devices, at the near microphone and the far
// loudspeaker. That is for before a call: a stream that opens on one of its cards
// lets the sound server set that card's delay anew, and a hole is what is heard.
func StartMeter(t testing.TB, s *pulsetest.Server) *clicks.Meter {
	t.Helper()
	m := clicks.New(clicks.Config{Every: 600 * time.Millisecond, Length: 10 * time.Millisecond, Tone: 1000})
	backend := device.NewMalgo(device.MalgoConfig{Server: s.Address()})
	t.Cleanup(func() { backend.Close() })
	for _, c := range []device.Config{
		{Kind: device.Playback, Name: pulsetest.MicFeed, Data: m.Play},
		{Kind: device.Capture, Name: FarSink + ".monitor", Data: m.Listen},
	} {
		d, err := backend.Open(c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
	}
	return m
}

// MouthToEar times so many bursts from the near microphone to the far loudspeaker
// of a call that stands.
func MouthToEar(m *clicks.Meter, bursts int) clicks.Result {
	m.Restart()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(30*time.Second + time.Duration(bursts)*time.Second); m.Count() < bursts && time.Now().Before(limit); {
		<-tick.C // what a phone that stutters lets through has to do
	}
	return m.Result()
}

// CardEnv is an environment in which a program's default devices are these two.
func CardEnv(s *pulsetest.Server, source, sink string) []string {
	env := slices.DeleteFunc(s.Env(), func(e string) bool { return e == "PULSE_SINK=" || e == "PULSE_SOURCE=" })
	if len(env) == 0 {
		env = os.Environ()
	}
	return append(env, "PULSE_SINK="+sink, "PULSE_SOURCE="+source)
}
