package directory

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"

	"deskset/phonecore/foreign"
	"deskset/provisioning/param"
)

// Bounds of a file that is imported. Photographs make cards large.
const (
	MaxImport   = 16 << 20
	maxLine     = 8 << 10 // of what is looked at; longer ones are photographs
	maxCards    = 10_000
	maxProblems = 50
	maxNesting  = 4
)

// ParseVCard reads the names and telephone numbers of a file of vCards of
// versions 2.1, 3.0 and 4.0, leniently: cards without an end, lines of all
// systems, quoted-printable, groups, declared and undeclared encodings. name is
// that of the file in the problems.
func ParseVCard(name string, data []byte) ([]Entry, []param.Problem) {
	p := &cardParser{importer: importer{name: name}}
	data = p.bound(data)
	for line := range unfolded(foreign.Decode(data, "")) {
		p.line = line.number
		if p.property(line.text) {
			break
		}
	}
	if p.open {
		p.report(param.CodeSyntax, "the last card has no END:VCARD")
		p.finish()
	}
	return p.entries, p.problems
}

// importer collects what both kinds of files give.
type importer struct {
	name     string
	line     int
	entries  []Entry
	problems []param.Problem
}

func (im *importer) report(code param.Code, text string) {
	if len(im.problems) < maxProblems {
		im.problems = append(im.problems, param.Problem{Severity: param.Warning, Code: code, Source: im.name, Line: im.line, Text: text})
	}
}

func (im *importer) bound(data []byte) []byte {
	if len(data) > MaxImport {
		im.report(param.CodeTooLarge, fmt.Sprintf("larger than %d MB; the rest is ignored", MaxImport>>20))
		return data[:MaxImport]
	}
	return data
}

// add takes an entry; full tells that no more are.
func (im *importer) add(e Entry) (full bool) {
	tidy, err := e.clean()
	switch {
	case err != nil:
		im.report(param.CodeBadValue, fmt.Sprintf("%q has no number, left out", foreign.Line(e.Name, MaxName)))
	case len(im.entries) == maxCards:
		im.report(param.CodeTooLarge, fmt.Sprintf("more than %d entries; the rest is ignored", maxCards))
		return true
	default:
		im.entries = append(im.entries, tidy)
	}
	return false
}

// contentLine is a line with those that continue it.
type contentLine struct {
	number int
	text   string
}

// unfolded joins lines that begin with a blank to the one before (RFC 6350
// section 3.2), and those of version 2.1 that end in a soft line break. What is
// longer than a name or number can be is cut.
func unfolded(data []byte) func(yield func(contentLine) bool) {
	return func(yield func(contentLine) bool) {
		var at contentLine
		soft, number := false, 0
		for len(data) > 0 {
			line, rest := cutLine(data)
			data = rest
			number++
			folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
			switch {
			case soft:
				at.text = at.text[:len(at.text)-1] + limited(strings.TrimLeft(string(line), " \t"))
			case folded && at.number > 0:
				if len(at.text) < maxLine {
					at.text += limited(string(line[1:]))
				}
			default:
				if at.number > 0 && !yield(at) {
					return
				}
				at = contentLine{number, limited(string(line))}
			}
			soft = strings.HasSuffix(at.text, "=") && isQuoted(at.text) && len(at.text) < maxLine
		}
		if at.number > 0 {
			yield(at)
		}
	}
}

func limited(s string) string { return s[:min(len(s), maxLine)] }

// cutLine takes a line off, ended by LF, CR LF or CR.
func cutLine(data []byte) (line, rest []byte) {
	i := bytes.IndexAny(data, "\r\n")
	if i < 0 {
		return data, nil
	}
	next := i + 1
	if data[i] == '\r' && next < len(data) && data[next] == '\n' {
		next++
	}
	return data[:i], data[next:]
}

func isQuoted(text string) bool {
	head, _, _ := strings.Cut(text, ":")
	return strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE")
}

// cardParser goes through the lines of cards.
type cardParser struct {
	importer
	open    bool
	agent   bool // the next card is inside this one (version 2.1)
	nested  int  // cards and objects inside the card, which are skipped
	full    string
	parts   string // of the property N
	company string
	numbers []cardNumber
	labels  map[string]string // of Apple's groups
}

// cardNumber is a number with its group, by which its label is found, and
// whether it is the preferred one.
type cardNumber struct {
	Number
	group     string
	preferred bool
}

// property takes a line; it tells whether that is enough.
func (p *cardParser) property(text string) (enough bool) {
	head, value, found := cutHead(text)
	if !found {
		return false
	}
	group, name, attributes := splitHead(head)
	switch {
	case name == "BEGIN" && strings.EqualFold(strings.TrimSpace(value), "VCARD") && p.nested == 0 && !p.agent:
		if p.open {
			p.report(param.CodeSyntax, "a card begins before the last one ended")
			enough = p.finish()
		}
		p.open = true
		return enough
	case !p.open:
		return false
	case name == "BEGIN":
		p.nested, p.agent = min(p.nested+1, maxNesting), false
		return false
	case name == "END" && p.nested > 0:
		p.nested--
		return false
	case name == "END":
		return p.finish()
	case p.nested > 0:
		return false
	}
	p.agent = name == "AGENT" && strings.TrimSpace(value) == ""
	p.take(group, name, attributes, decodeValue(attributes, value))
	return false
}

