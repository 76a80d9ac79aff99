package codec

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

// Info is what a stream and an SDP offer must know of a codec.
type Info struct {
	Name Name
	// ClockRate counts RTP timestamps, in Hz (RFC 3551 section 4.1).
	ClockRate int
	// SampleRate of what Encode takes and Decode gives, in Hz.
	SampleRate int
	// FrameSamples is the smallest piece that Encode takes.
	FrameSamples int
	// PayloadType is valid if Static; dynamic ones are agreed by SDP.
	PayloadType uint8
	Static      bool
	// New gives a codec in its initial state.
	New func() Codec
}

// table is the one list of codecs, in the order in which we offer them.
var table = []Info{
	{Name: PCMU, ClockRate: 8000, SampleRate: 8000, FrameSamples: 1, PayloadType: 0, Static: true, New: newPCMU},
	{Name: PCMA, ClockRate: 8000, SampleRate: 8000, FrameSamples: 1, PayloadType: 8, Static: true, New: newPCMA},
}

// Names lists the codecs that are built in, in the order in which they are
// offered when nothing else is preferred.
func Names() []Name {
	names := make([]Name, len(table))
	for i, info := range table {
		names[i] = info.Name
	}
	return names
}

// Lookup finds a codec by its SDP name.
func Lookup(n Name) (Info, bool) {
	for _, info := range table {
		if info.Name == n {
			return info, true
		}
	}
	return Info{}, false
}

// Static gives the payload type that RFC 3551 table 4 fixes for a codec.
func Static(n Name) (payloadType uint8, ok bool) {
	info, ok := Lookup(n)
	return info.PayloadType, ok && info.Static
}
