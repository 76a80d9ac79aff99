package phonecore

import (
	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// softActions is what the soft keys do. A function without an entry is not
// part of this release and is not shown.
var softActions map[call.SoftKey]func(*Phone)

func init() { // breaks the cycle actions -> pages -> keys -> actions
	softActions = map[call.SoftKey]func(*Phone){
		text.SoftRedial:        (*Phone).redialLast,
		text.SoftNewCall:       func(p *Phone) { p.openLine(p.newCallLine()) },
		text.SoftDND:           (*Phone).toggleDND,
		text.SoftCFwdAll:       (*Phone).forwardKey,
		text.SoftDivert:        func(p *Phone) { p.onSelected(p.divertKey) },
		text.SoftPickUp:        (*Phone).pickUp,
		text.SoftPark:          (*Phone).park,
		text.SoftEndCall:       (*Phone).softEnd,
		text.SoftDial:          (*Phone).dialEntry,
		text.SoftBackspace:     func(p *Phone) { p.erase() },
		text.SoftAnswer:        func(p *Phone) { p.onSelected(p.answer) },
		text.SoftReject:        func(p *Phone) { p.onSelected(p.reject) },
		text.SoftHold:          func(p *Phone) { p.onSelected(p.hold) },
		text.SoftResume:        func(p *Phone) { p.onSelected(p.resume) },
		text.SoftConference:    (*Phone).confer,
		text.SoftJoin:          (*Phone).joinCalls,
		text.SoftRemoveLast:    (*Phone).removeLast,
		text.SoftSelect:        (*Phone).menuSelect,
		text.SoftExit:          (*Phone).menuExit,
		text.SoftBack:          (*Phone).menuBack,
		text.SoftCancel:        (*Phone).softCancel,
		text.SoftSave:          (*Phone).menuSave,
		text.SoftEdit:          (*Phone).menuSelect,
		text.SoftChange:        (*Phone).menuSelect,
		text.Yes:               func(p *Phone) { p.menuAnswer(true) },
		text.No:                func(p *Phone) { p.menuAnswer(false) },
		text.SoftValidate:      (*Phone).menuSelect,
		text.SoftNumber:        func(p *Phone) { p.panelMode(edit.Number) },
		text.SoftAlpha:         func(p *Phone) { p.panelMode(edit.Alpha) },
		text.SoftPlay:          (*Phone).playRing,
		text.SoftRetry:         (*Phone).menuSelect,
		text.SoftAlter:         (*Phone).menuBack,
		text.SoftKeep:          (*Phone).menuSave,
		text.SoftEditDial:      (*Phone).amend,
		text.SoftTransfer:      (*Phone).transferKey,
		text.SoftRecord:        func(p *Phone) { p.onSelected(p.record) },
		text.SoftStopRecord:    func(p *Phone) { p.onSelected(p.stopRecording) },
		text.SoftBlindTransfer: (*Phone).blindKey,
	}
}

// softUses tells of a soft key that is not always of use whether it is now; one
// that is not here always is.
var softUses = map[call.SoftKey]func(*Phone) bool{
	text.SoftCFwdAll:       (*Phone).mayForward,
	text.SoftPickUp:        func(p *Phone) bool { return p.pickUpCode() != "" },
	text.SoftPark:          (*Phone).canPark,
	text.SoftEditDial:      (*Phone).amendable,
	text.SoftConference:    (*Phone).conferring,
	text.SoftJoin:          func(p *Phone) bool { return p.joinWith() != nil },
	text.SoftTransfer:      (*Phone).canTransfer,
	text.SoftRecord:        (*Phone).canRecord,
	text.SoftStopRecord:    (*Phone).canStopRecord,
	text.SoftBlindTransfer: func(p *Phone) bool { c := p.calls.Selected(); return c != nil && p.transferable(c) },
}

// softContext is the row of the soft-key table for the present state.
func (p *Phone) softContext() call.Context {
	if n := len(p.pages); n > 0 {
		return p.pages[n-1].Row()
	}
	if p.entry.open {
		row := p.entry.row()
		if p.xfer.asking && row == call.ContextOffHook {
			row = call.ContextTransferTo
		}
		return row
	}
	c := p.calls.Selected()
	switch {
	case c == nil:
		return call.ContextIdle
	case p.consulting(c):
		return call.ContextTransfer
	case p.xfer.sent && c == p.xfer.from:
		return call.ContextRingOut // to be waited for, or left
	case c.State == call.Connected && p.conf.has(c):
		return call.ContextConference
	case p.conf.joinable(c):
		return call.ContextJoining
	}
	return [...]call.Context{
		call.Calling:   call.ContextRingOut,
		call.RingOut:   call.ContextRingOut,
		call.RingIn:    call.ContextRingIn,
		call.Connected: call.ContextConnected,
		call.Held:      call.ContextHeld,
		call.Failed:    call.ContextFailed,
	}[c.State]
}

// row is the entry's row of the soft-key table.
func (e *entry) row() call.Context {
	rows := [2]call.Context{call.ContextOffHook, call.ContextDialling}
	if e.letters != nil {
		rows = [2]call.Context{call.ContextOffHookAlpha, call.ContextDiallingAlpha}
	}
	if e.text == "" {
		return rows[0]
	}
	return rows[1]
}

// softCell is a soft key as it stands under the LCD; the zero value is empty.
type softCell struct {
	key   call.SoftKey // text.None for one that a page brings with it
	label string
	press func()
}

// softPlace is where the soft keys belong: another one begins with its first
// page of them.
type softPlace struct {
	row  call.Context
	page *menu.Page
}

// softCells are the keys under the LCD.
func (p *Phone) softCells() [view.NumSoftKeys]softCell {
	if at := (softPlace{p.softContext(), p.pages.Top()}); at != p.softAt {
		p.softAt, p.softPage = at, 0
	}
	more := softCell{text.SoftMore, text.Get(text.SoftMore), func() { p.softPage++ }}
	return call.Page(p.softKeys(), p.softPage, more)
}

// softKeys are all soft keys of the present state: a page's own, else those of
// the table that do something here.
func (p *Phone) softKeys() (cells []softCell) {
	page := p.pages.Top()
	if page != nil && page.Own != nil && !p.awaited() {
		for _, k := range page.Own {
			cells = append(cells, softCell{label: k.Label, press: k.Press})
		}
		return cells
	}
	has := func(k call.SoftKey) bool { return p.softAction(k) != nil }
	for _, k := range call.Keys(p.softAt.row, has) {
		cells = append(cells, softCell{k, text.Get(k), p.softAction(k)})
	}
	return cells
}

// softAction is what a soft key does: what the page on the screen has for it,
// else the phone. Nil for a key that does nothing.
func (p *Phone) softAction(k call.SoftKey) func() {
	if page := p.pages.Top(); page != nil && page.Do[k] != nil {
		return func() { page.Do[k](page.Selected) }
	}
	if useful := softUses[k]; useful != nil && !useful(p) {
		return nil
	}
	if act := softActions[k]; act != nil {
		return func() { act(p) }
	}
	return nil
}

func (p *Phone) softKey(position int) {
	cell := p.softCells()[position-1]
	if cell.press == nil {
		return
	}
	if cell.key != text.SoftMore {
		p.softPage = 0
	}
	cell.press()
	if cell.key == text.SoftBackspace {
		p.repeatBackspace(view.SoftKey(position))
	}
}

func (p *Phone) onSelected(do func(*call.Call)) {
	if c := p.calls.Selected(); c != nil {
		do(c)
	}
}

// newCallLine is the selected call's line, else the default one.
func (p *Phone) newCallLine() int {
	if c := p.calls.Selected(); c != nil {
		return c.Line
	}
	return p.defaultLine()
}

// softEnd ends the entry or the selected call.
func (p *Phone) softEnd() {
	if p.entry.open {
		p.closeEntry()
		if !p.unasked() && !p.notTransferred() {
			p.settle()
		}
		return
	}
	p.onSelected(p.endByKey)
}

// softCancel is Cancel: of a page, else of a consultation.
func (p *Phone) softCancel() {
	switch {
	case len(p.pages) > 0:
		p.menuBack()
	case p.entry.open:
		p.softEnd()
	case !p.cancelTransfer():
		p.unconfer()
	}
}

func (p *Phone) redialLast() {
	if p.redial == "" {
		p.remark(text.Get(text.RedialNothing))
		return
	}
	line := p.defaultLine()
	if p.entry.open {
		line = p.entry.line
	}
	p.dial(line, p.redial)
}

func (p *Phone) toggleDND() { p.setFeature(featureDND, !p.feature(featureDND)) }
