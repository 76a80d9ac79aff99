package xmltree

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskset/provisioning/latin1"
	"deskset/provisioning/param"
)

// Bounds; real files have up to 40 KB, 900 elements and 8 levels.
const (
	maxSize     = 1 << 20
	maxNodes    = 20_000
	maxDepth    = 64
	maxAttrs    = 32
	maxText     = 32 << 10 // the picture of a phone's page has 25 KB
	maxProblems = 100
)

// Parse reads a file. It never fails: the root, which has no name, holds the
// elements of the top level that were found, and what was wrong becomes a
// problem with its line.
func Parse(name string, data []byte) (*Node, []param.Problem) {
	p := &parser{name: name, line: 1, open: []*Node{{Line: 1}}}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		p.report(param.Error, param.CodeCharacters, "this is UTF-16; save it as UTF-8; nothing taken")
		return p.open[0], p.problems
	}
	if len(data) > maxSize {
		p.report(param.Error, param.CodeTooLarge, fmt.Sprintf("larger than %d KB; the rest is ignored", maxSize>>10))
		data = data[:maxSize]
	}
	p.rest = latin1.Text(data)
	for p.rest != "" && p.nodes < maxNodes {
		p.step()
	}
	if p.rest != "" {
		p.report(param.Error, param.CodeTooLarge, fmt.Sprintf("more than %d elements; the rest is ignored", maxNodes))
	}
	if len(p.open) > 1 {
		p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("<%s> of line %d is not closed", p.shown(p.top().Name), p.top().Line))
	}
	settle(p.open[0])
	return p.open[0], p.problems
}

// parser goes through the text. open is the way from the root to the element
// that is being read.
type parser struct {
	name     string
	rest     string
	line     int
	open     []*Node
	tag      string // name in the start tag that is being read
	nodes    int
	problems []param.Problem
}

func (p *parser) top() *Node { return p.open[len(p.open)-1] }

func (p *parser) report(severity param.Severity, code param.Code, text string) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, param.Problem{Severity: severity, Code: code, Source: p.name, Line: p.line, Text: text})
	}
}

// take cuts n bytes off the rest and counts their lines.
func (p *parser) take(n int) string {
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	p.line += strings.Count(taken, "\n")
	return taken
}

// takeTo cuts off everything up to and including end. If end is missing it
// takes all there is, and says so.
func (p *parser) takeTo(end, what string) {
	if i := strings.Index(p.rest, end); i >= 0 {
		p.take(i + len(end))
		return
	}
	p.report(param.Warning, param.CodeSyntax, what+" does not end")
	p.take(len(p.rest))
}

// step reads the next piece: text, tag, comment or declaration.
func (p *parser) step() {
	switch {
	case p.rest[0] != '<':
		n := strings.IndexByte(p.rest, '<')
		if n < 0 {
			n = len(p.rest)
		}
		p.addText(unescape(p.take(n)))
	case strings.HasPrefix(p.rest, "<!--"):
		p.takeTo("-->", "a comment")
	case strings.HasPrefix(p.rest, "<![CDATA["):
		p.take(len("<![CDATA["))
		n := strings.Index(p.rest, "]]>")
		if n < 0 {
			n = len(p.rest)
		}
		p.addText(p.take(n))
		p.take(min(len("]]>"), len(p.rest)))
	case strings.HasPrefix(p.rest, "<!"):
		p.takeTo(">", "a declaration")
	case strings.HasPrefix(p.rest, "<?"):
		p.takeTo("?>", "a declaration")
	case strings.HasPrefix(p.rest, "</"):
		p.endTag()
	case len(p.rest) > 1 && isNameByte(p.rest[1]):
		p.startTag()
	default:
		p.addText(p.take(1)) // a lone <
	}
}

// addText joins pieces of text; those that comments and children part get a
// blank between them.
func (p *parser) addText(piece string) {
	piece = strings.TrimSpace(piece)
	n := p.top()
	room := maxText - len(n.text) - len(" ")
	if piece == "" || room < utf8.UTFMax {
		return // nothing, or it was cut
	}
	if len(piece) > room {
		p.report(param.Warning, param.CodeTooLarge, fmt.Sprintf("the text of <%s> is cut to %d KB", p.shown(n.Name), maxText>>10))
		piece = strings.ToValidUTF8(piece[:room], "")
	}
	if len(n.text) > 0 {
		n.text = append(n.text, ' ')
	}
	n.text = append(n.text, piece...)
}

// settle makes the texts of an element and those in it final.
func settle(n *Node) {
	n.Text, n.text = string(n.text), nil
	for _, kid := range n.Kids {
		settle(kid)
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c == ':' || c == '-' || c == '.' || c >= utf8.RuneSelf ||
		c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *parser) takeName() string {
	n := 0
	for n < len(p.rest) && isNameByte(p.rest[n]) {
		n++
	}
	return p.take(n)
}

func (p *parser) skipBlanks() {
	n := 0
	for n < len(p.rest) && strings.IndexByte(" \t\r\n", p.rest[n]) >= 0 {
		n++
	}
	p.take(n)
}

// shown is a name as messages show it. Inside an element that holds a password
// nothing is shown: a < in the password or a missing > makes names of it.
func (p *parser) shown(name string) string {
	secret := isSecret(p.tag) && name != p.tag
	for _, n := range p.open {
		secret = secret || isSecret(n.Name) && n.Name != name
	}
	if secret {
		return "..."
	}
	return short(name)
}

func isSecret(element string) bool { return strings.Contains(strings.ToLower(element), "password") }

// short keeps names in messages short and printable.
func short(name string) string {
	const most = 40
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "..."
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, name)
}
