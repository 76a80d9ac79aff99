// Package ringlist reads the lists of ring tones that a TFTP server offers:
// RINGLIST.DAT of the guide's "Customizing the Cisco SIP IP Phone Ring Types"
// (2-22), lines of
//
//	name TAB file
//
// and the XML list of later phones (CiscoIPPhoneRingList). It also gets and
// checks the files themselves: raw µ-law samples at 8000 Hz.
package ringlist

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskset/provisioning/latin1"
	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// MaxRings is how many entries of a list are taken, as by later phones.
const MaxRings = 50

// Bounds; later phones document names of 25 characters.
const (
	maxSize     = 64 << 10
	maxLine     = 512
	maxName     = 25
	maxFile     = 128
	maxProblems = 100
)

// Ring is one entry.
type Ring struct {
	// Name for the Ring Type menu.
	Name string
	// File on the TFTP server.
	File string
	// Line of the list, from 1.
	Line int
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// Parse reads a list of either form. It never fails: what makes no sense
// becomes a problem with its line.
func Parse(name string, data []byte) ([]Ring, []param.Problem) {
	p := parser{source: name, names: map[string]int{}}
	data = bytes.TrimPrefix(data, byteOrderMark)
	if len(data) > maxSize {
		p.report(param.Error, param.CodeTooLarge, fmt.Sprintf("larger than %d KB; the rest is ignored", maxSize>>10))
		data = data[:maxSize]
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) {
		p.parseXML(data)
		return p.rings, p.problems
	}
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		p.line++
		p.parseLine(latin1.Text(line))
	}
	return p.rings, p.problems
}

type parser struct {
	source   string
	line     int
	rings    []Ring
	names    map[string]int // line of each name
	problems []param.Problem
}

func (p *parser) report(severity param.Severity, code param.Code, text string) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, param.Problem{Severity: severity, Code: code, Source: p.source, Line: p.line, Text: text})
	}
}

// parseLine reads a line of RINGLIST.DAT. Tabs may be several, and blanks may
// stand around the fields.
func (p *parser) parseLine(line string) {
	var fields []string
	for field := range strings.SplitSeq(line, "\t") {
		if field = strings.TrimSpace(field); field != "" {
			fields = append(fields, field)
		}
	}
	switch {
	case len(fields) == 0:
	case len(line) > maxLine:
		p.report(param.Warning, param.CodeTooLarge, fmt.Sprintf("line longer than %d characters, ignored", maxLine))
	case len(fields) == 1:
		p.withoutTab(fields[0])
	default:
		p.entries(fields)
	}
}

// withoutTab takes a line in which blanks stand for the tab, as they do in
// print, if its last word looks like a file.
func (p *parser) withoutTab(line string) {
	i := strings.LastIndexByte(line, ' ')
	if i < 0 || fileEnd(line) != len(line) {
		p.report(param.Warning, param.CodeSyntax, "want a name, a TAB and a file; line ignored")
		return
	}
	p.report(param.Warning, param.CodeSyntax, "want a TAB between name and file; an instrument needs it")
	p.add(strings.TrimSpace(line[:i]), line[i+1:])
}

// entries takes the fields of a line. More than two are entries between which
// the line end is missing: "A TAB a.raw" and "B TAB b.pcm" became one.
func (p *parser) entries(fields []string) {
	name := fields[0]
	for _, glued := range fields[1 : len(fields)-1] {
		end := fileEnd(glued)
		if end == 0 || end == len(glued) {
			p.report(param.Warning, param.CodeSyntax, "want one name and one file; line ignored")
			return
		}
		p.report(param.Warning, param.CodeSyntax, "a line end is missing between two entries; an instrument loses them")
		p.add(name, glued[:end])
		name = strings.TrimSpace(glued[end:])
	}
	p.add(name, fields[len(fields)-1])
}

// fileEnd is where the name of a sound file at the beginning of s ends, 0 if
// there is none.
func fileEnd(s string) int {
	for _, extension := range []string{".pcm", ".raw"} {
		if i := strings.Index(strings.ToLower(s), extension); i > 0 && len(strings.ToLower(s)) == len(s) {
			return i + len(extension)
		}
	}
	return 0
}

// parseXML reads the XML form: Ring elements with DisplayName and FileName.
func (p *parser) parseXML(data []byte) {
	root, problems := xmltree.Parse(p.source, data)
	p.problems = append(p.problems, problems...)
	list := root.Find("CiscoIPPhoneRingList")
	if list == nil {
		p.report(param.Error, param.CodeSyntax, "want <CiscoIPPhoneRingList> around the entries; none taken")
	}
	for _, n := range list.All("Ring") {
		p.line = n.Line
		p.add(n.Value("DisplayName"), n.Value("FileName"))
	}
}

func (p *parser) add(name, file string) {
	name, file = printable(name), printable(file)
	switch {
	case name == "" || file == "":
		p.report(param.Warning, param.CodeSyntax, "want a name and a file; entry ignored")
		return
	case len(file) > maxFile || strings.Contains(file, ".."):
		p.report(param.Warning, param.CodeBadValue, "want the name of a file on the server; entry ignored")
		return
	case len(p.rings) == MaxRings:
		p.report(param.Error, param.CodeTooLarge, fmt.Sprintf("more than %d rings; the rest is ignored", MaxRings))
		return
	}
	if utf8.RuneCountInString(name) > maxName {
		name = string([]rune(name)[:maxName])
		p.report(param.Note, param.CodeAdjusted, fmt.Sprintf("name cut to %d characters", maxName))
	}
	if first, twice := p.names[name]; twice {
		p.report(param.Note, param.CodeDuplicate, fmt.Sprintf("%q is on line %d already; the menu shows both", name, first))
	} else {
		p.names[name] = p.line
	}
	p.rings = append(p.rings, Ring{name, file, p.line})
}

// printable takes out what must not reach the display.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s))
}
