package flow

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Profile is the dialect of the peers.
type Profile string

// The profiles: RFC 2543 has no branch cookie and no tags, holds by
// c=0.0.0.0 and transfers by BYE with Also; of today are tags, sendonly, and
// REFER with NOTIFY and Replaces.
const (
	Modern  Profile = "modern"
	RFC2543 Profile = "rfc2543"
)

// Profiles are both.
var Profiles = []Profile{RFC2543, Modern}

// Flow is one call flow of Appendix B.
type Flow struct {
	// Figure "B-4" and Page "B-15" of the guide, and the figure's title.
	Figure, Page, Title string
	// As are the parts that the phone can play.
	As    []string
	Steps []Step
}

// Step is a message, or something that a person does (Verb).
type Step struct {
	Number   string // in the guide's table; empty for what it leaves out
	Only     Profile
	From, To string
	What     string // "INVITE", "180"
	Args     []string
	Verb     string
}

// String is the step as it stands in the table.
func (s Step) String() string {
	if s.Verb != "" {
		return strings.TrimSpace(strings.Join(append([]string{s.From, s.Verb, s.To}, s.Args...), " "))
	}
	return strings.TrimSpace(strings.Join(append([]string{s.Number, s.From, ">", s.To, s.What}, s.Args...), " "))
}

// arg gives the value of "name=value", and whether the argument is there.
func (s Step) arg(name string) (string, bool) {
	for _, a := range s.Args {
		if n, v, _ := strings.Cut(a, "="); n == name {
			return v, true
		}
	}
	return "", false
}

// in gives the steps of a profile.
func (f Flow) in(p Profile) (steps []Step) {
	for _, s := range f.Steps {
		if s.Only == "" || s.Only == p {
			steps = append(steps, s)
		}
	}
	return steps
}

//go:embed appendixb.flow
var appendixB string

// AppendixB gives the guide's call flows; a figure may have several.
func AppendixB() []Flow {
	flows, err := parse(appendixB)
	if err != nil {
		panic("appendixb.flow: " + err.Error()) // compiled in
	}
	return flows
}

// Figure gives the first flow of a figure.
func Figure(figure string) Flow { return Titled(figure, "") }

// Titled gives the first flow of a figure whose title begins so.
func Titled(figure, title string) Flow {
	for _, f := range AppendixB() {
		if f.Figure == figure && strings.HasPrefix(f.Title, title) {
			return f
		}
	}
	panic("no flow " + figure + " " + title)
}

func parse(text string) (flows []Flow, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] == "flow" && len(words) > 4:
			flows = append(flows, Flow{Figure: words[1], Page: words[3], Title: strings.Join(words[4:], " ")})
		case len(flows) == 0:
			return nil, fmt.Errorf("line %d: no flow has begun", n)
		default:
			if !flows[len(flows)-1].line(words) {
				return nil, fmt.Errorf("line %d: %q", n, line)
			}
		}
	}
	return flows, nil
}

// line takes the parts of a flow, or a step.
func (f *Flow) line(words []string) bool {
	if words[0] == "as" {
		f.As = words[1:]
		return len(f.As) > 0
	}
	s := Step{}
	if p := Profile(words[0]); slices.Contains(Profiles, p) {
		s.Only, words = p, words[1:]
	}
	if len(words) > 0 && unicode.IsDigit(rune(words[0][0])) {
		s.Number, words = words[0], words[1:]
	}
	switch {
	case len(words) >= 4 && words[1] == ">":
		s.From, s.To, s.What, s.Args = words[0], words[2], words[3], words[4:]
	case len(words) >= 2 && s.Number == "":
		s.From, s.Verb, words = words[0], words[1], words[2:]
		if len(words) > 0 && isParty(words[0]) {
			s.To, words = words[0], words[1:]
		}
		s.Args = words
	default:
		return false
	}
	f.Steps = append(f.Steps, s)
	return isParty(s.From) && (s.To == "" || isParty(s.To))
}

// number of a part, as telephone numbers are told in the guide's examples.
var numbers = map[string]string{
	"A": "5550001", "G1": "5550001", "B": "5550002", "C": "5550003", "G2": "5550003", "P": "", "R": "",
}

// addresses of the scripted peers.
var addresses = map[string]string{
	"A": "192.0.2.101:5060", "B": "192.0.2.102:5060", "C": "192.0.2.103:5060",
	"G1": "192.0.2.104:5060", "G2": "192.0.2.105:5060", "P": "192.0.2.106:5060", "R": "192.0.2.107:5060",
}

func isParty(name string) bool { _, ok := numbers[name]; return ok }

// Number is the telephone number of a part.
func Number(part string) string { return numbers[part] }

// Address is where the proxy P is reached.
func Address(part string) string { return addresses[part] }

// Proxied tells whether the phones of a flow call each other through a proxy.
func (f Flow) Proxied() bool {
	return slices.ContainsFunc(f.Steps, func(s Step) bool { return s.To == "P" })
}
