package phonecore

import (
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// speak puts the language in use: what the person has chosen on the phone, else
// the parameter language, else what the computer speaks. What is on the screen
// already keeps its words, and so do the messages and stages of the past.
func (p *Phone) speak() {
	code := p.language
	if code == "" {
		code = p.ownLanguage()
	}
	text.Use(code)
	p.timeline.touch()
}

// ownLanguage is the one without a person's choice.
func (p *Phone) ownLanguage() string {
	if p.params.IsSet("language") {
		if code, ok := text.Match(p.params.Text("language")); ok {
			return code
		}
	}
	code, _ := text.Match(p.cfg.Language)
	return code
}

// openLanguage lists the languages, each by its own name. A choice counts at
// once.
func (p *Phone) openLanguage() {
	page := &menu.Page{Name: "menu.language", Title: text.Get(text.MenuLanguage), Keys: call.ContextSubMenu}
	page.Items = func() []view.Item {
		items := []view.Item{p.languageItem(text.Get(text.LanguageOwn, p.ownLanguageName()), "")}
		for _, l := range text.Languages() {
			items = append(items, p.languageItem(l.Name, l.Code))
		}
		for i := range items {
			items[i].Number = i + 1
		}
		return items
	}
	page.Open = func(i int) {
		p.language = ""
		if i > 0 {
			p.language = text.Languages()[i-1].Code
		}
		p.savePreferences()
		p.speak()
		p.pages = nil // they were titled in the language before
		p.remark(text.InUse().Name)
	}
	p.openPage(page)
}

func (p *Phone) languageItem(name, code string) view.Item {
	item := view.Item{Label: name}
	if code == p.language {
		item.Icon = view.IconDone
	}
	return item
}

func (p *Phone) ownLanguageName() string {
	for _, l := range text.Languages() {
		if l.Code == p.ownLanguage() {
			return l.Name
		}
	}
	return text.Languages()[0].Name
}
