package directory

import (
	"slices"
	"strconv"
	"strings"
)

// column says what the cells of a column are.
type column struct {
	is    columnKind
	part  namePart // of isName
	label string   // of isNumber
	// index joins a number's column with that of its label: 1 for "Label 1"
	// and "Number 1".
	index int
}

type columnKind uint8

const (
	isNothing columnKind = iota
	isName
	isNumber
	isLabel
)

type namePart uint8

const (
	nameWhole namePart = iota
	nameGiven
	nameMiddle
	nameFamily
	nameCompany
	numNames
)

// nameHeadings are names of columns of names, in lower case.
var nameHeadings = map[string]namePart{
	"name": nameWhole, "full name": nameWhole, "display name": nameWhole, "contact": nameWhole, "anzeigename": nameWhole, "file as": nameWhole, "nombre completo": nameWhole,
	"first name": nameGiven, "given name": nameGiven, "firstname": nameGiven, "vorname": nameGiven, "nombre": nameGiven,
	"middle name": nameMiddle, "additional name": nameMiddle, "weitere vornamen": nameMiddle,
	"last name": nameFamily, "family name": nameFamily, "lastname": nameFamily, "surname": nameFamily, "nachname": nameFamily, "apellido": nameFamily, "apellidos": nameFamily,
	"company": nameCompany, "organization": nameCompany, "organisation": nameCompany, "organization name": nameCompany, "organization 1 - name": nameCompany, "firma": nameCompany, "empresa": nameCompany,
}

// numberWords make a column one of numbers; what is beside them is its label.
var numberWords = []string{"telephone", "telefonnummer", "telefon", "teléfono", "telefono", "phone", "number", "nummer", "número", "numero", "tel", "rufnummer", "extension"}

// headingOf reads the first row. It is nil unless it names a column of numbers
// and holds no number.
func headingOf(row []string) []column {
	columns := make([]column, len(row))
	for i, cell := range row {
		if looksLikeNumber(cell) {
			return nil
		}
		columns[i] = columnOf(strings.ToLower(cell))
	}
	if !slices.ContainsFunc(columns, func(c column) bool { return c.is == isNumber }) {
		return nil
	}
	return columns
}

func columnOf(heading string) column {
	if part, known := nameHeadings[heading]; known {
		return column{is: isName, part: part}
	}
	words := strings.FieldsFunc(heading, func(c rune) bool { return strings.ContainsRune(" -_.:/()", c) })
	index, kind, label, others := 0, isNothing, "", 0
	for _, w := range words {
		n, err := strconv.Atoi(w)
		switch {
		case err == nil && n > 0 && n < 100:
			index = n
		case slices.Contains(numberWords, w):
			kind = max(kind, isNumber)
		case w == "label" || w == "type" || w == "typ":
			kind = isLabel
		case labelWords[w] != "":
			label = labelWords[w]
		case w == "value":
		default:
			others++ // e-mail, address, birthday ...
		}
	}
	switch {
	case others > 0:
		return column{}
	case kind == isLabel:
		return column{is: isLabel, index: index}
	case kind == isNumber, numberLabel(label):
		return column{is: isNumber, label: label, index: index}
	}
	return column{}
}

// numberLabel tells whether a column that is named by labels alone holds
// numbers.
func numberLabel(label string) bool {
	return label == LabelMobile || label == LabelFax || label == LabelPager || label == LabelWork || label == LabelHome
}
