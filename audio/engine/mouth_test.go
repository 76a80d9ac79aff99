//go:build cgo && linux

package engine

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/device"
	"deskset/audio/device/clicks"
	"deskset/audio/device/pulsetest"
)

// talkers are two engines that talk to each other over a sound server: what is
// played into pulsetest.MicFeed is heard at pulsetest.Speaker.
type talkers struct {
	near, far *Engine
	streams   [2]audio.Stream
}

func newTalkers(tb testing.TB, s *pulsetest.Server, packetTime time.Duration, name codec.Name, payloadType uint8) *talkers {
	tb.Helper()
	phone := func(playback, capture string) (*Engine, audio.Stream) {
		e := New(Config{
			Backend: device.NewMalgo(device.MalgoConfig{Server: s.Address()}),
			Devices: map[audio.Role]DeviceNames{audio.RoleHandset: {Playback: playback, Capture: capture}},
			Volumes: map[audio.Role]int{audio.RoleHandset: callVolume.UnityStep},
		})
		tb.Cleanup(func() { _ = e.Close() })
		stream, err := e.NewStream(audio.StreamConfig{Local: netip.MustParseAddr("127.0.0.1")})
		if err != nil {
			tb.Fatal(err)
		}
		return e, stream
	}
	t := &talkers{}
	t.near, t.streams[0] = phone(pulsetest.Ringer, pulsetest.Mic)
	t.far, t.streams[1] = phone(pulsetest.Speaker, pulsetest.Ringer+".monitor")
	for i, stream := range t.streams {
		if err := stream.Start(audio.Params{
			Remote:     netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), t.streams[1-i].LocalPort()),
			Send:       audio.Format{Codec: name, PayloadType: payloadType},
			PacketTime: packetTime,
		}); err != nil {
			tb.Fatal(err)
		}
	}
	t.near.Route(audio.PathHandset)
	t.far.Route(audio.PathHandset)
	return t
}

// meter measures from the near microphone to the far loudspeaker.
func meter(tb testing.TB, s *pulsetest.Server, c clicks.Config, from, to string) *clicks.Meter {
	tb.Helper()
	m := clicks.New(c)
	backend := device.NewMalgo(device.MalgoConfig{Server: s.Address()})
	tb.Cleanup(func() { _ = backend.Close() })
	for _, config := range []device.Config{
		{Kind: device.Playback, Name: from, Data: m.Play}, {Kind: device.Capture, Name: to, Data: m.Listen},
	} {
		d, err := backend.Open(config)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = d.Close() })
	}
	return m
}

// BenchmarkMouthToEar prints how long a voice takes from the one phone's
// microphone to the other's loudspeaker, the meter's own 3 ms included.
func BenchmarkMouthToEar(b *testing.B) {
	for _, packet := range []time.Duration{20 * time.Millisecond, 10 * time.Millisecond} {
		b.Run(fmt.Sprint(packet), func(b *testing.B) {
			s := pulsetest.Start(b)
			t := newTalkers(b, s, packet, codec.PCMU, 0)
			<-time.After(3 * time.Second)
			m := meter(b, s, clicks.Config{Every: 250 * time.Millisecond, Length: 10 * time.Millisecond, Tone: 1000}, pulsetest.MicFeed, pulsetest.Speaker+".monitor")
			for b.Loop() {
				for limit := time.Now().Add(time.Minute); m.Count() < 60 && time.Now().Before(limit); {
					<-time.After(50 * time.Millisecond)
				}
			}
			r := m.Result()
			b.ReportMetric(0, "ns/op")
			b.Log(r)
			for _, d := range m.Times() {
				fmt.Printf("%.1f ", d.Seconds()*1e3)
			}
			for _, e := range []*Engine{t.near, t.far} {
				b.Logf("%+v", e.Measurements())
			}
			b.Logf("%+v", t.streams[1].Stats())
		})
	}
}
