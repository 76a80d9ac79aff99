package cnf

import (
	"bytes"
	"fmt"
	"iter"

	"deskset/provisioning/param"
)

// Bounds on what is read; real files have 4 KB and 150 settings.
const (
	maxSize    = 1 << 20 // bytes
	maxLine    = 4096    // bytes
	maxEntries = 10_000
	// maxProblems is more than param.Merge tells one by one.
	maxProblems = 200
)

// File is what a .cnf file says.
type File struct {
	Name string
	// Entries in the order of the file.
	Entries []param.Entry
	// Problems in the order of the file.
	Problems []param.Problem
}

// Layer makes the file a layer for param.Merge, its problems included.
func (f File) Layer(origin param.Origin) param.Layer {
	return param.Layer{Origin: origin, Name: f.Name, Entries: f.Entries, Problems: f.Problems}
}

// Parse reads a .cnf file. It never fails: what cannot be read becomes a
// problem with its line.
func Parse(name string, data []byte) File {
	p := parser{File: File{Name: name}}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		p.report(param.Error, param.CodeCharacters, "", "this is UTF-16; save it as plain text (UTF-8); nothing taken")
		return p.File
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")):
		p.report(param.Error, param.CodeSyntax, "", "this is XML or HTML, not lines of name : value; nothing taken")
		return p.File
	}
	if len(data) > maxSize {
		p.report(param.Error, param.CodeTooLarge, "", fmt.Sprintf("larger than %d KB; the rest is ignored", maxSize>>10))
		data = data[:maxSize]
	}
	for line := range lines(data) {
		p.line++
		if len(p.Entries) == maxEntries {
			p.report(param.Error, param.CodeTooLarge, "", fmt.Sprintf("more than %d settings; the rest is ignored", maxEntries))
			break
		}
		p.parseLine(line)
	}
	return p.File
}

// lines gives the lines of a file without their ends.
func lines(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(data) > 0 {
			line := data
			i := bytes.IndexAny(data, "\r\n")
			if i >= 0 {
				line = data[:i]
				if data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n' {
					i++
				}
				data = data[i+1:]
			} else {
				data = nil
			}
			if !yield(line) {
				return
			}
		}
	}
}

// parser collects while it goes through the lines.
type parser struct {
	File
	line int
}

func (p *parser) report(severity param.Severity, code param.Code, name, text string) {
	if len(p.Problems) < maxProblems {
		p.Problems = append(p.Problems, param.Problem{
			Severity: severity, Code: code, Source: p.Name, Line: p.line, Name: name, Text: text,
		})
	}
}
