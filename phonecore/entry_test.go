package phonecore

import "testing"

func TestPastedNumbersAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		"+49 (721) 555-0123":          "+497215550123",
		"tel:+1-201-555-0123;ext=7":   "+12015550123",
		"TEL:5551212":                 "5551212",
		"sip:ada@example.com;user=ip": "sip:ada@example.com;user=ip",
		"ada@example.com":             "ada@example.com",
		" 5551212\n":                  "5551212",
		"hello":                       "",
		"sip:x@y\r\nVia: evil":        "sip:x@yVia:evil",
		"\x1b[31m5\u00a05":            "[31m55",
		"<sip:ada@example.com>":       "sip:ada@example.com",
	} {
		if got := dialable(in, ""); got != want {
			t.Errorf("dialable(%q) = %q, want %q", in, got, want)
		}
	}
}
