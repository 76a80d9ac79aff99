package cucm

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// isPlaceholder tells what annotated samples leave to be filled in: x.x.x.x.
func isPlaceholder(host string) bool {
	return strings.Trim(host, "xX.") == ""
}

// srst takes the routers of a branch.
func srst(n *xmltree.Node) SRST {
	s := SRST{Enabled: strings.EqualFold(n.Value("srstOption"), "Enable")}
	for i := 1; i <= maxRouters; i++ {
		for _, prefix := range []string{"sipIpAddr", "ipAddr"} {
			at := n.Find(prefix + strconv.Itoa(i))
			if at == nil || at.Text == "" || isPlaceholder(at.Text) {
				continue
			}
			s.Routers = append(s.Routers, Router{Host: at.Text, SIP: number(n.Value("sipPort" + strconv.Itoa(i))), Line: at.Line})
			break
		}
	}
	return s
}

// httpProxy takes apart proxyServerURL: host:port, or a URL.
func (r *reader) httpProxy(n *xmltree.Node) {
	if n == nil {
		return
	}
	at := n.Text
	if u, err := url.Parse(at); err == nil && u.Host != "" {
		at = u.Host
	}
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		host, port = at, ""
	}
	r.set("http_proxy_addr", host, n.Line)
	if port != "" {
		r.set("http_proxy_port", port, n.Line)
	}
}

// precedence takes tos_media from the octet that dscpForAudio is: its upper
// three bits are the precedence (RFC 2474 section 4.2.2).
func (r *reader) precedence(n *xmltree.Node) {
	if n == nil {
		return
	}
	octet, err := strconv.ParseUint(n.Text, 10, 8)
	if err != nil {
		r.set("tos_media", n.Text, n.Line) // to be refused there
		return
	}
	r.set("tos_media", strconv.FormatUint(octet>>5, 10), n.Line)
}

// autoAnswer adds up the lines that answer by themselves. Each says it as the
// switches of the .cnf files do: odd is on, 2 and 3 are for good.
func (r *reader) autoAnswer(sipLines *xmltree.Node) {
	mask, line := 0, 0
	for i, n := range sipLines.All("line") {
		enabled := n.Find("autoAnswer", "autoAnswerEnabled")
		at := button(n, i+1)
		if enabled == nil || at < 1 || at > param.NumLines {
			continue
		}
		if line == 0 {
			line = enabled.Line
		}
		if number(enabled.Text)&1 == 1 || strings.EqualFold(enabled.Text, "true") {
			mask |= 1 << (at - 1)
		}
	}
	if line > 0 {
		r.set("auto_answer", strconv.Itoa(mask), line)
	}
}

// vendor lists what instruments would do with vendorConfig.
func (r *reader) vendor(n *xmltree.Node) {
	if n == nil {
		return
	}
	for i, kid := range n.Kids {
		if i == maxVendor {
			r.report(param.Warning, param.CodeTooLarge, kid.Line, "", fmt.Sprintf("more than %d settings in vendorConfig; the rest is ignored", maxVendor))
			return
		}
		r.Vendor = append(r.Vendor, Setting{Name: kid.Name, Text: kid.Text, Line: kid.Line})
	}
}
