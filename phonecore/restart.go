package phonecore

import (
	"deskset/phonecore/boot"
	"deskset/phonecore/text"
)

// restartKind is how much of the start-up is done anew.
type restartKind uint8

const (
	// restartRestart asks for the configuration again.
	restartRestart restartKind = iota + 1
	// restartReset begins where the phone does when it is given power.
	restartReset
)

// restart unregisters, closes the SIP sockets and begins the start-up anew. It
// is for an idle phone: calls would be lost.
func (p *Phone) restart(kind restartKind) {
	if p.mode != modeRunning {
		return
	}
	p.mode = modeStarting
	p.remote.restart, p.remote.sync, p.remote.urgent = 0, false, false // the configuration will be new in any case
	p.pages = nil
	p.clearFailed()
	p.dropSpare()
	p.clearRemark()
	for i := range p.lines {
		p.lines[i].t.stop()
		p.lines[i] = lineState{}
	}
	var before *boot.Values
	if kind == restartRestart {
		values := p.startup.values
		before = &values
	}
	begin := func() {
		p.agent = nil
		p.startAgain(before)
	}
	if p.agent == nil {
		begin()
		return
	}
	p.startup.progress = boot.Progress{Message: text.Unregistering} // a dead server does not answer that
	p.agent.Shutdown(begin)
}
