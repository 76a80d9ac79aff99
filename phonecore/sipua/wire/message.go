package wire

import (
	"slices"
	"strconv"
	"strings"
)

// Message is a SIP request or response.
type Message struct {
	// Method and RequestURI of a request; Method is empty in a response.
	Method     string
	RequestURI string
	// Status and Reason of a response.
	Status int
	Reason string

	Header Header
	Body   []byte
	// Size is how many bytes it was received as, 0 if it was not.
	Size int
}

// NewRequest makes a request with no header field.
func NewRequest(method, uri string) *Message {
	return &Message{Method: method, RequestURI: uri}
}

// NewResponse makes a response to a request with the fields that RFC 3261
// section 8.2.6.2 copies from it. tag is added to To where it has none; with an
// empty one To stays as it is (100 Trying).
func NewResponse(req *Message, status int, reason, tag string) *Message {
	m := &Message{Status: status, Reason: reason}
	if reason == "" {
		m.Reason = StatusText(status)
	}
	for _, f := range req.Header {
		switch f.Name {
		case "Via", "From", "Call-ID", "CSeq":
			m.Header.Add(f.Name, f.Value)
		case "To":
			m.Header.Add("To", withTag(f.Value, tag))
		case "Record-Route":
			// Only a response that may begin a dialog carries the route
			// (section 12.1.1), and only to methods that begin one.
			if status > 100 && status < 300 && req.Method != "REGISTER" {
				m.Header.Add(f.Name, f.Value)
			}
		case "Timestamp":
			// RFC 3261 wants it in 100 only, which we never send; RFC 2543
			// section 6.39 in every response.
			m.Header.Add(f.Name, f.Value)
		}
	}
	return m
}

func withTag(to, tag string) string {
	if tag == "" {
		return to
	}
	if a, err := ParseAddress(to); err != nil || a.Tag() != "" {
		return to
	}
	return to + ";tag=" + tag
}

// IsRequest tells a request from a response.
func (m *Message) IsRequest() bool { return m.Method != "" }

// CSeq is the number and method of CSeq; 0 and "" if there is none to read.
func (m *Message) CSeq() (number uint32, method string) {
	n, method, err := ParseCSeq(m.Header.Get("CSeq"))
	if err != nil {
		return 0, ""
	}
	return n, method
}

// CallID is the value of Call-ID.
func (m *Message) CallID() string { return m.Header.Get("Call-ID") }

// From and To are the two parties; unreadable ones are empty.
func (m *Message) From() Address { return m.Address("From") }

// To is the party that the message is meant for.
func (m *Message) To() Address { return m.Address("To") }

// Address reads the first address of a header field; an unreadable one is
// empty. From and To hold one only: careless senders put commas into a name
// without quotes there.
func (m *Message) Address(name string) Address {
	if name == "From" || name == "To" {
		a, err := ParseAddress(m.Header.Get(name))
		if err != nil {
			return Address{}
		}
		return a
	}
	for _, text := range m.Header.List(name) {
		if a, err := ParseAddress(text); err == nil {
			return a
		}
	}
	return Address{}
}

// Via is the topmost Via; nil if it cannot be read.
func (m *Message) Via() *Via {
	list := m.Header.List("Via")
	if len(list) == 0 {
		return nil
	}
	v, err := ParseVia(list[0])
	if err != nil {
		return nil
	}
	return v
}

// SetVia replaces the topmost Via.
func (m *Message) SetVia(v *Via) {
	for i, f := range m.Header {
		if f.Name != "Via" {
			continue
		}
		list := splitList(f.Value)
		if len(list) == 0 {
			list = []string{""}
		}
		list[0] = v.String()
		m.Header[i].Value = strings.Join(list, ", ")
		return
	}
	m.Header = slices.Insert(m.Header, 0, Field{"Via", v.String()})
}

// SetBody sets the body and its type.
func (m *Message) SetBody(contentType string, body []byte) {
	m.Body = body
	if len(body) == 0 {
		m.Header.Del("Content-Type")
		return
	}
	m.Header.Set("Content-Type", contentType)
}

// Clone copies a message; the body is shared.
func (m *Message) Clone() *Message {
	c := *m
	c.Header = slices.Clone(m.Header)
	return &c
}

// Encode writes the message. Content-Length is counted; line ends inside a
// value become spaces, so that no value can smuggle in a field.
func (m *Message) Encode() []byte {
	b := make([]byte, 0, 512+len(m.Body))
	if m.IsRequest() {
		b = append(b, oneLine(m.Method)+" "+oneLine(m.RequestURI)+" SIP/2.0\r\n"...)
	} else {
		b = append(b, "SIP/2.0 "+strconv.Itoa(m.Status)+" "+oneLine(m.Reason)+"\r\n"...)
	}
	for _, f := range m.Header {
		if f.Name == "Content-Length" {
			continue
		}
		b = append(b, oneLine(f.Name)...)
		b = append(b, ": "...)
		b = append(b, oneLine(f.Value)...)
		b = append(b, "\r\n"...)
	}
	b = append(b, "Content-Length: "+strconv.Itoa(len(m.Body))+"\r\n\r\n"...)
	return append(b, m.Body...)
}

var lineEnds = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\x00", " ")

func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n\x00") {
		return s
	}
	return lineEnds.Replace(s)
}
