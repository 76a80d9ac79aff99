package param

import (
	"slices"
	"strconv"
	"strings"
)

// NumLines is how many lines the instrument has.
const NumLines = 6

// table holds every parameter, lines expanded; byName finds them.
var (
	table  = deviate(slices.Concat(guideTable(), laterTable(), networkTable(), desksetTable(), dialogRows))
	byName = indexTable(table)
)

func indexTable(table []Param) map[string]int {
	index := make(map[string]int, len(table))
	for i, p := range table {
		if _, twice := index[p.Name]; twice {
			panic("param: " + p.Name + " is in the table twice")
		}
		index[p.Name] = i
	}
	return index
}

// All gives every parameter, lines expanded: Table 3-1 of the guide in its
// order, then the later ones by subject, then those of the network, then
// Deskset's own.
func All() []Param { return slices.Clone(table) }

// Lookup finds a parameter by its name in any case.
func Lookup(name string) (Param, bool) {
	i, ok := byName[strings.ToLower(name)]
	if !ok {
		return Param{}, false
	}
	return table[i], true
}

func mustIndex(name string) int {
	i, ok := byName[name]
	if !ok {
		panic("param: there is no parameter " + strconv.Quote(name))
	}
	return i
}

// The menus' rows, in the order in which the guide (3-14, 3-15) names them.
// The star stands for the line.
var (
	lineMenu = []string{
		"line*_name", "line*_shortname", "line*_authname", "line*_password", "line*_displayname",
		"user*_name", "user*_authname", "user*_password", "proxy*_address", "proxy*_port",
	}
	sipMenu = []string{
		"messages_uri", "preferred_codec", "dtmf_outofband", "proxy_register", "timer_register_expires",
	}
)

// LineMenu gives the parameters of the menu Line 1 Settings to Line 6
// Settings, in its order.
func LineMenu(line int) []Param { return pick(lineMenu, line) }

// SIPMenu gives the parameters of the SIP Configuration menu below its lines,
// in its order.
func SIPMenu() []Param { return pick(sipMenu, 0) }

func pick(names []string, line int) []Param {
	picked := make([]Param, len(names))
	for i, name := range names {
		picked[i] = table[mustIndex(numbered(name, line))]
	}
	return picked
}

func numbered(name string, n int) string {
	return strings.Replace(name, "*", strconv.Itoa(n), 1)
}

// perLine repeats rows for each line; the star in a name becomes the line's
// number. Lines above guideLines came with release 2.0.
func perLine(guideLines int, rows ...Param) []Param {
	var all []Param
	for line := 1; line <= NumLines; line++ {
		for _, p := range rows {
			p.Name = numbered(p.Name, line)
			p.Help = strings.ReplaceAll(p.Help, "*", strconv.Itoa(line))
			p.Line = line
			if line > guideLines && p.Since == "1.0" {
				p.Since = "2.0"
			}
			all = append(all, p)
		}
	}
	return all
}
