package sdp

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
)

// Errors of offer and answer. ErrMalformed deserves a 400, the others a 488.
var (
	ErrMalformed = errors.New("malformed session description")
	ErrNoAudio   = errors.New("no audio stream over RTP is offered")
	ErrNoCodec   = errors.New("no codec in common")
)

// Limits of one description.
const (
	maxSize    = 32 << 10
	maxMedia   = 32
	maxFormats = 64
	maxMaps    = 128
	maxFmtp    = 512
)

// description is a session description as far as it concerns us.
type description struct {
	origin netip.Addr // of o=, a last resort for peers without c=
	media  []media
}

// media is one m= section, with the session's values where it has none.
type media struct {
	kind, proto string
	port        uint16
	formats     []string
	addr        netip.Addr // invalid if there is none that can be read
	maps        []rtpmap
	fmtps       []fmtp
	direction   audio.Direction
	ptime       time.Duration
	maxptime    time.Duration
	crypto      []cryptoLine
	control     netip.AddrPort // a=rtcp, without an address if it gives none
	mux         bool           // a=rtcp-mux
	metrics     bool           // a=rtcp-xr with voip-metrics
}

// rtpmap ties a payload type to a name.
type rtpmap struct {
	pt    uint8
	name  string
	clock int
	// channels is 0 where the map does not say.
	channels int
}

// fmtp ties a payload type to its parameters.
type fmtp struct {
	pt   uint8
	text codec.Fmtp
}

// attrs collects what may stand at session or media level.
type attrs struct {
	addr            netip.Addr
	direction       audio.Direction
	ptime, maxptime time.Duration
	control         netip.AddrPort
	metrics         bool
}

// parse reads a description.
func parse(body []byte) (*description, error) {
	if len(body) > maxSize {
		return nil, fmt.Errorf("%w: %d bytes are more than %d", ErrMalformed, len(body), maxSize)
	}
	d := &description{}
	session := attrs{}
	current := &session
	for line := range strings.Lines(string(body)) {
		line = strings.TrimRight(line, "\r\n \x00")
		if len(line) < 2 || line[1] != '=' {
			continue
		}
		value := strings.TrimSpace(line[2:])
		switch line[0] {
		case 'o':
			if f := strings.Fields(value); len(f) >= 6 {
				d.origin = parseAddr(f[5])
			}
		case 'm':
			if len(d.media) == maxMedia {
				return nil, fmt.Errorf("%w: more than %d media", ErrMalformed, maxMedia)
			}
			m, err := parseMedia(value)
			if err != nil {
				return nil, err
			}
			d.finish(current)
			d.media = append(d.media, m)
			copied := session
			current = &copied
		case 'c':
			if f := strings.Fields(value); len(f) >= 3 {
				current.addr = parseAddr(f[2])
			}
		case 'a':
			d.attribute(current, value)
		}
	}
	d.finish(current)
	if len(d.media) == 0 {
		return nil, fmt.Errorf("%w: no m= line", ErrMalformed)
	}
	return d, nil
}

// finish gives the collected values to the section that ends.
func (d *description) finish(a *attrs) {
	if len(d.media) == 0 {
		return
	}
	m := &d.media[len(d.media)-1]
	m.addr, m.direction, m.ptime, m.maxptime, m.control = a.addr, a.direction, a.ptime, a.maxptime, a.control
	m.metrics = a.metrics
	if !m.addr.IsValid() {
		m.addr = d.origin
	}
}

// parseMedia reads "audio 49170/2 RTP/AVP 0 8 101".
func parseMedia(value string) (media, error) {
	f := strings.Fields(value)
	if len(f) < 3 {
		return media{}, fmt.Errorf("%w: m=%.60q", ErrMalformed, value)
	}
	portText, _, _ := strings.Cut(f[1], "/")
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return media{}, fmt.Errorf("%w: port %.20q of m=%.20s", ErrMalformed, f[1], f[0])
	}
	return media{kind: f[0], port: uint16(port), proto: f[2], formats: f[3:min(len(f), 3+maxFormats)]}, nil
}

