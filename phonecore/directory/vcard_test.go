package directory

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// show writes entries as name: label=number, ...
func show(entries []Entry) string {
	var all []string
	for _, e := range entries {
		var numbers []string
		for _, n := range e.Numbers {
			numbers = append(numbers, n.Label+"="+n.Number)
		}
		all = append(all, e.Name+": "+strings.Join(numbers, ", "))
	}
	return strings.Join(all, "; ")
}

func TestVCardsOfManyPrograms(t *testing.T) {
	card := func(lines ...string) string {
		return "BEGIN:VCARD\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCARD\r\n"
	}
	tests := []struct {
		name, text, want string
		problems         int
	}{
		{"2.1", card("VERSION:2.1", "N:Müller;Anna", "TEL;WORK;VOICE:+49 30 1", "TEL;CELL:0171 2"), "Anna Müller: work=+49 30 1, mobile=0171 2", 0},
		{"2.1 quoted-printable", card("VERSION:2.1", "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen =", "M=C3=BCller", "TEL:1"), "Jürgen Müller: =1", 0},
		{"2.1 quoted-printable Latin 1", card("FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=FCrgen", "TEL:1"), "Jürgen: =1", 0},
		{"raw Latin 1", card("FN:J\xfcrgen", "TEL:1"), "Jürgen: =1", 0},
		{"3.0", card("VERSION:3.0", "FN:Anna M\\, Dr.\\; x\\\\y", "N:M;Anna;;;", "TEL;TYPE=HOME,VOICE:1", "TEL;type=PREF;type=cell:2"), `Anna M, Dr.; x\y: mobile=2, home=1`, 0},
		{"4.0", card("VERSION:4.0", "FN:Anna", `TEL;VALUE=uri;PREF=1;TYPE="voice,work":tel:+1-555-0100;ext=5`, "TEL;TYPE=cell:2"), "Anna: work=+1-555-0100, mobile=2", 0},
		{"groups of Apple", card("FN:Anna", "item1.TEL:1", "item1.X-ABLabel:_$!<Mobile>!$_", "item2.TEL;type=HOME:2", "item2.X-ABLABEL:Boat"), "Anna: mobile=1, Boat=2", 0},
		{"folded", "BEGIN:VCARD\nFN:Anna\n  Mül\n\tler\nTEL:1\n 23\nEND:VCARD\n", "Anna Müller: =123", 0},
		{"ends of lines of old systems", "BEGIN:VCARD\rFN:Anna\rTEL:1\rEND:VCARD\r", "Anna: =1", 0},
		{"marks and small letters", "\xef\xbb\xbfbegin:vcard\nfn:Anna\ntel;type=work:1\nend:vcard", "Anna: work=1", 0},
		{"company only", card("ORG:Acme\\; Co;Sales", "TEL:1"), "Acme; Co Sales: =1", 0},
		{"nothing but a number", card("TEL:123"), "123: =123", 0},
		{"name in all its parts", card("N:Müller,Schmidt;Anna;B.;Dr.;jr.", "TEL:1"), "Anna B. Müller Schmidt: =1", 0},
		{"SIP", card("FN:Anna", "IMPP:sip:anna@example.com", "IMPP:xmpp:x@y", "X-SIP:sip:a@b"), "Anna: =sip:anna@example.com, =sip:a@b", 0},
		{"photograph", card("FN:Anna", "PHOTO;ENCODING=b;TYPE=JPEG:"+strings.Repeat("A", 20000), " "+strings.Repeat("B", 70), "TEL:1"), "Anna: =1", 0},
		{"photograph of 2.1", card("FN:Anna", "PHOTO;BASE64;JPEG:", "  /9j/4AAQSkZJRgABAQ", "", "TEL:1"), "Anna: =1", 0},
		{"agent", card("FN:Anna", "AGENT:", "BEGIN:VCARD", "FN:Secretary", "TEL:9", "END:VCARD", "TEL:1"), "Anna: =1", 0},
		{"twice the same number", card("FN:Anna", "TEL;WORK:030-1", "TEL;HOME:(030) 1"), "Anna: work=030-1", 0},
		{"no number", card("FN:Anna"), "", 1},
		{"no end", "BEGIN:VCARD\nFN:A\nTEL:1\nBEGIN:VCARD\nFN:B\nTEL:2", "A: =1; B: =2", 2},
		{"control characters", card("FN:A\x1b[31m\u202eB", "TEL:1\x002"), "A[31mB: =12", 0},
		{"no cards", "hello\nworld:1", "", 0},
		{"quotes", card("FN:Anna", `TEL;TYPE=work;X="a:b":1`), "Anna: work=1", 0},
		{"backslash at the end", card(`ORG:A\`, "TEL:1"), `A\: =1`, 0},
	}
	for _, tt := range tests {
		got, problems := ParseVCard("x.vcf", []byte(tt.text))
		if show(got) != tt.want || len(problems) != tt.problems {
			t.Errorf("%s:\n got %s\nwant %s\n%v", tt.name, show(got), tt.want, problems)
		}
	}
}

// someEntries hold what has to be escaped and folded.
var someEntries = []Entry{
	{"Anna Müller", []Number{{LabelWork, "+49 30 1234567"}, {LabelMobile, "0171/2"}, {"Boat, sail; or \\", "*21#"}}},
	{"=Sum(A1); \"x\", y", []Number{{"", "100"}, {LabelFax, "101"}, {LabelHome, "102"}, {LabelMain, "103"}, {LabelPager, "104"}, {LabelOther, "105"}, {"@home", "106"}, {"", "sip:a@b"}}},
	{"日本語の名前" + strings.Repeat("あ", 50), []Number{{"", "200"}}},
	{"'quoted", []Number{{"", "300"}}},
}

func TestVCardRoundTrip(t *testing.T) {
	for _, version := range []CardVersion{VCard3, VCard4} {
		text := WriteVCard(someEntries, version)
		for line := range strings.SplitSeq(string(text), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("a line of %d bytes: %q", len(line), line)
			}
		}
		got, problems := ParseVCard("x", text)
		if !reflect.DeepEqual(got, someEntries) || len(problems) != 0 {
			t.Errorf("%s:\n got %s\nwant %s\n%v", version, show(got), show(someEntries), problems)
		}
	}
}

func TestImportIsBounded(t *testing.T) {
	var b strings.Builder
	for i := range maxCards + 5 {
		fmt.Fprintf(&b, "BEGIN:VCARD\nFN:%d\nTEL:%d\nEND:VCARD\n", i, i)
	}
	got, problems := ParseVCard("x", []byte(b.String()))
	if len(got) != maxCards || len(problems) != 1 {
		t.Errorf("%d, %v", len(got), problems)
	}
	got, problems = ParseVCard("x", []byte(strings.Repeat("BEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:x\nEND:VCARD\n", 1000)))
	if len(got) != 0 || len(problems) != maxProblems {
		t.Errorf("%d, %d", len(got), len(problems))
	}
}

func FuzzVCard(f *testing.F) {
	f.Add([]byte("BEGIN:VCARD\nitem1.TEL;TYPE=\"work,voice\":tel:1;ext=2\nFN;ENCODING=QUOTED-PRINTABLE:a=\n b\nEND:VCARD"))
	f.Add(WriteVCard(someEntries, VCard4))
	f.Add([]byte("BEGIN:VCARD\nN;ENCODING=B:QQ==\nAGENT:\nBEGIN:VCARD\nEND:VCARD\nTEL:1\\"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _ := ParseVCard("x", data)
		again, _ := ParseVCard("x", WriteVCard(got, VCard3))
		if !reflect.DeepEqual(got, again) {
			t.Fatalf("\n%q\n%q", show(got), show(again))
		}
	})
}
