package stream

import (
	"time"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/stream/jitter"
	"deskset/audio/vad"
)

const (
	// keepAlive is the longest that we are silent: a router forgets the way back
	// to us (RFC 6263 section 4: 15 s at most), and some peers take us for gone.
	keepAlive = 5 * time.Second
	// A silence description is repeated when the noise has changed by so many
	// dB, but not at once again.
	noiseChange = 3
	noisePause  = 200 * time.Millisecond
)

// speech makes payloads of voice, and of silence as little as was agreed. It
// belongs to the sending goroutine: an encoder may take its time there.
type speech struct {
	info    codec.Info
	format  audio.Format
	encoder codec.Codec
	// quiet is the payload of one packet of silence, ticks its timestamps.
	quiet []byte
	ticks uint32

	// detector and meter are for codecs without silence of their own; nil where
	// silence is sent.
	detector *vad.Detector
	meter    codec.NoiseMeter
	noise    uint8 // payload type of comfort noise; 0 is none

	resting bool // the last packet was not voice
	level   int  // of the noise that was described last
	at      time.Duration
	buf     []byte
}

func newSpeech(info codec.Info, params audio.Params, size int, ticks uint32) *speech {
	v := &speech{info: info, format: params.Send, encoder: info.New(), ticks: ticks, buf: make([]byte, 0, jitter.MaxPayload)}
	if tunable, ok := v.encoder.(codec.Tunable); ok {
		tunable.Tune(params.Send.Fmtp)
	}
	v.quiet = v.encoder.Encode(nil, make([]int16, size))
	own, ok := v.encoder.(codec.Discontinuous)
	switch {
	case !params.Silence:
	case ok:
		own.SetDTX(true)
	default:
		v.detector = vad.New(info.SampleRate)
		v.noise = params.NoiseSend
	}
	return v
}

// packet makes the payload of a piece; an empty one is not sent. Since is how
// long ago something was.
func (v *speech) packet(pcm []int16, now, since time.Duration) (payload []byte, payloadType uint8, marker bool) {
	if v.detector != nil && !v.detector.Voice(pcm) {
		return v.rest(pcm, now, since)
	}
	payload = v.encoder.Encode(v.buf[:0], pcm)
	if len(payload) == 0 {
		v.resting = true
		if since >= keepAlive {
			return v.quiet, v.format.PayloadType, false
		}
		return nil, 0, false
	}
	// What follows silence begins a talk spurt (RFC 3551 section 4.1).
	marker, v.resting = v.resting, false
	return payload, v.format.PayloadType, marker
}

// rest describes silence when it begins and when the noise has changed (RFC
// 3389 section 4), where that was agreed.
func (v *speech) rest(pcm []int16, now, since time.Duration) (payload []byte, payloadType uint8, marker bool) {
	began := !v.resting
	v.resting = true
	v.meter.Add(pcm)
	if v.noise == 0 {
		if since >= keepAlive {
			return v.quiet, v.format.PayloadType, false
		}
		return nil, 0, false
	}
	level := v.meter.Level()
	change := max(level-v.level, v.level-level)
	if !began && since < keepAlive && (change < noiseChange || now-v.at < noisePause) {
		return nil, 0, false
	}
	v.level, v.at = level, now
	return v.meter.Append(v.buf[:0]), v.noise, false
}

// say sends one piece.
func (s *Stream) say(p *piece) {
	s.countAt(p.speech.info.ClockRate)
	if p.event != 0 {
		s.transmit(p.stamp, p.event, p.marker, p.payload[:p.length])
		return
	}
	now := s.clock()
	if e, ok := p.speech.encoder.(codec.Protective); ok && s.farLoss.Load() > 0 {
		e.Protect(int(s.farLoss.Load()) - 1)
	}
	payload, payloadType, marker := p.speech.packet(p.pcm[:p.samples], now, now-s.out.lastTime)
	if len(payload) > 0 {
		s.transmit(p.stamp, payloadType, marker || p.marker, payload)
	}
}

// countAt goes on as another source where timestamps begin to count another
// clock (RFC 7160 section 4.1).
func (s *Stream) countAt(clock int) {
	if s.out.clock != 0 && s.out.clock != clock && s.out.packets.Load() > s.out.packetsBefore {
		s.renumber()
	}
	s.out.clock = clock
}
