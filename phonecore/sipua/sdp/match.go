package sdp

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"deskset/audio"
)

// remote is where the peer receives. It is invalid while the peer holds by
// c=0.0.0.0 or has refused the stream.
func (m *media) remote() (netip.AddrPort, error) {
	switch {
	case m.port == 0 || m.zeroHold():
		return netip.AddrPort{}, nil
	case !m.addr.IsValid():
		return netip.AddrPort{}, fmt.Errorf("%w: no c= line with an address", ErrMalformed)
	case m.addr.IsMulticast() || m.addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return netip.AddrPort{}, fmt.Errorf("%w: media to the group address %v", ErrMalformed, m.addr)
	}
	return netip.AddrPortFrom(m.addr, m.port), nil
}

// remoteControl is where the peer receives RTCP, invalid if it does not say.
func (m *media) remoteControl() netip.AddrPort {
	addr := m.control.Addr()
	if !addr.IsValid() {
		addr = m.addr
	}
	if m.control.Port() == 0 || m.port == 0 || !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(addr, m.control.Port())
}

// zeroHold is the hold of RFC 2543 appendix B.5: c=0.0.0.0.
func (m *media) zeroHold() bool { return m.addr.IsValid() && m.addr.IsUnspecified() }

// receives tells whether the peer wants media, sends whether it may send.
func (m *media) receives() bool { return m.port != 0 && m.direction.Receives() && !m.zeroHold() }
func (m *media) sends() bool    { return m.port != 0 && m.direction.Sends() }

// meet is what both directions leave, from our point of view (RFC 3264 section
// 6.1).
func meet(ours audio.Direction, theirs *media) audio.Direction {
	send := ours.Sends() && theirs.receives()
	receive := ours.Receives() && theirs.sends()
	switch {
	case send && receive:
		return audio.SendRecv
	case send:
		return audio.SendOnly
	case receive:
		return audio.RecvOnly
	}
	return audio.Inactive
}

// acceptable finds the section that can carry our voice and what it shares
// with us: an encrypted one before plain ones, those of the same rank in the
// peer's order.
func (d *description) acceptable(l Local) (index int, shared formats, crypto *cryptoLine, err error) {
	index, err = -1, ErrNoAudio
	for i := range d.media {
		m := &d.media[i]
		if !m.isAudio() {
			continue
		}
		c, cause := m.choose(l.Encryption)
		if cause != nil {
			err = cause
			continue
		}
		f := common(m, l.Codecs)
		if len(f.codecs) == 0 {
			err = fmt.Errorf("%w: offered are %s, we have %v", ErrNoCodec, m.names(), l.Codecs)
			continue
		}
		if index < 0 || crypto == nil && c != nil {
			index, shared, crypto = i, f, c
		}
	}
	if index >= 0 {
		err = nil
	}
	return index, shared, crypto, err
}

// names lists the codecs of a section for a person.
func (m *media) names() string {
	var list []string
	for _, f := range m.formats[:min(len(m.formats), 12)] {
		if pt, err := strconv.ParseUint(f, 10, 7); err == nil {
			if r, ok := m.mapOf(uint8(pt)); ok {
				f = r.name
			}
		}
		list = append(list, fmt.Sprintf("%.20q", f))
	}
	return strings.Join(list, " ")
}
