package codec

import "time"

// Codec is one direction or both of one stream: it may keep state between
// frames, so each stream has its own. It is not safe for use by several
// goroutines at once.
type Codec interface {
	// Encode appends the payload of pcm to dst. The length of pcm is a
	// multiple of the table's FrameSamples; what is over is left out.
	Encode(dst []byte, pcm []int16) []byte
	// Decode appends the samples of one packet's payload to dst. A payload
	// that cannot be decoded gives an error and leaves dst as it was.
	Decode(dst []int16, payload []byte) ([]int16, error)
}

// Concealer is what a decoder may be besides: one that makes the comfort noise
// between its silence descriptions. What was lost of voice the playout buffer
// makes up, from what it has played.
type Concealer interface {
	// Conceal appends so many samples of sound in the place of packets that were
	// not sent. It may append a few more where the codec knows whole frames only,
	// and none if it cannot.
	Conceal(dst []int16, samples int) []int16
}

// Recoverer is what a decoder may be besides: one whose packets repeat the one
// before them in few bits (forward error correction, RFC 6716 section 2.1.7).
type Recoverer interface {
	// Recover appends the samples that a lost packet would have given, from the
	// payload of the next one, which is decoded afterwards as usual. It is
	// false, and dst as it was, where that packet repeats nothing.
	Recover(dst []int16, next []byte, samples int) ([]int16, bool)
}

// Silencer is what a decoder may be besides: one that knows silence
// descriptions (RFC 3389, G.729 Annex B, Opus DTX).
type Silencer interface {
	// Silent tells that the payload decoded last described silence: until the
	// next one comes nothing is missing, and Conceal makes comfort noise for as
	// long as that takes.
	Silent() bool
}

// Discontinuous is what an encoder may be besides: one that finds silence itself.
type Discontinuous interface {
	// SetDTX lets Encode return dst unchanged: then nothing is to be sent. What
	// it returns in silence otherwise is a silence description.
	SetDTX(on bool)
}

// Tunable is what an encoder may be besides: one that obeys the format
// parameters of a peer.
type Tunable interface {
	// Tune obeys what the peer said of the format that it receives. What is
	// absent takes the codec's default, what is nonsense counts as absent.
	Tune(Fmtp)
}

// Protective is what an encoder may be besides: one that can spend bits on what
// the network will lose.
type Protective interface {
	// Protect is told how many packets of a hundred the peer misses.
	Protect(loss int)
}

// Info is what a stream and an SDP offer must know of a codec.
type Info struct {
	Name Name
	// ClockRate counts RTP timestamps, in Hz (RFC 3551 section 4.1). G.722 counts
	// 8000 for 16000 samples (section 4.5.2).
	ClockRate int
	// SampleRate of what Encode takes and Decode gives, in Hz, mono.
	SampleRate int
	// Channels that an rtpmap must name, whatever is sent; 0 names none. Opus
	// always says 2 (RFC 7587 section 7).
	Channels int
	// FrameSamples is the smallest piece that Encode takes.
	FrameSamples int
	// PacketTimes are the only ones that Encode takes at once, ascending; nil is
	// every multiple of FrameSamples.
	PacketTimes []time.Duration
	// Fmtp is what our descriptions say of the format, and FmtpDTX what they say
	// where silence need not be sent; empty is nothing.
	Fmtp, FmtpDTX Fmtp
	// Noise tells that its silence is described by comfort noise (RFC 3389): it
	// has no description of its own.
	Noise bool
	// Ie and Bpl are what the E-model must know: impairment, and robustness against
	// loss with concealment (ITU-T G.113 appendix I, which has no narrow-band
	// figures for G.722 and Opus: they count as undistorted).
	Ie, Bpl float64
	// PayloadType is valid if Static; dynamic ones are agreed by SDP.
	PayloadType uint8
	Static      bool
	// New gives a codec in its initial state.
	New func() Codec
}

// Describe is what a description says of the format: dtx where silence need not
// be sent.
func (i Info) Describe(dtx bool) Fmtp {
	if dtx {
		return i.FmtpDTX
	}
	return i.Fmtp
}

// PacketTime is the time of a packet that is nearest to the one wanted and not
// longer; the shortest there is, if all are longer.
func (i Info) PacketTime(wanted time.Duration) time.Duration {
	if len(i.PacketTimes) > 0 {
		best := i.PacketTimes[0]
		for _, t := range i.PacketTimes {
			if t <= wanted {
				best = t
			}
		}
		return best
	}
	frame := time.Duration(i.FrameSamples) * time.Second / time.Duration(i.SampleRate)
	return max(frame, wanted-wanted%frame)
}

// table is the one list of codecs, in the order in which we offer them.
var table = []Info{
	{Name: PCMU, ClockRate: 8000, SampleRate: 8000, FrameSamples: 1, PayloadType: 0, Static: true, Noise: true, Bpl: 25.1, New: newPCMU},
	{Name: PCMA, ClockRate: 8000, SampleRate: 8000, FrameSamples: 1, PayloadType: 8, Static: true, Noise: true, Bpl: 25.1, New: newPCMA},
	{Name: G722, ClockRate: 8000, SampleRate: 16000, FrameSamples: 2, PayloadType: 9, Static: true, Noise: true, Bpl: 25.1, New: newG722},
	{Name: G729, ClockRate: 8000, SampleRate: 8000, FrameSamples: 80, PayloadType: 18, Static: true,
		Fmtp: "annexb=no", FmtpDTX: "annexb=yes", Ie: 11, Bpl: 19, New: newG729},
	{Name: Opus, ClockRate: opusRate, SampleRate: opusRate, Channels: 2, FrameSamples: opusRate / 100, PacketTimes: opusPacketTimes,
		Fmtp: "useinbandfec=1", FmtpDTX: "useinbandfec=1;usedtx=1", Bpl: 25.1, New: newOpus},
}

// noise is found by its name, but is no codec that a call could have alone.
var noise = Info{Name: CN, ClockRate: 8000, SampleRate: 8000, FrameSamples: 80, PayloadType: 13, Static: true, New: newNoise}

// Names lists the codecs that are built in, in the order in which they are
// offered when nothing else is preferred.
func Names() []Name {
	names := make([]Name, len(table))
	for i, info := range table {
		names[i] = info.Name
	}
	return names
}

// Lookup finds a codec by its SDP name; comfort noise too.
func Lookup(n Name) (Info, bool) {
	for _, info := range table {
		if info.Name == n {
			return info, true
		}
	}
	if n == CN {
		return noise, true
	}
	return Info{}, false
}

// Static gives the payload type that RFC 3551 table 4 fixes for a codec.
func Static(n Name) (payloadType uint8, ok bool) {
	info, ok := Lookup(n)
	return info.PayloadType, ok && info.Static
}
