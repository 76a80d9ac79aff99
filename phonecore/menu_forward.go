package phonecore

import (
	"strconv"
	"time"

	"deskset/phonecore/edit"
	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// forwardRow is a row of Call Preferences that says where calls go.
type forwardRow struct {
	label text.ID
	value func() string
	edit  func()
}

// forwardPreferences are the rows about forwarding.
func (p *Phone) forwardPreferences() []forwardRow {
	rows := []forwardRow{
		p.targetRow(text.PrefForwardBusy, forwardBusy),
		p.targetRow(text.PrefForwardNoAnswer, forwardNoAnswer),
		{text.PrefForwardTime, p.forwardTimeText, p.editForwardTime},
	}
	if lines := p.lineNumbers(); len(lines) > 0 && p.params.Bool("local_cfwd_enable") {
		all := forwardRow{label: text.PrefForwardAll, value: func() string { return offOr(p.targetName(p.forwardTo(lines[0]))) }}
		all.edit = func() { p.askForward(text.Get(text.ForwardTitle), lines) }
		rows = append([]forwardRow{all}, rows...)
	}
	return rows
}

// targetRow is a row with a number; an empty one is no forwarding.
func (p *Phone) targetRow(label text.ID, name string) forwardRow {
	return forwardRow{
		label: label,
		value: func() string { return offOr(p.targetName(p.forwardValue(name))) },
		edit: func() {
			p.askTarget(text.Get(label), p.forwardValue(name), func(target string) (trouble string) {
				if target != "" && p.forwardLoops(target, p.lineNumbers()) {
					return text.Get(text.ForwardLoop)
				}
				p.setForward(name, target)
				return ""
			})
		},
	}
}

func offOr(value string) string {
	if value == "" {
		return text.Get(text.PrefValue)
	}
	return value
}

func (p *Phone) forwardTimeText() string {
	n, _ := strconv.Atoi(p.forwardValue(forwardTime)) // the table has checked it
	return (time.Duration(n) * time.Second).String()
}

// editForwardTime asks for the time in seconds.
func (p *Phone) editForwardTime() {
	prm, _ := param.Lookup(forwardTime)
	p.openPanel(panel{
		name: "menu.edit", title: text.Get(text.PrefForwardTime), value: p.forwardValue(forwardTime), rules: edit.Digits(),
		hints: func() []string { return []string{prm.Unit} },
		done: func(written string) string {
			clean, err := prm.Check(written)
			if err != nil {
				return err.Error()
			}
			p.setForward(forwardTime, clean)
			return ""
		},
	})
}
