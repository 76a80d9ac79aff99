package sdp

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
)

// defaultPacketTime is RFC 3551's for all codecs that we name.
const defaultPacketTime = 20 * time.Millisecond

// Session is what offers and answers of one call must remember: the version of
// our description, the order of the media sections, the payload types that are
// taken (RFC 3264 section 8). It belongs to one event loop.
type Session struct {
	id, version uint64
	last        string // our last description without its o= line
	// slots are the media sections of this session; one of them is ours.
	slots []slot
	audio int
	// types are the payload types that we declared: they may not change their
	// meaning (section 8.3.2).
	types  map[codec.Name]uint8
	events [numEvents]uint8
	offer  Local // the last one, which an answer is matched with
	remote bool  // whether the peer has described itself yet
	// keys are ours by suite; crypto is what we offered last, inUse our line that
	// was agreed on last, nil while the media is plain.
	keys   map[audio.CryptoSuite]audio.CryptoKey
	crypto []cryptoLine
	inUse  *cryptoLine
	// mux: RTCP goes with RTP, since the peer has offered it. We offer it only
	// while it is in use: whoever ignores it must hear our RTCP elsewhere.
	mux bool
}

// slot is one m= section, ours or refused.
type slot struct{ kind, proto, format string }

// NewSession begins a session; the id should be random or the time.
func NewSession(id uint64) *Session {
	return &Session{id: id >> 1, types: map[codec.Name]uint8{}} // o= numbers are signed in some peers
}

// Clone is a session that has had the same offer: each branch of a forked call
// has an answer of its own.
func (s *Session) Clone() *Session {
	c := *s
	c.slots, c.types = slices.Clone(s.slots), maps.Clone(s.types)
	return &c
}

// Offer describes what we can do.
func (s *Session) Offer(l Local) []byte {
	if len(s.slots) == 0 {
		s.slots = []slot{{kind: "audio", proto: "RTP/AVP"}}
		if l.Encryption == EncryptionRequired {
			s.slots[0].proto = "RTP/SAVP"
		}
	}
	s.crypto = s.offered(l.Encryption)
	s.offer = l
	return s.write(l, s.numbered(l), l.PacketTime, l.Direction, s.crypto)
}

// numbered are all formats that we can do, with our numbers. Those of events
// come first: the narrow one is the person's choice.
func (s *Session) numbered(l Local) (f formats) {
	if l.EventPayloadType != 0 {
		if s.events[narrow] == 0 {
			s.clear(l.EventPayloadType)
			s.events[narrow] = l.EventPayloadType
		}
		f.events[narrow] = s.events[narrow]
	}
	for _, name := range l.Codecs {
		if pt, ok := s.payloadType(name); ok {
			f.codecs = append(f.codecs, audio.Format{Codec: name, PayloadType: pt})
			if info, _ := lookup(name); info.ClockRate == eventClocks[wide] && f.events[narrow] != 0 {
				f.events[wide] = s.wideEvent()
			}
		}
	}
	if info, _ := lookup(codec.CN); l.Silence {
		f.noise = info.PayloadType
	}
	return f.without(l)
}

// payloadType is the one that we use for a codec in this session.
func (s *Session) payloadType(name codec.Name) (uint8, bool) {
	info, ok := lookup(name)
	if !ok {
		return 0, false
	}
	if pt, ok := s.types[name]; ok {
		return pt, true
	}
	pt := info.PayloadType
	if !info.Static || s.taken(pt) {
		if pt = s.free(); pt == 0 {
			return 0, false
		}
	}
	s.types[name] = pt
	return pt, true
}

// wideEvent is our number for events beside Opus; 0 if none is free.
func (s *Session) wideEvent() uint8 {
	if s.events[wide] == 0 {
		s.events[wide] = s.free()
	}
	return s.events[wide]
}

// free finds a dynamic payload type; 0 if all are taken.
func (s *Session) free() uint8 {
	for pt := uint8(96); pt <= 127; pt++ {
		if !s.taken(pt) {
			return pt
		}
	}
	return 0
}

func (s *Session) taken(pt uint8) bool {
	if pt != 0 && slices.Contains(s.events[:], pt) {
		return true
	}
	for _, used := range s.types {
		if used == pt {
			return true
		}
	}
	return false
}

// clear frees a payload type to which the peer, or the person, gives another
// meaning.
func (s *Session) clear(pt uint8) {
	for i := range s.events {
		if s.events[i] == pt {
			s.events[i] = 0
		}
	}
	maps.DeleteFunc(s.types, func(_ codec.Name, used uint8) bool { return used == pt })
}

