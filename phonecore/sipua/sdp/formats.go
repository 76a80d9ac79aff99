package sdp

import (
	"slices"
	"strconv"
	"strings"

	"deskset/audio"
	"deskset/audio/codec"
)

// lookup is codec.Lookup; tests add codecs that are not built yet.
var lookup = codec.Lookup

// telephoneEvent is the name of RFC 4733 section 7.1.1. Its clock is that of the
// voice beside it (section 2.1), so there may be one for each.
const telephoneEvent = "telephone-event"

// eventClocks are those of our codecs: the narrow ones', and Opus'.
var eventClocks = [numEvents]int{8000, 48000}

const (
	narrow = iota
	wide
	numEvents
)

// formats are the payload types of one section, as one side numbers them; 0
// stands for no event and no noise.
type formats struct {
	codecs []audio.Format
	// more are further numbers of the same codecs.
	more   []audio.Format
	events [numEvents]uint8
	noise  uint8
}

// common finds the codecs that a peer's section and ours share, in the peer's
// order, and the peer's numbers for them, for events and for comfort noise.
func common(m *media, names []codec.Name) (f formats) {
	seen := map[codec.Name]bool{}
	for _, text := range m.formats {
		number, err := strconv.ParseUint(text, 10, 7)
		if err != nil {
			continue
		}
		pt := uint8(number)
		r, mapped := m.mapOf(pt)
		if mapped && strings.EqualFold(r.name, telephoneEvent) {
			if i := slices.Index(eventClocks[:], r.clock); i >= 0 && f.events[i] == 0 {
				f.events[i] = pt
			}
			continue
		}
		if f.noise == 0 && matches(codec.CN, pt, r, mapped) {
			f.noise = pt
		}
		for _, name := range names {
			if !matches(name, pt, r, mapped) {
				continue
			}
			format := audio.Format{Codec: name, PayloadType: pt, Fmtp: m.fmtpOf(pt)}
			if seen[name] {
				f.more = append(f.more, format)
			} else {
				seen[name] = true
				f.codecs = append(f.codecs, format)
			}
			break
		}
	}
	return f
}

// matches tells whether a payload type of a peer is one of our codecs: by its
// rtpmap, whose name is the same in any case (RFC 4566 section 6), or, for
// static types, without one. Who says too few channels is careless; too many
// are another format.
func matches(name codec.Name, pt uint8, r rtpmap, mapped bool) bool {
	info, ok := lookup(name)
	if !ok {
		return false
	}
	if mapped {
		return strings.EqualFold(r.name, string(name)) && r.clock == info.ClockRate && r.channels <= max(1, info.Channels)
	}
	return info.Static && info.PayloadType == pt
}

// without leaves out what is not wanted here: events, and noise where silence
// is sent.
func (f formats) without(l Local) formats {
	if l.EventPayloadType == 0 {
		f.events = [numEvents]uint8{}
	}
	if !l.Silence || !slices.ContainsFunc(f.codecs, noisy) {
		f.noise = 0
	}
	return f
}

// noisy tells that a format's silence takes comfort noise.
func noisy(f audio.Format) bool {
	info, _ := lookup(f.Codec)
	return info.Noise
}

// event is the number with which to send events beside a codec: that of its
// clock, or any that there is rather than none.
func (f formats) event(name codec.Name) (pt uint8, isWide bool) {
	info, _ := lookup(name)
	best := narrow
	if info.ClockRate == eventClocks[wide] && f.events[wide] != 0 || f.events[narrow] == 0 {
		best = wide
	}
	return f.events[best], best == wide && f.events[best] != 0
}

// agree fills in what two sides' numbers mean: theirs to send, ours to receive.
func (a *Agreed) agree(theirs, ours formats) {
	a.Send = theirs.codecs[0]
	for _, f := range slices.Concat(ours.codecs, ours.more) {
		a.Receive = append(a.Receive, audio.Format{Codec: f.Codec, PayloadType: f.PayloadType})
	}
	a.EventSend, a.EventSendWide = theirs.event(a.Send.Codec)
	if a.EventSend != 0 {
		a.EventReceive, a.EventReceiveWide = ours.events[narrow], ours.events[wide]
	}
	if theirs.noise != 0 {
		a.NoiseSend, a.NoiseReceive = theirs.noise, ours.noise
	}
}
