package directory

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"deskset/phonecore/foreign"
	"deskset/provisioning/param"
)

// Bounds of a table.
const (
	maxColumns = 300 // Outlook writes 92
	maxCell    = 1 << 10
)

// ParseCSV reads the names and telephone numbers of a table: comma, semicolon
// or tab, with or without a heading, as Outlook, Google and office programs
// write it. Without a heading that it knows, the first column that is no number
// is the name. name is that of the file in the problems.
func ParseCSV(name string, data []byte) ([]Entry, []param.Problem) {
	im := &importer{name: name}
	data = foreign.Decode(im.bound(data), "")
	data, separator := separatorOf(data)
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord, reader.ReuseRecord = separator, true, -1, true
	var heading []column
	for first := true; ; first = false {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return im.entries, im.problems
		}
		if err != nil {
			im.report(param.CodeSyntax, foreign.Line(err.Error(), MaxName))
			return im.entries, im.problems
		}
		im.line, _ = reader.FieldPos(0)
		row = tidyRow(row)
		if first {
			if heading = headingOf(row); heading != nil {
				continue
			}
		}
		if im.row(row, heading) {
			return im.entries, im.problems
		}
	}
}

// separatorOf is what a first line of Excel's, sep=;, says, else what is most
// frequent in the first line outside of quotes.
func separatorOf(data []byte) (rest []byte, separator rune) {
	for len(data) > 0 && (data[0] == '\n' || data[0] == '\r') {
		data = data[1:]
	}
	line, rest := cutLine(data)
	if said, ok := bytes.CutPrefix(bytes.ToLower(line), []byte("sep=")); ok && len(said) == 1 && strings.Contains(",;\t", string(said)) {
		return rest, rune(said[0])
	}
	quoted, counts := false, map[byte]int{}
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[c]++
		}
	}
	separator = ','
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[byte(separator)] {
			separator = rune(c)
		}
	}
	return data, separator
}

// tidyRow cleans the cells. An apostrophe before what would be a formula is
// that of whoever wrote the table, as we do.
func tidyRow(row []string) []string {
	row = row[:min(len(row), maxColumns)]
	for i, cell := range row {
		cell = foreign.Line(cell, maxCell)
		if len(cell) > 1 && cell[0] == '\'' && isFormula(cell[1:]) {
			cell = cell[1:]
		}
		row[i] = cell
	}
	return row
}

func isFormula(cell string) bool { return cell != "" && strings.IndexByte("=+-@", cell[0]) >= 0 }

// row makes an entry of a row.
func (im *importer) row(row []string, heading []column) (full bool) {
	if heading == nil {
		heading = guess(row)
	}
	var e Entry
	var names [numNames]string
	labels := map[int]string{}
	for i, cell := range row {
		if i >= len(heading) || cell == "" {
			continue
		}
		switch c := heading[i]; c.is {
		case isName:
			names[c.part] = cmp.Or(names[c.part], cell)
		case isLabel:
			labels[c.index] = knownLabel(strings.TrimPrefix(cell, "* ")) // Google's mark of the preferred one
		}
	}
	for i, cell := range row {
		if i >= len(heading) || heading[i].is != isNumber {
			continue
		}
		label := heading[i].label
		if own := labels[heading[i].index]; own != "" && heading[i].index > 0 {
			label = own
		}
		for number := range strings.SplitSeq(cell, ":::") { // Google's way to put several into one cell
			e.Numbers = append(e.Numbers, Number{label, strings.TrimSpace(number)})
		}
	}
	e.Name = names[nameWhole]
	if e.Name == "" {
		e.Name = strings.TrimSpace(strings.Join([]string{names[nameGiven], names[nameMiddle], names[nameFamily]}, " "))
	}
	if e.Name == "" {
		e.Name = names[nameCompany]
	}
	if e.Name == "" && !slices.ContainsFunc(e.Numbers, func(n Number) bool { return n.Number != "" }) {
		return false // an empty row
	}
	return im.add(e)
}

// guess tells what the cells of a row without a heading are.
func guess(row []string) []column {
	columns := make([]column, len(row))
	named := false
	for i, cell := range row {
		switch {
		case looksLikeNumber(cell):
			columns[i] = column{is: isNumber}
		case !named && cell != "":
			columns[i], named = column{is: isName, part: nameWhole}, true
		}
	}
	return columns
}

// looksLikeNumber tells a telephone number from a name: three digits or more,
// and nothing but what belongs to numbers.
func looksLikeNumber(cell string) bool {
	plain := plainNumber(cell)
	if strings.HasPrefix(strings.ToLower(cell), "sip:") {
		return plain != ""
	}
	return len(plain) >= 3 && strings.Trim(plain, "+*#0123456789") == "" && strings.ContainsAny(plain, "0123456789")
}

// WriteCSV gives entries as a table with a heading, comma and CR LF, in UTF-8
// with the mark that office programs want. Names and labels that would be
// formulas there get an apostrophe.
func WriteCSV(entries []Entry) []byte {
	most := 1
	for _, e := range entries {
		most = max(most, len(e.Numbers))
	}
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	row := []string{"Name"}
	for i := range most {
		row = append(row, "Label "+strconv.Itoa(i+1), "Number "+strconv.Itoa(i+1))
	}
	_ = w.Write(row) // a Buffer does not fail
	for _, e := range entries {
		row = append(row[:0], harmless(e.Name))
		for i := range most {
			n := Number{}
			if i < len(e.Numbers) {
				n = e.Numbers[i]
			}
			row = append(row, harmless(n.Label), n.Number)
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

func harmless(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}
