package sipua

import (
	"fmt"
	"strconv"
	"strings"

	"deskset/phonecore/sipua/wire"
)

const (
	// maxReferTo bounds who we let ourselves be told to call.
	maxReferTo  = 2 << 10
	sipfragType = "message/sipfrag"
)

// referTo is whom a Refer-To (RFC 3515 section 2.1) or an Also wants called.
type referTo struct {
	uri wire.URI // without headers
	// fields are what goes into the INVITE of the headers in the URI: Replaces,
	// and the Require that belongs to it. The peer has no say in any other.
	fields []wire.Field
}

// parseReferTo reads an address to be called. A status other than 0 says what is
// wrong with it.
func parseReferTo(value string) (r referTo, status int) {
	if len(value) > maxReferTo || strings.ContainsAny(value, "\r\n\x00") {
		return r, 400
	}
	a, err := wire.ParseAddress(value)
	if err != nil {
		return r, 400
	}
	u, err := wire.ParseURI(a.URI)
	if err != nil {
		return r, 400
	}
	if !u.IsSIP() && u.Scheme != "tel" || u.User == "" && u.Scheme == "tel" {
		return r, 416
	}
	if method, ok := u.Params.Get("method"); ok && !strings.EqualFold(method, "INVITE") {
		return r, 403 // a phone only makes calls for others
	}
	if !r.headers(u.Headers) {
		return r, 400
	}
	r.uri = u.Bare()
	return r, 0
}

// headers takes what is of use of the headers in a URI (RFC 3261 section 19.1.1).
func (r *referTo) headers(text string) bool {
	required := false
	for field := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(field, "=")
		value = wire.Unescape(value)
		switch strings.ToLower(wire.Unescape(name)) {
		case "replaces":
			parsed, ok := parseReplaces(value)
			if !ok || r.fields != nil {
				return false
			}
			r.fields = append(r.fields, wire.Field{Name: "Replaces", Value: parsed.String()})
		case "require":
			required = required || strings.EqualFold(strings.TrimSpace(value), tagReplaces)
		}
	}
	if required && r.fields != nil {
		r.fields = append(r.fields, wire.Field{Name: "Require", Value: tagReplaces})
	}
	return true
}

// headerUnreserved are the characters beside letters and digits that may stand
// unescaped in a header of a URI (RFC 3261 section 25.1, hnv-unreserved).
const headerUnreserved = "-_.!~*'()[]/?:+$"

func escapeHeader(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(headerUnreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// parseFragment reads the status line of a message/sipfrag (RFC 3420), which is
// all that RFC 3515 section 2.4.5 promises.
func parseFragment(body []byte) (code int, reason string, ok bool) {
	line, _, _ := strings.Cut(string(body[:min(len(body), maxReferTo)]), "\n")
	version, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	number, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	code, err := strconv.Atoi(number)
	if !strings.EqualFold(version, "SIP/2.0") || err != nil || code < 100 || code > 699 {
		return 0, "", false
	}
	return code, short(reason), true
}

// refersBy is the value of Referred-By (RFC 3892) or Requested-By: our address on
// the line of a call.
func (c *Call) refersBy() string {
	a, err := wire.ParseAddress(c.dlg.local)
	if err != nil {
		return c.dlg.local
	}
	return "<" + a.URI + ">"
}

// referredBy passes a peer's Referred-By or Requested-By on, if it can be read.
func referredBy(m *wire.Message, name string) []wire.Field {
	value := m.Header.Get(name)
	a, err := wire.ParseAddress(value)
	if err != nil || len(value) > maxReferTo {
		return nil
	}
	return []wire.Field{{Name: name, Value: wire.Address{Name: short(a.Name), URI: a.URI}.String()}}
}
