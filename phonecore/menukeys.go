package phonecore

import (
	"strings"

	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/view"
)

// menuKey gives a key to the page on the screen. Keys that a menu does not use
// (handset, line keys, mute ...) keep their meaning: it reports false.
func (p *Phone) menuKey(k view.Key) bool {
	page := p.pages.Top()
	switch {
	case page.Pressed != nil && page.Pressed(k):
	case k.Soft() != 0:
		p.softKey(k.Soft())
	case k == view.KeyScrollUp:
		scroll(page, -1)
	case k == view.KeyScrollDown:
		scroll(page, +1)
	case k == view.KeySettings || k == view.KeyDirectories || k == view.KeyServices:
		p.modeKey(k)
	case k.Digit() != 0 && page.Field != nil:
		p.panelKey(page.Field, k.Digit())
	case k >= view.Key0 && k <= view.Key9:
		p.chooseItem(page, int(k-view.Key0))
	case k.Digit() != 0:
	default:
		if leavesMenu(k) {
			p.menuExit()
		}
		return false
	}
	return true
}

// modeKeys open menus; each begins with a page of its name.
var modeKeys = map[view.Key]string{
	view.KeySettings: "menu.settings", view.KeyDirectories: "menu.directories", view.KeyServices: "menu.services",
}

// modeKey closes the menus. From a menu of another such key it goes on to its
// own.
func (p *Phone) modeKey(pressed view.Key) {
	first := p.pages[0].Name
	p.menuExit()
	for k, name := range modeKeys {
		if k != pressed && strings.HasPrefix(first, name) {
			p.phoneKey(pressed)
		}
	}
}

// leavesMenu tells which keys begin a call and therefore close the menus.
func leavesMenu(k view.Key) bool {
	return k.Line() != 0 || k == view.KeyHandset || k == view.KeySpeaker ||
		k == view.KeyHeadset || k == view.KeyMessages
}

func scroll(page *menu.Page, step int) {
	if page.Adjust != nil {
		page.Adjust(-step)
		return
	}
	page.Move(step)
}

// itemNumber is the number of an item that is being entered: in a list of more
// than nine the second digit may follow within edit.TapTime.
type itemNumber struct {
	page  *menu.Page
	value int
	t     *timer
}

// chooseItem goes to the item with a number (guide 2-21: "by pressing the
// number that represents the parameter").
func (p *Phone) chooseItem(page *menu.Page, digit int) {
	n := digit
	if p.number.page == page {
		n += 10 * p.number.value
	}
	p.number.t.stop()
	p.number = itemNumber{}
	if !page.Choose(n) && (n == digit || !page.Choose(digit)) {
		return
	}
	if p.pages.Top() == page {
		p.number = itemNumber{page, n, p.after(edit.TapTime, func() { p.number = itemNumber{} })}
	}
}

func (p *Phone) openPage(page *menu.Page) { p.pages.Push(page) }

// menuSelect is Select, Edit, Change and Validate: what the page does with its
// selected item, or the panel with its text.
func (p *Phone) menuSelect() {
	page := p.pages.Top()
	if page == nil || page.Open == nil || page.Items != nil && len(page.Items()) == 0 {
		return
	}
	page.Open(page.Selected)
}

func (p *Phone) menuAnswer(yes bool) {
	if page := p.pages.Top(); page != nil && page.Answer != nil {
		page.Answer(page.Selected, yes)
	}
}

// menuBack goes one page up; Exit closes them all.
func (p *Phone) menuBack() {
	if page := p.pages.Top(); page != nil && page.Cancel != nil {
		page.Cancel()
	}
	p.pages.Pop()
}

func (p *Phone) menuExit() {
	for len(p.pages) > 0 {
		p.menuBack()
	}
}

func (p *Phone) menuSave() {
	if page := p.pages.Top(); page != nil && (page.Save == nil || page.Save()) {
		p.pages.Pop()
	}
}
