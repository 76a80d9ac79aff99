package phonecore

import "time"

// timer calls a function on the loop. Unlike time.Timer it is certain not to
// fire after stop, because both happen on the loop.
type timer struct {
	t    *time.Timer
	dead bool
}

func (p *Phone) after(d time.Duration, f func()) *timer {
	t := &timer{}
	t.t = time.AfterFunc(d, func() {
		p.post(func() {
			if !t.dead {
				t.dead = true
				f()
			}
		})
	})
	return t
}

// stop is harmless on a nil or stopped timer.
func (t *timer) stop() {
	if t != nil && !t.dead {
		t.dead = true
		t.t.Stop()
	}
}

// blinkPeriod is half a blink: lit and dark take as long.
const blinkPeriod = 500 * time.Millisecond

// blinker is the phone's blink phase. It runs only while something blinks, so
// that an idle phone draws nothing.
type blinker struct {
	on bool
	t  *timer
}

func (p *Phone) setBlinking(wanted bool) {
	switch {
	case wanted && p.blink.t == nil:
		p.blink.on = true
		p.blink.t = p.after(blinkPeriod, p.blinked)
	case !wanted && p.blink.t != nil:
		p.blink.t.stop()
		p.blink = blinker{}
	}
}

func (p *Phone) blinked() {
	p.blink.on = !p.blink.on
	p.blink.t = p.after(blinkPeriod, p.blinked)
}

// setTicking wakes the loop for what changes with the clock: every second
// while a call's duration is shown, else at the turn of the minute.
func (p *Phone) setTicking() {
	if p.ticker != nil {
		return
	}
	now := p.cfg.Now()
	next := now.Truncate(time.Minute).Add(time.Minute).Sub(now)
	if p.calls.Len() > 0 {
		next = time.Second
	}
	p.ticker = p.after(next, func() { p.ticker = nil })
}

// hurryTicker makes the next tick follow the present state.
func (p *Phone) hurryTicker() {
	p.ticker.stop()
	p.ticker = nil
}

func (p *Phone) stopTimers() {
	p.ticker.stop()
	p.blink.t.stop()
	p.reminder.t.stop()
	p.notice.t.stop()
	p.live.t.stop()
	p.entry.t.stop()
	p.tap.stop()
	p.number.t.stop()
	p.timeline.replay.t.stop()
	for i := range p.lines {
		p.lines[i].t.stop()
	}
	for _, l := range p.legs {
		l.t.stop()
	}
}

func (p *Phone) clearRemark() {
	p.notice.t.stop()
	p.notice = notice{}
}

// noticeTime is how long a passing remark stays on the prompt row.
const noticeTime = 3 * time.Second

// notice is a passing remark on the prompt row.
type notice struct {
	text string
	t    *timer
}

func (p *Phone) remark(text string) {
	p.clearRemark()
	p.notice = notice{text: text, t: p.after(noticeTime, func() { p.notice = notice{} })}
}
