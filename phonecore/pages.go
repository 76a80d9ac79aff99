package phonecore

import (
	"strconv"

	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// entryOf is one line of a menu: a title and the page behind it.
type entryOf struct {
	title text.ID
	open  func(*Phone)
}

// settingsMenu is the guide's Settings menu in its order.
var settingsMenu = []entryOf{
	{text.MenuContrast, (*Phone).openContrast},
	{text.MenuRingType, (*Phone).openRingTypes},
	{text.MenuNetwork, (*Phone).openNetwork},
	{text.MenuSIP, (*Phone).openSIP},
	{text.MenuStatus, func(p *Phone) { p.openMenu("menu.status", text.MenuStatus, call.ContextSubMenu, statusMenu) }},
	// Here the guide's menu ends.
	{text.MenuPreferences, (*Phone).openPreferences},
	{text.MenuAudio, (*Phone).openAudio},
	{text.MenuUnlock, (*Phone).openLock},
	{text.MenuAbout, (*Phone).openAbout},
	{text.MenuLanguage, (*Phone).openLanguage},
	{text.MenuProcessing, (*Phone).openProcessing},
	{text.MenuFirstRun, (*Phone).repeatFirstRun},
}

// statusMenu is the guide's Status menu, and the start-up's own page.
var statusMenu = []entryOf{
	{text.MenuStatusMessages, (*Phone).openStatusMessages},
	{text.MenuNetStatistics, (*Phone).openNetStatistics},
	{text.MenuFirmware, (*Phone).openFirmware},
	{text.MenuStartUp, (*Phone).openStartUp},
	{text.MenuAudioPath, (*Phone).openAudioPath},
	{text.MenuSecurity, (*Phone).openSecurity},
	{text.MenuLastCall, (*Phone).openLastCall},
	{text.MenuRecordings, (*Phone).openRecordings},
}

func (p *Phone) openSettings() {
	p.openMenu("menu.settings", text.MenuSettings, call.ContextMenu, settingsMenu)
}

func (p *Phone) openMenu(name string, title text.ID, keys call.Context, entries []entryOf) {
	p.openPage(&menu.Page{
		Name: name, Title: text.Get(title), Keys: keys,
		Items: func() []view.Item {
			items := make([]view.Item, len(entries))
			for i, e := range entries {
				items[i] = view.Item{Number: i + 1, Label: text.Get(p.itemTitle(e.title))}
			}
			return items
		},
		Open: func(i int) { entries[i].open(p) },
	})
}

// itemTitle is a title that may change: what unlocks also locks.
func (p *Phone) itemTitle(title text.ID) text.ID {
	if title == text.MenuUnlock && p.lock.unlocked {
		return text.MenuLock
	}
	return title
}

func (p *Phone) openText(name string, title text.ID, lines func() []string) {
	p.openPage(&menu.Page{
		Name: name, Title: text.Get(title), Keys: call.ContextText,
		Text: func() []string { return p.cfg.Wrap(lines()) },
	})
}

// openContrast changes the contrast at once; Save keeps it, Cancel takes it
// back.
func (p *Phone) openContrast() {
	before := p.contrast
	p.openPage(&menu.Page{
		Name: "menu.contrast", Title: text.Get(text.MenuContrast), Keys: call.ContextContrast,
		Items: func() []view.Item {
			return []view.Item{{Label: text.Get(text.MenuContrast), Value: strconv.Itoa(p.contrast)}}
		},
		Adjust: func(step int) { p.contrast = min(max(p.contrast+step, 0), maxContrast) },
		Save:   func() bool { p.savePreferences(); p.remark(text.Get(text.MenuSaved)); return true },
		Cancel: func() { p.contrast = before },
	})
}

func (p *Phone) openStatusMessages() {
	p.openText("menu.status.messages", text.MenuStatusMessages, func() []string {
		var lines []string
		wall := p.clock()
		for i := len(p.status.entries) - 1; i >= 0; i-- {
			e := p.status.entries[i]
			lines = append(lines, wall.Stamp(e.at)+" "+e.text)
			if e.remedy != "" {
				lines = append(lines, "> "+e.remedy)
			}
		}
		if len(lines) == 0 {
			lines = []string{text.Get(text.NoMessages)}
		}
		return lines
	})
}

func (p *Phone) openFirmware() {
	p.openPage(&menu.Page{
		Name: "menu.status.firmware", Title: text.Get(text.MenuFirmware), Keys: call.ContextText,
		Items: func() []view.Item {
			return []view.Item{
				{Label: text.Get(text.LabelApplicationLoad), Value: p.load()},
				{Label: text.Get(text.LabelBootLoad), Value: BootLoad},
			}
		},
	})
}

func (p *Phone) openAbout() {
	p.openText("menu.about", text.MenuAbout, func() []string {
		return []string{
			text.Get(text.Product), text.Get(text.Copyright), text.Get(text.LicenceLine), "",
			text.Get(text.AboutLoad, p.load(), BootLoad),
			text.Get(text.AboutProfile, p.params.Profile()),
		}
	})
}
