package engine

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/device"
	"deskset/audio/mix"
)

// conference is an engine with a person who says 800 Hz and parties who say a
// tone each, all bridged.
func conference(t *testing.T, amplitude float64, tones ...float64) (*rig, []*fakeMedia, []audio.Stream) {
	r := newRig(t)
	var media []*fakeMedia
	var streams []audio.Stream
	for _, hz := range tones {
		m, s := r.stream(t, hz, amplitude)
		media, streams = append(media, m), append(streams, s)
	}
	r.Speak(device.ManualMic, sineInto(800, amplitude))
	r.Route(audio.PathHandset)
	r.Bridge(streams...)
	r.run(time.Second)
	return r, media, streams
}

// hears checks who is heard in the last half second.
func hears(t *testing.T, who string, block []float32, want map[float64]float64) {
	t.Helper()
	block = lastPart(block, 500*time.Millisecond)
	if len(block) == 0 {
		t.Fatalf("%s hears nothing at all", who)
	}
	for hz, amplitude := range want {
		wantLevel(t, who, block, hz, amplitude)
	}
}

func TestInAConferenceEachHearsTheOthersAndNeverItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, media, streams := conference(t, 0.2, 500, 1100, 1700)
		hears(t, "the person", r.Heard(device.ManualSpeaker), map[float64]float64{500: 0.2, 1100: 0.2, 1700: 0.2, 800: 0})
		hears(t, "first", media[0].take(), map[float64]float64{800: 0.2, 1100: 0.2, 1700: 0.2, 500: 0})
		hears(t, "second", media[1].take(), map[float64]float64{800: 0.2, 500: 0.2, 1700: 0.2, 1100: 0})
		hears(t, "third", media[2].take(), map[float64]float64{800: 0.2, 500: 0.2, 1100: 0.2, 1700: 0})

		r.Mute(true) // the person is not heard, the others go on
		r.run(time.Second)
		hears(t, "first, muted", media[0].take(), map[float64]float64{800: 0, 1100: 0.2, 1700: 0.2})

		r.Mute(false)
		r.Bridge(streams[0], streams[1]) // the third leaves and is a call of its own
		r.run(time.Second)
		hears(t, "first of two", media[0].take(), map[float64]float64{800: 0.2, 1100: 0.2, 1700: 0})
		hears(t, "who has left", media[2].take(), map[float64]float64{800: 0.2, 500: 0, 1100: 0})

		streams[0].Close()
		r.run(time.Second)
		hears(t, "who is left", media[1].take(), map[float64]float64{800: 0.2, 500: 0})
		r.Bridge()
		r.run(time.Second)
		hears(t, "nobody bridged", media[1].take(), map[float64]float64{800: 0.2})
	})
}

func TestAConferenceOfLoudVoicesDoesNotClip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, media, _ := conference(t, 0.9, 500, 1100, 1700)
		for i, m := range media {
			heard := lastPart(m.take(), 500*time.Millisecond)
			for _, v := range heard {
				if v > 1.001*mix.Ceiling || v < -1.001*mix.Ceiling {
					t.Fatalf("party %d: a sample of %.3f", i, v)
				}
			}
			// Turned down, not cut off: what was not there before stays small.
			if distortion := level(heard, 3*800); distortion > 0.02 {
				t.Errorf("party %d: third harmonic at %.3f", i, distortion)
			}
		}
	})
}

func TestAConferenceGoesOnWithoutACard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, media, _ := conference(t, 0.2, 500, 1100)
		r.Route(audio.PathNone)
		r.run(time.Second)
		<-time.After(5 * time.Second) // the timer clocks both; the crossings settle
		for _, m := range media {
			m.take()
		}
		<-time.After(time.Second)
		hears(t, "first", media[0].take(), map[float64]float64{1100: 0.2, 500: 0})
		hears(t, "second", media[1].take(), map[float64]float64{500: 0.2, 1100: 0})
	})
}

// TestCallbacksOfAConferenceDoNotAllocate has parties with different codecs.
func TestCallbacksOfAConferenceDoNotAllocate(t *testing.T) {
	r := newRig(t, func(c *Config) { c.NewMedia = nil })
	codecs := []codec.Name{codec.PCMU, codec.PCMA, codec.PCMU}
	var calls []audio.Stream
	for i := range codecs {
		s, err := r.NewStream(audio.StreamConfig{Local: netip.MustParseAddr("127.0.0.1")})
		if err != nil {
			t.Fatal(err)
		}
		f := audio.Format{Codec: codecs[i], PayloadType: uint8(8 * (i % 2))}
		if err := s.Start(audio.Params{Remote: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), s.LocalPort()), Send: f, Receive: []audio.Format{f}}); err != nil {
			t.Fatal(err)
		}
		calls = append(calls, s)
	}
	r.Bridge(calls...)
	r.ask(func(k *control) {
		k.path = audio.PathHandset // no device: this test is the card
		k.replan()
		k.timer.run(0, nil)
	})
	block := make([]float32, 240)
	if n := testing.AllocsPerRun(2000, func() {
		r.mouth.capture(block)
		r.capturedCard(len(block))
		r.ear.render(block)
		r.playedCard(len(block))
	}); n != 0 && !raceDetector {
		t.Errorf("%g allocations per round of callbacks", n)
	}
	if sent := calls[0].Stats().PacketsSent; sent == 0 {
		t.Error("no packet was sent: nothing was measured")
	}
}
