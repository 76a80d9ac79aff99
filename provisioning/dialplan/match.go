package dialplan

import (
	"strings"
	"time"
)

// Action is what to do with the digits dialled so far.
type Action uint8

// The actions.
const (
	// Collect: wait for more; after Timeout dial what there is.
	Collect Action = iota
	// Ready: a rule matches; dial after Timeout, at once if that is 0.
	Ready
	// DialNow: # ended the number.
	DialNow
)

// Result tells what the plan says of the digits dialled so far.
type Result struct {
	Action Action
	// Timeout until the number is dialled if no more digits come.
	Timeout time.Duration
	// Number is what is to be called if it is dialled now: rewritten, without
	// the # that ended it.
	Number string
	User   string
	Route  Route
	// Tone is to be played now, empty if none is.
	Tone Tone
	// Template is the rule that decided, nil if none did.
	Template *Template
}

// Match looks digits up for a line. Without digits it finds a rule with an
// empty MATCH, which makes the line call by itself: at once for Ready with
// Timeout 0 (a hot line), else after Timeout.
func (p *Plan) Match(digits string, line int) Result {
	digits = digits[:min(len(digits), maxDigits)]
	var best contest
	for i := range p.Templates {
		if t := &p.Templates[i]; t.Line == 0 || t.Line == line {
			best.enter(t, try(t.pattern, digits))
		}
	}
	return best.result(digits)
}

// contest finds the best rule: one by one they enter in the file's order.
type contest struct {
	// best so far, and how it matched.
	best  *Template
	trial trial
	// awaits is true if any rule has a pause next.
	awaits bool
}

func (c *contest) enter(t *Template, trial trial) {
	if !trial.ok {
		return
	}
	c.awaits = c.awaits || trial.awaits
	better := c.best == nil || trial.literals > c.trial.literals ||
		trial.literals == c.trial.literals && trial.quality > c.trial.quality
	// A rule that is complete replaces an incomplete one with as many literals.
	completes := trial.complete && !c.trial.complete && trial.literals == c.trial.literals
	if better || completes {
		c.best, c.trial = t, trial
	}
}

func (c *contest) result(digits string) Result {
	r := Result{Timeout: DefaultTimeout, Number: digits}
	ended := strings.HasSuffix(digits, "#") && (c.best == nil || c.trial.ended)
	if ended {
		digits = strings.TrimSuffix(digits, "#")
		r.Number = digits
	}
	r.Template = c.best
	if c.trial.complete {
		r.Action, r.Timeout = Ready, c.best.Timeout
		r.Number, r.User, r.Route = c.best.rewrite(digits, c.trial.groups), c.best.User, c.best.Route
	}
	switch {
	case ended:
		r.Action, r.Timeout = DialNow, 0
	case c.awaits && (!c.trial.complete || c.trial.quality == wild):
		r.Tone = c.best.tone(c.trial.pauses)
	}
	return r
}

// tone is that of the n-th pause, from 0.
func (t *Template) tone(n int) Tone {
	if n < len(t.Tones) {
		return t.Tones[n]
	}
	return DefaultTone
}

// rewrite makes the number to call: a dot copies the next digit that a dot or
// star stood for, %1 to %5 a group of them, %0 and %s all digits, and % any
// other character that one: the dot of a host name is written "%.".
func (t *Template) rewrite(digits string, groups []string) string {
	if t.Rewrite == "" {
		return digits
	}
	rest := strings.Join(groups, "")
	var b strings.Builder
	for i := 0; i < len(t.Rewrite); i++ {
		switch c := t.Rewrite[i]; {
		case c == '.' && rest != "":
			b.WriteByte(rest[0])
			rest = rest[1:]
		case c == '.':
		case c == '%' && i+1 < len(t.Rewrite):
			i++
			b.WriteString(substitute(t.Rewrite[i], digits, groups))
		case c != '%':
			b.WriteByte(c)
		}
	}
	return b.String()
}

func substitute(c byte, digits string, groups []string) string {
	switch group := int(c) - '1'; {
	case c == 's' || c == '0':
		return digits
	case group >= 0 && group < len(groups):
		return groups[group]
	}
	return string(c)
}
