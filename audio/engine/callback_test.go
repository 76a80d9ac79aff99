package engine

import (
	"net/netip"
	"sync"
	"testing"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/tone"
)

func TestCallbacksDoNotAllocate(t *testing.T) {
	r := newRig(t, func(c *Config) { c.NewMedia = nil })
	for range 3 {
		if _, err := r.NewStream(audio.StreamConfig{}); err != nil {
			t.Fatal(err)
		}
	}
	r.Tone(tone.Dial)
	r.KeyDown('1')
	r.Ring(tone.Chirp1)
	r.Process(audio.Processing{Echo: audio.Everywhere, Noise: audio.Everywhere, Gain: audio.Everywhere})
	r.ask(func(k *control) {
		k.path = audio.PathHandset
		k.outState.Device = "this test" // is the card: no timer shall clock the call
		k.replan()
		k.timer.run(0, nil)
	})
	block := make([]float32, 1000)
	if n := testing.AllocsPerRun(500, func() {
		r.ear.render(block)
		r.playedCard(len(block))
		r.mouth.capture(block)
		r.capturedCard(len(block))
		r.timerTick(block[:240])
		r.bell.render(block)
		r.bell.gauge.card(len(block))
	}); n != 0 {
		t.Errorf("%g allocations per round of callbacks", n)
	}
}

func TestMethodsAndCallbacksMayRunAtTheSameTime(t *testing.T) {
	// In real time, for the race detector.
	r := newRig(t, func(c *Config) {
		c.NewMedia = func(audio.StreamConfig) (Media, error) { return &fakeMedia{hz: 300, amplitude: 0.1}, nil }
	})
	stop := make(chan struct{})
	var cards, phone sync.WaitGroup
	cards.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				r.Step(480)
			}
		}
	})
	for n := range 4 {
		phone.Go(func() {
			for i := range 100 {
				r.Route(audio.Path((i + n) % 4))
				r.Tone(tone.Name(i % int(tone.NumNames)))
				r.Mute(i%2 == 0)
				r.KeyDown('0' + byte(i%10))
				r.SetVolume(audio.Role(i%5), i%20-2)
				if i%10 == 0 {
					r.Ring(tone.Chirp1)
				}
				if s, err := r.NewStream(audio.StreamConfig{}); err != nil {
					t.Error(err)
				} else if i%2 == 0 {
					s.Close()
				}
				r.Levels()
				r.Measurements()
				r.KeyUp()
				r.StopRing()
			}
		})
	}
	phone.Wait()
	if err := r.Engine.Close(); err != nil {
		t.Error(err)
	}
	close(stop)
	cards.Wait()
}

// TestCallbacksOfACallDoNotAllocate drives the whole way of a voice: two
// streams that talk to each other over the loopback.
func TestCallbacksOfACallDoNotAllocate(t *testing.T) {
	r := newRig(t, func(c *Config) { c.NewMedia = nil })
	var calls [2]audio.Stream
	for i := range calls {
		s, err := r.NewStream(audio.StreamConfig{Local: netip.MustParseAddr("127.0.0.1")})
		if err != nil {
			t.Fatal(err)
		}
		calls[i] = s
	}
	for i, s := range calls {
		err := s.Start(audio.Params{
			Remote:  netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), calls[1-i].LocalPort()),
			Send:    audio.Format{Codec: codec.PCMU},
			Receive: []audio.Format{{Codec: codec.PCMU}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	r.ask(func(k *control) {
		k.path = audio.PathHandset // no device: this test is the card
		k.replan()
		k.timer.run(0, nil)
	})
	block := make([]float32, 240)
	round := func() {
		r.mouth.capture(block)
		r.capturedCard(len(block))
		r.ear.render(block)
		r.playedCard(len(block))
	}
	// Much faster than a card, so part of the packets find the socket busy.
	if n := testing.AllocsPerRun(2000, round); n != 0 && !raceDetector {
		t.Errorf("%g allocations per round of callbacks and of the streams' own goroutines", n)
	}
	if sent := calls[0].Stats().PacketsSent; sent == 0 {
		t.Error("no packet was sent: nothing was measured")
	}
}
