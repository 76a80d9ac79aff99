package phonecore

import (
	"errors"

	"deskset/phonecore/call"
	"deskset/phonecore/directory"
	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// openPersonal lists the person's own directory.
func (p *Phone) openPersonal() {
	page := &menu.Page{Name: "menu.directories.personal", Title: text.Get(text.MenuPersonal)}
	on := func(do func(directory.Entry)) func(int) {
		return func(i int) {
			if all := p.book.Entries(); i < len(all) {
				do(all[i])
			}
		}
	}
	page.Items = func() []view.Item {
		items := []view.Item{}
		for i, e := range p.book.Entries() {
			items = append(items, view.Item{Number: i + 1, Label: e.Name, Value: shown(e.Numbers[0].Number)})
		}
		return items
	}
	page.KeysNow = func() call.Context {
		if len(p.book.Entries()) == 0 {
			return call.ContextPersonalEmpty
		}
		return call.ContextPersonal
	}
	page.Highlights = func(int) bool { return true }
	page.Open = on(func(e directory.Entry) { p.openPerson(e.Name, e) })
	page.Do = map[call.SoftKey]func(int){
		text.SoftDial: on(func(e directory.Entry) {
			if len(e.Numbers) > 1 {
				p.openPerson(e.Name, e)
				p.remark(text.Get(text.DirChooseNumber))
				return
			}
			p.dialFrom(0, e.Numbers[0].Number)
		}),
		text.SoftAdd: func(int) { p.openPerson("", directory.Entry{}) },
		text.SoftDelete: on(func(e directory.Entry) {
			p.ask(text.Get(text.DirDelete, e.Name), func() {
				p.book.Delete(e.Name)
				p.keepBook()
				page.Move(0)
			})
		}),
	}
	p.openPage(page)
}

// keepBook stores the directory and tells what is wrong.
func (p *Phone) keepBook() bool {
	err := p.saveBook()
	if err != nil {
		p.remark(bookTrouble(err))
	}
	return err == nil
}

// bookTrouble words an error of the directory.
func bookTrouble(err error) string {
	switch {
	case errors.Is(err, directory.ErrFull):
		return text.Get(text.DirFull)
	case errors.Is(err, directory.ErrEntry):
		return text.Get(text.DirNeedsNumber)
	}
	return text.Get(text.DirUnreadable, err)
}

// openPerson shows an entry and lets it be edited: its name, its numbers and
// room for one more. Save keeps the changes, under the name old for an entry
// that is there already.
func (p *Phone) openPerson(old string, e directory.Entry) {
	title := text.MenuPerson
	if old == "" {
		title = text.MenuNewPerson
	}
	numbers := make([]directory.Number, len(e.Numbers), directory.MaxNumbers)
	copy(numbers, e.Numbers)
	if len(numbers) < directory.MaxNumbers {
		numbers = append(numbers, directory.Number{})
	}
	page := &menu.Page{Name: "menu.directories.entry", Title: text.Get(title), Keys: call.ContextPerson}
	label := func(i int) string {
		switch {
		case i == 0:
			return text.Get(text.DirName)
		case numbers[i-1].Label != "":
			return numbers[i-1].Label
		}
		return text.Get(text.DirNumber, i)
	}
	page.Items = func() []view.Item {
		items := []view.Item{{Number: 1, Label: label(0), Value: e.Name}}
		for i, n := range numbers {
			items = append(items, view.Item{Number: i + 2, Label: label(i + 1), Value: shown(n.Number)})
		}
		return items
	}
	page.Highlights = func(int) bool { return true }
	page.Open = func(i int) {
		value, rules := &e.Name, edit.Text(directory.MaxName)
		if i > 0 {
			value, rules = &numbers[i-1].Number, edit.URI(directory.MaxNumber)
		}
		p.openField("menu.directories.edit", label(i), *value, rules, func(s string) { *value = s })
	}
	page.Do = map[call.SoftKey]func(int){text.SoftDial: func(i int) { p.dialFrom(0, numbers[max(i-1, 0)].Number) }}
	page.Save = func() bool {
		changed := directory.Entry{Name: e.Name}
		for _, n := range numbers {
			if n.Number != "" {
				changed.Numbers = append(changed.Numbers, n)
			}
		}
		if err := p.book.Put(old, changed); err != nil {
			p.remark(bookTrouble(err))
			return false
		}
		if !p.keepBook() {
			return false
		}
		p.remark(text.Get(text.MenuSaved))
		return true
	}
	p.openPage(page)
}

// openField opens the editing panel for a text that no lock concerns.
func (p *Phone) openField(name, title, value string, rules edit.Rules, done func(string)) {
	p.openPanel(panel{
		name: name, title: title, value: value, rules: rules,
		hints: func() []string { return nil },
		done:  func(s string) string { done(s); return "" },
	})
	p.pages.Top().Padlock = false
}
