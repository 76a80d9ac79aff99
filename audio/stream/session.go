package stream

import (
	"fmt"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
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
	// clocks count the timestamps of each payload type that may arrive, in Hz.
	clocks [128]int
	// noise is the payload type of comfort noise that may arrive; 0 is none.
	noise uint8
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
	n.params.PacketTime = info.PacketTime(n.params.PacketTime)
	if last != nil && last.sendsLike(n) {
		n.capture = last.capture
		return nil
	}
	if n.capture, err = newCapture(info, n.params, s); err != nil {
		return err
	}
	if quiet := n.capture.speech.quiet; len(quiet) == 0 || len(quiet) > jitter.MaxPayload {
		return fmt.Errorf("packet time %v: %d bytes of %s do not fit into a packet", n.params.PacketTime, len(quiet), info.Name)
	}
	return nil
}

// sendsLike tells whether voice goes on as before.
func (n *session) sendsLike(next *session) bool {
	a, b := &n.params, &next.params
	return a.Send == b.Send && a.PacketTime == b.PacketTime && a.Silence == b.Silence && a.NoiseSend == b.NoiseSend &&
		eventRate(a) == eventRate(b)
}

// eventRates count the timestamps of telephone-events: beside narrow codecs, and
// beside Opus.
var eventRates = [2]int{8000, 48000}

// eventRate is that of the events that we send.
func eventRate(p *audio.Params) int {
	if p.EventSendWide {
		return eventRates[1]
	}
	return eventRates[0]
}

// prepareReceiving makes a decoder for each format that may arrive and that we
// know. The buffer works at the highest of their rates, or at that of the codec
// before if that was higher still: what sounds now is not cut off.
func (n *session) prepareReceiving(last *session) error {
	n.decoders = &jitter.Decoders{}
	rate := 0
	if last != nil {
		rate = last.playback.rate
	}
	var unknown error
	known := false
	for _, format := range n.params.Receive {
		info, err := lookup(format)
		if err != nil {
			unknown = err
			continue
		}
		known = true
		rate = max(rate, info.SampleRate)
	}
	if !known {
		return unknown
	}
	for _, format := range n.params.Receive {
		info, err := lookup(format)
		if err != nil {
			continue
		}
		n.clocks[format.PayloadType] = info.ClockRate
		if kept := last.decoder(format, rate); kept != nil {
			n.decoders[format.PayloadType] = kept
		} else if n.decoders[format.PayloadType], err = decoderAt(info, rate); err != nil {
			return err
		}
	}
	n.prepareNoise(last, rate)
	if last != nil && last.playback.rate == rate {
		n.playback = last.playback
		return nil
	}
	var err error
	n.playback, err = newPlayback(rate)
	return err
}

// prepareNoise takes comfort noise in any call: what was not agreed bears its
// static type (RFC 3551 table 4), unless that means something else.
func (n *session) prepareNoise(last *session, rate int) {
	info, _ := codec.Lookup(codec.CN)
	pt := n.params.NoiseReceive
	if pt == 0 {
		pt = info.PayloadType
	}
	if n.decoders[pt] != nil || pt == n.params.EventReceive || pt == n.params.EventReceiveWide {
		return
	}
	n.clocks[pt] = info.ClockRate
	n.noise = pt
	if last != nil && last.noise == pt && last.playback.rate == rate {
		n.decoders[pt] = last.decoders[pt]
		return
	}
	n.decoders[pt] = codec.NewNoise(rate)
}

// tones tells whether digits are sent in-band. Events, where agreed, come
// first: by both ways the peer would hear each digit twice.
func (n *session) tones() bool { return n.params.EventSend == 0 && n.params.Inband }

// decoder gives the decoder of a format that was agreed before too, if the
// rate stays.
func (n *session) decoder(format audio.Format, rate int) codec.Codec {
	if n == nil || n.playback.rate != rate {
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