// Accept takes the answer to our last offer. It may be called for several
// answers, as forked responses bring them.
func (s *Session) Accept(answer []byte) (*Agreed, error) {
	d, err := parse(answer)
	if err != nil {
		return nil, err
	}
	if len(d.media) <= s.audio {
		return nil, fmt.Errorf("%w: the answer has %d of our %d media", ErrMalformed, len(d.media), len(s.slots))
	}
	m := &d.media[s.audio]
	if m.port == 0 {
		if s.remote { // the peer has switched the stream off for now
			return &Agreed{Direction: audio.Inactive, RemoteHold: true}, nil
		}
		return nil, ErrNoAudio
	}
	if !m.isAudio() {
		return nil, ErrNoAudio
	}
	s.declare(m)
	theirs := common(m, s.offer.Codecs).without(s.offer)
	if len(theirs.codecs) == 0 {
		return nil, fmt.Errorf("%w: answered are %s, we offered %v", ErrNoCodec, m.names(), s.offer.Codecs)
	}
	to, err := m.remote()
	if err != nil {
		return nil, err
	}
	crypto, err := s.agree(m)
	if err != nil {
		return nil, err
	}
	s.mux = s.mux && m.mux
	a := &Agreed{Mux: s.mux, VoiceMetrics: m.metrics, Remote: to, RemoteControl: m.remoteControl(), PacketTime: m.packetTime(), Direction: meet(s.offer.Direction, m), Crypto: crypto}
	// What comes in bears the payload types of our own offer (section 5.1).
	ours := s.numbered(s.offer)
	ours.codecs = nil
	for _, f := range theirs.codecs {
		ours.codecs = append(ours.codecs, audio.Format{Codec: f.Codec, PayloadType: s.types[f.Codec]})
	}
	a.agree(theirs, ours)
	// Who was not offered media cannot refuse it.
	a.RemoteHold = s.offer.Direction.Sends() && !m.receives()
	s.remote = true
	return a, nil
}

// declare fills in the maps of our offer that an answer leaves out: careless
// peers name a dynamic payload type only.
func (s *Session) declare(m *media) {
	for i, pt := range s.events {
		if _, mapped := m.mapOf(pt); pt != 0 && !mapped {
			m.maps = append(m.maps, rtpmap{pt: pt, name: telephoneEvent, clock: eventClocks[i]})
		}
	}
	for name, pt := range s.types {
		info, known := lookup(name)
		if _, mapped := m.mapOf(pt); known && !info.Static && !mapped {
			m.maps = append(m.maps, rtpmap{pt: pt, name: string(name), clock: info.ClockRate})
		}
	}
}

// Answer answers an offer. After an error nothing has changed.
func (s *Session) Answer(l Local, offer []byte) ([]byte, *Agreed, error) {
	d, err := parse(offer)
	if err != nil {
		return nil, nil, err
	}
	index, shared, theirs, err := d.acceptable(l)
	if err != nil {
		return s.answerOff(l, d, err)
	}
	m := &d.media[index]
	to, err := m.remote()
	if err != nil {
		return nil, nil, err
	}
	shared = shared.without(l)
	s.take(d, index)
	s.mux = m.mux
	s.adopt(shared)
	a := &Agreed{
		Remote: to, RemoteControl: m.remoteControl(), PacketTime: m.packetTime(), Direction: meet(l.Direction, m), RemoteHold: !m.receives(),
		Mux: m.mux, VoiceMetrics: m.metrics,
	}
	// An answer numbers as the offer does (RFC 3264 section 6.1).
	a.agree(shared, shared)
	s.remote = true
	lines, crypto := s.accept(theirs)
	a.Crypto = crypto
	ptime := l.PacketTime
	if a.PacketTime != 0 {
		ptime = a.PacketTime
	}
	return s.write(l, shared, ptime, a.Direction, lines), a, nil
}

// adopt takes over the peer's numbers: our next offer has them too.
func (s *Session) adopt(f formats) {
	for _, format := range f.codecs {
		s.clear(format.PayloadType)
		s.types[format.Codec] = format.PayloadType
	}
	for i, pt := range f.events {
		if pt != 0 {
			s.clear(pt)
			s.events[i] = pt
		}
	}
}

// answerOff answers an offer in mid-call that has switched our stream off
// (port 0, RFC 3264 section 8.2): that is no reason to refuse.
func (s *Session) answerOff(l Local, d *description, cause error) ([]byte, *Agreed, error) {
	if !s.remote || len(d.media) <= s.audio || d.media[s.audio].port != 0 {
		return nil, nil, cause
	}
	s.take(d, s.audio)
	return s.writeOff(l), &Agreed{Direction: audio.Inactive, RemoteHold: true}, nil
}

// take adopts the order of media of an offer.
func (s *Session) take(d *description, audio int) {
	s.slots = s.slots[:0]
	for _, m := range d.media {
		format := "0"
		if len(m.formats) > 0 {
			format = m.formats[0]
		}
		s.slots = append(s.slots, slot{m.kind, m.proto, format})
	}
	s.audio = audio
}

// Check tells without a session whether an offer could be answered: the error
// that Answer would give.
func Check(l Local, offer []byte) error {
	d, err := parse(offer)
	if err != nil {
		return err
	}
	_, _, _, err = d.acceptable(l)
	return err
}
