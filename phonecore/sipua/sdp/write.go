package sdp

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
)

var directionNames = [...]string{"sendrecv", "sendonly", "recvonly", "inactive"}

// write composes a description with our section in its slot and every other
// refused.
func (s *Session) write(l Local, formats []audio.Format, event uint8, dir audio.Direction, crypto []cryptoLine) []byte {
	var b strings.Builder
	for i, slot := range s.slots {
		if i != s.audio {
			fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", slot.kind, slot.proto, slot.format)
			continue
		}
		fmt.Fprintf(&b, "m=audio %d %s", l.Port, slot.proto)
		for _, f := range formats {
			fmt.Fprintf(&b, " %d", f.PayloadType)
		}
		if event != 0 {
			fmt.Fprintf(&b, " %d", event)
		}
		b.WriteString("\r\n")
		for _, f := range formats {
			fmt.Fprintf(&b, "a=rtpmap:%d %s\r\n", f.PayloadType, encoding(f.Codec))
		}
		if event != 0 {
			// Events 0 to 15 are the digits (RFC 4733 section 3.2).
			fmt.Fprintf(&b, "a=rtpmap:%d %s/%d\r\na=fmtp:%d 0-15\r\n", event, telephoneEvent, eventClock, event)
		}
		for _, c := range crypto {
			fmt.Fprintf(&b, "a=crypto:%s\r\n", c.inline())
		}
		if s.mux {
			b.WriteString("a=rtcp-mux\r\n")
		}
		if l.VoiceMetrics {
			b.WriteString("a=rtcp-xr:" + voipMetrics + "\r\n")
		}
		ptime := l.PacketTime
		if ptime == 0 {
			ptime = defaultPacketTime
		}
		fmt.Fprintf(&b, "a=ptime:%d\r\na=%s\r\n", ptime/time.Millisecond, directionNames[dir&3])
	}
	return s.finish(l, b.String())
}

// writeOff composes a description in which all media are refused.
func (s *Session) writeOff(l Local) []byte {
	var b strings.Builder
	for _, slot := range s.slots {
		fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", slot.kind, slot.proto, slot.format)
	}
	return s.finish(l, b.String())
}

// encoding is the right side of an rtpmap. Opus is always declared with two
// channels (RFC 7587 section 7), the others have one and do not say so.
func encoding(name codec.Name) string {
	info, _ := lookup(name)
	if strings.EqualFold(string(name), "opus") {
		return fmt.Sprintf("%s/%d/2", name, info.ClockRate)
	}
	return fmt.Sprintf("%s/%d", name, info.ClockRate)
}

// finish adds the session lines. The version grows by one whenever anything
// has changed (RFC 3264 section 8).
func (s *Session) finish(l Local, mediaLines string) []byte {
	connection := l.Addr
	if l.ZeroHold && l.Addr.Is6() {
		connection = netip.IPv6Unspecified()
	} else if l.ZeroHold {
		connection = netip.IPv4Unspecified()
	}
	rest := "s=-\r\nc=" + inAddr(connection) + "\r\nt=0 0\r\n" + mediaLines
	if rest != s.last {
		s.version++
		s.last = rest
	}
	return fmt.Appendf(nil, "v=0\r\no=- %d %d %s\r\n%s", s.id, s.version, inAddr(l.Addr), rest)
}

// inAddr writes "IN IP4 192.0.2.1". Nothing is known yet: all zero.
func inAddr(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	switch {
	case !a.IsValid():
		return "IN IP4 0.0.0.0"
	case a.Is6():
		return "IN IP6 " + a.String()
	}
	return "IN IP4 " + a.String()
}
