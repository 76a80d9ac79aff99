package terminal

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// clean makes text harmless and countable: what a far party or a server sent
// must not move the cursor, recolour the screen or reorder it. Control
// characters and invalid UTF-8 become "?", characters without a width of their
// own (combining marks that have no composed form, directional overrides)
// disappear.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar || unicode.IsControl(r):
			return '?'
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Zl, unicode.Zp):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "?")))
}

// runeCells is how many columns a cleaned rune takes.
func runeCells(r rune) int {
	if r < 0x1100 {
		return 1
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cells is how many columns cleaned text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

// head gives the first n columns of cleaned text.
func head(s string, n int) string {
	used := 0
	for i, r := range s {
		if used += runeCells(r); used > n {
			return s[:i]
		}
	}
	return s
}

// shorten cuts cleaned text to n columns; an ellipsis shows the cut.
func shorten(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	if n <= 0 {
		return ""
	}
	return head(s, n-1) + "…"
}

// fit makes text exactly n columns wide.
func fit(s string, n int) string {
	s = shorten(s, n)
	return s + strings.Repeat(" ", max(0, n-cells(s)))
}

// centre makes text exactly n columns wide, with the text in the middle.
func centre(s string, n int) string {
	s = shorten(s, n)
	return fit(strings.Repeat(" ", max(0, n-cells(s))/2)+s, n)
}

// wrap breaks text at blanks into lines of at most n columns; a word longer
// than that is broken where it must be.
func wrap(s string, n int) []string {
	n = max(n, 1)
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for cells(word) > n {
			part := head(word, n)
			if part == "" { // one wide character in one column
				part = string([]rune(word)[:1])
			}
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, part), word[len(part):]
		}
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= n:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// asciiOf says how each drawing sign looks where only ASCII can be shown.
var asciiOf = map[rune]string{
	'╭': "+", '╮': "+", '╰': "+", '╯': "+", '├': "+", '┤': "+", '┬': "+", '┴': "+",
	'─': "-", '│': "|", '█': "#", '░': ".", '▲': "^", '▼': "v", '…': "~",
	'●': "*", '○': "o", '♪': "!", '‖': "=", '×': "x", '»': ">", '→': ">", 'ø': "m",
	'■': "L", '□': "U", '♦': "E", '≡': "M", '↔': "c", '↑': "^", '↓': "v",
	'·': ".", '▶': ">", '✓': "+", '✗': "!", '–': "-",
}

// toASCII redraws a line for a terminal that knows no UTF-8, keeping its
// width: letters lose their accents, what is left unknown becomes "?".
func toASCII(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		sign, ok := asciiOf[r]
		switch {
		case ok:
		case r == 0x2800:
			sign = " "
		case r > 0x2800 && r <= 0x28ff: // Braille patterns of a picture
			sign = "#"
		default:
			sign = "?"
			if base := norm.NFD.String(string(r)); base[0] < 0x80 {
				sign = base[:1]
			}
		}
		b.WriteString(sign)
		b.WriteString(strings.Repeat(" ", runeCells(r)-1))
	}
	return b.String()
}
