package codec

import (
	"errors"
	"slices"
	"time"

	"github.com/thesyncim/gopus"

	"deskset/audio/linear"
)

// Opus as RFC 7587 has it: 48000 Hz whatever is sent. We send mono.
const (
	opusRate = 48000
	// opusBits per second of full-band speech (section 3.1.1: 28 to 40 kbit/s).
	opusBits    = 40000
	minOpusBits = 6000
	maxOpusBits = 510000
	// Losses in percent that the redundancy is made for: what a network loses that
	// people complain of, until the peer tells; and within what bounds it is
	// believed, for the next loss comes without a warning.
	opusLoss, minOpusLoss, maxOpusLoss = 10, 5, 30
	// opusComplexity 5 of 10 costs half of the most, and is hard to tell from it
	// in speech.
	opusComplexity = 5
	// maxOpusFrame is the longest that an encoder makes of one frame (RFC 6716
	// section 3.2.1), in bytes; maxOpusSamples the longest that a packet may
	// last: 120 ms.
	maxOpusFrame   = 1275
	maxOpusSamples = opusRate * 120 / 1000
	// opusGrain is what lost time is made up in: 2.5 ms.
	opusGrain = opusRate / 400
	// opusNothing: a packet of so many bytes or fewer is DTX and need not be sent;
	// every 400 ms the library makes a longer one (section 3.1.3).
	opusNothing = 2
)

// opusPacketTimes are those of RFC 7587 section 7 that are one frame.
var opusPacketTimes = []time.Duration{10 * time.Millisecond, 20 * time.Millisecond, 40 * time.Millisecond, 60 * time.Millisecond}

var (
	errOpus     = errors.New("opus: the library failed")
	errOpusTime = errors.New("opus: the payload lasts no time, or more than 120 ms")
)

// opusCodec is Opus (RFC 6716). The library is young, so whatever it panics at
// costs a packet, and the state, but not the call.
//
// Decode allocates nothing, Conceal (in silence) and Recover a few small pieces, Encode some
// with redundancy: it is not for a sound card's callback.
type opusCodec struct {
	encoder *gopus.Encoder // nil until it is wanted: it is large
	decoder *gopus.Decoder
	scratch []float32
	dtx     bool
	loss    int // that the encoder reckons with
	fmtp    Fmtp
	silent  bool
}

func newOpus() Codec {
	o := &opusCodec{scratch: make([]float32, maxOpusSamples), loss: opusLoss}
	o.newDecoder()
	o.warm()
	return o
}

func (o *opusCodec) newDecoder() {
	o.decoder, _ = gopus.NewDecoder(gopus.DefaultDecoderConfig(opusRate, 1))
	o.silent = false
}

// warm makes the library allocate now what it allocates when it first meets a
// mode, a bandwidth or stereo.
func (o *opusCodec) warm() {
	pcm := make([]int16, 0, maxOpusSamples)
	packet := make([]byte, 40)
	for toc := 0; toc < 1<<8; toc += 1 << 2 { // every configuration, mono and stereo
		packet[0] = byte(toc)
		_, _ = o.Decode(pcm, packet)
	}
	o.decoder.Reset()
	o.silent = false
}

// prepare makes the encoder, and tells it what was asked of it before.
func (o *opusCodec) prepare() {
	if o.encoder != nil {
		return
	}
	o.encoder, _ = gopus.NewEncoder(gopus.EncoderConfig{SampleRate: opusRate, Channels: 1, Application: gopus.ApplicationVoIP})
	_ = o.encoder.SetSignal(gopus.SignalVoice)
	_ = o.encoder.SetComplexity(opusComplexity)
	_ = o.encoder.SetLSBDepth(16)
	_ = o.encoder.SetPacketLoss(o.loss)
	f := o.fmtp
	_ = o.encoder.SetBitrate(min(opusBits, f.Int("maxaveragebitrate", minOpusBits, maxOpusBits, opusBits)))
	o.encoder.SetFEC(f.Bool("useinbandfec", false))
	o.encoder.SetVBR(!f.Bool("cbr", false))
	_ = o.encoder.SetMaxBandwidth(opusBandwidth(f.Int("maxplaybackrate", 8000, opusRate, opusRate)))
	// A peer may say that it wants no DTX.
	o.dtx = o.dtx && f.Bool("usedtx", true)
	o.encoder.SetDTX(o.dtx)
}

// Tune implements [Tunable], with the parameters of RFC 7587 section 6.1 that
// concern who sends. Stereo is permission, not duty: we have one microphone.
func (o *opusCodec) Tune(f Fmtp) { o.fmtp, o.encoder = f, nil }

// Protect implements [Protective].
func (o *opusCodec) Protect(loss int) {
	loss = max(minOpusLoss, min(loss, maxOpusLoss))
	if loss == o.loss {
		return
	}
	if o.loss = loss; o.encoder != nil {
		_ = o.encoder.SetPacketLoss(loss)
	}
}

