package directory

import "strings"

// cardTypes are the types of vCard that say where a number reaches somebody,
// the surest first.
var cardTypes = []struct{ kind, label string }{
	{"FAX", LabelFax}, {"CELL", LabelMobile}, {"PAGER", LabelPager}, {"MAIN", LabelMain}, {"WORK", LabelWork}, {"HOME", LabelHome}, {"OTHER", LabelOther},
}

// labelOf finds the label of a number and whether it is the preferred one
// (RFC 6350 sections 5.3 and 6.4.1, RFC 2426 section 3.3.1).
func labelOf(attributes []attribute) (label string, preferred bool) {
	types := map[string]bool{}
	for _, a := range attributes {
		switch a.name {
		case "TYPE":
			for kind := range strings.SplitSeq(strings.ToUpper(a.value), ",") {
				types[strings.TrimSpace(kind)] = true
			}
		case "PREF":
			preferred = preferred || a.value == "1"
		}
	}
	for _, t := range cardTypes {
		if types[t.kind] {
			return t.label, preferred || types["PREF"]
		}
	}
	return "", preferred || types["PREF"]
}

// labelWords are names of labels in files of other programs, in lower case.
var labelWords = map[string]string{
	"work": LabelWork, "business": LabelWork, "office": LabelWork, "company": LabelWork, "arbeit": LabelWork, "geschäftlich": LabelWork, "büro": LabelWork, "dienstlich": LabelWork, "trabajo": LabelWork, "oficina": LabelWork,
	"home": LabelHome, "privat": LabelHome, "private": LabelHome, "zuhause": LabelHome, "casa": LabelHome, "particular": LabelHome,
	"mobile": LabelMobile, "cell": LabelMobile, "cellular": LabelMobile, "mobil": LabelMobile, "handy": LabelMobile, "iphone": LabelMobile, "móvil": LabelMobile, "movil": LabelMobile, "celular": LabelMobile,
	"main": LabelMain, "primary": LabelMain, "zentrale": LabelMain, "haupt": LabelMain, "principal": LabelMain,
	"fax": LabelFax, "pager": LabelPager, "other": LabelOther, "andere": LabelOther, "weitere": LabelOther, "otro": LabelOther,
}

// knownLabel is one of the labels with names in every language, if the text
// means one, else the text.
func knownLabel(text string) string {
	if label, known := labelWords[strings.ToLower(strings.TrimSpace(text))]; known {
		return label
	}
	return text
}
