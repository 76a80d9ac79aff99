package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/device"
	"deskset/audio/mix"
	"deskset/audio/resample"
)

// coded is the way of a voice through a codec: down to its rate, 20 ms packets, and
// up again.
type coded struct {
	t        *testing.T
	info     codec.Info
	from, to codec.Codec
	down, up *resample.Resampler
	pcm      []int16
	ready    []float32
}

func newCoded(t *testing.T, name codec.Name) *coded {
	info, ok := codec.Lookup(name)
	if !ok {
		t.Fatalf("no codec %s", name)
	}
	c := &coded{t: t, info: info, from: info.New(), to: info.New(), ready: make([]float32, mix.Rate/50)}
	var err error
	if c.down, err = resample.New(mix.Rate, info.SampleRate); err != nil {
		t.Fatal(err)
	}
	if c.up, err = resample.New(info.SampleRate, mix.Rate); err != nil {
		t.Fatal(err)
	}
	return c
}

// pass overwrites the block with what comes out at the other end.
func (c *coded) pass(block []float32) {
	low := make([]float32, len(block)+8)
	for _, v := range low[:c.down.Process(low, block)] {
		c.pcm = append(c.pcm, int16(32767*v))
	}
	for frame := c.info.SampleRate / 50; len(c.pcm) >= frame; c.pcm = c.pcm[frame:] {
		out, err := c.to.Decode(nil, c.from.Encode(nil, c.pcm[:frame]))
		if err != nil {
			c.t.Error(err)
			return
		}
		decoded := make([]float32, len(out))
		for i, v := range out {
			decoded[i] = float32(v) / 32768
		}
		card := make([]float32, mix.Rate/50+8)
		c.ready = append(c.ready, card[:c.up.Process(card, decoded)]...)
	}
	n := copy(block, c.ready)
	clear(block[n:])
	c.ready = c.ready[n:]
}

// codedMedia is a fake party behind a codec.
type codedMedia struct {
	*fakeMedia
	in, out *coded
}

func (m *codedMedia) Read(dst []float32) {
	m.fakeMedia.Read(dst)
	m.in.pass(dst)
}

func (m *codedMedia) Write(src []float32) {
	block := append([]float32(nil), src...)
	m.out.pass(block)
	m.fakeMedia.Write(block)
}

// TestAConferenceOfCodecsOfDifferentRates: parties by G.711 at 8 kHz, G.722 at 16
// kHz and Opus at 48 kHz hear each other and the person as loud as they speak, and
// never themselves.
func TestAConferenceOfCodecsOfDifferentRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var next *codedMedia
		r := newRig(t, func(c *Config) {
			c.NewMedia = func(audio.StreamConfig) (Media, error) { return next, nil }
		})
		const amplitude = 0.15
		tones := []float64{500, 1100, 1700}
		var parties []*codedMedia
		var streams []audio.Stream
		for i, name := range []codec.Name{codec.PCMU, codec.G722, codec.Opus} {
			next = &codedMedia{&fakeMedia{hz: tones[i], amplitude: amplitude}, newCoded(t, name), newCoded(t, name)}
			s, err := r.NewStream(audio.StreamConfig{})
			if err != nil {
				t.Fatal(err)
			}
			parties, streams = append(parties, next), append(streams, s)
		}
		r.Speak(device.ManualMic, sineInto(800, amplitude))
		r.Route(audio.PathHandset)
		r.Bridge(streams...)
		r.run(2 * time.Second)
		for i, p := range parties {
			heard := lastPart(p.take(), 500*time.Millisecond)
			for j, hz := range append([]float64{800}, tones...) {
				got := level(heard, hz)
				if own := j == i+1; own && got > 0.01 || !own && (got < 0.8*amplitude || got > 1.15*amplitude) {
					t.Errorf("%s hears %g Hz at %.3f of %.2f", p.in.info.Name, hz, got, amplitude)
				}
			}
		}
	})
}
