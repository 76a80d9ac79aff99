package param

import "strings"

// ofTheField are names that files in the field carry and no document knows, with
// the parameter that was probably meant; empty if none was. Instruments ignore
// them.
var ofTheField = map[string]string{
	"register_expires": "timer_register_expires", "dscpforaudio": "tos_media",
	"transfer_on_hangup": "", "transfer_onhook_enabled": "", "rdda_ptft_nyd": "",
}

// suggestion names the parameter that was probably meant by an unknown name.
func suggestion(name string) string {
	name = strings.ToLower(name)
	if meant, ok := ofTheField[name]; ok {
		if meant == "" {
			return "; some files carry it, no document knows it"
		}
		return "; " + meant + " was perhaps meant"
	}
	if len(name) < 5 || len(name) > 40 {
		return ""
	}
	best, distance := "", 3
	for i := range table {
		if d := editDistance(name, table[i].Name, distance); d < distance {
			best, distance = table[i].Name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; " + best + " was perhaps meant"
}

// editDistance counts the insertions, deletions and replacements that turn a
// into b (Levenshtein), up to most.
func editDistance(a, b string, most int) int {
	if d := len(a) - len(b); d >= most || -d >= most {
		return most
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
