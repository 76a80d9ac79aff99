package art

import (
	"strings"
	"unicode/utf8"
)

// wrap breaks a text into lines no wider than room, at blanks where it can and
// within a word that is alone too wide.
func (t *typeface) wrap(s string, size, room float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && t.width(line+" "+word, size) <= room {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for word != "" && t.width(word, size) > room {
			n := t.fitting(word, size, room)
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fitting gives how many bytes of s fit into room: at least one character, so
// that breaking a word always ends.
func (t *typeface) fitting(s string, size, room float64) int {
	n := 0
	for n < len(s) {
		_, c := utf8.DecodeRuneInString(s[n:])
		if n > 0 && t.width(s[:n+c], size) > room {
			break
		}
		n += c
	}
	return n
}

// shorten cuts a text to room; an ellipsis shows the cut.
func (t *typeface) shorten(s string, size, room float64) string {
	if t.width(s, size) <= room {
		return s
	}
	const dots = "\u2026"
	room -= t.width(dots, size)
	if room <= 0 {
		return ""
	}
	return strings.TrimRight(s[:t.fitting(s, size, room)], " ") + dots
}
