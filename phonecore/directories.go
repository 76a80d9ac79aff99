package phonecore

import (
	"strings"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/history"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// openDirectories is the directories key: the lists of calls, the personal
// directory, and that of the company (directory_url).
func (p *Phone) openDirectories() {
	entries := []entryOf{
		{text.MenuMissed, func(p *Phone) { p.openCalls(history.Missed) }},
		{text.MenuReceived, func(p *Phone) { p.openCalls(history.Received) }},
		{text.MenuPlaced, func(p *Phone) { p.openCalls(history.Placed) }},
		{text.MenuPersonal, (*Phone).openPersonal},
		{text.MenuSpeedDials, (*Phone).openSpeedDials},
	}
	if p.params.Text("directory_url") != "" {
		entries = append(entries, entryOf{text.MenuExternal, (*Phone).openExternal})
	}
	p.openMenu("menu.directories", text.MenuDirectories, call.ContextMenu, entries)
}

// callLists are the pages of the lists of calls.
var callLists = map[history.Kind]struct {
	name  string
	title text.ID
}{
	history.Missed:   {"menu.directories.missed", text.MenuMissed},
	history.Received: {"menu.directories.received", text.MenuReceived},
	history.Placed:   {"menu.directories.placed", text.MenuPlaced},
}

// openCalls lists calls, newest first, as they are when the list is opened: a
// call that comes meanwhile must not move another one under the person's
// finger. The missed ones are seen now.
func (p *Phone) openCalls(kind history.Kind) {
	if kind == history.Missed {
		p.missed = 0
	}
	list := callLists[kind]
	all := p.history.Entries(kind)
	page := &menu.Page{Name: list.name, Title: text.Get(list.title)}
	changed := func() {
		p.saveHistory()
		all = p.history.Entries(kind)
		page.Move(0) // the selection may have been the last one
	}
	// on makes the action of a soft key out of one for an entry.
	on := func(do func(history.Entry)) func(int) {
		return func(i int) {
			if i < len(all) {
				do(all[i])
			}
		}
	}
	page.Items = func() []view.Item {
		items := []view.Item{}
		for i, e := range all {
			items = append(items, view.Item{Number: i + 1, Label: callParty(e), Value: p.when(e.When)})
		}
		return items
	}
	page.KeysNow = func() call.Context {
		if len(all) == 0 {
			return call.ContextText
		}
		return call.ContextCallLog
	}
	page.Status = func() string {
		if page.Selected < len(all) {
			return callDetails(all[page.Selected])
		}
		return ""
	}
	page.Highlights = func(int) bool { return true }
	page.Open = on(func(e history.Entry) { p.dialFrom(e.Line, e.Number) })
	page.Do = map[call.SoftKey]func(int){
		text.SoftDial:     page.Open,
		text.SoftEditDial: on(func(e history.Entry) { p.editDial(e.Line, e.Number) }),
		text.SoftDelete: on(func(e history.Entry) {
			p.history.Delete(kind, e)
			changed()
		}),
		text.SoftClear: func(int) {
			p.ask(text.Get(text.DirClear, page.Title), func() {
				p.history.Clear(kind)
				changed()
			})
		},
	}
	p.openPage(page)
}

// callParty is who an entry is of; several calls are counted.
func callParty(e history.Entry) string {
	party := e.Name
	if party == "" {
		party = shown(e.Number)
	}
	if party == "" {
		party = text.Get(text.UnknownParty)
	}
	return party
}

// callDetails are what an entry's line on the list has no room for.
func callDetails(e history.Entry) string {
	var parts []string
	if e.Name != "" && e.Number != "" {
		parts = append(parts, shown(e.Number))
	}
	if e.Line > 0 {
		parts = append(parts, text.Get(text.DirLine, e.Line))
	}
	if e.Duration > 0 {
		parts = append(parts, durationText(e.Duration))
	}
	if e.Count > 1 {
		parts = append(parts, text.Get(text.DirCalls, e.Count))
	}
	return strings.Join(parts, ", ")
}

// when is a time as a person says it.
func (p *Phone) when(t time.Time) string {
	wall := p.clock()
	now := wall.Local(p.cfg.Now())
	switch day := wall.Local(t).Format(time.DateOnly); day {
	case now.Format(time.DateOnly):
		return text.Get(text.DirToday, wall.Time(t))
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return text.Get(text.DirYesterday, wall.Time(t))
	}
	return text.Get(text.DirDate, wall.Date(t), wall.Time(t))
}

// ask has a question answered by Yes or No before something is done.
func (p *Phone) ask(question string, yes func()) {
	title := p.pages.Top().Title
	p.openPage(&menu.Page{
		Name: "menu.question", Title: title, Keys: call.ContextQuestion,
		Text: func() []string { return p.cfg.Wrap([]string{question}) },
		Answer: func(_ int, agreed bool) {
			p.pages.Pop()
			if agreed {
				yes()
			}
		},
	})
}

// lineFor is a line for a call from a directory: the one that is wanted if it
// is there, 0 for any.
func (p *Phone) lineFor(wanted int) int {
	if wanted > 0 && p.lines[wanted-1].configured() {
		return wanted
	}
	return p.newCallLine()
}

// dialFrom leaves the menus and calls a number.
func (p *Phone) dialFrom(line int, number string) {
	if number == "" {
		p.remark(text.Get(text.DirWithheld))
		return
	}
	line = p.lineFor(line)
	p.menuExit()
	p.dial(line, number)
}

// editDial leaves the menus and puts a number up for editing before it is
// dialled.
func (p *Phone) editDial(line int, number string) {
	line = p.lineFor(line)
	switch {
	case number == "":
		p.remark(text.Get(text.DirWithheld))
		return
	case line == 0:
		p.remark(text.Get(text.NoLine))
		return
	}
	p.menuExit()
	if !p.entry.open {
		p.clearFailed()
		p.entry = entry{open: true, line: line}
	}
	p.entry.letters = nil
	p.entry.text, p.entry.late = number, false
	p.complete()
	p.awaitMore()
	p.settle()
}
