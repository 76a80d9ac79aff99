package phonecore

import (
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// press gives a key to what it belongs to. Before the phone has started there is
// only one that does something, and only at times.
func (p *Phone) press(k view.Key) {
	if p.mode != modeRunning {
		if k == breakOffKey {
			p.breakOff()
		}
		return
	}
	began := time.Now()
	p.clearRemark()
	p.trying.key = began
	p.release(k)
	switch {
	case p.lock.pressed(p, k):
	case p.helping && k != view.KeyInfo:
		p.showHelp(k)
	case len(p.pages) > 0 && p.menuKey(k):
	default:
		p.phoneKey(k)
	}
	name := k.String()
	if k.Digit() != 0 {
		name = "digit" // of a PIN, perhaps
	}
	p.log.Debug("key", "key", name, "took", time.Since(began))
}

// release ends what lasted as long as the key was down.
func (p *Phone) release(k view.Key) {
	if end, ok := p.down[k]; ok {
		delete(p.down, k)
		end()
	}
}

func (p *Phone) phoneKey(k view.Key) {
	switch {
	case k.Digit() != 0:
		p.digitKey(k)
	case k.Line() != 0:
		p.lineKey(k.Line())
	case k.Soft() != 0:
		p.softKey(k.Soft())
	default:
		if f, ok := fixedKeys[k]; ok {
			f(p)
		}
	}
}

// fixedKeys is what the keys with one function do.
var fixedKeys map[view.Key]func(*Phone)

func init() { // breaks the cycle keys -> pages -> keys
	fixedKeys = map[view.Key]func(*Phone){
		view.KeyHandset:     (*Phone).pressHandset,
		view.KeySpeaker:     func(p *Phone) { p.pressHandsFree(audio.PathSpeaker) },
		view.KeyHeadset:     func(p *Phone) { p.pressHandsFree(audio.PathHeadset) },
		view.KeyMute:        (*Phone).pressMute,
		view.KeyVolumeUp:    func(p *Phone) { p.changeVolume(+1) },
		view.KeyVolumeDown:  func(p *Phone) { p.changeVolume(-1) },
		view.KeyScrollUp:    func(p *Phone) { p.scrollKey(-1) },
		view.KeyScrollDown:  func(p *Phone) { p.scrollKey(+1) },
		view.KeySettings:    (*Phone).openSettings,
		view.KeyMessages:    (*Phone).callMessages,
		view.KeyInfo:        (*Phone).askHelp,
		view.KeyDirectories: (*Phone).openDirectories,
		view.KeyServices:    (*Phone).openServices,
	}
}

func (p *Phone) notActive() { p.remark(text.Get(text.KeyNotActive)) }

// scrollKey chooses among the numbers that complete the one being entered, else
// among the calls.
func (p *Phone) scrollKey(step int) {
	if p.entry.open {
		p.chooseMatch(step)
		return
	}
	p.calls.SelectNext(step)
}

// digitKey enters a digit, or sends it to the far side in a call.
func (p *Phone) digitKey(k view.Key) {
	c := p.calls.Active()
	switch {
	case p.entry.open:
		p.entryDigit(k)
	case c == nil || c.State == call.Failed:
		p.enter(string(rune(k.Digit())))
	case c.State == call.Connected || c.EarlyMedia:
		p.sendDigit(c, k)
	default:
		p.notActive()
	}
}

// lineKey: answer what rings on the line, take back what is held on it, or
// open it. A key without a line is a speed dial.
func (p *Phone) lineKey(line int) {
	if !p.lines[line-1].configured() {
		p.pressSpeedDial(line)
		return
	}
	c := p.calls.OnLine(line)
	switch {
	case c != nil && c.State == call.RingIn:
		p.answer(c)
	case c != nil && c.State == call.Held:
		p.resume(c)
	case p.entry.open && p.entry.offHook && p.entry.line == line:
	case c != nil && c.State != call.Failed:
		p.calls.Select(c)
	case p.entry.open && p.entry.text != "":
		p.entry.line = line
		p.dialEntry()
	default:
		p.openLine(line)
	}
}

// confirm is the Enter key: the natural next step.
func (p *Phone) confirm() {
	switch {
	case len(p.pages) > 0:
		p.menuSelect()
	case p.entry.open:
		p.dialEntry()
	case p.ringing != nil:
		p.answer(p.ringing)
	default:
		if c := p.calls.Selected(); c != nil && c.State == call.Held {
			p.resume(c)
		}
	}
}

// cancel is the Escape key: the natural way back. It ends a call that is
// being set up but never one that is connected or ringing.
func (p *Phone) cancel() {
	c := p.calls.Active()
	switch {
	case p.helping:
		p.helping = false
	case len(p.pages) > 0:
		p.menuBack()
	case p.entry.open:
		p.softEnd()
	case c != nil && c.State != call.Connected:
		p.endByKey(c)
	default:
		p.missed = 0
	}
}

// volumeRole is what the volume key changes: the path in use; on hook the role
// on the page of Audio Devices, else the ringer.
func (p *Phone) volumeRole() audio.Role {
	switch p.hook.path {
	case audio.PathHandset:
		return audio.RoleHandset
	case audio.PathHeadset:
		return audio.RoleHeadset
	case audio.PathSpeaker:
		return audio.RoleSpeaker
	}
	if p.trying.role != nil {
		return p.trying.role()
	}
	return audio.RoleRinger
}

func (p *Phone) changeVolume(step int) {
	role := p.volumeRole()
	level := min(max(p.volumes[role]+step, 0), audio.MaxVolume)
	if level != p.volumes[role] {
		p.volumes[role] = level
		if p.voice != nil {
			p.voice.SetVolume(role, level)
		}
		p.savePreferences()
	}
	p.remark(text.Get(text.VolumeIs, roleName(role), level, audio.MaxVolume))
}
