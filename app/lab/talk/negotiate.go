package talk

import (
	"net/netip"
	"strings"

	"deskset/audio/codec"
)

// Answer takes the peer's offer and gives our answer (RFC 3264 section 6).
func (s *Session) Answer(offer []byte) ([]byte, error) {
	sections, err := parseSDP(offer)
	if err != nil {
		return nil, err
	}
	chosen, agreed := s.choose(sections)
	if agreed == nil {
		return nil, ErrNotAcceptable
	}
	if agreed.secure, err = s.protect(sections[chosen].crypto); err != nil {
		return nil, ErrNotAcceptable
	}
	var out []string
	for i := range sections {
		m := &sections[i]
		if i != chosen {
			out = append(out, refusedSection(m))
			continue
		}
		formats := m.formats(s.speaks())
		if !agreed.hasEvents() {
			formats = withoutEvents(formats)
		}
		section := audioSection(s.local.Port(), formats, reversed[m.direction])
		if agreed.secure != nil {
			section = strings.Replace(section, "RTP/AVP", m.proto, 1) + agreed.secure.line
		}
		out = append(out, section)
	}
	s.use(agreed)
	return describe(s.local, s.id, s.nextVersion(), out), nil
}

// choose takes the first stream that we can use.
func (s *Session) choose(sections []media) (int, *flow) {
	for i := range sections {
		if f, err := agree(&sections[i], s.speaks()); err == nil {
			return i, f
		}
	}
	return 0, nil
}

func (f *flow) hasEvents() bool { return f.events != 0 }

func withoutEvents(formats []format) (rest []format) {
	for _, f := range formats {
		if f.codec != eventName {
			rest = append(rest, f)
		}
	}
	return rest
}

// Offer gives our offer: everything that we can do.
func (s *Session) Offer() []byte {
	var formats []format
	for _, name := range s.speaks() {
		pt, fixed := codec.Static(name)
		if !fixed {
			pt = dynamicPayloadType
		}
		formats = append(formats, format{pt, name})
	}
	formats = append(formats, format{eventPayloadType, eventName})
	return describe(s.local, s.id, s.nextVersion(), []string{audioSection(s.local.Port(), formats, "sendrecv")})
}

// Accept takes the peer's answer to our offer.
func (s *Session) Accept(answer []byte) error {
	sections, err := parseSDP(answer)
	if err != nil {
		return err
	}
	_, agreed := s.choose(sections)
	if agreed == nil {
		return ErrNotAcceptable
	}
	s.use(agreed)
	return nil
}

// use makes a flow the one in force. If it names a place that the lab may not
// send to (a phone on this host that knows itself by its other address), then
// nothing is sent until the peer's packets show the way.
func (s *Session) use(f *flow) {
	if !s.reachable(f.remote) {
		f.remote = netip.AddrPort{}
	}
	s.flow.Store(f)
}

func (s *Session) nextVersion() uint64 {
	s.version++
	return s.version
}
