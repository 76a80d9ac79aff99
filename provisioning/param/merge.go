package param

import (
	"fmt"
	"slices"
	"strings"
)

// maxProblems is how many problems of one layer are told one by one.
const maxProblems = 100

// Merge lays layers over each other, the weaker first (they are put in the
// order of their origins if need be), and gives what results with the
// problems met:
//
//   - A parameter that a layer does not name keeps the value of the layers below.
//   - One that is named without a value, or as UNPROVISIONED, goes back to its
//     default whatever the layers below say (guide 3-17, note).
//   - A value that does not fit leaves the value below, with a warning.
//   - A name that a layer sets twice takes the last good value, with a note.
//   - An unknown name is ignored, with a note.
func Merge(profile Profile, layers ...Layer) (*Set, []Problem) {
	m := merger{set: newSet(profile)}
	layers = slices.Clone(layers)
	slices.SortStableFunc(layers, func(a, b Layer) int { return int(a.Origin) - int(b.Origin) })
	for i := range layers {
		if layers[i].Origin > FromPhoneFile {
			m.keepFiled()
		}
		m.lay(&layers[i])
	}
	m.keepFiled()
	m.problems = append(m.problems, relate(m.set)...)
	return m.set, m.problems
}

type merger struct {
	set      *Set
	problems []Problem
}

// keepFiled remembers what flash and files alone give: it is what flash is to
// hold after the start-up.
func (m *merger) keepFiled() {
	if m.set.filed == nil {
		m.set.filed = slices.Clone(m.set.values)
	}
}

// lay puts one layer on top.
func (m *merger) lay(layer *Layer) {
	l := laying{merger: m, layer: layer, seen: map[int]Entry{}, problems: slices.Clone(layer.Problems)}
	for _, e := range layer.Entries {
		l.entry(e)
	}
	slices.SortStableFunc(l.problems, func(a, b Problem) int { return a.Line - b.Line })
	if over := len(l.problems) - maxProblems; over > 0 {
		l.problems = append(l.problems[:maxProblems], Problem{
			Severity: Warning, Code: CodeTooMany, Source: layer.Name,
			Text: fmt.Sprintf("%d more problems like these", over),
		})
	}
	m.problems = append(m.problems, l.problems...)
}

// laying is the work on one layer.
type laying struct {
	*merger
	layer    *Layer
	seen     map[int]Entry
	problems []Problem
}

func (l *laying) entry(e Entry) {
	i, ok := byName[strings.ToLower(e.Name)]
	if !ok {
		text := "unknown parameter, ignored"
		// Looking for what was meant takes time; only what is told is worth it.
		if len(l.problems)-len(l.layer.Problems) < maxProblems {
			text += suggestion(e.Name)
		}
		l.report(Note, CodeUnknown, e, "", text)
		return
	}
	p := &table[i]
	if p.Local && l.layer.fromNetwork() {
		l.report(Warning, CodeLocalOnly, e, "", "belongs in flags, environment or the settings file; ignored here")
		return
	}
	if first, twice := l.seen[i]; twice {
		l.report(Note, CodeDuplicate, e, "", "set before"+onLine(first)+"; the last good value counts")
	}
	l.seen[i] = e
	if p.PhoneOnly && l.layer.Origin == FromDefaultFile {
		l.report(Warning, CodePhoneOnly, e, "", "belongs in the phone-specific file, not in the one for all phones; taken")
	}
	l.assign(i, p, e)
}

func (l *laying) assign(i int, p *Param, e Entry) {
	var c checked
	if !e.Reset {
		var err error
		if c, err = p.check(e.Text); err != nil {
			l.report(Warning, CodeBadValue, e, p.quotable(e.Text), err.Error()+"; keeping "+p.shown(l.set.values[i].Text))
			return
		}
	}
	if c.advice != "" {
		severity, code := Note, CodeAdvice
		if c.adjusted {
			severity, code = Warning, CodeAdjusted
		}
		l.report(severity, code, e, p.quotable(e.Text), c.advice)
	}
	if l.layer.Origin != FromFlash && p.Kind != Secret && placeholder.MatchString(e.Text) {
		l.report(Warning, CodeAdvice, e, p.quotable(e.Text), placeholderAdvice)
	}
	if p.Locks && c.text >= "2" && l.layer.Origin == FromDefaultFile {
		l.report(Note, CodeAdvice, e, c.text, "locks it on all phones; 2 and 3 belong in the phone-specific file")
	}
	v := Value{Text: c.text, Origin: l.layer.Origin, Source: l.layer.source(e)}
	if c.text == "" {
		v.Text, v.Origin = p.Default(l.set.profile), FromDefault
	}
	l.set.values[i] = v
}

func (l *laying) report(severity Severity, code Code, e Entry, value, text string) {
	source := l.layer.Name
	if e.Source != "" {
		source = e.Source
	}
	l.problems = append(l.problems, Problem{
		Severity: severity, Code: code, Source: source, Line: e.Line, Name: e.Name, Value: value, Text: text,
	})
}

func onLine(e Entry) string {
	if e.Line == 0 {
		return ""
	}
	return fmt.Sprintf(" on line %d", e.Line)
}

// quotable is what a message may quote of a value; empty if nothing of it.
func (p *Param) quotable(text string) string {
	if p.Kind == Secret || hidesPassword(text) {
		return ""
	}
	return MaskURL(text)
}

// shown is a kept value in a message.
func (p *Param) shown(text string) string {
	switch {
	case text == "":
		return "it unset"
	case p.Kind == Secret:
		return "the one before"
	}
	return clip(p.Shown(text))
}