func (p *cardParser) take(group, name string, attributes []attribute, value string) {
	switch name {
	case "FN":
		p.full = cmp.Or(p.full, unescape(value))
	case "N":
		p.parts = cmp.Or(p.parts, joinName(value))
	case "ORG":
		p.company = cmp.Or(p.company, strings.Join(split(value, ';'), " "))
	case "TEL", "X-SIP":
		p.number(group, attributes, unescape(value))
	case "IMPP":
		if scheme, _, _ := strings.Cut(strings.ToLower(value), ":"); scheme == "sip" || scheme == "sips" {
			p.number(group, attributes, unescape(value))
		}
	case "X-ABLABEL":
		if p.labels == nil {
			p.labels = map[string]string{}
		}
		if group != "" && len(p.labels) < 10*MaxNumbers {
			p.labels[group] = strings.TrimSuffix(strings.TrimPrefix(unescape(value), "_$!<"), ">!$_")
		}
	}
}

func (p *cardParser) number(group string, attributes []attribute, value string) {
	if len(p.numbers) >= 4*MaxNumbers {
		return
	}
	if scheme, rest, found := strings.Cut(value, ":"); found && strings.EqualFold(scheme, "tel") {
		value, _, _ = strings.Cut(rest, ";")
	}
	label, preferred := labelOf(attributes)
	p.numbers = append(p.numbers, cardNumber{Number{label, value}, group, preferred})
}

// finish ends a card.
func (p *cardParser) finish() (full bool) {
	slices.SortStableFunc(p.numbers, func(a, b cardNumber) int { return rank(a.preferred) - rank(b.preferred) })
	e := Entry{Name: cmp.Or(strings.TrimSpace(p.full), p.parts, p.company)}
	for _, n := range p.numbers {
		if own := p.labels[n.group]; n.group != "" && own != "" {
			n.Label = knownLabel(own)
		}
		e.Numbers = append(e.Numbers, n.Number)
	}
	*p = cardParser{importer: p.importer}
	if e.Name == "" && len(e.Numbers) == 0 {
		return false
	}
	return p.add(e)
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// attribute is a parameter of a property; in version 2.1 a type may stand
// without its name.
type attribute struct{ name, value string }

// cutHead parts a line at the first colon that is not in quotes.
func cutHead(text string) (head, value string, found bool) {
	quoted := false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == ':' && !quoted:
			return text[:i], text[i+1:], true
		}
	}
	return "", "", false
}

func splitHead(head string) (group, name string, attributes []attribute) {
	parts := strings.Split(head, ";")
	name = strings.ToUpper(strings.TrimSpace(parts[0]))
	if g, n, ok := strings.Cut(name, "."); ok {
		group, name = g, n
	}
	for _, part := range parts[1:min(len(parts), 32)] {
		n, v, named := strings.Cut(part, "=")
		if !named {
			n, v = "TYPE", part
		}
		attributes = append(attributes, attribute{strings.ToUpper(strings.TrimSpace(n)), strings.Trim(strings.TrimSpace(v), `"`)})
	}
	return group, name, attributes
}

// decodeValue undoes the encodings of version 2.1.
func decodeValue(attributes []attribute, value string) string {
	encoding, charset := "", ""
	for _, a := range attributes {
		switch v := strings.ToUpper(a.value); {
		case a.name == "CHARSET":
			charset = a.value
		case a.name == "ENCODING" || a.name == "TYPE" && (v == "QUOTED-PRINTABLE" || v == "BASE64"):
			encoding = v
		}
	}
	switch encoding {
	case "QUOTED-PRINTABLE", "Q":
		data, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value)))
		if err != nil && len(data) == 0 {
			return value
		}
		return string(foreign.Decode(data, charset))
	case "BASE64", "B":
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), ""))
		if err != nil {
			return ""
		}
		return string(foreign.Decode(data, charset))
	}
	return value
}

// split parts a value at a separator that is not escaped, and undoes escapes
// (RFC 6350 section 3.4); empty parts are left out.
func split(value string, separator byte) []string {
	var parts []string
	from := 0
	for i := 0; i <= len(value); i++ {
		switch {
		case i+1 < len(value) && value[i] == '\\':
			i++
		case i == len(value) || value[i] == separator:
			if part := strings.TrimSpace(unescape(value[from:i])); part != "" {
				parts = append(parts, part)
			}
			from = i + 1
		}
	}
	return parts
}

func unescape(value string) string {
	if !strings.Contains(value, `\`) {
		return value
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) {
			i++
			if value[i] == 'n' || value[i] == 'N' {
				b.WriteByte(' ')
				continue
			}
		}
		b.WriteByte(value[i])
	}
	return b.String()
}

// joinName puts family; given; additional; prefixes; suffixes in the order in
// which they are spoken: given, additional, family.
func joinName(value string) string {
	parts := strings.SplitN(strings.ReplaceAll(value, `\;`, " "), ";", 6)
	var name []string
	for _, i := range []int{1, 2, 0} {
		if i < len(parts) {
			name = append(name, split(parts[i], ',')...)
		}
	}
	return strings.Join(name, " ")
}
