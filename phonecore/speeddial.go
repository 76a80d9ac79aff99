package phonecore

import (
	"fmt"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// speedDial is what a line key without a line dials: speed_lineN and
// speed_labelN (reference section 3), else what the person has set.
type speedDial struct{ label, number string }

// speedDial gives the one of a line key; without a number it is none.
func (p *Phone) speedDial(key int) speedDial {
	s := speedDial{
		label:  p.params.Text(fmt.Sprintf("speed_label%d", key)),
		number: p.params.Text(fmt.Sprintf("speed_line%d", key)),
	}
	switch {
	case p.lines[key-1].configured():
		return speedDial{}
	case s.number == "":
		s = p.ownSpeedDial(key)
	}
	if s.label == "" {
		s.label = shown(s.number)
	}
	return s
}

func (p *Phone) ownSpeedDial(key int) speedDial {
	for _, s := range p.book.SpeedDials() {
		if s.Slot == key {
			return speedDial{s.Label, s.Number}
		}
	}
	return speedDial{}
}

func (s speedDial) lineLabel(lamp view.LineLabel) view.LineLabel {
	if s.number == "" {
		return view.LineLabel{}
	}
	lamp.Text = plain(s.label, maxWords)
	return lamp
}

// pressSpeedDial dials as NewCall and the number would: a call that is up is
// held, a number that is being entered is left.
func (p *Phone) pressSpeedDial(key int) {
	s := p.speedDial(key)
	if s.number == "" {
		p.notActive()
		return
	}
	line := p.newCallLine()
	if p.entry.open {
		line = p.entry.line
	}
	if line == 0 {
		p.remark(text.Get(text.NoLine))
		return
	}
	if code := p.pickUpNumber(key, s.number); code != s.number {
		p.callCode(line, code)
		return
	}
	p.dial(line, s.number)
}
