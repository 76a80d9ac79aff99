package wire

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// Param is one parameter; the name in lower case, the value without quotes.
type Param struct {
	Name, Value string
	flag        bool // no "=": ;lr
	quoted      bool
}

// Params are parameters in their order.
type Params []Param

// Get gives the value of a parameter, and whether it is there.
func (p Params) Get(name string) (string, bool) {
	for _, one := range p {
		if one.Name == name {
			return one.Value, true
		}
	}
	return "", false
}

// Set puts a parameter, in the place of one of that name.
func (p *Params) Set(name, value string) {
	for i := range *p {
		if (*p)[i].Name == name {
			(*p)[i] = Param{Name: name, Value: value}
			return
		}
	}
	*p = append(*p, Param{Name: name, Value: value})
}

// String writes the parameters, each behind a semicolon.
func (p Params) String() string {
	var b strings.Builder
	for _, one := range p {
		b.WriteString(";" + one.Name)
		switch {
		case one.flag:
		case one.quoted:
			b.WriteString("=" + Quote(one.Value))
		default:
			b.WriteString("=" + one.Value)
		}
	}
	return b.String()
}

// Quote makes a quoted string (RFC 3261 section 25.1).
func Quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// ParseParams reads parameters divided by sep.
func ParseParams(s string, sep byte) Params {
	var all Params
	for _, part := range splitOutside(s, sep) {
		if part == "" {
			continue
		}
		name, value, has := strings.Cut(part, "=")
		value, quoted := unquote(strings.TrimSpace(value))
		all = append(all, Param{strings.ToLower(strings.TrimSpace(name)), value, !has, quoted})
	}
	return all
}

// unquote takes quotes and escapes off a quoted string (RFC 3261 section 25.1).
func unquote(s string) (plain string, quoted bool) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s, false
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), true
}

// Address is the value of From, To, Contact, Route and their like (RFC 3261
// section 20: name-addr or addr-spec, with parameters).
type Address struct {
	Display string
	URI     string
	Params  Params
}

var errAddress = errors.New("not an address")

// ParseAddress reads an address. Without < and > all parameters are the
// header's, none the URI's (RFC 3261 section 20.10).
func ParseAddress(s string) (Address, error) {
	var a Address
	open := angle(s)
	if open < 0 {
		uri, params, _ := strings.Cut(s, ";")
		a.URI, a.Params = strings.TrimSpace(uri), ParseParams(params, ';')
	} else {
		uri, rest, ok := strings.Cut(s[open+1:], ">")
		if !ok {
			return a, errAddress
		}
		a.Display, _ = unquote(strings.TrimSpace(s[:open]))
		a.URI, a.Params = strings.TrimSpace(uri), ParseParams(rest, ';')
	}
	if a.URI == "" || strings.ContainsAny(a.URI, " \t\"<>") {
		return a, errAddress
	}
	return a, nil
}

// angle finds the < that opens the URI, outside of a quoted display name.
func angle(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '<' && !quoted:
			return i
		}
	}
	return -1
}

// String writes the address with < and >.
func (a Address) String() string {
	display := ""
	if a.Display != "" {
		display = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Display) + `" `
	}
	return display + "<" + a.URI + ">" + a.Params.String()
}

// URI is a SIP URI (RFC 3261 section 19.1).
type URI struct {
	Scheme string // "sip" or "sips", lower case
	User   string // with its escapes undone
	Host   string // lower case, IPv6 without brackets
	Port   uint16 // 0: none given
	Params Params
}

var errURI = errors.New("not a SIP URI")

// ParseURI reads a sip or sips URI; of any other it gives the scheme only, and
// an error.
func ParseURI(s string) (URI, error) {
	scheme, rest, ok := strings.Cut(s, ":")
	u := URI{Scheme: strings.ToLower(scheme)}
	if !ok || u.Scheme != "sip" && u.Scheme != "sips" {
		return u, errURI
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, _, _ := strings.Cut(rest[:at], ":") // a password is of no use here
		u.User, rest = Unescape(user), rest[at+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	hostport, params, _ := strings.Cut(rest, ";")
	u.Params = ParseParams(params, ';')
	u.Host, u.Port, ok = splitHostPort(strings.TrimSpace(hostport))
	if !ok {
		return u, errURI
	}
	return u, nil
}

// splitHostPort reads host [":" port], the host perhaps an IPv6 reference.
func splitHostPort(s string) (host string, port uint16, ok bool) {
	host, portText := s, ""
	if strings.HasPrefix(s, "[") {
		inside, after, closed := strings.Cut(s[1:], "]")
		if !closed {
			return "", 0, false
		}
		host, portText = inside, strings.TrimPrefix(strings.TrimSpace(after), ":")
	} else if before, after, found := strings.Cut(s, ":"); found {
		host, portText = strings.TrimSpace(before), strings.TrimSpace(after)
		if portText == "" {
			return "", 0, false
		}
	}
	if host == "" || strings.ContainsAny(host, " \t\"<>;,@/") {
		return "", 0, false
	}
	if portText != "" {
		n, err := strconv.ParseUint(portText, 10, 16)
		if err != nil || n == 0 {
			return "", 0, false
		}
		port = uint16(n)
	}
	return strings.ToLower(host), port, true
}

// Unescape undoes %HH; what is no escape stays.
func Unescape(s string) string {
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

// AddrPort is the URI's host and port if the host is an IP address; the port
// is 5060 if none is given (RFC 3261 section 19.1.2).
func (u URI) AddrPort() (netip.AddrPort, bool) {
	addr, err := netip.ParseAddr(u.Host)
	if err != nil {
		return netip.AddrPort{}, false
	}
	port := u.Port
	if port == 0 {
		port = 5060
	}
	return netip.AddrPortFrom(addr.Unmap(), port), true
}

// Network is the transport that the URI asks for: "tcp", or else "udp".
func (u URI) Network() string {
	switch t, _ := u.Params.Get("transport"); strings.ToLower(t) {
	case "tcp":
		return "tcp"
	case "tls":
		return "tls"
	}
	return "udp"
}

// Flag is a parameter without a value, as in ";lr".
func Flag(name string) Param { return Param{Name: name, flag: true} }
