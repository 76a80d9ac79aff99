package talk

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"deskset/audio/codec"
)

// ErrNotAcceptable is an offer without an audio stream or a codec of ours.
var ErrNotAcceptable = errors.New("no audio stream with G.711 over RTP/AVP")

var errSDP = errors.New("not a session description")

// maxMedia bounds the streams that are looked at.
const maxMedia = 16

// eventName is telephone-event's encoding name; ours is offered with the
// payload type that nearly everybody uses.
const (
	eventName        = "telephone-event"
	eventPayloadType = 101
	// dynamicPayloadType is that of our one codec without a number of its own.
	dynamicPayloadType = 96
)

// format is one payload type of an offer.
type format struct {
	payloadType uint8
	codec       codec.Name // or eventName
}

// media is one m= section.
type media struct {
	kind, proto string
	port        uint16
	types       []string // payload types as written
	maps        map[string]string
	addr        netip.Addr
	direction   string
	crypto      *crypto // the first that we take
}

// parseSDP reads the sections of a description.
func parseSDP(body []byte) ([]media, error) {
	var all []media
	session := media{direction: "sendrecv"}
	here := &session
	for line := range strings.Lines(string(body)) {
		line = strings.TrimRight(line, "\r\n \t")
		if len(line) < 2 || line[1] != '=' {
			if strings.TrimSpace(line) == "" {
				continue
			}
			return nil, errSDP
		}
		value := strings.TrimSpace(line[2:])
		switch line[0] {
		case 'm':
			if len(all) == maxMedia {
				return nil, errSDP
			}
			m, err := parseMedia(value)
			if err != nil {
				return nil, err
			}
			m.addr, m.direction = session.addr, session.direction
			all = append(all, m)
			here = &all[len(all)-1]
		case 'c':
			here.connection(value)
		case 'a':
			here.attribute(value)
		}
	}
	if len(all) == 0 {
		return nil, errSDP
	}
	return all, nil
}

func parseMedia(value string) (media, error) {
	fields := strings.Fields(value)
	if len(fields) < 3 {
		return media{}, errSDP
	}
	portText, _, _ := strings.Cut(fields[1], "/")
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return media{}, errSDP
	}
	return media{kind: strings.ToLower(fields[0]), proto: strings.ToUpper(fields[2]), port: uint16(port), types: fields[3:], maps: map[string]string{}}, nil
}

// connection reads c=IN IP4 127.0.0.1; what is no address leaves none.
func (m *media) connection(value string) {
	m.addr = netip.Addr{}
	if fields := strings.Fields(value); len(fields) >= 3 {
		text, _, _ := strings.Cut(fields[2], "/")
		m.addr, _ = netip.ParseAddr(text)
	}
}

func (m *media) attribute(value string) {
	name, rest, _ := strings.Cut(value, ":")
	switch name {
	case "sendrecv", "sendonly", "recvonly", "inactive":
		m.direction = name
	case "crypto":
		if c, ok := parseCrypto(rest); ok && m.crypto == nil {
			m.crypto = &c
		}
	case "rtpmap":
		if payloadType, encoding, ok := strings.Cut(strings.TrimSpace(rest), " "); ok && m.maps != nil {
			m.maps[payloadType] = strings.TrimSpace(encoding)
		}
	}
}

// formats lists the payload types of our codecs, in the peer's order.
func (m *media) formats(ours []codec.Name) (all []format) {
	for _, text := range m.types {
		n, err := strconv.ParseUint(text, 10, 7)
		if err != nil {
			continue
		}
		f := format{payloadType: uint8(n)}
		encoding, mapped := m.maps[text]
		name, rate, _ := strings.Cut(encoding, "/")
		rate, _, _ = strings.Cut(rate, "/")
		switch {
		case mapped && strings.EqualFold(name, eventName) && rate == "8000":
			f.codec = eventName
		case mapped:
			if f.codec = named(ours, name, rate); f.codec == "" {
				continue
			}
		default:
			if f.codec = static(ours, f.payloadType); f.codec == "" {
				continue
			}
		}
		all = append(all, f)
	}
	return all
}

