package phonecore

import (
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// beepTime is how long a person is warned that a call has been answered.
const beepTime = 400 * time.Millisecond

// autoAnswer is the call that was answered by itself just now.
type autoAnswer struct {
	call *call.Call
	t    *timer
}

// answersItself tells whether a call is answered without a person, and after
// what time: because its line does (auto_answer), or because the server says so
// (RFC 5373, Call-Info, Alert-Info). A stranger's call never is: it would open
// the microphone for whoever asks. Manual of RFC 5373 means what it says.
func (p *Phone) answersItself(c *call.Call, e sipua.Event) (time.Duration, bool) {
	switch {
	case !e.Trusted || e.Answer == sipua.AnswerManual || !p.alone(c):
		return 0, false
	case e.Answer == sipua.AnswerAuto && p.params.Bool("remote_auto_answer"):
		return e.AnswerAfter, true
	}
	return 0, p.params.Int("auto_answer")>>(c.Line-1)&1 == 1
}

// alone tells whether a ringing call is all that the phone has to do: no other
// call is put aside for one that answers itself.
func (p *Phone) alone(c *call.Call) bool {
	for _, other := range p.calls.All() {
		if other != c {
			return false
		}
	}
	return !p.entry.open
}

// answerByItself answers a call later, if it is still alone then; its ring is a
// beep after the answer.
func (p *Phone) answerByItself(c *call.Call, e sipua.Event) {
	after, ok := p.answersItself(c, e)
	if !ok {
		return
	}
	c.Silent = after == 0
	l := p.legs[c]
	p.after(after, func() {
		switch {
		case p.legs[c] != l || c.State != call.RingIn:
			return
		case !p.alone(c):
			c.Silent = false
			p.settle()
			return
		}
		p.answer(c)
		if c.State == call.Connected {
			p.beep(c)
		}
	})
}

// beep warns the person.
func (p *Phone) beep(c *call.Call) {
	p.auto.t.stop()
	p.auto = autoAnswer{c, p.after(beepTime, func() { p.auto.call = nil; p.settle() })}
	p.remark(text.Get(text.AnsweredItself))
	p.settle()
}
