package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Limits of what is taken from the network.
const (
	// MaxMessage is the size of the largest message, head and body.
	MaxMessage = 65535
	maxFields  = 256
)

var (
	// ErrVersion: the message is not SIP/2.0; a request deserves 505.
	ErrVersion = errors.New("not SIP/2.0")

	errEmpty   = errors.New("nothing but line ends: a keep-alive")
	errMethod  = errors.New("the method is no token")
	errLengths = errors.New("several values of Content-Length")
	errFields  = fmt.Errorf("more than %d header fields", maxFields)
)

// parser is sipgo's with no header parser but that of Content-Length, which it
// needs itself: values stay text, see the package comment.
var parser = func() *sip.Parser {
	length := sip.DefaultHeadersParser()["content-length"]
	return sip.NewParser(sip.WithHeadersParsers(map[string]sip.HeaderParser{
		"content-length": length,
		"l":              length,
	}))
}()

// Parse reads one datagram. With an error it returns the request as far as it
// could be salvaged, so that it can be refused in form (RFC 3261 section
// 16.3), or nil if it is none: broken responses are dropped.
func Parse(data []byte) (*Message, error) {
	m, err := parse(data)
	if m != nil {
		m.Size = len(data)
	}
	return m, err
}

func parse(data []byte) (*Message, error) {
	data = bytes.TrimLeft(data, "\r\n\x00")
	if len(data) == 0 {
		return nil, errEmpty
	}
	if len(data) > MaxMessage {
		return nil, fmt.Errorf("message of %d bytes is longer than %d", len(data), MaxMessage)
	}
	data = bareStatus(normalLines(data))
	parsed, err := parser.ParseSIP(data)
	if err != nil && bytes.HasPrefix(data, []byte("SIP/")) {
		// Nobody can be told to say it again: what is no field is passed over.
		data = onlyFields(data)
		parsed, err = parser.ParseSIP(data)
	}
	if err != nil {
		// sipgo may only have stumbled over the Request-URI.
		if m := foreignURI(data); m != nil {
			return m, nil
		}
	}
	if err != nil && !(parsed != nil && errors.Is(err, sip.ErrParseReadBodyIncomplete)) {
		return salvage(data), fmt.Errorf("malformed message: %.120q", err.Error())
	}
	m, versionErr := convert(parsed)
	if err == nil {
		err = versionErr
	}
	if err != nil && !m.IsRequest() {
		return nil, err
	}
	return m, err
}

// normalLines turns the bare line feeds of careless senders into CRLF, in the
// head only, and adds the empty line that some leave out where no body follows.
func normalLines(data []byte) []byte {
	data = crlf(data)
	switch {
	case bytes.Contains(data, []byte("\r\n\r\n")):
		return data
	case bytes.HasSuffix(data, []byte("\r\n")):
		return append(bytes.Clone(data), "\r\n"...)
	}
	return append(bytes.Clone(data), "\r\n\r\n"...)
}

func crlf(data []byte) []byte {
	first := bytes.IndexByte(data, '\n')
	if first < 0 || first > 0 && data[first-1] == '\r' {
		return data
	}
	head, body, found := bytes.Cut(data, []byte("\n\n"))
	out := bytes.ReplaceAll(head, []byte("\n"), []byte("\r\n"))
	if found {
		out = append(append(out, "\r\n\r\n"...), body...)
	}
	return out
}

// bareStatus adds the space that must stand before an empty reason phrase
// (RFC 3261 section 7.2): some senders leave it out.
func bareStatus(data []byte) []byte {
	end := len("SIP/2.0 200")
	if len(data) < end+2 || data[end] != '\r' || !bytes.EqualFold(data[:4], []byte("SIP/")) {
		return data
	}
	return slices.Insert(bytes.Clone(data), end, ' ')
}

