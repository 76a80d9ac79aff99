package foreign

import (
	"testing"
	"unicode/utf8"
)

func TestDecode(t *testing.T) {
	for _, tt := range []struct{ data, name, want string }{
		{"Jürgen", "", "Jürgen"}, {"\xef\xbb\xbfJürgen", "iso-8859-1", "Jürgen"}, {"J\xfcrgen", "", "Jürgen"}, {"J\xfcrgen", "UTF-8", "Jürgen"},
		{"\x80", "ISO-8859-1", "€"}, {"\xa4", "iso-8859-15", "€"}, {"\xa3", "iso-8859-2", "Ł"}, {"J\xfcrgen", "klingon", "Jürgen"},
		{"\xff\xfe\x41\x01", "", "Ł"}, {"\xfe\xff\x01\x41", "utf-16", "Ł"}, {"A\x00", "utf-16le", "A"}, {"", "utf-16", ""},
	} {
		if got := string(Decode([]byte(tt.data), tt.name)); got != tt.want {
			t.Errorf("%q as %s: %q, want %q", tt.data, tt.name, got, tt.want)
		}
	}
}

func TestLine(t *testing.T) {
	for _, tt := range []struct {
		text string
		most int
		want string
	}{{" a\t b\r\nc ", 9, "a b c"}, {"abc", 2, "ab"}, {"ä\x1b[0m\u202eö\x00", 9, "ä[0mö"}, {"ab cd", 3, "ab"}, {"\xff", 3, "?"}, {"a \x00 b", 9, "a b"}, {"abc", 0, ""}} {
		if got := Line(tt.text, tt.most); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfeA\x00"), "utf-16")
	f.Add([]byte("\xa4"), "iso-8859-15")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		text := Decode(data, name)
		if line := Line(string(text), 20); !utf8.Valid(text) || utf8.RuneCountInString(line) > 20 || Line(line, 20) != line {
			t.Fatalf("%q, %q", text, line)
		}
	})
}
