package main

import (
	"fmt"
	"strings"

	"deskset/provisioning/param"
)

// described is a parameter as the manual has it: those of the lines and keys
// are one entry, with N for the number.
type described struct {
	param.Param
	name string
}

func parameters() (list []described) {
	seen := map[string]bool{}
	for _, p := range param.All() {
		name := p.Name
		if p.Line > 0 {
			name = strings.Replace(name, fmt.Sprint(p.Line), "N", 1)
			p.Help = strings.NewReplacer("line 1", "line N", "line1", "lineN", "key 1", "key N", "manager 1", "manager N").Replace(p.Help)
		}
		if !seen[name] {
			seen[name] = true
			list = append(list, described{p, name})
		}
	}
	return list
}

// values says what a parameter may be.
func (d described) values() string {
	switch {
	case len(d.Choices) > 0:
		return strings.Join(d.Choices, ", ")
	case d.Kind == param.Bool:
		return "0, 1"
	case d.Kind == param.Int:
		return strings.TrimSpace(fmt.Sprintf("%d to %d %s", d.Min, d.Max, d.Unit))
	case d.Max > 0:
		return fmt.Sprintf("text, up to %d", d.Max)
	}
	return "text"
}

// defaults says what it is without a value, and where firmware generations
// differ in that.
func (d described) defaults() string {
	guide := d.Default(param.ProfileGuide)
	if guide == "" {
		guide = "–"
	}
	for _, profile := range param.Profiles()[1:] {
		if other := d.Default(profile); other != d.Default(param.ProfileGuide) {
			guide += fmt.Sprintf("; %s: %s", profile, other)
		}
	}
	return guide
}

// where says which sources may set it.
func (d described) where() string {
	switch {
	case d.Local:
		return "this computer"
	case d.PhoneOnly:
		return "phone's own file"
	}
	return "any file"
}

func (d described) since() string {
	if d.Since == "deskset" {
		return "ours"
	}
	return d.Since
}
