package stream

import (
	"time"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/dtmf"
	"deskset/audio/linear"
	"deskset/audio/resample"
)

// block is how many samples at 48 kHz are worked on at a time: 10 ms.
const block = cardRate / 100

// pause is how long the sound card may leave us alone before the timestamp
// leaps over the time that was lost.
const pause = 200 * time.Millisecond

// capture cuts captured voice into packets. It belongs to the capture callback,
// but for its speech.
type capture struct {
	speech *speech
	info   codec.Info
	down   *resample.Resampler
	size   int    // samples per packet
	ticks  uint32 // timestamp units per packet
	keyer  *dtmf.Keyer
	// eventTicks are the units of events per packet.
	eventTicks int
	events     dtmf.Sender

	card []float32 // a block as captured
	low  []float32 // at the codec's rate
	pcm  []int16   // of the packet, so far
}

func newCapture(info codec.Info, params audio.Params, s *Stream) (*capture, error) {
	down, err := resample.New(cardRate, info.SampleRate)
	if err != nil {
		return nil, err
	}
	size := int(params.PacketTime * time.Duration(info.SampleRate) / time.Second)
	size -= size % info.FrameSamples
	ticks := uint32(size * info.ClockRate / info.SampleRate)
	rate := eventRate(&params)
	return &capture{
		speech:     newSpeech(info, params, size, ticks),
		info:       info,
		down:       down,
		size:       size,
		ticks:      ticks,
		keyer:      dtmf.NewKeyer(&s.keys, rate),
		eventTicks: size * rate / info.SampleRate,
		card:       make([]float32, block),
		low:        make([]float32, block+1),
		pcm:        make([]int16, 0, size),
	}, nil
}

// replace goes over to another codec without a gap: what the last one had of an
// unfinished packet goes into the new one's first, from the past.
func (s *Stream) replace(c *capture) {
	last := s.capturing
	s.capturing = c
	if last == nil || len(s.past) == 0 {
		return
	}
	part := min(len(last.pcm)*cardRate/last.info.SampleRate, len(s.past))
	warm := min(block, len(s.past)-part)
	for i, src := 0, s.past[len(s.past)-part-warm:]; len(src) > 0; i++ {
		n := min(len(src), block)
		if i == 0 && warm > 0 {
			n = warm
		}
		low := c.low[:c.down.Process(c.low, src[:n])]
		src = src[n:]
		if i == 0 && warm > 0 {
			continue
		}
		for _, v := range low {
			if len(c.pcm) < c.size-1 {
				c.pcm = append(c.pcm, linear.Sample(v))
			}
		}
	}
}

// remember keeps what was captured last: the longest packet and a block.
func (s *Stream) remember(card []float32) {
	if cap(s.past) == 0 {
		return
	}
	if room := cap(s.past) - len(s.past); room < len(card) {
		s.past = s.past[:copy(s.past, s.past[len(card)-room:])]
	}
	s.past = append(s.past, card...)
}

// Write takes what the microphone captured, mono at 48 kHz, any length, and
// passes on what makes up whole packets. It is for the capture callback: it
// allocates nothing and never blocks.
func (s *Stream) Write(src []float32) {
	n := s.session.Load()
	if n == nil || s.closed.Load() {
		return
	}
	if n.capture != s.capturing {
		s.replace(n.capture)
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
		s.remember(card)
		low := n.capture.low[:n.capture.down.Process(n.capture.low, card)]
		for _, v := range low {
			n.capture.pcm = append(n.capture.pcm, linear.Sample(v))
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
		stage = c.keyer.Advance(c.eventTicks)
	}
	if !n.params.Direction.Sends() {
		s.talk = true
		return
	}
	p := s.outgoing.reserve()
	if p == nil {
		return // the socket has been stuck for long
	}
	p.speech, p.stamp, p.event = c.speech, stamp, 0
	if event, ok := c.events.Next(stage, stamp); ok && n.params.EventSend != 0 {
		p.stamp, p.event, p.marker = event.Timestamp, n.params.EventSend, event.Marker
		p.length = len(event.Event.Append(p.payload[:0]))
	} else {
		p.marker, p.samples = s.talk, copy(p.pcm[:], pcm)
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
