package trace

import (
	"bytes"
	"strings"
	"testing"
)

// Texts in which every Q stands for a byte of a secret, and what may be seen of
// them when they come in one piece.
var secretTexts = []struct{ text, want string }{
	{"line1_password: \"QQQQ QQ\" ; QQ\r\nline1_name: anna\r\n", "line1_password: **************\r\nline1_name: anna\r\n"},
	{"LINE1_Password:QQQQ\nx: 1\n", "LINE1_Password:****\nx: 1\n"},
	{"  phone_password\t: :QQ\rsync: 2\r", "  phone_password\t: ***\rsync: 2\r"},
	{"\xef\xbb\xbfline2_password:QQ", "\xef\xbb\xbfline2_password:**"},
	{"li\x01ne1_passw\x00ord: QQQQ\n", "li\x01ne1_passw\x00ord: ****\n"},
	{"line1_password \"QQQQ\"\n", "line1_password ******\n"},
	{"# line1_password: QQ\n", "# line1_password: **\n"},
	{"admin_pin = QQQQ\nspin: 1\n", "admin_pin = ****\nspin: 1\n"},
	{"{\"user\":\"a\",\"password\":\"QQQQ\"}\n{}", "{\"user\":\"a\",\"password*********\n{}"},
	{"logo_url: \"http://anna:QQ:Q/Q@QQ@pbx/a.bmp\"\n", "logo_url: \"http://anna:*********@pbx/a.bmp\"\n"},
	{"a: http://pbx:8080/x\nb: sip:1001@pbx:5060\n", "a: http://pbx:8080/x\nb: sip:1001@pbx:5060\n"},
	{"messages_uri: sips:1001:QQQQ@pbx\n", "messages_uri: sips:1001:****@pbx\n"},
	{"<phonePassword>QQ<QQ\nQQ</phonePassword><port>5060</port>", "<phonePassword>*****\n*****************><port>5060</port>"},
	{"<a><authPassword>QQQQ</authPassword ><b>1</b>", "<a><authPassword>****************** ><b>1</b>"},
	{"<line index='1' password='Q>Q/>Q' z=\"Q\">QQ</line>\n<x/>", "<line index='1' password=**************>********>\n<x/>"},
	{"<line password=\"QQ\"/><name>a</name>", "<line password=*****><name>a</name>"},
	{"<item key=\"line1_password\">QQ</item><b>1</b>", "<item key=\"line1_password\">********><b>1</b>"},
	{"<u>http://h:80/</u><sshPassword>Q@Q</sshPassword>", ""},
	{"<!-- it's --><adminPassword>QQ</adminPassword>", "<!-- it's --><adminPassword>*****************>"},
	{"<u a='http://b:Q@c/'>http://anna:QQ@pbx/</u>\n", "<u a='http://b:*@c/'>http://anna:**@pbx/</u>\n"},
	{"<sharedSecret><![CDATA[Q</Q]]></sharedSecret>", ""},
	{"<secret/><port>1</port>", "<secret/><port>1</port>"},
	{strings.Repeat("x", 300) + " QQQQ\n", ""},
}

func TestSecretsAreHidden(t *testing.T) {
	for _, c := range secretTexts {
		var m masker
		b := []byte(c.text)
		m.mask(b)
		if string(b) != c.want && c.want != "" {
			t.Errorf("%q\n got %q\nwant %q", c.text, b, c.want)
		}
		if bytes.ContainsRune(b, 'Q') || strings.Contains(c.text, "Q") != (m.hidden > 0) {
			t.Errorf("%q\n got %q, hidden %d", c.text, b, m.hidden)
		}
	}
}

// Wherever a text is cut into pieces, nothing of a secret is seen, the length
// stays, and so do the line ends.
func TestSecretsAreHiddenWhereverATextIsCut(t *testing.T) {
	check := func(text string, pieces ...[]byte) {
		var m masker
		for _, p := range pieces {
			m.mask(p)
		}
		got := bytes.Join(pieces, nil)
		if bytes.ContainsRune(got, 'Q') || len(got) != len(text) || bytes.Count(got, []byte("\n")) != strings.Count(text, "\n") {
			t.Errorf("%q in %d pieces: %q", text, len(pieces), got)
		}
	}
	for _, c := range secretTexts {
		for i := range len(c.text) {
			check(c.text, []byte(c.text[:i]), []byte(c.text[i:]))
			for j := i; j < len(c.text) && len(c.text) < 100; j++ {
				check(c.text, []byte(c.text[:i]), []byte(c.text[i:j]), []byte(c.text[j:]))
			}
		}
		check(c.text, bytes.SplitAfter([]byte(c.text), nil)...)
	}
}

func FuzzMaskKeepsLengthAndLines(f *testing.F) {
	for _, c := range secretTexts {
		f.Add([]byte(c.text), 7)
	}
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		got := bytes.Clone(text)
		at := 0
		if len(got) > 0 {
			at = int(uint(cut) % uint(len(got)))
		}
		var m masker
		m.mask(got[:at])
		m.mask(got[at:])
		for i, c := range got {
			if c != text[i] && (c != '*' || isLineEnd(text[i])) {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}
