// Package foreign makes text of others fit for the phone: what a web server or
// a file of contacts holds, in whatever encoding, becomes UTF-8 without what
// could disturb a display, a terminal or a log.
package foreign

import (
	"bytes"
	"strings"
	stdunicode "unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// charsets are the encodings that western systems declare. Latin 1 is read as
// Windows' superset of it, as browsers do.
var charsets = map[string]encoding.Encoding{
	"iso-8859-1": charmap.Windows1252, "iso8859-1": charmap.Windows1252, "latin1": charmap.Windows1252,
	"us-ascii": charmap.Windows1252, "ascii": charmap.Windows1252, "windows-1252": charmap.Windows1252, "cp1252": charmap.Windows1252,
	"iso-8859-2": charmap.ISO8859_2, "windows-1250": charmap.Windows1250,
	"iso-8859-5": charmap.ISO8859_5, "windows-1251": charmap.Windows1251, "koi8-r": charmap.KOI8R,
	"iso-8859-7": charmap.ISO8859_7, "iso-8859-9": charmap.ISO8859_9,
	"iso-8859-15": charmap.ISO8859_15, "latin9": charmap.ISO8859_15,
	"utf-16": utf16LE, "utf-16le": utf16LE, "utf-16be": utf16BE,
}

// A byte order mark wins over what these names say.
var (
	utf16LE = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	utf16BE = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
)

var mark = []byte("\xef\xbb\xbf")

// Decode gives UTF-8 without a byte order mark. Such a mark says what the data
// are, else the name of an encoding, which may be empty. What has neither, or
// a name that is not known, or is called UTF-8 and is none, is Latin 1 if it is
// not UTF-8.
func Decode(data []byte, name string) []byte {
	switch {
	case bytes.HasPrefix(data, mark):
		name = ""
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		name = "utf-16le"
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		name = "utf-16be"
	}
	from, known := charsets[strings.ToLower(name)]
	if !known {
		if data = bytes.TrimPrefix(data, mark); utf8.Valid(data) {
			return data
		}
		from = charmap.Windows1252
	}
	text, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return bytes.ToValidUTF8(data, []byte("?"))
	}
	return bytes.TrimPrefix(text, mark)
}

// Line makes one line of a text, without control and format characters, of at
// most a number of characters, and without blanks around it.
func Line(text string, most int) string {
	text = strings.Map(func(c rune) rune {
		switch {
		case stdunicode.IsSpace(c):
			return ' '
		case !stdunicode.IsPrint(c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	count := 0
	for at := range text {
		if count == most {
			return strings.TrimSpace(text[:at])
		}
		count++
	}
	return text
}