// onlyFields takes the lines out of a head that are neither a field nor the
// rest of one.
func onlyFields(data []byte) []byte {
	head, body, _ := bytes.Cut(data, []byte("\r\n\r\n"))
	lines := bytes.Split(head, []byte("\r\n"))
	lines = slices.DeleteFunc(lines, func(line []byte) bool {
		return !bytes.HasPrefix(line, []byte("SIP/")) && !bytes.HasPrefix(line, []byte(" ")) &&
			!bytes.HasPrefix(line, []byte("\t")) && !bytes.Contains(line, []byte(":"))
	})
	return slices.Concat(bytes.Join(lines, []byte("\r\n")), []byte("\r\n\r\n"), body)
}

// convert takes sipgo's message apart.
func convert(parsed sip.Message) (*Message, error) {
	m := &Message{Body: parsed.Body()}
	var fields []sip.Header
	version := ""
	switch p := parsed.(type) {
	case *sip.Request:
		m.Method, m.RequestURI, version = string(p.Method), p.Recipient.String(), p.SipVersion
		fields = p.Headers()
	case *sip.Response:
		m.Status, m.Reason, version = p.StatusCode, p.Reason, p.SipVersion
		fields = p.Headers()
	default:
		return m, fmt.Errorf("neither request nor response: %T", parsed)
	}
	for i, f := range fields {
		if i == maxFields {
			return m, errFields
		}
		m.Header.Add(canonical(f.Name()), f.Value())
	}
	if m.IsRequest() && !isToken(m.Method) {
		return m, errMethod
	}
	if strings.ContainsFunc(m.RequestURI, unprintable) {
		return m, fmt.Errorf("%w: %.60q", errURI, m.RequestURI)
	}
	if m.IsRequest() {
		if _, err := ParseURI(m.RequestURI); err != nil {
			return m, err
		}
	}
	if lengths := m.Header.All("Content-Length"); len(lengths) > 1 && lengths[0] != lengths[1] {
		return m, errLengths
	}
	if !strings.EqualFold(version, "SIP/2.0") {
		return m, fmt.Errorf("%w but %.20q", ErrVersion, version)
	}
	if !m.IsRequest() && (m.Status < 100 || m.Status > 699) {
		return m, fmt.Errorf("status %d is out of range", m.Status)
	}
	return m, nil
}

func unprintable(r rune) bool { return r <= ' ' || r == 0x7f }

// foreignURI reads a request whose URI is one that sipgo does not take but
// RFC 3986 does: it deserves a 416, not a 400.
func foreignURI(data []byte) *Message {
	line, rest, found := bytes.Cut(data, []byte("\r\n"))
	parts := strings.Split(string(line), " ")
	if !found || len(parts) != 3 {
		return nil
	}
	if u, err := ParseURI(parts[1]); err != nil || u.IsSIP() || strings.ContainsFunc(parts[1], unprintable) {
		return nil
	}
	parsed, err := parser.ParseSIP([]byte(parts[0] + " sip:foreign.invalid " + parts[2] + "\r\n" + string(rest)))
	if err != nil {
		return nil
	}
	m, err := convert(parsed)
	if err != nil || !m.IsRequest() {
		return nil
	}
	m.RequestURI = parts[1]
	return m
}

// salvage reads of a broken request what a response must repeat. It gives nil
// for anything that does not look like a request.
func salvage(data []byte) *Message {
	head, _, _ := bytes.Cut(data, []byte("\r\n\r\n"))
	lines := strings.Split(string(head), "\r\n")
	start := strings.Fields(lines[0])
	if len(start) < 3 || !strings.HasPrefix(strings.ToUpper(start[len(start)-1]), "SIP/") || !isToken(start[0]) {
		return nil
	}
	m := NewRequest(strings.ToUpper(start[0]), strings.Join(start[1:len(start)-1], " "))
	for _, line := range lines[1:] {
		if n := len(m.Header); n > 0 && strings.HasPrefix(line, " ") || n > 0 && strings.HasPrefix(line, "\t") {
			m.Header[n-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if name = canonical(name); ok && isToken(name) && len(m.Header) < maxFields {
			m.Header.Add(name, strings.TrimSpace(value))
		}
	}
	return m
}

// isToken: RFC 3261 section 25.1.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-.!%*_+`'~", c) >= 0) {
			return false
		}
	}
	return s != ""
}
