package main

import (
	"fmt"
	"math"
	"strings"
)

// row is one line of the table: a figure of ours, maybe a peer's beside it, and
// what an issue wants of it.
type row struct {
	what  string
	issue int
	unit  string
	// scale turns what the benchmark says into the unit; 0 leaves it.
	scale float64
	goal  goal
	// ours and theirs are places, see figures.worst.
	ours         string
	peer, theirs string
}

// goal is a target. The zero value is none: the figure is only shown.
type goal struct {
	set    bool
	value  float64
	least  bool // the value is the least allowed, not the most
	beside bool // it is the peer's figure
}

func most(v float64) goal  { return goal{set: true, value: v} }
func least(v float64) goal { return goal{set: true, value: v, least: true} }

// leastPeer: no less than the peer reaches.
var leastPeer = goal{set: true, beside: true, least: true}

func (g goal) String() string {
	sign := "≤ "
	if g.least {
		sign = "≥ "
	}
	switch {
	case !g.set:
		return "–"
	case g.beside:
		return sign + "peer"
	}
	return sign + short(g.value)
}

// met tells whether a figure is well, for the table.
func (g goal) met(ours, theirs float64, beside bool) string {
	limit := g.value
	if g.beside {
		limit = theirs
	}
	switch {
	case !g.set:
		return "–"
	case g.beside && !beside:
		return "?"
	case g.least && ours >= limit, !g.least && ours <= limit:
		return "yes"
	}
	return "**no**"
}

// table writes the rows. Those that were not measured stand in it if all
// benchmarks were asked for.
func table(f figures, whole bool) string {
	var b strings.Builder
	b.WriteString("| what | issue | unit | target | ours | peer | peer's | ratio | met |\n|---|---|---|---|---|---|---|---|---|\n")
	met, missed := 0, 0
	for _, r := range rows {
		line, result := r.line(f)
		switch result {
		case "":
			if !whole {
				continue
			}
		case "yes":
			met++
		case "**no**":
			missed++
		}
		b.WriteString(line)
	}
	fmt.Fprintf(&b, "\n%d targets met, %d missed. Ratio is ours by the peer's.\n", met, missed)
	return b.String()
}

// line gives a row and what became of its target, empty if there is no figure.
func (r row) line(f figures) (line, result string) {
	ours, ok := f.worst(r.ours, r.goal.least)
	theirs, beside := f.worst(r.theirs, r.goal.least)
	if r.scale != 0 {
		ours, theirs = ours*r.scale, theirs*r.scale
	}
	cells := []string{"not measured", r.peer, "", "", "not measured"}
	if ok {
		result = r.goal.met(ours, theirs, beside)
		cells[0], cells[4] = short(ours), result
	}
	if beside {
		cells[2] = short(theirs)
	}
	if ok && beside && theirs != 0 {
		cells[3] = short(ours / theirs)
	}
	return fmt.Sprintf("| %s | %d | %s | %v | %s |\n", r.what, r.issue, r.unit, r.goal, strings.Join(cells, " | ")), result
}

// short is a number with three figures that count.
func short(v float64) string {
	if v == 0 {
		return "0"
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	text := fmt.Sprintf("%.*f", min(digits, 6), v)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
