package cnf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskset/provisioning/param"
)

// Write gives entries as a .cnf file that Parse reads back the same. Values
// are put in quotes, as most files do. It refuses names and values that the
// grammar cannot express; the error never holds a value.
func Write(entries []param.Entry) ([]byte, error) {
	var b bytes.Buffer
	for i, e := range entries {
		if !isName(e.Name) {
			return nil, fmt.Errorf("entry %d: %q: want a name of letters, digits and underscores", i+1, e.Name)
		}
		value := e.Text
		if e.Reset {
			value = ""
		}
		written, ok := enclose(value)
		if !ok || len(e.Name)+len(": ")+len(written) > maxLine {
			return nil, fmt.Errorf("%s: want a value of one line, at most %d bytes, without control characters, "+
				"and not with both kinds of quotes", e.Name, maxLine)
		}
		fmt.Fprintf(&b, "%s: %s\n", e.Name, written)
	}
	return b.Bytes(), nil
}

// enclose puts a value in the quotes that it does not contain, or leaves it
// bare if it contains both kinds and can do without.
func enclose(value string) (written string, ok bool) {
	if !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
		return "", false
	}
	for _, q := range []string{`"`, `'`} {
		if !strings.Contains(value, q) {
			return q + value + q, true
		}
	}
	bare := strings.TrimSpace(value) == value && !strings.ContainsAny(value, comment) && strings.IndexByte(quote, value[0]) < 0
	return value, bare
}
