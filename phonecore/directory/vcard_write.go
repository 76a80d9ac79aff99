package directory

import (
	"strings"
	"unicode/utf8"
)

// CardVersion is a version of vCard to write.
type CardVersion string

// The versions that are written.
const (
	VCard3 CardVersion = "3.0"
	VCard4 CardVersion = "4.0"
)

var typeOfLabel = map[string]string{
	LabelWork: "work,voice", LabelHome: "home,voice", LabelMobile: "cell", LabelFax: "fax", LabelPager: "pager", LabelMain: "main", LabelOther: "other",
}

// WriteVCard gives entries as vCards. Labels of the person's own are written
// as a group with X-ABLabel, which the programs of Apple and Google read.
func WriteVCard(entries []Entry, version CardVersion) []byte {
	var w cardWriter
	for _, e := range entries {
		w.line("BEGIN:VCARD")
		w.line("VERSION:" + string(version))
		w.line("FN:" + escape(e.Name))
		w.line("N:" + nameParts(e.Name))
		for i, n := range e.Numbers {
			kind, known := typeOfLabel[n.Label]
			switch {
			case known && version == VCard4 && strings.Contains(kind, ","):
				w.line(`TEL;TYPE="` + kind + `":` + escape(n.Number))
			case known:
				w.line("TEL;TYPE=" + kind + ":" + escape(n.Number))
			case n.Label == "":
				w.line("TEL:" + escape(n.Number))
			default:
				group := "item" + string(rune('1'+i))
				w.line(group + ".TEL:" + escape(n.Number))
				w.line(group + ".X-ABLabel:" + escape(n.Label))
			}
		}
		w.line("END:VCARD")
	}
	return []byte(w.String())
}

// nameParts guesses the parts that version 3.0 wants: the last word is the
// family's name.
func nameParts(name string) string {
	given, family := "", name
	if i := strings.LastIndexByte(name, ' '); i >= 0 {
		given, family = name[:i], name[i+1:]
	}
	return escape(family) + ";" + escape(given) + ";;;"
}

var escaper = strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`, "\n", `\n`)

func escape(value string) string { return escaper.Replace(value) }

// cardWriter folds lines.
type cardWriter struct{ strings.Builder }

// foldAt is the length of a line in bytes without its end (RFC 6350 section
// 3.2).
const foldAt = 75

// line writes a line; its folds are between characters.
func (w *cardWriter) line(text string) {
	room := foldAt
	for len(text) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		w.WriteString(text[:cut] + "\r\n ")
		text, room = text[cut:], foldAt-1
	}
	w.WriteString(text + "\r\n")
}
