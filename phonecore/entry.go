package phonecore

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"deskset/audio/tone"
	"deskset/phonecore/call"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// Times of dialling. The first is offhookToFirstDigit of the reference
// (section 5), the second the time-out that a dial template has by default
// (section 3, dialplan).
const (
	firstDigitTime = 15 * time.Second
	interDigitTime = 10 * time.Second
)

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
	t    *timer
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
	p.missed = 0
	p.closeEntry()
	p.route(path)
	p.entry = entry{open: true, offHook: true, line: line}
	p.restartEntryTimer()
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
	p.entry.text += s
	p.entry.late = false
	p.restartEntryTimer()
	p.settle()
}

// restartEntryTimer waits for the first or the next digit; on hook there is
// no hurry.
func (p *Phone) restartEntryTimer() {
	p.entry.t.stop()
	switch {
	case !p.entry.offHook:
	case p.entry.text == "":
		p.entry.t = p.after(firstDigitTime, func() {
			p.entry.late = true
			p.settle()
		})
	default:
		p.entry.t = p.after(interDigitTime, p.dialEntry)
	}
}

// backspace removes the last character; on hook an empty entry closes.
func (p *Phone) backspace() {
	if p.entry.text == "" {
		return
	}
	_, size := utf8.DecodeLastRuneInString(p.entry.text)
	p.entry.text = p.entry.text[:len(p.entry.text)-size]
	if p.entry.text == "" && !p.entry.offHook {
		p.closeEntry()
	}
	p.restartEntryTimer()
	p.settle()
}

func (p *Phone) entryTone() tone.Name {
	switch {
	case p.ringing != nil:
		return tone.CallWaiting
	case p.entry.late:
		return tone.Reorder
	case p.entry.text == "":
		return tone.Dial
	}
	return tone.None
}

// dialEntry places the call that was entered.
func (p *Phone) dialEntry() {
	number, line := p.entry.text, p.entry.line
	if number == "" {
		return
	}
	p.dial(line, number)
}

// entryDigit is a dial-pad key while a number is entered. "#" dials at once
// unless it begins the number (reference section 3: proxy mode).
func (p *Phone) entryDigit(k view.Key) {
	if k == view.KeyPound && p.entry.text != "" {
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
		if len(p.pages) == 0 {
			p.backspace()
		}
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

// dialable cleans pasted text: link schemes of telephone numbers go, and so
// do the blanks and brackets that people write numbers with, unless the text
// continues an address. Text that begins no number and no address gives
// nothing; before is what has been entered so far.
func dialable(s, before string) string {
	s = strings.TrimSpace(s)
	if rest, ok := cutScheme(s, "tel:"); ok {
		s, _, _ = strings.Cut(rest, ";")
	}
	if _, isSIP := cutScheme(s, "sip:"); isSIP || strings.Contains(s, "@") {
		return strings.Map(printable, s)
	}
	if strings.ContainsFunc(before, unicode.IsLetter) {
		return strings.Map(printable, s)
	}
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-()./", r) {
			return -1
		}
		return printable(r)
	}, s)
	begins := strings.HasPrefix(number, "+") || strings.ContainsAny(number, "0123456789*#")
	if before == "" && !begins {
		return ""
	}
	return number
}

func cutScheme(s, scheme string) (string, bool) {
	if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
		return s[len(scheme):], true
	}
	return s, false
}

func printable(r rune) rune {
	if r > unicode.MaxASCII || r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"", r) {
		return -1
	}
	return r
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
		if p.backspace(); p.entry.text != "" {
			t = p.after(repeatEvery, again)
		}
	}
	t = p.after(repeatAfter, again)
	p.down[k] = func() { t.stop() }
}
