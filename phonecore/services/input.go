package services

import (
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// InputKind is what can be entered into a field.
type InputKind uint8

// The kinds by their InputFlags: A, T, N, E, U and L.
const (
	InputText InputKind = iota
	InputPhone
	InputNumber
	InputEquation
	InputUpper
	InputLower
)

var inputKinds = map[rune]InputKind{
	'A': InputText, 'T': InputPhone, 'N': InputNumber, 'E': InputEquation, 'U': InputUpper, 'L': InputLower,
}

// inputKind reads a field's InputFlags; without any it is plain text.
func (r *reader) inputKind(n *xmltree.Node) (kind InputKind, password bool) {
	for _, flag := range strings.ToUpper(line(n.Value("InputFlags"), maxTitle)) {
		known := false
		if flag == 'P' {
			password = true
		} else if kind, known = inputKinds[flag]; !known {
			r.note(n, param.CodeBadValue, "InputFlags: "+string(flag)+" is not known; text is taken")
		}
	}
	return kind, password
}

const (
	digits   = "0123456789"
	equation = digits + "+-*/=().,^%<> "
)

// Accepts tells whether a character can be entered into a field of this kind.
func (k InputKind) Accepts(c rune) bool {
	switch k {
	case InputPhone:
		return strings.ContainsRune(digits+"*#", c)
	case InputNumber:
		return strings.ContainsRune(digits, c)
	case InputEquation:
		return strings.ContainsRune(equation, c)
	case InputUpper:
		return c >= 'A' && c <= 'Z' || c == ' '
	case InputLower:
		return c >= 'a' && c <= 'z' || c == ' '
	}
	return line(string(c), 1) != "" || c == ' '
}
