package directory

import (
	"net/url"
	"strings"
)

// Number is a way to reach an entry. Label is what kind it is: one of the
// labels below, or what the person called it.
type Number struct {
	Label  string `json:"label,omitempty"`
	Number string `json:"number"`
}

// The labels that have names in every language.
const (
	LabelWork   = "work"
	LabelHome   = "home"
	LabelMobile = "mobile"
	LabelMain   = "main"
	LabelFax    = "fax"
	LabelPager  = "pager"
	LabelOther  = "other"
)

// minMatch is how many digits must agree where two numbers are not the same.
const minMatch = 7

// plainNumber is a number as it is dialled: the address of a tel: URI, the
// user of a sip: URI, and without the signs that make it readable (RFC 3966
// section 5.1.1).
func plainNumber(number string) string {
	number = strings.TrimSpace(number)
	scheme, rest, found := strings.Cut(number, ":")
	switch scheme = strings.ToLower(scheme); {
	case found && scheme == "tel":
		number, _, _ = strings.Cut(rest, ";")
	case found && (scheme == "sip" || scheme == "sips"):
		number, _, _ = strings.Cut(rest, "@")
		number, _, _ = strings.Cut(number, ";")
		if plain, err := url.PathUnescape(number); err == nil {
			number = plain
		}
	}
	plain := strings.Map(func(c rune) rune {
		switch {
		case strings.ContainsRune(" -./()\u00a0", c):
			return -1
		}
		return c
	}, number)
	return strings.ToLower(plain)
}

// national is what of a number does not depend on from where it is dialled:
// without + and 00 before a country, and 0 before an area. Empty if it is no
// number. international tells that it begins with a country.
func national(plain string) (digits string, international bool) {
	digits = plain
	switch {
	case strings.HasPrefix(digits, "+"):
		digits, international = digits[1:], true
	case strings.HasPrefix(digits, "00"):
		digits, international = digits[2:], true
	default:
		digits = strings.TrimPrefix(digits, "0")
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return digits, international
}

// exact is the closeness of two equal numbers.
const exact = 1 << 10

// closeness tells how surely two plain numbers are the same telephone: 0 not
// at all, exact if they are equal, else the number of digits that agree. That
// counts from seven on, and if the shorter of the two is the end of the longer
// one as a whole: 030 1234567, 1234567 and +49 30 1234567 agree, +49 30 1234567
// and +1 301 234567 do not, nor do two numbers with a country of their own.
func closeness(a, b string) int {
	if a == "" || b == "" {
		return 0
	}
	if a == b {
		return exact
	}
	left, leftWhole := national(a)
	right, rightWhole := national(b)
	if len(left) > len(right) {
		left, right, leftWhole, rightWhole = right, left, rightWhole, leftWhole
	}
	switch {
	case left == "":
		return 0
	case left == right && leftWhole == rightWhole:
		return exact
	case leftWhole, len(left) < minMatch, !strings.HasSuffix(right, left):
		return 0
	}
	return len(left)
}