// static gives the codec of a payload type that needs no rtpmap.
func static(ours []codec.Name, payloadType uint8) codec.Name {
	for _, name := range ours {
		if fixed, ok := codec.Static(name); ok && fixed == payloadType {
			return name
		}
	}
	return ""
}

// named gives the codec of an rtpmap.
func named(ours []codec.Name, name, rate string) codec.Name {
	for _, n := range ours {
		if info, ok := codec.Lookup(n); ok && strings.EqualFold(name, string(n)) && rate == strconv.Itoa(info.ClockRate) {
			return n
		}
	}
	return ""
}

// flow is what both sides have agreed on. It does not change; a new agreement
// is a new flow.
type flow struct {
	remote   netip.AddrPort // where RTP goes; invalid: not known, or not allowed
	send     format
	accept   map[uint8]codec.Name
	events   uint8 // telephone-event's payload type; 0: none
	sends    bool
	receives bool
	secure   *protection // nil: plain RTP
}

// agree makes the flow of a stream that the peer described.
func agree(m *media, ours []codec.Name) (*flow, error) {
	f := &flow{accept: map[uint8]codec.Name{}}
	for _, one := range m.formats(ours) {
		switch {
		case one.codec == eventName:
			f.events = one.payloadType
		case slices.Contains(ours, one.codec):
			if len(f.accept) == 0 {
				f.send = one
			}
			f.accept[one.payloadType] = one.codec
		}
	}
	if len(f.accept) == 0 || m.kind != "audio" || m.proto != "RTP/AVP" && (m.proto != "RTP/SAVP" || m.crypto == nil) || m.port == 0 {
		return nil, ErrNotAcceptable
	}
	f.sends = m.direction == "sendrecv" || m.direction == "recvonly"
	f.receives = m.direction == "sendrecv" || m.direction == "sendonly"
	if m.addr.IsUnspecified() {
		f.sends = false // an address of zeros is a hold of RFC 2543
	} else if m.addr.IsValid() {
		f.remote = netip.AddrPortFrom(m.addr.Unmap(), m.port)
	}
	return f, nil
}

// reversed is the direction of an answer (RFC 3264 section 6.1).
var reversed = map[string]string{"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}

// describe writes a description: the audio stream in its place among the
// offered ones, all others refused.
func describe(local netip.AddrPort, id, version uint64, sections []string) []byte {
	family := "IP4"
	if local.Addr().Is6() {
		family = "IP6"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "v=0\r\no=lab %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", id, version, family, local.Addr(), family, local.Addr())
	for _, s := range sections {
		b.WriteString(s)
	}
	return b.Bytes()
}

// audioSection writes the m= section of our stream.
func audioSection(port uint16, formats []format, direction string) string {
	var head, maps strings.Builder
	for _, f := range formats {
		fmt.Fprintf(&head, " %d", f.payloadType)
		fmt.Fprintf(&maps, "a=rtpmap:%d %s\r\n", f.payloadType, encoding(f.codec))
		if f.codec == eventName {
			fmt.Fprintf(&maps, "a=fmtp:%d 0-15\r\n", f.payloadType)
		} else if info, _ := codec.Lookup(f.codec); info.Fmtp != "" {
			fmt.Fprintf(&maps, "a=fmtp:%d %s\r\n", f.payloadType, info.Fmtp)
		}
	}
	return fmt.Sprintf("m=audio %d RTP/AVP%s\r\n%sa=ptime:20\r\na=%s\r\n", port, head.String(), maps.String(), direction)
}

// encoding is the right side of an rtpmap.
func encoding(name codec.Name) string {
	info, ok := codec.Lookup(name)
	switch {
	case !ok:
		return fmt.Sprintf("%s/%d", name, sampleRate)
	case info.Channels > 0:
		return fmt.Sprintf("%s/%d/%d", name, info.ClockRate, info.Channels)
	}
	return fmt.Sprintf("%s/%d", name, info.ClockRate)
}

// refusedSection writes a stream that we do not take (RFC 3264 section 6).
func refusedSection(m *media) string {
	types := m.types
	if len(types) == 0 {
		types = []string{"0"}
	}
	return fmt.Sprintf("m=%s 0 %s %s\r\n", m.kind, m.proto, strings.Join(types, " "))
}
