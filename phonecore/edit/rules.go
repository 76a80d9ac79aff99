package edit

import (
	"strings"
	"unicode"
)

// Rules say what a field takes.
type Rules struct {
	// Max is how many characters fit.
	Max int
	// Letters offers the mode Alpha besides Number.
	Letters bool
	// Secret shows stars instead of the text.
	Secret bool
	// Takes tells whether the field takes a character.
	Takes func(rune) bool
}

// maxAddress is the length of 255.255.255.255, maxHost that of the longest
// name in the DNS with brackets and a port (RFC 1035 section 2.3.4).
const (
	maxAddress = 15
	maxHost    = 263
	maxDigits  = 10
)

// Address is for an IPv4 address: digits and dots.
func Address() Rules { return Rules{Max: maxAddress, Takes: oneOf("0123456789.")} }

// Digits is for a number.
func Digits() Rules { return Rules{Max: maxDigits, Takes: oneOf("0123456789")} }

// Host is for an address or a name, with or without a port.
func Host() Rules {
	return Rules{Max: maxHost, Letters: true, Takes: func(r rune) bool {
		return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".-_:[]", r))
	}}
}

// URI is for a number or an address to call, or a web address.
func URI(most int) Rules {
	return Rules{Max: most, Letters: true, Takes: func(r rune) bool {
		return r > ' ' && r < 0x7f && !strings.ContainsRune(`<>"`, r)
	}}
}

// Text is for words.
func Text(most int) Rules { return Rules{Max: most, Letters: true, Takes: printable} }

// Secret is for a password.
func Secret(most int) Rules { return Rules{Max: most, Letters: true, Secret: true, Takes: printable} }

// printable is what has a shape and does not turn the writing round.
func printable(r rune) bool { return unicode.IsPrint(r) && !unicode.In(r, unicode.Cf) }

func oneOf(set string) func(rune) bool {
	return func(r rune) bool { return strings.ContainsRune(set, r) }
}
