package param

import "strings"

// suggestion names the parameter that was probably meant by an unknown name.
func suggestion(name string) string {
	name = strings.ToLower(name)
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