// opusBandwidth is the widest that a receiver at a sample rate can play.
func opusBandwidth(rate int) gopus.Bandwidth {
	switch {
	case rate < 12000:
		return gopus.BandwidthNarrowband
	case rate < 16000:
		return gopus.BandwidthMediumband
	case rate < 24000:
		return gopus.BandwidthWideband
	case rate < opusRate:
		return gopus.BandwidthSuperwideband
	}
	return gopus.BandwidthFullband
}

// SetDTX implements [Discontinuous].
func (o *opusCodec) SetDTX(on bool) { o.dtx, o.encoder = on, nil }

// Encode implements [Codec]: one frame of 10, 20, 40 or 60 ms.
func (o *opusCodec) Encode(dst []byte, pcm []int16) (out []byte) {
	defer func() {
		if recover() != nil {
			o.encoder, out = nil, dst
		}
	}()
	o.prepare()
	size := opusFrame(len(pcm))
	if size == 0 || o.encoder.SetFrameSize(size) != nil {
		return dst
	}
	n := len(dst)
	room := slices.Grow(dst, maxOpusFrame)
	length, err := o.encoder.EncodeInt16(pcm[:size], room[n:n+maxOpusFrame])
	if err != nil || length < 0 || length > maxOpusFrame || length <= opusNothing && o.dtx {
		return dst
	}
	return room[:n+length]
}

// opusFrame is the longest frame within so many samples; 0 if there is none.
func opusFrame(samples int) int {
	best := 0
	for _, t := range opusPacketTimes {
		if size := int(t * opusRate / time.Second); size <= samples {
			best = size
		}
	}
	return best
}

// Decode implements [Codec].
func (o *opusCodec) Decode(dst []int16, payload []byte) ([]int16, error) {
	n, size := len(dst), opusSamples(payload)
	if size <= 0 || size > maxOpusSamples {
		return dst, errOpusTime
	}
	room := slices.Grow(dst, size)
	length, err := o.decode(payload, room[n:n+size])
	if err != nil {
		return dst, err
	}
	o.silent = len(payload) <= opusNothing || o.decoder.InDTX()
	return room[:n+length], nil
}

// opusSamples is how long a packet lasts by its first two bytes (RFC 6716
// section 3.1 and 3.2); 0 if they are not there.
func opusSamples(payload []byte) int {
	if len(payload) == 0 {
		return 0
	}
	frames := 1
	switch payload[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(payload) < 2 {
			return 0
		}
		frames = int(payload[1] & 0x3F)
	}
	config, size := payload[0]>>3, 0
	switch {
	case config >= 16: // CELT: 2.5, 5, 10, 20 ms
		size = opusGrain << (config & 3)
	case config >= 12: // hybrid: 10, 20 ms
		size = 4 * opusGrain << (config & 1)
	case config&3 == 3: // SILK: 60 ms
		size = 24 * opusGrain
	default: // SILK: 10, 20, 40 ms
		size = 4 * opusGrain << (config & 3)
	}
	return frames * size
}

func (o *opusCodec) decode(payload []byte, pcm []int16) (n int, err error) {
	defer o.rescue(&n, &err)
	n, err = o.decoder.DecodeInt16(payload, pcm)
	return o.checked(n, len(pcm), err)
}

// rescue begins anew after a panic.
func (o *opusCodec) rescue(n *int, err *error) {
	if cause := recover(); cause != nil {
		o.newDecoder()
		*n, *err = 0, errOpus
	}
}

func (o *opusCodec) checked(n, room int, err error) (int, error) {
	if err == nil && (n < 0 || n > room) {
		err = errOpus
	}
	return n, err
}

// Silent implements [Silencer].
func (o *opusCodec) Silent() bool { return o.silent }

// Conceal implements [Concealer], in pieces of 2.5 ms.
func (o *opusCodec) Conceal(dst []int16, samples int) []int16 {
	n := len(dst)
	size := min((samples+opusGrain-1)/opusGrain*opusGrain, maxOpusSamples)
	if size <= 0 {
		return dst
	}
	room := slices.Grow(dst, size)
	length, err := o.decode(nil, room[n:n+size])
	if err != nil {
		return dst
	}
	return room[:n+length]
}

// Recover implements [Recoverer].
func (o *opusCodec) Recover(dst []int16, next []byte, samples int) ([]int16, bool) {
	size := samples / opusGrain * opusGrain
	if size <= 0 || size > maxOpusSamples || !repeats(next) {
		return dst, false
	}
	n := len(dst)
	room := slices.Grow(dst, size)
	length, err := o.recover(next, o.scratch[:size])
	if err != nil {
		return dst, false
	}
	dst = room[:n+length]
	for i, v := range o.scratch[:length] {
		dst[n+i] = linear.Sample(v)
	}
	return dst, true
}

// repeats tells whether a packet repeats the one before it.
func repeats(payload []byte) (yes bool) {
	defer func() {
		if recover() != nil {
			yes = false
		}
	}()
	return len(payload) > 1 && gopus.PacketHasLBRR(payload)
}

func (o *opusCodec) recover(next []byte, pcm []float32) (n int, err error) {
	defer o.rescue(&n, &err)
	n, err = o.decoder.DecodeWithFEC(next, pcm, true)
	return o.checked(n, len(pcm), err)
}
