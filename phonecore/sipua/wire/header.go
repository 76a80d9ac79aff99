package wire

import (
	"slices"
	"strings"
)

// Field is one header field.
type Field struct{ Name, Value string }

// Header is the header fields in their order. Names of received fields are in
// the registry's spelling if it is known, compact forms written out.
type Header []Field

// names are the fields that we write or read, in the registry's spelling.
var names = func() map[string]string {
	m := map[string]string{}
	for _, n := range strings.Fields(`Accept Accept-Encoding Accept-Language Alert-Info Allow Allow-Events Also
		Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition Content-Encoding
		Content-Language Content-Length Content-Type CSeq Date Diversion Error-Info Event Expires From
		History-Info Max-Forwards MIME-Version Min-Expires Min-SE P-Asserted-Identity Path Priority Privacy
		Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Record-Route Refer-To Referred-By
		Remote-Party-ID Replaces Require Retry-After Route RSeq Server Service-Route Session-Expires
		SIP-ETag SIP-If-Match Subject Subscription-State Supported Timestamp To Unsupported User-Agent Via
		Warning WWW-Authenticate`) {
		m[strings.ToLower(n)] = n
	}
	return m
}()

// compact forms: RFC 3261 section 7.3.3 and the IANA registry.
var compact = map[string]string{
	"b": "Referred-By", "c": "Content-Type", "e": "Content-Encoding", "f": "From", "i": "Call-ID",
	"k": "Supported", "l": "Content-Length", "m": "Contact", "o": "Event", "r": "Refer-To",
	"s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via", "x": "Session-Expires",
}

func canonical(name string) string {
	name = strings.TrimSpace(name)
	lower := strings.ToLower(name)
	if n, ok := compact[lower]; ok {
		return n
	}
	if n, ok := names[lower]; ok {
		return n
	}
	return name
}

// Get is the value of the first field of that name, or "".
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Has tells whether there is such a field, be it empty.
func (h Header) Has(name string) bool {
	return slices.ContainsFunc(h, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// All is the values of all fields of that name, as they stand.
func (h Header) All(name string) []string {
	var all []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			all = append(all, f.Value)
		}
	}
	return all
}

// List is the elements of all fields of that name, which may each hold several
// between commas (RFC 3261 section 7.3.1).
func (h Header) List(name string) []string {
	var all []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			all = append(all, splitList(f.Value)...)
		}
	}
	return all
}

// Add appends a field.
func (h *Header) Add(name, value string) { *h = append(*h, Field{name, value}) }

// Set replaces all fields of that name by one, in the first one's place.
func (h *Header) Set(name, value string) {
	i := slices.IndexFunc(*h, func(f Field) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 {
		h.Add(name, value)
		return
	}
	(*h)[i].Value = value
	rest := (*h)[i+1:]
	rest = slices.DeleteFunc(rest, func(f Field) bool { return strings.EqualFold(f.Name, name) })
	*h = (*h)[:i+1+len(rest)]
}

// Del removes all fields of that name.
func (h *Header) Del(name string) {
	*h = slices.DeleteFunc(*h, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// splitList splits at commas outside of quotes, <> and comments.
func splitList(s string) []string { return splitOutside(s, ',') }

// splitOutside splits at sep outside of quotes, angle brackets and comments;
// empty elements are left out.
func splitOutside(s string, sep byte) []string {
	var out []string
	add := func(e string) {
		if e = strings.TrimSpace(e); e != "" {
			out = append(out, e)
		}
	}
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			i = closing(s, i, '"')
		case '<':
			i = closing(s, i, '>')
		case sep:
			add(s[start:i])
			start = i + 1
		}
	}
	add(s[start:])
	return out
}

// closing is the index of the character that ends what s[i] opens; of the last
// byte if nothing does. In quotes a backslash escapes.
func closing(s string, i int, end byte) int {
	for i++; i < len(s); i++ {
		if s[i] == '\\' && end == '"' {
			i++
		} else if s[i] == end {
			return i
		}
	}
	return len(s) - 1
}
