package wire

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// compact are the short names (RFC 3261 section 7.3.3, and the registry).
var compact = map[string]string{
	"a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "e": "Content-Encoding",
	"f": "From", "i": "Call-ID", "k": "Supported", "l": "Content-Length", "m": "Contact",
	"o": "Event", "r": "Refer-To", "s": "Subject", "t": "To", "u": "Allow-Events",
	"v": "Via", "x": "Session-Expires",
}

func fullName(name string) string {
	if full, ok := compact[strings.ToLower(name)]; ok {
		return full
	}
	return name
}

// Get gives the first value of a header, or nothing.
func (m *Message) Get(name string) string {
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// Has tells whether the header is there at all.
func (m *Message) Has(name string) bool {
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// All gives the values of all lines of a header, undivided.
func (m *Message) All(name string) []string {
	var all []string
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			all = append(all, h.Value)
		}
	}
	return all
}

// List gives the values of a header that may hold several, divided by commas
// or over lines (RFC 3261 section 7.3.1).
func (m *Message) List(name string) []string {
	var all []string
	for _, line := range m.All(name) {
		for _, value := range splitOutside(line, ',') {
			if value != "" {
				all = append(all, value)
			}
		}
	}
	return all
}

// Add appends a header line.
func (m *Message) Add(name, value string) {
	m.Headers = append(m.Headers, Header{name, value})
}

// Prepend puts a header line before all others.
func (m *Message) Prepend(name, value string) {
	m.Headers = append([]Header{{name, value}}, m.Headers...)
}

// Set replaces all lines of a header by one, in the place of the first.
func (m *Message) Set(name, value string) {
	kept, done := m.Headers[:0], false
	for _, h := range m.Headers {
		if !strings.EqualFold(h.Name, name) {
			kept = append(kept, h)
		} else if !done {
			kept, done = append(kept, Header{name, value}), true
		}
	}
	m.Headers = kept
	if !done {
		m.Add(name, value)
	}
}

// Remove drops all lines of a header that keep says no to; nil drops all.
func (m *Message) Remove(name string, keep func(value string) bool) {
	kept := m.Headers[:0]
	for _, h := range m.Headers {
		if !strings.EqualFold(h.Name, name) || keep != nil && keep(h.Value) {
			kept = append(kept, h)
		}
	}
	m.Headers = kept
}

// RemoveFirst takes the first value off a header that may hold several.
func (m *Message) RemoveFirst(name string) {
	for i, h := range m.Headers {
		if !strings.EqualFold(h.Name, name) {
			continue
		}
		values := splitOutside(h.Value, ',')
		if len(values) > 1 {
			m.Headers[i].Value = strings.Join(values[1:], ", ")
		} else {
			m.Headers = append(m.Headers[:i], m.Headers[i+1:]...)
		}
		return
	}
}

// Copy appends all lines of a header of another message.
func (m *Message) Copy(from *Message, names ...string) {
	for _, name := range names {
		for _, value := range from.All(name) {
			m.Add(name, value)
		}
	}
}

// ContentLength gives the header's number, and whether it is there.
func (m *Message) ContentLength() (n int, given bool, err error) {
	text := m.Get("Content-Length")
	if text == "" {
		return 0, false, nil
	}
	n64, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, false, errLength
	}
	return int(n64), true, nil
}

// CSeq gives number and method (RFC 3261 section 20.16).
func (m *Message) CSeq() (number uint32, method string, err error) {
	fields := strings.Fields(m.Get("CSeq"))
	if len(fields) != 2 {
		return 0, "", errCSeq
	}
	n, err := strconv.ParseUint(fields[0], 10, 31) // below 2^31
	if err != nil {
		return 0, "", errCSeq
	}
	return uint32(n), fields[1], nil
}

var (
	errCSeq   = errors.New("CSeq is not a number below 2^31 and a method")
	errMethod = errors.New("CSeq names another method than the request")
)

// Check tells what a message lacks to be handled at all (RFC 3261 section
// 8.1.1; Max-Forwards may be missing, as RFC 2543 peers leave it out).
func (m *Message) Check() error {
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		if m.Get(name) == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	for _, name := range []string{"From", "To", "Call-ID", "CSeq"} {
		if len(m.All(name)) != 1 {
			return fmt.Errorf("%s is there more than once", name)
		}
	}
	if _, method, err := m.CSeq(); err != nil {
		return err
	} else if m.Method != "" && method != m.Method {
		return errMethod
	}
	for _, name := range []string{"From", "To"} {
		if _, err := ParseAddress(m.Get(name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	_, err := m.TopVia()
	return err
}

// Tag gives the tag of From or To, or nothing.
func (m *Message) Tag(name string) string {
	a, err := ParseAddress(m.Get(name))
	if err != nil {
		return ""
	}
	tag, _ := a.Params.Get("tag")
	return tag
}

// splitOutside divides at a separator that stands neither in a quoted string
// nor between < and >, and trims the parts.
func splitOutside(s string, sep byte) []string {
	var parts []string
	start, quoted, angle := 0, false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"' && !angle:
			quoted = !quoted
		case quoted:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case c == sep && !angle:
			parts = append(parts, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(s[start:]))
}
