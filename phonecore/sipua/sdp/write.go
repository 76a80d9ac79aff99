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
func (s *Session) write(l Local, f formats, ptime time.Duration, dir audio.Direction, crypto []cryptoLine) []byte {
	var b strings.Builder
	for i, slot := range s.slots {
		if i != s.audio {
			fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", slot.kind, slot.proto, slot.format)
			continue
		}
		fmt.Fprintf(&b, "m=audio %d %s%s\r\n", l.Port, slot.proto, f.list())
		for _, format := range f.codecs {
			describe(&b, format, l.Silence)
		}
		if f.noise != 0 {
			fmt.Fprintf(&b, "a=rtpmap:%d %s\r\n", f.noise, encoding(codec.CN))
		}
		for i, event := range f.events {
			if event != 0 {
				fmt.Fprintf(&b, "a=rtpmap:%d %s/%d\r\n", event, telephoneEvent, eventClocks[i])
				// Events 0 to 15 are the digits (RFC 4733 section 3.2); without a
				// list they are meant too (section 2.4.1). For the first alone it is
				// said: an INVITE beyond 1,300 bytes goes by TCP.
				if i == 0 {
					fmt.Fprintf(&b, "a=fmtp:%d 0-15\r\n", event)
				}
			}
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
		if ptime == 0 {
			ptime = defaultPacketTime
		}
		fmt.Fprintf(&b, "a=ptime:%d\r\na=%s\r\n", ptime/time.Millisecond, directionNames[dir&3])
	}
	return s.finish(l, b.String())
}

// list is the numbers on an m= line.
func (f formats) list() string {
	var b strings.Builder
	for _, format := range f.codecs {
		fmt.Fprintf(&b, " %d", format.PayloadType)
	}
	for _, pt := range append([]uint8{f.noise}, f.events[:]...) {
		if pt != 0 {
			fmt.Fprintf(&b, " %d", pt)
		}
	}
	return b.String()
}

// describe writes the map and the parameters of a format. What the peer said of
// it may forbid silence that is not sent: an answer then forbids it too (RFC 7261
// section 3.2, for G.729).
func describe(b *strings.Builder, f audio.Format, silence bool) {
	fmt.Fprintf(b, "a=rtpmap:%d %s\r\n", f.PayloadType, encoding(f.Codec))
	info, _ := lookup(f.Codec)
	if said := info.Describe(silence && f.Fmtp.DTX()); said != "" {
		fmt.Fprintf(b, "a=fmtp:%d %s\r\n", f.PayloadType, said)
	}
}

// writeOff composes a description in which all media are refused.
func (s *Session) writeOff(l Local) []byte {
	var b strings.Builder
	for _, slot := range s.slots {
		fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", slot.kind, slot.proto, slot.format)
	}
	return s.finish(l, b.String())
}

// encoding is the right side of an rtpmap.
func encoding(name codec.Name) string {
	info, _ := lookup(name)
	if info.Channels > 0 {
		return fmt.Sprintf("%s/%d/%d", name, info.ClockRate, info.Channels)
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
