package xmltree

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"deskset/provisioning/param"
)

func (p *parser) startTag() {
	line := p.line
	p.take(1)
	n := &Node{Name: p.takeName(), Line: line}
	p.tag = n.Name
	empty := p.attributes(n)
	p.tag = ""
	p.nodes++
	top := p.top()
	top.Kids = append(top.Kids, n)
	switch {
	case empty:
	case len(p.open) == maxDepth:
		p.report(param.Warning, param.CodeTooLarge, fmt.Sprintf("more than %d levels; <%s> is taken as empty", maxDepth, p.shown(n.Name)))
	default:
		p.open = append(p.open, n)
	}
}

// attributes reads up to the end of the start tag. It tells whether the
// element ends there (/>). A tag that is not closed ends where the next begins.
func (p *parser) attributes(n *Node) (empty bool) {
	for {
		p.skipBlanks()
		switch {
		case p.rest == "" || p.rest[0] == '<':
			p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("want > at the end of <%s", p.shown(n.Name)))
			return false
		case p.rest[0] == '>':
			p.take(1)
			return false
		case strings.HasPrefix(p.rest, "/>"):
			p.take(2)
			return true
		case !isNameByte(p.rest[0]):
			p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("want name=\"value\" in <%s>, not %s", p.shown(n.Name), p.shown(strconv.QuoteRune(rune(p.rest[0])))))
			p.take(1)
		default:
			p.attribute(n)
		}
	}
}

func (p *parser) attribute(n *Node) {
	name := p.takeName()
	p.skipBlanks()
	value := ""
	if strings.HasPrefix(p.rest, "=") {
		p.take(1)
		p.skipBlanks()
		value = p.attributeValue(name)
	} else {
		p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("attribute %s has no value", p.shown(name)))
	}
	if len(n.Attrs) < maxAttrs {
		n.Attrs = append(n.Attrs, Attr{name, unescape(value)})
	}
}

// attributeValue reads a value in quotes, which ends on its line, or a bare
// one. A closing quote that was forgotten (VERSION="P0S3-8-12-00 SYNC="1") shows in that the next quote
// stands behind an equals sign: the value then ends before the next name.
func (p *parser) attributeValue(name string) string {
	if p.rest == "" || p.rest[0] != '"' && p.rest[0] != '\'' {
		n := strings.IndexAny(p.rest, " \t\r\n<>")
		if n < 0 {
			n = len(p.rest)
		}
		p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("want quotes around the value of %s", p.shown(name)))
		return p.takeBare(n)
	}
	quote := p.take(1)[0]
	n := strings.IndexAny(p.rest, string(quote)+"\n")
	if n < 0 || p.rest[n] == '\n' {
		p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("the quote around the value of %s does not end", p.shown(name)))
		line := p.rest
		if n >= 0 {
			line = line[:n]
		}
		if end := strings.IndexAny(line, "<>"); end >= 0 {
			line = line[:end]
		}
		return p.takeBare(len(line))
	}
	value := p.rest[:n]
	if before := strings.TrimRight(value, " \t"); strings.HasSuffix(before, "=") {
		if cut := strings.LastIndexAny(strings.TrimRight(before[:len(before)-1], " \t"), " \t\r\n"); cut >= 0 && isName(before[cut+1:len(before)-1]) {
			p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("the quote around the value of %s does not end", p.shown(name)))
			return strings.TrimSpace(p.take(cut))
		}
	}
	p.take(n + 1)
	return value
}

// takeBare takes n bytes as a value, without the / of a /> behind them.
func (p *parser) takeBare(n int) string {
	if n > 0 && strings.HasPrefix(p.rest[n-1:], "/>") {
		n--
	}
	return strings.TrimSpace(p.take(n))
}

func isName(s string) bool {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// endTag closes the element that it names. If that is not the last one opened,
// the ones in between lack their end tags, and if no such one is open it is a
// misspelt end of the last one, or one too many.
func (p *parser) endTag() {
	p.take(len("</"))
	name := p.takeName()
	if n := strings.IndexAny(p.rest, "<>"); n >= 0 {
		p.take(n)
		if p.rest[0] == '>' {
			p.take(1)
		}
	} else {
		p.take(len(p.rest))
	}
	for i := len(p.open) - 1; i > 0; i-- {
		if strings.EqualFold(p.open[i].Name, name) {
			if last := len(p.open) - 1; i < last {
				p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("<%s> of line %d is not closed", p.shown(p.top().Name), p.top().Line))
			}
			p.open = p.open[:i]
			return
		}
	}
	if top := p.top(); len(p.open) > 1 && misspelt(top, name) {
		p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("<%s> of line %d is closed by </%s>", p.shown(top.Name), top.Line, p.shown(name)))
		p.open = p.open[:len(p.open)-1]
		return
	}
	p.report(param.Warning, param.CodeSyntax, fmt.Sprintf("</%s> closes nothing, ignored", p.shown(name)))
}

// misspelt tells whether an end tag of another name is the end of an element:
// of one without children, or one whose name differs in its number only.
func misspelt(n *Node, name string) bool {
	const digits = "0123456789"
	return len(n.Kids) == 0 || strings.EqualFold(strings.TrimRight(n.Name, digits), strings.TrimRight(name, digits))
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape replaces entities. What is none of XML's own stays as it is: a lone
// & in a URL is the commonest mistake of all.
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		replacement, length := entity(s)
		b.WriteString(replacement)
		s = s[length:]
	}
}

// entity reads the entity at the start of s; "&" and 1 if there is none.
func entity(s string) (replacement string, length int) {
	const longest = len("&#1114111;")
	end := strings.IndexByte(s[:min(len(s), longest)], ';')
	if end < 2 {
		return "&", 1
	}
	name := s[1:end]
	if r, ok := entities[name]; ok {
		return r, end + 1
	}
	digits, isNumber := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(strings.ToLower(digits), "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	if !isNumber || err != nil || n > unicode.MaxRune || n < ' ' && n != '\t' && n != '\n' {
		return "&", 1
	}
	return string(rune(n)), end + 1
}
