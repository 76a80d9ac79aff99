package lint

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"deskset/provisioning/param"
)

// printHuman writes a line for each problem, the merged results, and a line
// that sums it up.
func printHuman(out io.Writer, r *report) error {
	w := bufio.NewWriter(out)
	for _, p := range r.problems {
		fmt.Fprintf(w, "%s: %s: %s [%s]\n", neutral(p.Place()), p.Severity, neutral(p.Message()), p.Code)
	}
	for _, m := range r.merged {
		writeMerged(w, r.profile, m)
	}
	if len(r.problems)+len(r.merged) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s: %s, %s, %s\n", plural(len(r.files), "file"), plural(r.count[param.Error], "error"),
		plural(r.count[param.Warning], "warning"), plural(r.count[param.Note], "note"))
	return w.Flush()
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// title says what was merged.
func (m merged) title() string {
	switch {
	case m.phone == "":
		return m.base + " alone"
	case m.base == "":
		return m.phone + " without a default file"
	}
	return m.phone + " over " + m.base
}

func writeMerged(w io.Writer, profile param.Profile, m merged) {
	remark := ""
	if m.remark != "" {
		remark = " (" + m.remark + ")"
	}
	fmt.Fprintf(w, "\n%s%s, defaults of profile %s:\n", neutral(m.title()), neutral(remark), profile)
	for _, v := range m.values {
		fmt.Fprintf(w, "  %-24s %-28s %s\n", v.name, quoted(neutral(v.text)), neutral(v.whence()))
	}
	if len(m.values) == 0 {
		fmt.Fprintln(w, "  nothing is set")
	}
}

// quoted puts quotes only where blanks or nothing would be overlooked.
func quoted(text string) string {
	if text == "" || strings.TrimSpace(text) != text {
		return `"` + text + `"`
	}
	return text
}

// whence is where a value comes from.
func (v value) whence() string {
	place := v.source
	if v.line > 0 {
		place = fmt.Sprintf("%s:%d", v.source, v.line)
	}
	switch {
	case v.origin != param.FromDefault:
		return place
	case v.source != "":
		return "default, reset by " + place
	}
	return "default"
}
