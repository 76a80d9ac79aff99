package phonecore

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How many characters are shown of a name or reason of the network, and of a
// whole status message.
const (
	maxWords      = 120
	maxStatusText = 400
)

// plain makes a text of the network (a caller's name, a server's reason, an
// error that quotes either) fit for display, window title, status list and
// log: one line of bounded length, without control and format characters,
// which could move a terminal's cursor or turn the writing round.
func plain(s string, most int) string {
	if len(s) > utf8.UTFMax*most {
		s = s[:utf8.UTFMax*most] // no need to look at a megabyte
	}
	n := 0
	return strings.Map(func(r rune) rune {
		switch {
		case n == most || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		case unicode.IsControl(r) || unicode.IsSpace(r):
			r = ' '
		}
		n++
		return r
	}, strings.ToValidUTF8(s, "?"))
}
