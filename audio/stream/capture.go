package stream

import (
	"time"

	"deskset/audio/codec"
	"deskset/audio/dtmf"
	"deskset/audio/resample"
)

// block is how many samples at 48 kHz are worked on at a time: 10 ms.
const block = cardRate / 100

// pause is how long the sound card may leave us alone before the timestamp
// leaps over the time that was lost.
const pause = 200 * time.Millisecond

// capture makes packets of captured voice. It belongs to the capture callback.
type capture struct {
	info    codec.Info
	encoder codec.Codec
	down    *resample.Resampler
	size    int    // samples per packet
	ticks   uint32 // timestamp units per packet
	keyer   *dtmf.Keyer
	events  dtmf.Sender

	card []float32 // a block as captured
	low  []float32 // at the codec's rate
	pcm  []int16   // of the packet, so far
}

func newCapture(info codec.Info, packetTime time.Duration, s *Stream) (*capture, error) {
	down, err := resample.New(cardRate, info.SampleRate)
	if err != nil {
		return nil, err
	}
	size := int(packetTime * time.Duration(info.SampleRate) / time.Second)
	size -= size % info.FrameSamples
	return &capture{
		info:    info,
		encoder: info.New(),
		down:    down,
		size:    size,
		ticks:   uint32(size * info.ClockRate / info.SampleRate),
		keyer:   dtmf.NewKeyer(&s.keys, info.ClockRate),
		card:    make([]float32, block),
		low:     make([]float32, block),
		pcm:     make([]int16, 0, size),
	}, nil
}

// Write takes what the microphone captured, mono at 48 kHz, any length, and
// sends what makes up whole packets. It is for the capture callback: it
// allocates nothing and never blocks.
func (s *Stream) Write(src []float32) {
	n := s.session.Load()
	if n == nil || s.closed.Load() {
		return
	}
	s.keepTime(n.capture)
	tones := n.tones()
	if tones != s.byTones {
		s.byTones = tones
		s.inband.Reset()
		n.capture.keyer.Reset()
	}
	for len(src) > 0 {
		card := n.capture.card[:copy(n.capture.card, src)]
		src = src[len(card):]
		if tones {
			s.inband.SetLevel(n.params.InbandLevel)
			s.inband.Apply(card)
		}
		s.levelOut.Add(card)
		low := n.capture.low[:n.capture.down.Process(n.capture.low, card)]
		for _, v := range low {
			n.capture.pcm = append(n.capture.pcm, sample(v))
			if len(n.capture.pcm) == n.capture.size {
				s.packet(n)
			}
		}
	}
}

// keepTime lets the timestamp leap over a time in which nothing was captured
// (RFC 3550 section 5.1), and marks what follows as the begin of talk. Small
// irregularities of the card are not time lost.
func (s *Stream) keepTime(c *capture) {
	now := s.clock()
	if s.lastWrite == 0 {
		s.lastWrite = time.Duration(s.started.Load())
	}
	if away := now - s.lastWrite; away > pause {
		s.stamp += uint32(away*time.Duration(c.info.ClockRate)/time.Second) / c.ticks * c.ticks
		s.talk = true
	}
	s.lastWrite = now
}

// packet passes one packet time on: voice, or an event in its place.
func (s *Stream) packet(n *session) {
	c := n.capture
	stamp := s.stamp
	s.stamp += c.ticks
	pcm := c.pcm
	c.pcm = c.pcm[:0]

	var stage dtmf.Stage
	if !n.tones() {
		stage = c.keyer.Advance(int(c.ticks))
	}
	if !n.params.Direction.Sends() {
		s.talk = true
		return
	}
	f := s.outgoing.reserve()
	if f == nil {
		return // the socket has been stuck for long
	}
	if event, ok := c.events.Next(stage, stamp); ok && n.params.EventSend != 0 {
		f.stamp, f.payloadType, f.marker = event.Timestamp, n.params.EventSend, event.Marker
		f.length = len(event.Event.Append(f.payload[:0]))
	} else {
		f.stamp, f.payloadType, f.marker = stamp, n.params.Send.PayloadType, s.talk
		f.length = len(c.encoder.Encode(f.payload[:0], pcm))
		s.talk = false
	}
	s.outgoing.commit()
	s.nudge()
}

// nudge wakes the sending goroutine.
func (s *Stream) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// sample clips what is too loud.
func sample(v float32) int16 {
	v *= 32768
	switch {
	case v >= 32767:
		return 32767
	case v <= -32768:
		return -32768
	case v != v:
		return 0
	case v < 0:
		return int16(v - 0.5)
	}
	return int16(v + 0.5)
}
