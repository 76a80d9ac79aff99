package param

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// checkIPv4 takes dotted decimal. 0.0.0.0 counts as unset (guide 2-13).
func checkIPv4(text string) (checked, error) {
	addr, err := netip.ParseAddr(text)
	if err != nil || !addr.Is4() {
		return checked{}, errors.New("want an IPv4 address, like 192.168.1.20, or 0.0.0.0 for none")
	}
	if addr.IsUnspecified() {
		return checked{}, nil
	}
	return checked{text: addr.String()}, nil
}

var errProvisionURL = errors.New("want a web address, like https://server/folder/")

// provisionURL takes an http or https address, which may carry user and
// password. Its errors quote nothing, since a password may be anywhere in an
// address that cannot be read.
func provisionURL(p *Param, text string) (checked, error) {
	c, err := p.checkURI(text)
	if err != nil {
		return c, err
	}
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return checked{}, errProvisionURL
	case u.RawQuery != "", u.Fragment != "":
		return checked{}, errors.New("want a web address without ? and #, since names of files are put behind it")
	case !goodPort(u.Port()) || strings.HasSuffix(u.Host, ":"):
		return checked{}, errors.New("want a port from 1 to 65535, or none")
	}
	if u.Scheme == "http" && u.User != nil {
		c.advice = "user and password cross the network in clear; want https"
	}
	return c, nil
}

// goodPort takes a port of an address, or none.
func goodPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}
