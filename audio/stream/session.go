package stream

import (
	"fmt"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
	"deskset/audio/resample"
	"deskset/audio/stream/jitter"
)

// cardRate is that of Read and Write, in Hz.
const cardRate = 48000

// Packet times in which we send.
const (
	defaultPacketTime = 20 * time.Millisecond
	minPacketTime     = 10 * time.Millisecond
	maxPacketTime     = 60 * time.Millisecond
)

// session is what was agreed, with the machinery for it. It does not change
// once it is published; the state within capture and playback belongs to the
// callbacks and moves on from session to session where the codec stays.
type session struct {
	params   audio.Params
	capture  *capture
	playback *playback
	decoders *jitter.Decoders
	// silence is the payload of one packet of silence.
	silence []byte
	// secure encrypts; nil is plain RTP.
	secure *secure
}

// newSession prepares params, with what can be kept of the last session, which
// may be nil.
func newSession(params audio.Params, last *session, s *Stream) (*session, error) {
	if params.PacketTime == 0 {
		params.PacketTime = defaultPacketTime
	}
	if params.PacketTime < minPacketTime || params.PacketTime > maxPacketTime {
		return nil, fmt.Errorf("packet time %v: want %v to %v", params.PacketTime, minPacketTime, maxPacketTime)
	}
	if len(params.Receive) == 0 {
		params.Receive = []audio.Format{params.Send}
	}
	next := &session{params: params}
	if err := next.prepareSecurity(s); err != nil {
		return nil, err
	}
	if err := next.prepareSending(last, s); err != nil {
		return nil, err
	}
	if err := next.prepareReceiving(last); err != nil {
		return nil, err
	}
	return next, nil
}

func (n *session) prepareSending(last *session, s *Stream) error {
	info, err := lookup(n.params.Send)
	if err != nil {
		return err
	}
	if last != nil && last.params.Send == n.params.Send && last.params.PacketTime == n.params.PacketTime {
		n.capture, n.silence = last.capture, last.silence
		return nil
	}
	if n.capture, err = newCapture(info, n.params.PacketTime, s); err != nil {
		return err
	}
	n.silence = info.New().Encode(nil, make([]int16, n.capture.size))
	if len(n.silence) > jitter.MaxPayload {
		return fmt.Errorf("packet time %v: %d bytes of %s do not fit into a packet", n.params.PacketTime, len(n.silence), info.Name)
	}
	return nil
}

// prepareReceiving makes a decoder for each format that may arrive and that we
// know, all at the sample rate of the first: a call whose codecs differ in that
// has one of them only.
func (n *session) prepareReceiving(last *session) error {
	n.decoders = &jitter.Decoders{}
	var first codec.Info
	var unknown error
	for _, format := range n.params.Receive {
		info, err := lookup(format)
		if err != nil {
			unknown = err
			continue
		}
		if first.New == nil {
			first = info
		}
		if info.SampleRate != first.SampleRate || info.ClockRate != first.ClockRate {
			continue
		}
		if kept := last.decoder(format); kept != nil {
			n.decoders[format.PayloadType] = kept
		} else {
			n.decoders[format.PayloadType] = info.New()
		}
	}
	if first.New == nil {
		return unknown
	}
	if last != nil && last.playback.info.SampleRate == first.SampleRate && last.playback.info.ClockRate == first.ClockRate {
		n.playback = last.playback
		return nil
	}
	up, err := resample.New(first.SampleRate, cardRate)
	if err != nil {
		return err
	}
	n.playback = newPlayback(first, up)
	return nil
}

// tones tells whether digits are sent in-band. Events, where agreed, come
// first: by both ways the peer would hear each digit twice.
func (n *session) tones() bool { return n.params.EventSend == 0 && n.params.Inband }

// decoder gives the decoder of a format that was agreed before too.
func (n *session) decoder(format audio.Format) codec.Codec {
	if n == nil {
		return nil
	}
	for _, f := range n.params.Receive {
		if f == format {
			return n.decoders[f.PayloadType]
		}
	}
	return nil
}

// format gives the format of a payload type that arrives.
func (n *session) format(payloadType uint8) audio.Format {
	for _, f := range n.params.Receive {
		if f.PayloadType == payloadType {
			return f
		}
	}
	return audio.Format{}
}

func lookup(f audio.Format) (codec.Info, error) {
	info, ok := codec.Lookup(f.Codec)
	if !ok {
		return info, fmt.Errorf("codec %q: want one of %v", f.Codec, codec.Names())
	}
	if f.PayloadType > 127 {
		return info, fmt.Errorf("codec %q: payload type %d: want 0 to 127", f.Codec, f.PayloadType)
	}
	return info, nil
}
