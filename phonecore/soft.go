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
		call.SoftRedial:        (*Phone).redialLast,
		call.SoftNewCall:       func(p *Phone) { p.openLine(p.newCallLine()) },
		call.SoftDND:           (*Phone).toggleDND,
		call.SoftCFwdAll:       (*Phone).forwardKey,
		call.SoftDivert:        func(p *Phone) { p.onSelected(p.divertKey) },
		call.SoftPickUp:        (*Phone).pickUp,
		call.SoftPark:          (*Phone).park,
		call.SoftEndCall:       (*Phone).softEnd,
		call.SoftDial:          (*Phone).dialEntry,
		call.SoftBackspace:     func(p *Phone) { p.erase() },
		call.SoftAnswer:        func(p *Phone) { p.onSelected(p.answer) },
		call.SoftReject:        func(p *Phone) { p.onSelected(p.reject) },
		call.SoftHold:          func(p *Phone) { p.onSelected(p.hold) },
		call.SoftResume:        func(p *Phone) { p.onSelected(p.resume) },
		call.SoftConference:    (*Phone).confer,
		call.SoftJoin:          (*Phone).joinCalls,
		call.SoftRemoveLast:    (*Phone).removeLast,
		call.SoftSelect:        (*Phone).menuSelect,
		call.SoftExit:          (*Phone).menuExit,
		call.SoftBack:          (*Phone).menuBack,
		call.SoftCancel:        (*Phone).softCancel,
		call.SoftSave:          (*Phone).menuSave,
		call.SoftEdit:          (*Phone).menuSelect,
		call.SoftChange:        (*Phone).menuSelect,
		call.SoftYes:           func(p *Phone) { p.menuAnswer(true) },
		call.SoftNo:            func(p *Phone) { p.menuAnswer(false) },
		call.SoftValidate:      (*Phone).menuSelect,
		call.SoftNumber:        func(p *Phone) { p.panelMode(edit.Number) },
		call.SoftAlpha:         func(p *Phone) { p.panelMode(edit.Alpha) },
		call.SoftPlay:          (*Phone).playRing,
		call.SoftRetry:         (*Phone).menuSelect,
		call.SoftAlter:         (*Phone).menuBack,
		call.SoftKeep:          (*Phone).menuSave,
		call.SoftEditDial:      (*Phone).amend,
		call.SoftTransfer:      (*Phone).transferKey,
		call.SoftRecord:        func(p *Phone) { p.onSelected(p.record) },
		call.SoftStopRecord:    func(p *Phone) { p.onSelected(p.stopRecording) },
		call.SoftBlindTransfer: (*Phone).blindKey,
	}
}

// softUses tells of a soft key that is not always of use whether it is now; one
// that is not here always is.
var softUses = map[call.SoftKey]func(*Phone) bool{
	call.SoftCFwdAll:       (*Phone).mayForward,
	call.SoftPickUp:        func(p *Phone) bool { return p.pickUpCode() != "" },
	call.SoftPark:          (*Phone).canPark,
	call.SoftEditDial:      (*Phone).amendable,
	call.SoftConference:    (*Phone).conferring,
	call.SoftJoin:          func(p *Phone) bool { return p.joinWith() != nil },
	call.SoftTransfer:      (*Phone).canTransfer,
	call.SoftRecord:        (*Phone).canRecord,
	call.SoftStopRecord:    (*Phone).canStopRecord,
	call.SoftBlindTransfer: func(p *Phone) bool { c := p.calls.Selected(); return c != nil && p.transferable(c) },
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
	key   call.SoftKey // SoftNone for one that a page brings with it
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
	more := softCell{call.SoftMore, call.SoftMore.Label(), func() { p.softPage++ }}
	return call.Page(p.softKeys(), p.softPage, more)
}

// softKeys are all soft keys of the present state: a page's own, else those of
// the table that do something here.
func (p *Phone) softKeys() (cells []softCell) {
	page := p.pages.Top()
	if page != nil && page.Own != nil {
		for _, k := range page.Own {
			cells = append(cells, softCell{label: k.Label, press: k.Press})
		}
		return cells
	}
	has := func(k call.SoftKey) bool { return p.softAction(k) != nil }
	for _, k := range call.Keys(p.softAt.row, has) {
		cells = append(cells, softCell{k, k.Label(), p.softAction(k)})
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
	if cell.key != call.SoftMore {
		p.softPage = 0
	}
	cell.press()
	if cell.key == call.SoftBackspace {
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
