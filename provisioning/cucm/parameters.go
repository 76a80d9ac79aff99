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
		if n := find(device, p.XML); n != nil {
			r.set(p.Name, plain(p, n.Text), n.Line)
		}
	}
}

// misspelt are paths as some writers and readers of these files spell them.
var misspelt = map[string]string{
	"sipProfile/natReceivedProcessing": "sipProfile/natRecievedProcessing",
}

// find gives the element at a path of the table of parameters.
func find(scope *xmltree.Node, path string) *xmltree.Node {
	n := scope.Find(strings.Split(path, "/")...)
	if other, ok := misspelt[path]; ok && n == nil {
		n = scope.Find(strings.Split(other, "/")...)
	}
	return n
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
		l := Line{Button: button(n, i+1), Feature: number(n.Value("featureID")), Label: n.Value("featureLabel"), FileLine: n.Line}
		if n.Value("featureID") == "" {
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
	r.autoAnswer(sipLines)
}

// button is the number of a line's button: its attribute button, else lineIndex,
// else its place in the list; 0 if the attribute is no number.
func button(n *xmltree.Node, place int) int {
	for _, name := range []string{"button", "lineIndex"} {
		if text, ok := n.Attr(name); ok {
			return number(text)
		}
	}
	return place
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
	for _, o := range ofLine1 {
		if value := n.Find(o.element); value != nil && l.Feature == featureLine && l.Button == 1 {
			r.set(o.name, value.Text, value.Line)
		}
	}
}

// ofLine1 is what the .cnf files say for the phone and these for each line.
var ofLine1 = []struct{ element, name string }{
	{"messagesNumber", "messages_uri"},
	{"callWaiting", "call_waiting"},
}

func hasPrefix(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// transports are the values of transportLayerProtocol. 0 and 4 are in no
// document; 4 is in most files, and UDP serves them.
var transports = map[string]string{"0": "udp", "1": "tcp", "2": "udp", "3": "tls", "4": "udp"}

// mediaOf is media_encryption by the mode of the device. An encrypted phone still
// calls phones that are not, and has no padlock then.
var mediaOf = map[Security]string{NonSecure: "off", Authenticated: "off", Encrypted: "optional"}

func (r *reader) transport(n *xmltree.Node) {
	if media := mediaOf[r.Security]; media != "" {
		r.set("media_encryption", media, 0)
	}
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
