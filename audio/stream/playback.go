package stream

import (
	"deskset/audio/resample"
	"deskset/audio/stream/jitter"
)

// playback makes voice of packets. It belongs to the playback callback.
type playback struct {
	rate   int
	line   timeline
	buffer *jitter.Buffer
	up     *resample.Resampler
	low    []float32 // at the buffer's rate
	card   []float32 // at 48 kHz
	ready  []float32 // of card, not yet read
}

func newPlayback(rate int) (*playback, error) {
	up, err := resample.New(rate, cardRate)
	if err != nil {
		return nil, err
	}
	return &playback{
		rate:   rate,
		line:   timeline{rate: rate},
		buffer: jitter.New(rate, rate), // what is put there has been converted
		up:     up,
		low:    make([]float32, block+1),
		card:   make([]float32, 2*block),
	}, nil
}

// Read overwrites dst with what the peer says, mono at 48 kHz, any length. It
// is for the playback callback: it allocates nothing and never blocks.
func (s *Stream) Read(dst []float32) {
	n := s.session.Load()
	receives := n != nil && !s.closed.Load() && n.params.Direction.Receives()
	if n != nil {
		s.listenTo(receives)
	}
	if n == nil || !receives && s.hearing.Silent() {
		s.deaf = true
		clear(dst)
		s.levelIn.Add(dst)
		return
	}
	p := s.follows(n.playback)
	p.buffer.SetDecoders(n.decoders)
	now := s.clock()
	if s.deaf || now-s.lastRead > pause {
		// Nobody listened for a while: what has come meanwhile is old.
		s.deaf = false
		s.incoming.drain()
		p.buffer.Reset()
		s.pace.Restart()
	}
	s.lastRead = now
	if lost := s.pace.Moved(now, len(dst)); lost != 0 {
		p.buffer.Lost(lost * p.rate / cardRate)
	}
	s.collect(n, p)
	p.read(dst)
	s.finish(dst)
	if n.params.HearTones {
		s.detect(dst)
	}
	s.hearing.Apply(dst)
	s.levelIn.Add(dst)
}

// listenTo lets the voice fade where a call is held or ends: cut off, it clicks.
func (s *Stream) listenTo(receives bool) {
	switch {
	case !receives:
		s.hearing.Set(0)
	case s.deaf || s.lastRead == 0:
		s.hearing.Jump(1) // what begins now has a soft begin of its own
	default:
		s.hearing.Set(1)
	}
}

// follows notices that another playback takes over. The one before says what it
// has, and fades away under the voice of the new one.
func (s *Stream) follows(p *playback) *playback {
	if s.playing != p {
		if s.playing != nil && !s.deaf {
			s.fading, s.left = s.playing, fadeSamples
		}
		s.playing = p
	}
	return p
}

// fadeSamples is how long a playback goes on after another has taken over: as
// long as its buffer may hold voice.
const fadeSamples = cardRate / 5

// finish adds what the playback before has left to say.
func (s *Stream) finish(dst []float32) {
	if s.fading == nil {
		return
	}
	var piece [block]float32
	for len(dst) > 0 && s.left > 0 {
		n := min(len(dst), len(piece), s.left)
		s.fading.read(piece[:n])
		for i := range n {
			dst[i] += piece[i]
		}
		dst = dst[n:]
		s.left -= n
	}
	if s.left == 0 {
		s.fading = nil
	}
}

// collect puts what has arrived into the buffer.
func (s *Stream) collect(n *session, p *playback) {
	for f := s.incoming.front(); f != nil; f = s.incoming.front() {
		if f.restart {
			p.buffer.Reset()
			p.line.restart()
		}
		if clock := n.clocks[f.payloadType]; clock != 0 {
			stamp := p.line.place(f.stamp, clock)
			p.buffer.Put(jitter.Packet{
				Sequence: f.sequence, Timestamp: stamp, PayloadType: f.payloadType,
				Marker: f.marker, Payload: f.payload[:f.length],
			})
		}
		s.incoming.release()
	}
}

func (p *playback) read(dst []float32) {
	for len(dst) > 0 {
		if len(p.ready) == 0 {
			low := p.low[:p.up.Inputs(min(len(dst), block))]
			p.buffer.Pull(low)
			p.ready = p.card[:p.up.Process(p.card, low)]
		}
		n := copy(dst, p.ready)
		p.ready = p.ready[n:]
		dst = dst[n:]
	}
}
