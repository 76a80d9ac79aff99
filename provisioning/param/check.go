package param

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// beyond says what becomes of a value outside Min..Max.
type beyond uint8

const (
	reject beyond = iota // keep the reduce layer's value
	reduce               // too large: use Max; too small: reject
	clamp                // use the nearer end
)

// checked is a value that was found good, perhaps after a change.
type checked struct {
	text string
	// advice is for the person who wrote it; empty if there is none.
	advice string
	// adjusted is true if the value is not what was written.
	adjusted bool
}

// unprovisioned is how files and instruments write "unset".
const unprovisioned = "UNPROVISIONED"

// Check tests a text against the parameter and gives it normalised, or an
// error that says what is wanted. The error never holds the value of a Secret.
// An empty result means that the text unsets the parameter.
func (p Param) Check(text string) (clean string, err error) {
	c, err := p.check(text)
	return c.text, err
}

func (p *Param) check(text string) (checked, error) {
	text = stripControls(text)
	trimmed := strings.TrimSpace(text)
	if strings.EqualFold(trimmed, unprovisioned) {
		return checked{}, nil
	}
	if p.Kind != Text && p.Kind != Secret || p.normal != nil {
		text = trimmed
	}
	if text == "" {
		return checked{}, nil
	}
	if p.normal != nil {
		return p.normal(p, text)
	}
	return p.checkKind(text)
}

func (p *Param) checkKind(text string) (checked, error) {
	switch p.Kind {
	case Int:
		return p.checkInt(text)
	case Bool:
		return checkBool(text)
	case Choice:
		return p.checkChoice(text)
	case Host:
		return checkHost(p, text)
	case URI:
		return p.checkURI(text)
	case IPv4:
		return checkIPv4(text)
	}
	return p.checkText(text)
}

func (p *Param) checkInt(text string) (checked, error) {
	if slices.Contains(p.also, text) {
		return checked{text: text}, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return checked{}, p.wantRange()
	}
	switch {
	case n >= p.Min && n <= p.Max:
		return checked{text: strconv.Itoa(n)}, nil
	case p.high > 0 && n >= p.low && n <= p.high:
		return checked{text: strconv.Itoa(n), advice: fmt.Sprintf("instruments take %d to %d only; taken here", p.Min, p.Max)}, nil
	case p.beyond == clamp, p.beyond == reduce && n > p.Max:
		near := strconv.Itoa(min(max(n, p.Min), p.Max))
		return checked{near, fmt.Sprintf("%v; using %s", p.wantRange(), near), true}, nil
	}
	return checked{}, p.wantRange()
}

func (p *Param) wantRange() error {
	unit := ""
	if p.Unit != "" {
		unit = " " + p.Unit
	}
	also := ""
	if len(p.also) > 0 {
		also = " or " + strings.Join(p.also, ", ")
	}
	low, high := p.Min, p.Max
	if p.high > 0 {
		low, high = p.low, p.high
	}
	return fmt.Errorf("want a number from %d to %d%s%s", low, high, also, unit)
}

var boolWords = map[string]string{
	"0": "0", "no": "0", "false": "0", "off": "0",
	"1": "1", "yes": "1", "true": "1", "on": "1",
}

func checkBool(text string) (checked, error) {
	clean, ok := boolWords[strings.ToLower(text)]
	switch {
	case !ok:
		return checked{}, errors.New("want 0 or 1")
	case clean != text:
		return checked{clean, "want 0 or 1; using " + clean, true}, nil
	}
	return checked{text: clean}, nil
}

func (p *Param) checkChoice(text string) (checked, error) {
	for _, choice := range slices.Concat(p.Choices, p.also) {
		if strings.EqualFold(choice, text) {
			return checked{text: choice}, nil
		}
	}
	if p.wanted != nil {
		return checked{}, errors.New("want " + orList(p.wanted))
	}
	return checked{}, errors.New("want " + orList(p.Choices))
}

func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// checkURI takes a number, a SIP address or a URL: anything that can stand in
// a request without quoting.
func (p *Param) checkURI(text string) (checked, error) {
	if utf8.RuneCountInString(text) > p.Max {
		return checked{}, fmt.Errorf("want at most %d characters", p.Max)
	}
	if strings.ContainsFunc(text, unicode.IsSpace) || strings.ContainsAny(text, "<>\"") {
		return checked{}, errors.New("want a number, a SIP address or a URL, without blanks")
	}
	return checked{text: text}, nil
}

func (p *Param) checkText(text string) (checked, error) {
	n := utf8.RuneCountInString(text)
	switch {
	case n <= p.Max:
		return checked{text: text}, nil
	case p.beyond == reduce:
		cut := string([]rune(text)[:p.Max])
		return checked{cut, fmt.Sprintf("want at most %d characters; using %q", p.Max, cut), true}, nil
	}
	return checked{}, fmt.Errorf("want at most %d characters, not %d", p.Max, n)
}

// stripControls takes out what must never reach a display, a log or a SIP
// message. A tab becomes a blank.
func stripControls(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), isBidi(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}

// isBidi finds the characters that reorder text on a display.
func isBidi(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// clip shortens what is quoted in a message.
func clip(s string) string {
	const most = 60
	s = stripControls(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}
