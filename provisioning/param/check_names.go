package param

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// checkHost takes an address or a host name. 0.0.0.0 counts as unset (guide
// 2-13, "Use 0.0.0.0 for unused IP addresses").
func checkHost(p *Param, text string) (checked, error) {
	if addr, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		if addr.IsUnspecified() {
			return checked{}, nil
		}
		return checked{text: addr.String()}, nil
	}
	if isHostName(text) {
		return checked{text: text}, nil
	}
	if host, _, err := net.SplitHostPort(text); err == nil && host != "" {
		return checked{}, errors.New("want an IP address or a host name without port" + portHint(p.Name))
	}
	return checked{}, errors.New("want an IP address or a host name")
}

// portHint names the parameter of a proxy's port.
func portHint(name string) string {
	if proxy, ok := strings.CutSuffix(name, "_address"); ok && strings.HasPrefix(proxy, "proxy") {
		return "; it belongs in " + proxy + "_port"
	}
	return ""
}

// isHostName follows RFC 1123 section 2.1, and lets the underscore pass that
// is common inside companies. A name of digits and dots alone is a mistyped
// address.
func isHostName(name string) bool {
	name = strings.TrimSuffix(name, ".")
	if name == "" || len(name) > 253 || strings.Trim(name, "0123456789.") == "" {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return !isWord(r) && r != '-' }) {
			return false
		}
	}
	return true
}

// isWord tells letters, digits and the underscore.
func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// hostPort takes host or host:port.
func hostPort(p *Param, text string) (checked, error) {
	if c, err := checkHost(p, text); err == nil {
		return c, nil
	}
	host, port, err := net.SplitHostPort(text)
	if err == nil {
		var c checked
		n, badPort := strconv.ParseUint(port, 10, 16)
		if c, err = checkHost(p, host); err == nil && badPort == nil && n > 0 && c.text != "" {
			return checked{text: net.JoinHostPort(c.text, strconv.FormatUint(n, 10))}, nil
		}
	}
	return checked{}, errors.New("want host or host:port, with a port from 1 to 65535")
}

// macAddress takes twelve hexadecimal digits, with or without separators, and
// gives them as file names carry them (guide 2-7: upper case).
func macAddress(_ *Param, text string) (checked, error) {
	digits := strings.ToUpper(strings.NewReplacer(":", "", "-", "", ".", "", " ", "").Replace(text))
	if _, err := strconv.ParseUint(digits, 16, 64); err != nil || len(digits) != 12 {
		return checked{}, errors.New("want a MAC address of 12 hexadecimal digits, like 00503EFFD842")
	}
	return checked{text: digits}, nil
}

// LogicalName is the default name and password of a line: SIP and the MAC
// address (guide 2-10). The MAC may be written with separators.
func LogicalName(mac string) string {
	c, err := macAddress(nil, mac)
	if err != nil {
		return "SIP" + strings.ToUpper(mac)
	}
	return "SIP" + c.text
}

// lineName takes any text and recalls what the guide (3-11) asks for.
func lineName(p *Param, text string) (checked, error) {
	c, err := p.checkText(text)
	switch {
	case err != nil:
	case strings.Contains(text, "@"):
		c.advice = fmt.Sprintf("want the user name without @ and host name, which belongs in proxy%d_address", p.Line)
	case strings.Contains(text, "-") && strings.Trim(text, "0123456789-") == "":
		c.advice = "want the number without dashes: " + strings.ReplaceAll(text, "-", "")
	}
	return c, err
}

// imageName takes any text and recalls that the name goes without extension
// (guide 2-8).
func imageName(p *Param, text string) (checked, error) {
	return p.checkStem("image", text, ".bin", ".loads", ".sbn", ".sb2")
}

// dialTemplate takes any text and recalls that the phone appends .xml itself.
func dialTemplate(p *Param, text string) (checked, error) {
	return p.checkStem("dial plan", text, ".xml")
}

func (p *Param) checkStem(what, text string, extensions ...string) (checked, error) {
	c, err := p.checkText(text)
	for _, extension := range extensions {
		if strings.HasSuffix(strings.ToLower(text), extension) {
			c.advice = fmt.Sprintf("want the %s's name without the extension %s", what, extension)
		}
	}
	return c, err
}
