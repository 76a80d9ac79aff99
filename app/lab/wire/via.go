package wire

import (
	"errors"
	"fmt"
	"strings"
)

// Via is one Via value (RFC 3261 section 20.42).
type Via struct {
	Network string // "UDP", "TCP" ...
	Host    string
	Port    uint16 // 0: none given
	Params  Params
}

var errVia = errors.New("Via is not a protocol, a transport and a host")

// ParseVia reads one value.
func ParseVia(s string) (Via, error) {
	var v Via
	head, params, _ := strings.Cut(s, ";")
	parts := strings.SplitN(head, "/", 3)
	if len(parts) != 3 || !strings.EqualFold(strings.TrimSpace(parts[0]), "SIP") {
		return v, errVia
	}
	network, sentBy, found := strings.Cut(strings.TrimSpace(parts[2]), " ")
	if !found {
		network, sentBy, found = strings.Cut(strings.TrimSpace(parts[2]), "\t")
	}
	if !found || !token(network) {
		return v, errVia
	}
	v.Network = strings.ToUpper(network)
	// A comment in parentheses was allowed here by RFC 2543 section 6.40.
	sentBy, _, _ = strings.Cut(sentBy, "(")
	host, port, ok := splitHostPort(strings.TrimSpace(sentBy))
	if !ok {
		return v, errVia
	}
	v.Host, v.Port, v.Params = host, port, ParseParams(params, ';')
	return v, nil
}

// String writes the value.
func (v Via) String() string {
	host := v.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if v.Port != 0 {
		host = fmt.Sprintf("%s:%d", host, v.Port)
	}
	return Version + "/" + v.Network + " " + host + v.Params.String()
}

// Branch is the transaction's name.
func (v Via) Branch() string {
	branch, _ := v.Params.Get("branch")
	return branch
}

// TopVia reads the first Via.
func (m *Message) TopVia() (Via, error) {
	vias := m.List("Via")
	if len(vias) == 0 {
		return Via{}, errVia
	}
	return ParseVia(vias[0])
}

// SetTopVia puts another value in the place of the first Via.
func (m *Message) SetTopVia(v Via) {
	m.RemoveFirst("Via")
	m.Prepend("Via", v.String())
}
