package dialplan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// Parse reads a dial plan. It never fails: a rule that cannot be used is left
// out with a warning, as phones leave it out silently.
func Parse(name string, data []byte) (Plan, []param.Problem) {
	root, list := xmltree.Parse(name, data)
	p := &problems{source: name, list: list}
	if len(data) > instrumentSize {
		p.add(param.Note, param.CodeTooLarge, 0, "", fmt.Sprintf("%d bytes; instruments have room for %d", len(data), instrumentSize))
	}
	top := root.Find("DIALTEMPLATE")
	if top == nil {
		if !isSilencer(root) {
			p.add(param.Error, param.CodeSyntax, 0, "", "want <DIALTEMPLATE> around the rules; none taken")
		}
		return Plan{}, p.list
	}
	plan := Plan{Version: version(top)}
	for _, n := range top.Kids {
		switch {
		case strings.EqualFold(n.Name, "versionStamp"):
		case !strings.EqualFold(n.Name, "TEMPLATE"):
			p.add(param.Note, param.CodeUnknown, n.Line, n.Name, "unknown element, ignored")
		case len(plan.Templates) == maxTemplates:
			p.add(param.Error, param.CodeTooLarge, n.Line, "", fmt.Sprintf("more than %d rules; the rest is ignored", maxTemplates))
			return plan, p.list
		default:
			if t, err := readTemplate(n); err != nil {
				p.add(param.Warning, param.CodeBadValue, n.Line, attr(n, "MATCH"), err.Error()+"; rule ignored")
			} else {
				lint(p, t)
				repeated(p, plan.Templates, t)
				plan.Templates = append(plan.Templates, t)
			}
		}
	}
	return plan, p.list
}

// isSilencer recognises the file that only stands in for a missing one: empty,
// or an empty element of another name.
func isSilencer(root *xmltree.Node) bool {
	if len(root.Kids) == 1 && len(root.Kids[0].Attrs) == 0 {
		root = root.Kids[0]
	}
	return len(root.Kids) == 0 && root.Text == ""
}

func version(top *xmltree.Node) string {
	const most = 64
	v := strings.Trim(top.Value("versionStamp"), "{}")
	return v[:min(len(v), most)]
}

func attr(n *xmltree.Node, name string) string {
	value, _ := n.Attr(name)
	return value
}

// setters reads the attributes. A phone rejects a rule with one that it does
// not know.
var setters = map[string]func(t *Template, value string) error{
	"match":   (*Template).setMatch,
	"line":    (*Template).setLine,
	"timeout": (*Template).setTimeout,
	"user":    (*Template).setUser,
	"rewrite": func(t *Template, value string) error { t.Rewrite = value; return tooLong("REWRITE", value) },
	"route":   (*Template).setRoute,
	"tone":    (*Template).addTone,
}

func readTemplate(n *xmltree.Node) (Template, error) {
	t := Template{Timeout: DefaultTimeout, FileLine: n.Line}
	for _, a := range n.Attrs {
		set, ok := setters[strings.ToLower(a.Name)]
		if !ok {
			return Template{}, fmt.Errorf("unknown attribute %q", a.Name)
		}
		if err := set(&t, a.Value); err != nil {
			return Template{}, err
		}
	}
	if _, ok := n.Attr("MATCH"); !ok {
		return Template{}, errors.New("want a MATCH")
	}
	return t, nil
}

func tooLong(what, value string) error {
	if len(value) > maxPattern {
		return fmt.Errorf("%s has %d characters, want at most %d", what, len(value), maxPattern)
	}
	return nil
}

func (t *Template) setMatch(value string) error {
	t.Match, t.pattern = value, compile(value)
	return tooLong("MATCH", value)
}

func (t *Template) setLine(value string) (err error) {
	if t.Line, err = strconv.Atoi(value); err != nil || t.Line < 0 || t.Line > param.NumLines {
		return fmt.Errorf("LINE %q: want a number from 0 to %d", value, param.NumLines)
	}
	return nil
}

func (t *Template) setTimeout(value string) error {
	seconds, err := strconv.Atoi(value)
	if err != nil || seconds < 0 {
		return fmt.Errorf("TIMEOUT %q: want seconds, 0 or more", value)
	}
	t.Timeout = min(time.Duration(min(seconds, int(maxTimeout/time.Second)))*time.Second, maxTimeout)
	return nil
}

func (t *Template) setUser(value string) error {
	if t.User = strings.ToLower(value); t.User != "phone" && t.User != "ip" {
		return fmt.Errorf("USER %q: want Phone or IP", value)
	}
	return nil
}

func (t *Template) setRoute(value string) error {
	i := slices.Index([]string{"default", "emergency", "fqdn"}, strings.ToLower(value))
	if i < 0 {
		return fmt.Errorf("ROUTE %q: want default, emergency or FQDN", value)
	}
	t.Route = Route(i)
	return nil
}

func (t *Template) addTone(value string) error {
	i := slices.IndexFunc(Tones, func(tone Tone) bool { return strings.EqualFold(string(tone), value) })
	switch {
	case i < 0:
		return fmt.Errorf("TONE %q: want one like %s", value, DefaultTone)
	case len(t.Tones) == maxTones:
		return fmt.Errorf("want at most %d TONEs", maxTones)
	}
	t.Tones = append(t.Tones, Tones[i])
	return nil
}

// repeated finds rules that never count, because one before them matches the
// same digits. The plan is bounded, and so is the time that this takes.
func repeated(p *problems, rules []Template, t Template) {
	for _, before := range rules {
		if before.Match == t.Match && (before.Line == t.Line || before.Line == 0) {
			p.add(param.Warning, param.CodeDuplicate, t.FileLine, t.Match,
				fmt.Sprintf("the rule on line %d matches the same; this one is never used", before.FileLine))
			return
		}
	}
}

// lint finds rules that are taken but do not mean what their author thinks.
func lint(p *problems, t Template) {
	if strings.ContainsAny(t.Match, "XxNZz[]!_") {
		p.add(param.Warning, param.CodeAdvice, t.FileLine, t.Match,
			"looks like an Asterisk pattern, whose letters never match here; want . for a digit and * for the rest")
	}
	if len(t.Tones) > 0 && !strings.Contains(t.Match, ",") {
		p.add(param.Note, param.CodeAdvice, t.FileLine, t.Match, "has a TONE but no comma at which to play it")
	}
}
