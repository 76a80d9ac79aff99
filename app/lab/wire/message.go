package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Limits of one message. The lab lives on loopback, where a datagram may have
// any size; no phone needs more than this.
const (
	MaxMessage = 32768
	maxHeaders = 256
)

// Version is the only protocol version there is (RFC 3261 section 7.1).
const Version = "SIP/2.0"

// Errors of Parse.
var (
	ErrTooLarge   = errors.New("message too large")
	ErrIncomplete = errors.New("message incomplete")
	errStartLine  = errors.New("start line is neither a request nor a response")
	errHeaderLine = errors.New("header line without a name and a colon")
	errNoRoom     = errors.New("too many header lines")
	errLength     = errors.New("Content-Length is not a number")
)

// Header is one header line; the value has no white space around it.
type Header struct{ Name, Value string }

// Message is a request if Method is set, a response otherwise.
type Message struct {
	Method, URI string // of a request; the URI as text
	Status      int    // of a response
	Reason      string
	Version     string
	Headers     []Header
	Body        []byte
}

// Request makes a request without headers.
func Request(method, uri string) *Message {
	return &Message{Method: method, URI: uri, Version: Version}
}

// Parse reads the message that a datagram holds. What follows the body, if
// Content-Length says that there is more, is dropped (RFC 3261 section 18.3).
func Parse(data []byte) (*Message, error) {
	if len(data) > MaxMessage {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(data), MaxMessage)
	}
	m, rest, err := parseHead(data)
	if err != nil {
		return nil, err
	}
	length, given, err := m.ContentLength()
	switch {
	case err != nil:
		return nil, err
	case !given:
		length = len(rest)
	case length > len(rest):
		return nil, fmt.Errorf("%w: Content-Length %d, body has %d", ErrIncomplete, length, len(rest))
	}
	m.Body = bytes.Clone(rest[:length])
	return m, nil
}

// parseHead reads start line and headers and gives what follows the empty line.
func parseHead(data []byte) (m *Message, rest []byte, err error) {
	line, rest, ok := cutLine(bytes.TrimLeft(data, "\r\n"))
	if !ok {
		return nil, nil, ErrIncomplete
	}
	if m, err = parseStart(line); err != nil {
		return nil, nil, err
	}
	for {
		line, rest, ok = cutLine(rest)
		if !ok {
			return nil, nil, ErrIncomplete
		}
		if line == "" {
			return m, rest, nil
		}
		if err := m.addLine(line); err != nil {
			return nil, nil, err
		}
	}
}

// cutLine takes one line off, ended by LF or CRLF.
func cutLine(data []byte) (line string, rest []byte, ok bool) {
	before, after, found := bytes.Cut(data, []byte{'\n'})
	if !found {
		return "", nil, false
	}
	// A CR or NUL inside a line would pass through the proxy and be taken for
	// a line's end by somebody else.
	line = string(bytes.TrimSuffix(before, []byte{'\r'}))
	return line, after, !strings.ContainsAny(line, "\r\x00")
}

func parseStart(line string) (*Message, error) {
	fields := strings.Fields(line)
	if len(fields) >= 2 && strings.HasPrefix(strings.ToUpper(fields[0]), "SIP/") {
		status, err := strconv.Atoi(fields[1])
		if err != nil || status < 100 || status > 699 {
			return nil, errStartLine
		}
		_, reason, _ := strings.Cut(line, fields[1])
		return &Message{Version: strings.ToUpper(fields[0]), Status: status, Reason: strings.TrimSpace(reason)}, nil
	}
	if len(fields) != 3 || !strings.HasPrefix(strings.ToUpper(fields[2]), "SIP/") || !token(fields[0]) {
		return nil, errStartLine
	}
	return &Message{Method: fields[0], URI: fields[1], Version: strings.ToUpper(fields[2])}, nil
}

// addLine reads one header line; one that begins with white space continues
// the line before (RFC 3261 section 7.3.1).
func (m *Message) addLine(line string) error {
	if line[0] == ' ' || line[0] == '\t' {
		if len(m.Headers) == 0 {
			return errHeaderLine
		}
		last := &m.Headers[len(m.Headers)-1]
		last.Value = strings.TrimSpace(last.Value + " " + strings.TrimSpace(line))
		return nil
	}
	name, value, found := strings.Cut(line, ":")
	name = strings.TrimSpace(name)
	if !found || !token(name) {
		return errHeaderLine
	}
	if len(m.Headers) == maxHeaders {
		return errNoRoom
	}
	m.Headers = append(m.Headers, Header{fullName(name), strings.TrimSpace(value)})
	return nil
}

// Bytes writes the message, with the Content-Length that it has.
func (m *Message) Bytes() []byte {
	var b bytes.Buffer
	if m.Method != "" {
		fmt.Fprintf(&b, "%s %s %s\r\n", m.Method, m.URI, Version)
	} else {
		fmt.Fprintf(&b, "%s %d %s\r\n", Version, m.Status, m.Reason)
	}
	for _, h := range m.Headers {
		if !strings.EqualFold(h.Name, "Content-Length") {
			fmt.Fprintf(&b, "%s: %s\r\n", h.Name, h.Value)
		}
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(m.Body))
	b.Write(m.Body)
	return b.Bytes()
}

// Clone copies the message; the body is shared, it is never changed in place.
func (m *Message) Clone() *Message {
	c := *m
	c.Headers = append(make([]Header, 0, len(m.Headers)+2), m.Headers...)
	return &c
}

// token tells whether s is a token (RFC 3261 section 25.1).
func token(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
