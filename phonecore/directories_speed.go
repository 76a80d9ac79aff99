package phonecore

import (
	"fmt"

	"deskset/phonecore/call"
	"deskset/phonecore/directory"
	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// freeKeys are the line keys without a line.
func (p *Phone) freeKeys() (keys []int) {
	for i := range p.lines {
		if !p.lines[i].configured() {
			keys = append(keys, i+1)
		}
	}
	return keys
}

// configuredSpeed tells whether the configuration has a speed dial for a key: it
// is stronger than the person's.
func (p *Phone) configuredSpeed(key int) bool {
	return p.params.Text(fmt.Sprintf("speed_line%d", key)) != ""
}

// openSpeedDials lists the keys without a line and what they dial.
func (p *Phone) openSpeedDials() {
	keys := p.freeKeys()
	page := &menu.Page{Name: "menu.directories.speed", Title: text.Get(text.MenuSpeedDials), Keys: call.ContextSpeedDials}
	page.Items = func() []view.Item {
		items := []view.Item{}
		for _, key := range keys {
			s := p.speedDial(key)
			value := shown(s.number)
			if s.label != value {
				value = s.label + " " + value
			}
			items = append(items, view.Item{Number: key, Label: text.Get(text.DirKey, key), Value: value})
		}
		return items
	}
	page.Status = func() string {
		if len(keys) > 0 && p.configuredSpeed(keys[page.Selected]) {
			return text.Get(text.DirSetByFile)
		}
		return ""
	}
	// own does something with a key that the person may set.
	own := func(do func(key int)) func(int) {
		return func(i int) {
			if i >= len(keys) || p.configuredSpeed(keys[i]) {
				p.notActive()
				return
			}
			do(keys[i])
		}
	}
	page.Highlights = func(int) bool { return true }
	page.Open = own(p.openSpeedDial)
	page.Do = map[call.SoftKey]func(int){
		text.SoftDial: func(i int) {
			if i < len(keys) {
				p.dialFrom(0, p.speedDial(keys[i]).number)
			}
		},
		text.SoftDelete: own(func(key int) { p.setSpeedDial(directory.SpeedDial{Slot: key}) }),
	}
	p.openPage(page)
}

// openSpeedDial edits what a key dials.
func (p *Phone) openSpeedDial(key int) {
	s := p.speedDial(key)
	draft := directory.SpeedDial{Slot: key, Label: s.label, Number: s.number}
	page := &menu.Page{Name: "menu.directories.speed.key", Title: text.Get(text.DirKey, key), Keys: call.ContextEdit}
	page.Items = func() []view.Item {
		return []view.Item{
			{Number: 1, Label: text.Get(text.DirLabel), Value: draft.Label},
			{Number: 2, Label: text.Get(text.DirNumber, 1), Value: draft.Number},
		}
	}
	page.Highlights = func(int) bool { return true }
	page.Open = func(i int) {
		value, rules := &draft.Label, edit.Text(directory.MaxName)
		if i > 0 {
			value, rules = &draft.Number, edit.URI(directory.MaxNumber)
		}
		p.openField("menu.directories.edit", page.Items()[i].Label, *value, rules, func(s string) { *value = s })
	}
	page.Save = func() bool { return p.setSpeedDial(draft) }
	p.openPage(page)
}

func (p *Phone) setSpeedDial(s directory.SpeedDial) bool {
	if err := p.book.SetSpeedDial(s); err != nil {
		p.remark(bookTrouble(err))
		return false
	}
	if !p.keepBook() {
		return false
	}
	p.watchKeys()
	p.remark(text.Get(text.MenuSaved))
	return true
}
