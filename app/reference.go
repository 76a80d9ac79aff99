package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"deskset/provisioning/param"
)

// reference is the command that writes the manual: every flag and every
// parameter, from the tables that the program itself obeys.
func reference(_ context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("deskset reference", flag.ContinueOnError)
	fs.SetOutput(stderr)
	man := fs.Bool("man", false, "write a manual page (roff) instead of Markdown")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	write := markdown
	if *man {
		write = manual
	}
	if err := write(stdout); err != nil {
		fmt.Fprintln(stderr, "deskset reference:", err)
		return 1
	}
	return 0
}

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
			p.Help = strings.NewReplacer("line 1", "line N", "line1", "lineN", "key 1", "key N").Replace(p.Help)
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

// markdown writes the reference page.
func markdown(out io.Writer) error {
	var b strings.Builder
	b.WriteString("# Reference\n\nMade by `make docs` from the program's own tables: do not edit.\n\n## Ways to start it\n\n| command | what it does |\n|---|---|\n")
	for _, w := range ways {
		fmt.Fprintf(&b, "| `%s` | %s |\n", w.line, w.help)
	}
	b.WriteString("\n## Flags\n\n| flag | meaning |\n|---|---|\n")
	fs, _ := (&options{}).flagSet()
	for _, f := range ownFlags(fs) {
		fmt.Fprintf(&b, "| `-%s` | %s |\n", strings.TrimSpace(f.name+" "+f.value), cell(f.help))
	}
	b.WriteString("\n## Parameters\n\nEach is a line of the configuration files, a flag (`-preferred_codec g711alaw`), an environment variable " +
		"(`DESKSET_PREFERRED_CODEC`) and a line of the settings file. N is the number of a line or key. \"since\" is the firmware generation that brought it.\n\n" +
		"| parameter | meaning | values | default | set by | since |\n|---|---|---|---|---|---|\n")
	for _, d := range parameters() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", d.name, cell(d.Help), cell(d.values()), cell(d.defaults()), d.where(), d.since())
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// cell keeps a text within its cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// manual writes the manual page deskset(1).
func manual(out io.Writer) error {
	var b strings.Builder
	b.WriteString(".TH DESKSET 1\n.SH NAME\ndeskset \\- softphone with the face of the SIP IP Phone 7960\n.SH SYNOPSIS\n")
	for _, w := range ways {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(w.line), roff(w.help))
	}
	b.WriteString(".SH OPTIONS\n")
	fs, _ := (&options{}).flagSet()
	for _, f := range ownFlags(fs) {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace("-"+f.name+" "+f.value)), roff(f.help))
	}
	b.WriteString(".SH PARAMETERS\nEach is a line of the configuration files, a flag, an environment variable (DESKSET_NAME) and a line of the settings file.\n")
	for _, d := range parameters() {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s Values: %s. Default: %s.\n", roff(d.name), roff(d.Help), roff(d.values()), roff(d.defaults()))
	}
	b.WriteString(".SH FILES\n.TP\n.I ~/.config/deskset/deskset.cnf\nsettings\n.TP\n.I ~/.config/deskset/flash\nthe phone's memory\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// roff keeps a text from being taken for requests, and its hyphens what they
// are.
func roff(s string) string {
	s = strings.NewReplacer("\\", "\\e", "-", "\\-", "–", "none").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = "\\&" + s
	}
	return s
}
