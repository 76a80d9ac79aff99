package phonecore

import (
	"context"
	"slices"

	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
)

// firstRun leads a person without a server through the first steps: the lab, an
// account of one's own, or a company's provisioning server. What is entered is
// tried at once, and kept when it works or the person insists.
type firstRun struct {
	// offered is set once the page was shown by itself.
	offered bool
	account account
	// trying is the page that waits for an answer, nil for none.
	trying *menu.Page
	// lab is the page that waits for the lab; starting is true as long as that
	// takes, even if nobody waits any more.
	lab      *menu.Page
	starting bool
}

// firstSteps are the ways to begin. It is a function because a variable would
// be part of a cycle: steps, restart, start-up, steps.
func firstSteps() []entryOf {
	return []entryOf{
		{text.FirstLab, (*Phone).tryLab},
		{text.FirstAccount, (*Phone).openAccount},
		{text.FirstServer, (*Phone).openServer},
		{text.FirstLater, (*Phone).menuExit},
	}
}

// offerFirstRun shows the page after the start-up where it is wanted.
func (p *Phone) offerFirstRun() {
	if !p.first.offered && p.wantsFirstRun() {
		p.first.offered = true
		p.openFirstRun()
	}
}

// wantsFirstRun is true for a phone that knows nothing: no server, no line,
// nothing in flash.
func (p *Phone) wantsFirstRun() bool {
	served := p.startup.values.Servers != nil || p.params.Text("tftp_server") != "" || p.params.Text("provision_url") != ""
	switch p.cfg.FirstRun {
	case FirstRunAlways:
		return true
	case FirstRunIfEmpty:
		return !served && p.primaryLine() == 0 && len(p.stored) == 0
	}
	return false
}

// repeatFirstRun is the item of the Settings menu. It changes settings, so that
// a locked phone does not have it.
func (p *Phone) repeatFirstRun() {
	if !p.lock.unlocked {
		p.remark(text.Get(text.SettingsLocked))
		return
	}
	p.openFirstRun()
}

func (p *Phone) openFirstRun() {
	p.openMenu("firstrun", text.FirstTitle, call.ContextMenu, firstSteps())
	p.pages.Top().Prompt = text.Get(text.FirstPrompt)
}

// beginTry shows that something is being tried; leaving the page gives it up,
// of which giveUp is told.
func (p *Phone) beginTry(lines func() []string, giveUp func()) {
	page := &menu.Page{
		Name: "firstrun.try", Title: text.Get(text.TryTitle), Keys: call.ContextWaiting,
		Text:   func() []string { return p.cfg.Wrap(lines()) },
		Cancel: func() { p.first.trying = nil; giveUp() },
	}
	p.first.trying = page
	p.openPage(page)
}

// endTry closes the page of the try and what was opened over it, such as help;
// it is false if the person has left it.
func (p *Phone) endTry() bool {
	at := -1
	if p.first.trying != nil {
		at = slices.Index(p.pages, p.first.trying)
	}
	p.first.trying = nil
	if at < 0 {
		return false
	}
	p.pages = p.pages[:at]
	return true
}

// attempt is something that was tried: again does it once more, keep takes it
// as it is.
type attempt struct{ again, keep func() }

// openTrouble says in plain words what went wrong and what can be done.
func (p *Phone) openTrouble(w problem, a attempt) {
	p.openPage(&menu.Page{
		Name: "firstrun.trouble", Title: text.Get(text.TroubleTitle), Keys: call.ContextTrouble,
		Text: func() []string {
			what, remedy := w.explain()
			return p.cfg.Wrap([]string{plain(what, maxStatusText), "", plain(remedy, maxStatusText)})
		},
		Open: func(int) {
			p.pages.Pop()
			a.again()
		},
		Save: func() bool {
			p.menuExit()
			a.keep()
			return false
		},
	})
}

// tryLab starts the embedded lab and starts up from it. What is tried there
// does not touch the phone's flash.
func (p *Phone) tryLab() {
	if p.cfg.StartLab == nil {
		p.remark(text.Get(text.FirstNotHere))
		return
	}
	start := p.cfg.StartLab
	p.beginTry(func() []string { return []string{text.Get(text.FirstLabStarts)} }, func() {})
	p.first.lab = p.first.trying
	if p.first.starting {
		return // and its end is waited for again
	}
	p.first.starting = true
	p.work(func(ctx context.Context) {
		change, err := start(ctx)
		p.post(func() { p.labStarted(change, err) })
	})
}

// labStarted goes over to the lab if the person still waits for it; else it is
// there for the next time.
func (p *Phone) labStarted(change func(*Config), err error) {
	p.first.starting = false
	open := p.first.trying == p.first.lab && p.endTry()
	switch {
	case err != nil && open:
		p.openTrouble(problem{kind: problemLab, reason: err.Error()}, attempt{again: p.tryLab, keep: func() {}})
	case err == nil && !open:
		p.cfg.StartLab = func(context.Context) (func(*Config), error) { return change, nil }
	case err == nil:
		change(&p.cfg)
		p.cfg.StartLab = nil // one is enough
		p.edits = edits{}
		p.wantRestart(restartReset, text.Get(text.FirstLab))
	}
}
