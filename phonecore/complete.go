package phonecore

import (
	"deskset/phonecore/directory"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// maxMatches is how many numbers are offered while one is entered.
const maxMatches = 9

// completion is what could become of the number being entered (autocomplete).
type completion struct {
	matches []directory.Match
	// chosen is the one that Dial dials, from 1; 0 dials what was entered.
	chosen int
}

// complete looks for numbers that begin with what has been entered.
func (p *Phone) complete() {
	p.entry.completion = completion{}
	if p.params.Bool("autocomplete") {
		p.entry.matches = p.history.Complete(p.entry.text, p.book, maxMatches)
	}
}

// chooseMatch is the scroll key while a number is entered. Who chooses has time.
func (p *Phone) chooseMatch(step int) {
	c := &p.entry.completion
	c.chosen = min(max(c.chosen+step, 0), len(c.matches))
	p.awaitMore()
}

// number is what Dial dials.
func (e *entry) number() string {
	if e.chosen > 0 {
		return e.matches[e.chosen-1].Number.Number
	}
	return e.text
}

// rows are below the number: how many match, and the first or the chosen one.
func (c *completion) rows() []view.Row {
	if len(c.matches) == 0 {
		return nil
	}
	m := c.matches[max(c.chosen-1, 0)]
	party := m.Number.Number
	if m.Name != "" {
		party = m.Name + " " + party
	}
	row := view.Row{Text: text.Get(text.MatchOne, party), Highlight: c.chosen > 0}
	switch {
	case c.chosen > 0:
		row.Text = text.Get(text.MatchChosen, c.chosen, len(c.matches), party)
	case len(c.matches) > 1:
		row.Text = text.Get(text.MatchMany, len(c.matches), party)
	}
	return []view.Row{row}
}
