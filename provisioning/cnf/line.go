package cnf

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskset/provisioning/latin1"
	"deskset/provisioning/param"
)

// comment starts a comment outside quotes, quote a quoted value.
const (
	comment = ";#"
	quote   = `'"`
)

// parseLine reads one line: blank, comment or setting.
func (p *parser) parseLine(raw []byte) {
	if len(raw) > maxLine {
		p.report(param.Warning, param.CodeTooLarge, "", fmt.Sprintf("line longer than %d bytes, ignored", maxLine))
		return
	}
	line := strings.TrimSpace(p.clean(raw))
	if line == "" || strings.IndexByte(comment, line[0]) >= 0 {
		return
	}
	i := strings.IndexAny(line, ":="+comment+quote)
	name := line
	if i >= 0 {
		name = strings.TrimSpace(line[:i])
	}
	switch {
	case !isName(name):
		p.report(param.Warning, param.CodeSyntax, "", "want name : value; line ignored")
	case i < 0 || line[i] != ':' && line[i] != '=':
		// A word that is no name may be the rest of a password.
		if _, known := param.Lookup(name); !known {
			name = ""
		}
		p.report(param.Warning, param.CodeSyntax, name, "want a colon and a value behind the name; line ignored")
	case line[i] == '=':
		p.report(param.Warning, param.CodeSyntax, name, "want a colon, not =, behind the name; line ignored")
	default:
		p.setting(name, strings.TrimSpace(line[i+1:]))
	}
}

// setting takes what stands behind the colon, without blanks around it.
func (p *parser) setting(name, rest string) {
	read := p.bare
	if rest != "" && strings.IndexByte(quote, rest[0]) >= 0 {
		read = p.quoted
	}
	if value, ok := read(name, rest); ok {
		p.Entries = append(p.Entries, param.Entry{Name: name, Text: value, Reset: value == "", Line: p.line})
	}
}

func (p *parser) quoted(name, rest string) (value string, ok bool) {
	end := strings.IndexByte(rest[1:], rest[0])
	if end < 0 {
		p.report(param.Warning, param.CodeQuoting, name, fmt.Sprintf("want a closing %c on the same line; line ignored", rest[0]))
		return "", false
	}
	value, after := rest[1:1+end], strings.TrimSpace(rest[2+end:])
	if after != "" && strings.IndexByte(comment, after[0]) < 0 {
		p.report(param.Warning, param.CodeQuoting, name, "want nothing but a comment behind the closing quote; the rest is ignored")
	}
	return value, true
}

func (p *parser) bare(name, rest string) (value string, ok bool) {
	value = rest
	if i := strings.IndexAny(rest, comment); i >= 0 {
		value = strings.TrimSpace(rest[:i])
		if insideWord(rest, i) {
			p.report(param.Note, param.CodeQuoting, name,
				fmt.Sprintf("the %c starts a comment; put the value in quotes if it belongs to it", rest[i]))
		}
	}
	if strings.ContainsFunc(value, unicode.IsSpace) {
		p.report(param.Warning, param.CodeQuoting, name,
			"want quotes around a value with blanks; taken as a whole, an instrument may stop at the first blank")
	}
	return value, true
}

// insideWord tells whether the comment at i may be meant as a part of the
// value: a # right behind it, or a ; with something on both sides.
func insideWord(rest string, i int) bool {
	if i == 0 || rest[i-1] == ' ' {
		return false
	}
	return rest[i] == '#' || i+1 < len(rest) && rest[i+1] != ' '
}

func isName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && r != '.' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// clean makes the line text: blanks for tabs, no control characters, UTF-8.
func (p *parser) clean(raw []byte) string {
	dirty, foreign := false, false
	for _, b := range raw {
		dirty = dirty || b < ' ' || b == 0x7f
		foreign = foreign || b >= utf8.RuneSelf
	}
	if !dirty && !foreign {
		return string(raw)
	}
	text := string(raw)
	if foreign && !utf8.Valid(raw) {
		text = latin1.Text(raw)
		p.report(param.Note, param.CodeCharacters, "", "not UTF-8; read as ISO 8859-1")
	}
	dropped := false
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\v' || r == '\f':
			return ' '
		case unicode.IsControl(r):
			dropped = true
			return -1
		}
		return r
	}, text)
	if dropped {
		p.report(param.Warning, param.CodeCharacters, "", "control characters dropped")
	}
	return text
}
