package phonecore

import (
	"deskset/phonecore/menu"
	"deskset/phonecore/view"
)

// menuKey gives a key to the page on the screen. Keys that a menu does not use
// (handset, line keys, mute ...) keep their meaning: it reports false.
func (p *Phone) menuKey(k view.Key) bool {
	page := p.pages.Top()
	switch {
	case k.Soft() != 0:
		p.softKey(k.Soft())
	case k == view.KeyScrollUp:
		scroll(page, -1)
	case k == view.KeyScrollDown:
		scroll(page, +1)
	case k == view.KeySettings:
		p.menuExit()
	case k >= view.Key0 && k <= view.Key9:
		page.Choose(int(k - view.Key0))
	case k == view.KeyStar || k == view.KeyPound:
	default:
		if leavesMenu(k) {
			p.menuExit()
		}
		return false
	}
	return true
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

func (p *Phone) openPage(page *menu.Page) {
	p.pages.Push(page)
}

func (p *Phone) menuSelect() {
	page := p.pages.Top()
	if page == nil || page.Open == nil || len(page.Items()) == 0 {
		return
	}
	page.Open(page.Selected)
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
	if page := p.pages.Top(); page != nil && page.Save != nil {
		page.Save()
	}
	p.pages.Pop()
}
