package param

import (
	"fmt"
	"strings"
)

// Severity says how much a problem matters.
type Severity uint8

// The severities.
const (
	// Note: nothing is lost; worth knowing.
	Note Severity = iota
	// Warning: something was not taken as written.
	Warning
	// Error: a whole layer, or a part of it, could not be read.
	Error
)

var severityNames = [...]string{"note", "warning", "error"}

// String is the severity's name in lower case.
func (s Severity) String() string { return severityNames[min(int(s), len(severityNames)-1)] }

// Code names a sort of problem for programs; see the constants.
type Code string

// The codes. They are stable: linters print them, and users filter by them.
const (
	CodeUnknown    Code = "unknown-parameter"
	CodeBadValue   Code = "bad-value"
	CodeAdjusted   Code = "adjusted-value"
	CodeAdvice     Code = "advice"
	CodeDuplicate  Code = "duplicate"
	CodePhoneOnly  Code = "phone-parameter-in-default-file"
	CodeLocalOnly  Code = "local-parameter-in-file"
	CodeConflict   Code = "conflict"
	CodeSyntax     Code = "syntax"
	CodeQuoting    Code = "quoting"
	CodeCharacters Code = "characters"
	CodeTooLarge   Code = "too-large"
	CodeTooMany    Code = "too-many-problems"
)

// Problem is something that was found while layers were read or merged. It is
// an error that tells where, what and what was done about it, never a secret.
type Problem struct {
	Severity Severity
	Code     Code
	// Source is the file's name, or the flag or variable; empty if the problem
	// is in no one place.
	Source string
	// Line in the file, from 1; 0 if there is none.
	Line int
	// Name of the parameter as it was written; may be empty.
	Name string
	// Value as it was written, for quoting; empty for secrets.
	Value string
	// Text says what is wanted and what was done.
	Text string
}

// Error gives the problem in one line:
//
//	SIPDefault.cnf:12: preferred_codec "g723": want g711ulaw, g711alaw or g729a; keeping g711ulaw
func (p Problem) Error() string {
	if p.Source == "" {
		return p.Message()
	}
	return p.Place() + ": " + p.Message()
}

// Place is where the problem is: "SIPDefault.cnf:12".
func (p Problem) Place() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d", p.Source, p.Line)
	}
	return p.Source
}

// Message is what the problem is, without its place.
func (p Problem) Message() string {
	var b strings.Builder
	b.WriteString(clip(p.Name))
	if p.Value != "" {
		if p.Name != "" {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%q", clip(p.Value))
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(p.Text)
	return b.String()
}