// parseAddr reads the address of c= without the time to live of a multicast
// group. A host name is left invalid: there is no time to ask DNS here.
func parseAddr(s string) netip.Addr {
	s, _, _ = strings.Cut(s, "/")
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

var directions = map[string]audio.Direction{
	"sendrecv": audio.SendRecv,
	"sendonly": audio.SendOnly,
	"recvonly": audio.RecvOnly,
	"inactive": audio.Inactive,
}

func (d *description) attribute(a *attrs, value string) {
	name, rest, _ := strings.Cut(value, ":")
	name = strings.ToLower(strings.TrimSpace(name))
	if dir, ok := directions[name]; ok {
		a.direction = dir
		return
	}
	switch name {
	case "ptime":
		a.ptime = milliseconds(rest)
	case "maxptime":
		a.maxptime = milliseconds(rest)
	case "rtcp":
		a.control = parseControl(rest)
	case "rtcp-mux": // of a section only (RFC 5761 section 8)
		if n := len(d.media); n > 0 {
			d.media[n-1].mux = true
		}
	case "rtcp-xr": // a section's list replaces the session's (RFC 3611 section 5.1)
		a.metrics = slices.ContainsFunc(strings.Fields(rest), func(f string) bool { return strings.EqualFold(f, voipMetrics) })
	case "rtpmap":
		if n := len(d.media); n > 0 && len(d.media[n-1].maps) < maxMaps {
			if m, ok := parseMap(rest); ok {
				d.media[n-1].maps = append(d.media[n-1].maps, m)
			}
		}
	case "fmtp":
		if n := len(d.media); n > 0 && len(d.media[n-1].fmtps) < maxMaps {
			if f, ok := parseFmtp(rest); ok {
				d.media[n-1].fmtps = append(d.media[n-1].fmtps, f)
			}
		}
	case "crypto":
		if n := len(d.media); n > 0 && len(d.media[n-1].crypto) < maxCrypto {
			if c, ok := parseCrypto(rest); ok {
				d.media[n-1].crypto = append(d.media[n-1].crypto, c)
			}
		}
	}
}

// voipMetrics is the report block on how voice is heard (RFC 3611 section 5.1).
const voipMetrics = "voip-metrics"

// milliseconds reads a packet time; what no codec could use is none.
func milliseconds(s string) time.Duration {
	ms, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(ms >= 5 && ms <= 200) {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// parseMap reads "0 PCMU/8000/1".
func parseMap(s string) (rtpmap, bool) {
	f := strings.Fields(s)
	if len(f) < 2 {
		return rtpmap{}, false
	}
	pt, err := strconv.ParseUint(f[0], 10, 7)
	parts := strings.Split(f[1], "/")
	if err != nil || len(parts) < 2 {
		return rtpmap{}, false
	}
	clock, err := strconv.Atoi(parts[1])
	channels := 0
	if len(parts) > 2 {
		channels, _ = strconv.Atoi(parts[2])
	}
	return rtpmap{uint8(pt), parts[0], clock, channels}, err == nil
}

// parseFmtp reads "97 useinbandfec=1; stereo=0".
func parseFmtp(s string) (fmtp, bool) {
	number, text, _ := strings.Cut(strings.TrimSpace(s), " ")
	pt, err := strconv.ParseUint(number, 10, 7)
	text = strings.TrimSpace(text)
	return fmtp{uint8(pt), codec.Fmtp(text)}, err == nil && text != "" && len(text) <= maxFmtp
}

// parseControl reads "53020" or "53020 IN IP4 126.16.64.4" (RFC 3605 section 2.1).
func parseControl(s string) netip.AddrPort {
	f := strings.Fields(s)
	if len(f) == 0 {
		return netip.AddrPort{}
	}
	port, err := strconv.ParseUint(f[0], 10, 16)
	if err != nil || port == 0 {
		return netip.AddrPort{}
	}
	var addr netip.Addr
	if len(f) >= 4 {
		addr = parseAddr(f[3])
	}
	return netip.AddrPortFrom(addr, uint16(port))
}

// mapOf is the rtpmap of a payload type.
func (m *media) mapOf(pt uint8) (rtpmap, bool) {
	for _, r := range m.maps {
		if r.pt == pt {
			return r, true
		}
	}
	return rtpmap{}, false
}

// fmtpOf is what is said of a payload type; empty if nothing.
func (m *media) fmtpOf(pt uint8) codec.Fmtp {
	for _, f := range m.fmtps {
		if f.pt == pt {
			return f.text
		}
	}
	return ""
}

// isAudio tells whether we could speak over this section.
func (m *media) isAudio() bool {
	return strings.EqualFold(m.kind, "audio") && m.port != 0 &&
		(strings.EqualFold(m.proto, "RTP/AVP") || strings.EqualFold(m.proto, "RTP/AVPF") || m.savp())
}

// packetTime is what the peer likes to receive; 0 if it does not say.
func (m *media) packetTime() time.Duration {
	if m.maxptime != 0 && (m.ptime > m.maxptime || m.ptime == 0 && m.maxptime < defaultPacketTime) {
		return m.maxptime
	}
	return m.ptime
}
