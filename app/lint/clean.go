package lint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskset/provisioning/param"
)

// neutral makes text fit for a terminal: what is not printable, or changes the
// direction of writing, is written as an escape. Passwords in URLs are hidden.
func neutral(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < utf8.RuneSelf:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		s = s[size:]
	}
	return param.MaskURL(b.String())
}
