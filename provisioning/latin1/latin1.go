// Package latin1 reads files of the days before UTF-8: what the instrument's
// generation wrote is in ISO 8859-1.
package latin1

import (
	"strings"
	"unicode/utf8"
)

// Text gives a file's bytes as text. What is not UTF-8 is ISO 8859-1, in which
// each byte is the code point of its character.
func Text(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	var b strings.Builder
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.String()
}
