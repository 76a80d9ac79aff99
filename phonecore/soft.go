package phonecore

import (
	"deskset/phonecore/call"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// softActions is what the soft keys do. A function without an entry is not
// part of this release and is not shown.
var softActions map[call.SoftKey]func(*Phone)

func init() { // breaks the cycle actions -> pages -> keys -> actions
	softActions = map[call.SoftKey]func(*Phone){
		call.SoftRedial:    (*Phone).redialLast,
		call.SoftNewCall:   func(p *Phone) { p.openLine(p.newCallLine()) },
		call.SoftDND:       (*Phone).toggleDND,
		call.SoftEndCall:   (*Phone).softEnd,
		call.SoftDial:      (*Phone).dialEntry,
		call.SoftBackspace: (*Phone).backspace,
		call.SoftAnswer:    func(p *Phone) { p.onSelected(p.answer) },
		call.SoftReject:    func(p *Phone) { p.onSelected(p.reject) },
		call.SoftHold:      func(p *Phone) { p.onSelected(p.hold) },
		call.SoftResume:    func(p *Phone) { p.onSelected(p.resume) },
		call.SoftSelect:    (*Phone).menuSelect,
		call.SoftExit:      (*Phone).menuExit,
		call.SoftBack:      (*Phone).menuBack,
		call.SoftCancel:    (*Phone).menuBack,
		call.SoftSave:      (*Phone).menuSave,
		call.SoftPlay:      (*Phone).playRing,
		call.SoftMore:      func(p *Phone) { p.softPage++ },
	}
}

func hasSoftKey(k call.SoftKey) bool { return softActions[k] != nil }

// softContext is the row of the soft-key table for the present state.
func (p *Phone) softContext() call.Context {
	if n := len(p.pages); n > 0 {
		return p.pages[n-1].Keys
	}
	if p.entry.open {
		if p.entry.text == "" {
			return call.ContextOffHook
		}
		return call.ContextDialling
	}
	c := p.calls.Selected()
	if c == nil {
		return call.ContextIdle
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

// softCells are the keys under the LCD. Another row begins with its first page.
func (p *Phone) softCells() [view.NumSoftKeys]call.SoftKey {
	if row := p.softContext(); row != p.softRow {
		p.softRow, p.softPage = row, 0
	}
	return call.Page(call.Keys(p.softRow, hasSoftKey), p.softPage)
}

func (p *Phone) softKey(position int) {
	k := p.softCells()[position-1]
	if k == call.SoftNone {
		return
	}
	if k != call.SoftMore {
		p.softPage = 0
	}
	softActions[k](p)
	if k == call.SoftBackspace {
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
		p.settle()
		return
	}
	p.onSelected(p.endCall)
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

func (p *Phone) toggleDND() { p.dnd = !p.dnd }
