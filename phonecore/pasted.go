package phonecore

import (
	"strings"
	"unicode"
)

// dialable cleans pasted text: link schemes of telephone numbers go, and so
// do the blanks and brackets that people write numbers with, unless the text
// continues an address. Text that begins no number and no address gives
// nothing; before is what has been entered so far.
func dialable(s, before string) string {
	s = strings.TrimSpace(s)
	if rest, ok := cutScheme(s, "tel:"); ok {
		s, _, _ = strings.Cut(rest, ";")
	}
	if _, isSIP := cutScheme(s, "sip:"); isSIP || strings.Contains(s, "@") {
		return strings.Map(printable, s)
	}
	if strings.ContainsFunc(before, unicode.IsLetter) {
		return strings.Map(printable, s)
	}
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-()./", r) {
			return -1
		}
		return printable(r)
	}, s)
	begins := strings.HasPrefix(number, "+") || strings.ContainsAny(number, "0123456789*#")
	if before == "" && !begins {
		return ""
	}
	return number
}

func cutScheme(s, scheme string) (string, bool) {
	if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
		return s[len(scheme):], true
	}
	return s, false
}

func printable(r rune) rune {
	if r > unicode.MaxASCII || r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"", r) {
		return -1
	}
	return r
}
