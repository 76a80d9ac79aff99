package wire

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

var errURI = errors.New("not a URI")

// URI is a sip, sips or tel URI (RFC 3261 section 19.1, RFC 3966), or one of
// another scheme that nobody looked into.
type URI struct {
	Scheme string // in lower case
	// User is escaped as it stands on the wire; see UserText. For a tel URI it
	// is the number.
	User     string
	Password string
	Host     string // without the brackets of an IPv6 address
	Port     uint16 // 0 if none is given
	Params   Params
	Headers  string // behind "?"
	// Opaque is everything behind the scheme where the scheme is unknown.
	Opaque string
}

// ParseURI reads a URI.
func ParseURI(s string) (URI, error) {
	s = strings.TrimSpace(s)
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "<>\"@; \t") {
		return URI{}, fmt.Errorf("%w: %.60q", errURI, s)
	}
	u := URI{Scheme: strings.ToLower(scheme)}
	switch u.Scheme {
	case "sip", "sips":
		return u, u.parseSIP(rest)
	case "tel":
		number, params, _ := strings.Cut(rest, ";")
		u.User = strings.NewReplacer("-", "", ".", "", "(", "", ")", "", " ", "").Replace(number)
		u.Params = parseParams(params)
	default:
		u.Opaque = rest
	}
	return u, nil
}

func (u *URI) parseSIP(s string) error {
	// "?" may stand in a user part, and careless senders put "@" there, or
	// behind the "?" (a Call-ID in Replaces).
	first := strings.IndexByte(s, '@')
	end := strings.IndexByte(s[first+1:], '?')
	if end += first + 1; end <= first {
		end = len(s)
	}
	if at := strings.LastIndexByte(s[:end], '@'); at >= 0 {
		u.User, u.Password, _ = strings.Cut(s[:at], ":")
		s = s[at+1:]
	}
	s, u.Headers, _ = strings.Cut(s, "?")
	hostPort, params, _ := strings.Cut(s, ";")
	u.Params = parseParams(params)
	var err error
	u.Host, u.Port, err = splitHostPort(hostPort)
	return err
}

// splitHostPort reads host[:port] with white space around the colon, the host
// perhaps an IPv6 address in brackets.
func splitHostPort(s string) (host string, port uint16, err error) {
	s = strings.TrimSpace(s)
	rest := ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return "", 0, fmt.Errorf("%w: no ] in %.60q", errURI, s)
		}
		host, rest = s[1:end], strings.TrimSpace(s[end+1:])
		if _, err := netip.ParseAddr(host); err != nil {
			return "", 0, fmt.Errorf("%w: %.60q is no IPv6 address", errURI, host)
		}
	} else if colon := strings.IndexByte(s, ':'); colon >= 0 {
		host, rest = strings.TrimSpace(s[:colon]), s[colon:]
	} else {
		host = s
	}
	if host == "" || strings.ContainsAny(host, " \t<>\"@,") {
		return "", 0, fmt.Errorf("%w: host %.60q", errURI, host)
	}
	if rest == "" {
		return host, 0, nil
	}
	n, err := strconv.ParseUint(strings.TrimSpace(strings.TrimPrefix(rest, ":")), 10, 16)
	if err != nil || n == 0 || rest[0] != ':' {
		return "", 0, fmt.Errorf("%w: port %.20q", errURI, rest)
	}
	return host, uint16(n), nil
}

// IsSIP tells whether a message can be sent to the URI.
func (u URI) IsSIP() bool { return u.Scheme == "sip" || u.Scheme == "sips" }

// UserText is the user part without its escapes: the number.
func (u URI) UserText() string { return Unescape(u.User) }

// HostPort is how host and port are written.
func (u URI) HostPort() string {
	host := u.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Port != 0 {
		host += ":" + strconv.Itoa(int(u.Port))
	}
	return host
}

// String writes the URI.
func (u URI) String() string {
	switch {
	case u.Scheme == "tel":
		return "tel:" + u.User + u.Params.String()
	case !u.IsSIP():
		return u.Scheme + ":" + u.Opaque
	}
	s := u.Scheme + ":"
	if u.User != "" {
		s += u.User
		if u.Password != "" {
			s += ":" + u.Password
		}
		s += "@"
	}
	s += u.HostPort() + u.Params.String()
	if u.Headers != "" {
		s += "?" + u.Headers
	}
	return s
}

// Bare is the URI as a Request-URI: without headers and the method parameter,
// which may not stand there (RFC 3261 section 19.1.1, table 1).
func (u URI) Bare() URI {
	u.Headers = ""
	u.Params = append(Params(nil), u.Params...)
	u.Params.Del("method")
	return u
}

// userUnreserved are the characters beside letters and digits that may stand
// in a user part unescaped (RFC 3261 section 25.1, unreserved and
// user-unreserved).
const userUnreserved = "-_.!~*'()&=+$,;?/"

// EscapeUser makes any text a user part.
func EscapeUser(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(userUnreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// Unescape resolves %XX; a broken escape stays as it is.
func Unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
