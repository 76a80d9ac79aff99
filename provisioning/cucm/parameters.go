package cucm

import (
	"fmt"
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// parameters takes what the table of parameters knows a path for.
func (r *reader) parameters(device *xmltree.Node) {
	for _, p := range param.All() {
		if p.XML == "" || strings.HasPrefix(p.XML, linePath) {
			continue
		}
		if n := device.Find(strings.Split(p.XML, "/")...); n != nil {
			r.set(p.Name, plain(p, n.Text), n.Line)
		}
	}
}

// linePath begins the paths below the element of a line.
const linePath = "line/"

// plain writes a value as the .cnf files do.
func plain(p param.Param, text string) string {
	switch {
	case p.Kind == param.Bool && strings.EqualFold(text, "true"):
		return "1"
	case p.Kind == param.Bool && strings.EqualFold(text, "false"):
		return "0"
	case p.Name == "preferred_codec" && strings.EqualFold(text, "g711"):
		return "g711ulaw"
	case p.Name == "preferred_codec" && strings.EqualFold(text, "g729"):
		return "g729a"
	}
	return text
}

// lines takes the buttons: lines and speed dials. A line's number is that of
// its button.
func (r *reader) lines(sipLines *xmltree.Node) {
	table := param.All()
	for i, n := range sipLines.All("line") {
		button, ok := n.Attr("button")
		l := Line{Button: number(button), Feature: number(n.Value("featureID")), Label: n.Value("featureLabel"), FileLine: n.Line}
		if !ok {
			l.Button = i + 1
		}
		if n.Find("featureID") == nil {
			l.Feature = featureLine
		}
		switch {
		case i == maxLines:
			r.report(param.Warning, param.CodeTooLarge, n.Line, "", fmt.Sprintf("more than %d buttons; the rest is ignored", maxLines))
			return
		case l.Button < 1:
			r.report(param.Warning, param.CodeBadValue, n.Line, "", "want the number of a button in <line button>; line ignored")
			continue
		}
		r.Lines = append(r.Lines, l)
		if l.Button > param.NumLines {
			r.report(param.Note, param.CodeAdjusted, n.Line, "", fmt.Sprintf("button %d is beyond the %d of this phone; ignored", l.Button, param.NumLines))
			continue
		}
		r.line(table, l, n)
	}
}

// prefixes name the parameters of each kind of button.
var prefixes = map[int][]string{
	featureLine:         {"line", "proxy"},
	featureSpeedDial:    {"speed_"},
	featureSpeedDialBLF: {"speed_"},
}

func (r *reader) line(table []param.Param, l Line, n *xmltree.Node) {
	for _, p := range table {
		path, isLine := strings.CutPrefix(p.XML, linePath)
		if !isLine || p.Line != l.Button || !hasPrefix(p.Name, prefixes[l.Feature]) {
			continue
		}
		if value := n.Find(path); value != nil {
			r.set(p.Name, value.Text, value.Line)
		}
	}
	if messages := n.Find("messagesNumber"); messages != nil && l.Feature == featureLine && l.Button == 1 {
		r.set("messages_uri", messages.Text, messages.Line)
	}
}

func hasPrefix(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// transports are the values of transportLayerProtocol. 4 is in no document and
// in most files; UDP serves them.
var transports = map[string]string{"1": "tcp", "2": "udp", "3": "tls", "4": "udp"}

func (r *reader) transport(n *xmltree.Node) {
	switch {
	case r.Security == Authenticated || r.Security == Encrypted:
		r.set("sip_transport", "tls", 0)
	case n != nil && n.Text != "":
		transport, ok := transports[n.Text]
		if !ok {
			r.report(param.Warning, param.CodeBadValue, n.Line, n.Name, "want 1 (TCP), 2 (UDP) or 3 (TLS); ignored")
			return
		}
		r.set("sip_transport", transport, n.Line)
	}
}

// clock takes the date's form and the time server. An a at the end of the form
// stands for a clock of twelve hours: M/D/Ya.
func (r *reader) clock(setting *xmltree.Node) {
	if n := setting.Find("dateTemplate"); n != nil {
		form, twelve := strings.CutSuffix(n.Text, "a")
		if !twelve {
			form, twelve = strings.CutSuffix(n.Text, "A")
		}
		hours := "1"
		if twelve {
			hours = "0"
		}
		r.set("date_format", strings.ReplaceAll(form, ".", "/"), n.Line)
		if form != "" {
			r.set("time_format_24hr", hours, n.Line)
		}
	}
	ntp := setting.Find("ntps", "ntp")
	if n := ntp.Find("name"); n != nil {
		r.set("sntp_server", n.Text, n.Line)
	}
	if n := ntp.Find("ntpMode"); n != nil {
		r.set("sntp_mode", strings.ToLower(strings.ReplaceAll(n.Text, " ", "")), n.Line)
	}
}
