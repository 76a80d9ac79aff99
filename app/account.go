package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"deskset/provisioning/param"
)

// errPassword quotes nothing: the address holds the password.
var errPassword = errors.New("-account: want no password in the address, where every process can see it; use -password-stdin")

var errAccount = errors.New(`want sip:user@server, for example sip:1001@pbx.example or sip:1001@192.0.2.1:5070;transport=tcp`)

// accountEntries turns a SIP address into the parameters of line 1, so that
// -account needs no words of its own.
func accountEntries(address string) ([]param.Entry, error) {
	rest, secure := address, false
	scheme, behind, ok := strings.Cut(address, ":")
	switch {
	case ok && strings.EqualFold(scheme, "sips"):
		rest, secure = behind, true
	case ok && strings.EqualFold(scheme, "sip"):
		rest = behind
	}
	rest, parameters, _ := strings.Cut(rest, ";")
	user, server, ok := strings.Cut(rest, "@")
	if ok && strings.Contains(user, ":") {
		return nil, errPassword
	}
	user, err := url.PathUnescape(user)
	if !ok || err != nil || user == "" || server == "" {
		return nil, fmt.Errorf("-account %q: %w", address, errAccount)
	}
	host, port, err := splitServer(server)
	if err != nil {
		return nil, fmt.Errorf("-account %q: %w", address, err)
	}
	set := func(name, value string) param.Entry { return param.Entry{Name: name, Text: value} }
	entries := []param.Entry{
		set("line1_name", user),
		set("line1_authname", user),
		set("proxy1_address", host),
		set("proxy_register", "1"),
	}
	if port != "" {
		entries = append(entries, set("proxy1_port", port))
	}
	transport := ""
	for _, p := range strings.Split(parameters, ";") {
		if name, value, _ := strings.Cut(p, "="); strings.EqualFold(name, "transport") {
			transport = strings.ToLower(value)
		}
	}
	if secure {
		transport = "tls"
	}
	if transport != "" {
		entries = append(entries, set("sip_transport", transport))
	}
	return entries, nil
}

func splitServer(server string) (host, port string, err error) {
	if !strings.Contains(strings.TrimPrefix(server, "["), ":") || strings.HasSuffix(server, "]") {
		return strings.Trim(server, "[]"), "", nil
	}
	host, port, err = net.SplitHostPort(server)
	if err != nil {
		return "", "", errAccount
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", "", fmt.Errorf("port %q: want 1 to 65535", port)
	}
	return host, port, nil
}
