package wire

import (
	"fmt"
	"strings"
)

// Address is a name, a URI and parameters: From, To, Contact, Route and their
// like (RFC 3261 section 20.10).
type Address struct {
	Name string // display name without quotes
	// URI as it was written. A remote target must go back unchanged.
	URI    string
	Params Params
}

// ParseAddress reads one address. Without angle brackets the parameters belong
// to the field, not to the URI.
func ParseAddress(s string) (Address, error) {
	s = strings.TrimSpace(s)
	var a Address
	rest := s
	if strings.HasPrefix(rest, `"`) {
		end := closing(rest, 0, '"')
		if rest[end] != '"' || end == 0 {
			return Address{}, fmt.Errorf("address %.60q: the quote does not end", s)
		}
		a.Name = Unquote(rest[:end+1])
		rest = rest[end+1:]
		if !strings.Contains(rest, "<") {
			return Address{}, fmt.Errorf("address %.60q: no URI behind the name", s)
		}
	}
	if open := strings.IndexByte(rest, '<'); open >= 0 {
		if a.Name == "" {
			a.Name = strings.TrimSpace(rest[:open])
		}
		end := strings.IndexByte(rest[open:], '>')
		if end < 0 {
			return Address{}, fmt.Errorf("address %.60q: no >", s)
		}
		a.URI = strings.TrimSpace(rest[open+1 : open+end])
		a.Params = parseParams(rest[open+end+1:])
	} else {
		uri, params, _ := strings.Cut(rest, ";")
		a.URI = strings.TrimSpace(uri)
		a.Params = parseParams(params)
	}
	if a.URI == "" || strings.ContainsAny(a.URI, "<> \t\r\n\x00") {
		return Address{}, fmt.Errorf("address %.60q: no URI", s)
	}
	return a, nil
}

// Tag is the tag parameter.
func (a Address) Tag() string {
	tag, _ := a.Params.Get("tag")
	return tag
}

// ParsedURI is the URI's parts; it is empty if it cannot be read.
func (a Address) ParsedURI() URI {
	u, err := ParseURI(a.URI)
	if err != nil {
		return URI{}
	}
	return u
}

// String writes the address, always with angle brackets.
func (a Address) String() string {
	s := "<" + a.URI + ">" + a.Params.String()
	if a.Name != "" {
		s = Quote(a.Name) + " " + s
	}
	return s
}
