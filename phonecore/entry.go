package phonecore

import (
	"strings"
	"time"
	"unicode/utf8"

	"deskset/audio/tone"
	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/dialplan"
)

// firstDigitTime is offhookToFirstDigit of the reference (section 5).
const firstDigitTime = 15 * time.Second

// maxDialled bounds what can be dialled (reference section 3: 256 characters).
const maxDialled = 256

// entry is a number being entered.
type entry struct {
	open bool
	// offHook: a line is open and the dial tone plays or played. On hook the
	// digits are only collected.
	offHook bool
	line    int
	text    string
	// late: no digit came in time; the reorder tone plays.
	late bool
	// tone is what the dial plan wants to be heard at this digit.
	tone tone.Name
	// letters holds text while the dial pad writes letters; nil for digits.
	letters *edit.Field
	completion
	t *timer
}

// openLine opens a line with its dial tone.
func (p *Phone) openLine(line int) {
	if line == 0 {
		p.remark(text.Get(text.NoLine))
		p.settle()
		return
	}
	path := p.openPath()
	p.clearFailed()
	p.holdActive()
	p.closeEntry()
	p.route(path)
	p.entry = entry{open: true, offHook: true, line: line}
	p.followPlan()
	p.settle()
}

func (p *Phone) closeEntry() {
	p.entry.t.stop()
	p.entry = entry{}
}

// enter adds to the number; the first digit on hook opens the entry.
func (p *Phone) enter(s string) {
	if !p.entry.open {
		line := p.defaultLine()
		if line == 0 {
			p.remark(text.Get(text.NoLine))
			return
		}
		p.clearFailed()
		p.entry = entry{open: true, line: line}
	}
	if len(p.entry.text)+len(s) > maxDialled {
		return
	}
	if f := p.entry.letters; f != nil {
		f.Insert(s)
	}
	p.entered(p.entry.text + s)
}

// entered goes on with a number that has become longer.
func (p *Phone) entered(number string) {
	p.entry.text = number
	p.entry.late = false
	p.complete()
	p.followPlan()
	p.settle()
}

// followPlan does what the dial plan says of the number so far: it is dialled,
// or dialled unless another digit follows in time. On hook there is no hurry,
// but # dials there too.
func (p *Phone) followPlan() {
	r := p.awaitDigit()
	switch {
	case r.Action == dialplan.DialNow && r.Number != "":
		p.dialEntry()
	case r.Action == dialplan.Ready && r.Timeout == 0 && p.entry.offHook:
		p.dialEntry()
	}
}

// awaitDigit waits for the first or the next digit and tells what the plan
// says.
func (p *Phone) awaitDigit() dialplan.Result {
	p.entry.t.stop()
	r := dialplan.Result{Timeout: dialplan.DefaultTimeout}
	if p.entry.letters != nil {
		return r // letters take their time: Dial ends them
	}
	if !isAddress(p.entry.text) {
		r = p.match(p.entry.text, p.entry.line)
	}
	p.entry.tone = planTones[r.Tone]
	switch {
	case !p.entry.offHook:
	case p.entry.text == "" && r.Action != dialplan.Ready:
		p.entry.t = p.after(firstDigitTime, func() {
			p.entry.late = true
			p.settle()
		})
	default:
		p.entry.t = p.after(r.Timeout, p.dialEntry)
	}
	return r
}

// erase is the << key. It reports whether there is more to delete.
func (p *Phone) erase() (more bool) {
	if page := p.pages.Top(); page != nil {
		return page.Field != nil && page.Field.Backspace()
	}
	p.backspace()
	return p.entry.text != ""
}

// backspace removes the last character; on hook an empty entry closes.
func (p *Phone) backspace() {
	if p.entry.text == "" {
		return
	}
	_, size := utf8.DecodeLastRuneInString(p.entry.text)
	p.entry.text = p.entry.text[:len(p.entry.text)-size]
	if f := p.entry.letters; f != nil {
		f.Backspace()
	}
	p.complete()
	if p.entry.text == "" && !p.entry.offHook {
		p.closeEntry()
	}
	p.awaitMore()
	p.settle()
}

// awaitMore is awaitDigit after something else than a digit: even a number that
// the plan knows is not dialled at once.
func (p *Phone) awaitMore() {
	if r := p.awaitDigit(); r.Timeout == 0 && p.entry.text != "" {
		p.entry.t.stop()
		p.entry.t = p.after(dialplan.DefaultTimeout, p.dialEntry)
	}
}

func (p *Phone) entryTone() tone.Name {
	switch {
	case p.ringing != nil:
		return tone.CallWaiting
	case p.entry.late:
		return tone.Reorder
	case p.entry.text == "" && p.lines[p.entry.line-1].messages.waiting && p.params.Bool("stutter_msg_waiting"):
		return tone.Stutter
	case p.entry.text == "":
		return tone.Dial
	}
	return p.entry.tone
}

// dialEntry places the call that was entered; without a number the one of a
// hot line.
func (p *Phone) dialEntry() {
	d := p.destination(p.entry.number(), p.entry.line)
	if d.target != "" {
		p.place(p.entry.line, d)
	}
}

// entryDigit is a dial-pad key while a number is entered.
func (p *Phone) entryDigit(k view.Key) {
	if p.entry.letters != nil {
		p.letterKey(k.Digit())
		return
	}
	if k == view.KeyPound && (p.entry.chosen > 0 || isAddress(p.entry.text)) {
		p.dialEntry()
		return
	}
	if p.entry.offHook && p.voice != nil {
		p.releaseDigits()
		p.voice.KeyDown(k.Digit())
		p.down[k] = p.voice.KeyUp
	}
	p.enter(string(rune(k.Digit())))
}

// typed is text from the keyboard or the clipboard.
func (p *Phone) typed(s string) {
	if p.mode != modeRunning {
		if s == "\x1b" {
			p.breakOff()
		}
		return
	}
	switch s {
	case "\r", "\n":
		p.confirm()
		return
	case "\x1b":
		p.cancel()
		return
	case "\b", "\x7f":
		p.clearRemark()
		p.erase()
		return
	}
	if p.typeIntoPanel(s) {
		return
	}
	if p.entry.letters != nil && len(p.pages) == 0 {
		p.enter(strings.Map(printable, s))
		return
	}
	if utf8.RuneCountInString(s) == 1 {
		r, _ := utf8.DecodeRuneInString(s)
		if k := view.DigitKey(r); k != view.KeyNone {
			p.press(k)
			p.release(k)
			return
		}
	}
	switch c := p.calls.Active(); {
	case len(p.pages) > 0:
		return
	case c != nil && c.State != call.Connected && c.State != call.Failed:
		return
	}
	if number := dialable(s, p.entry.text); number != "" {
		p.enter(number)
	}
}

// Times of a held << key.
const (
	repeatAfter = 500 * time.Millisecond
	repeatEvery = 120 * time.Millisecond
)

// repeatBackspace deletes on while the key is held.
func (p *Phone) repeatBackspace(k view.Key) {
	var t *timer
	var again func()
	again = func() {
		if p.erase() {
			t = p.after(repeatEvery, again)
		}
	}
	t = p.after(repeatAfter, again)
	p.down[k] = func() { t.stop() }
}
