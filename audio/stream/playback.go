package stream

import (
	"deskset/audio/codec"
	"deskset/audio/resample"
	"deskset/audio/stream/jitter"
)

// playback makes voice of packets. It belongs to the playback callback.
type playback struct {
	info   codec.Info
	buffer *jitter.Buffer
	up     *resample.Resampler
	low    []float32 // at the codec's rate
	card   []float32 // at 48 kHz
	ready  []float32 // of card, not yet read
}

func newPlayback(info codec.Info, up *resample.Resampler) *playback {
	return &playback{
		info:   info,
		buffer: jitter.New(info.SampleRate, info.ClockRate),
		up:     up,
		low:    make([]float32, block+1),
		card:   make([]float32, 2*block),
	}
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
	p := n.playback
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
		p.buffer.Lost(lost * p.info.SampleRate / cardRate)
	}
	s.collect(p.buffer)
	p.read(dst)
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

// collect puts what has arrived into the buffer.
func (s *Stream) collect(b *jitter.Buffer) {
	for f := s.incoming.front(); f != nil; f = s.incoming.front() {
		if f.restart {
			b.Reset()
		}
		b.Put(jitter.Packet{
			Sequence: f.sequence, Timestamp: f.stamp, PayloadType: f.payloadType,
			Marker: f.marker, Payload: f.payload[:f.length],
		})
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
