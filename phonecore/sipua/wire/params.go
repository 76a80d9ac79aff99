package wire

import (
	"slices"
	"strings"
)

// Param is one ";name=value"; Value is empty for a bare ";name". Quotes stay
// part of the value.
type Param struct{ Name, Value string }

// Params are parameters in their order.
type Params []Param

// parseParams reads ";a=b;c" with or without the first semicolon and with
// white space anywhere.
func parseParams(s string) Params {
	var p Params
	for _, e := range splitOutside(s, ';') {
		name, value, _ := strings.Cut(e, "=")
		p = append(p, Param{strings.TrimSpace(name), strings.TrimSpace(value)})
	}
	return p
}

// Get is the value of a parameter without its quotes; names match in any case.
func (p Params) Get(name string) (string, bool) {
	for _, e := range p {
		if strings.EqualFold(e.Name, name) {
			return Unquote(e.Value), true
		}
	}
	return "", false
}

// Has tells whether there is such a parameter.
func (p Params) Has(name string) bool {
	_, ok := p.Get(name)
	return ok
}

// Set changes a parameter or appends it.
func (p *Params) Set(name, value string) {
	for i, e := range *p {
		if strings.EqualFold(e.Name, name) {
			(*p)[i].Value = value
			return
		}
	}
	*p = append(*p, Param{name, value})
}

// Del removes a parameter.
func (p *Params) Del(name string) {
	*p = slices.DeleteFunc(*p, func(e Param) bool { return strings.EqualFold(e.Name, name) })
}

// String writes the parameters, each with its semicolon.
func (p Params) String() string {
	var b strings.Builder
	for _, e := range p {
		b.WriteString(";" + e.Name)
		if e.Value != "" {
			b.WriteString("=" + e.Value)
		}
	}
	return b.String()
}

// Quote makes a quoted-string (RFC 3261 section 25.1).
func Quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// Unquote gives the text of a quoted-string; other text is returned as it is.
func Unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
