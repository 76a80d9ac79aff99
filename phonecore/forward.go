package phonecore

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// Forwarding on the phone: all calls of a line, those that find it busy, those
// that nobody answers, and the one that rings. The caller gets a 302 (guide,
// Appendix B, "Call Forwarding", where the network sends it).

// What the person has chosen is kept by parameter; that all calls of a line
// are forwarded has none, as the soft key alone sets it.
const (
	forwardBusy     = "cfwd_busy"
	forwardNoAnswer = "cfwd_noanswer"
	forwardTime     = "cfwd_noanswer_time"
)

func forwardAll(line int) string { return "all" + strconv.Itoa(line) }

// forwardValue is what the person has chosen, else what the configuration says.
func (p *Phone) forwardValue(name string) string {
	if chosen, ok := p.forwards[name]; ok {
		return chosen
	}
	if _, ok := param.Lookup(name); ok {
		return p.params.Text(name)
	}
	return ""
}

func (p *Phone) setForward(name, value string) {
	if p.forwards == nil {
		p.forwards = map[string]string{}
	}
	if _, known := param.Lookup(name); value == "" && !known {
		delete(p.forwards, name)
	} else {
		p.forwards[name] = value
	}
	p.savePreferences()
}

// forwardTo is where all calls of a line go; empty: they ring here.
func (p *Phone) forwardTo(line int) string {
	if !p.params.Bool("local_cfwd_enable") {
		return ""
	}
	return p.forwardValue(forwardAll(line))
}

// lineNumbers are the configured lines.
func (p *Phone) lineNumbers() (lines []int) {
	for i := range p.lines {
		if p.lines[i].configured() {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// forwardKey is the soft key CFwdAll: it asks for a number, and ends forwarding
// where there is any. Off hook it is about that line, on hook about all. Where
// the server forwards (cfwd_url) it calls the server.
func (p *Phone) forwardKey() {
	lines, title := p.lineNumbers(), text.Get(text.ForwardTitle)
	if p.entry.open && p.entry.offHook {
		lines = []int{p.entry.line}
		title = text.Get(text.ForwardLineTitle, p.entry.line)
	}
	if url := p.params.Text("cfwd_url"); url != "" {
		p.callCode(lines[0], url)
		return
	}
	p.closeEntry()
	p.settle()
	ended := false
	for _, line := range lines {
		if p.forwardTo(line) != "" {
			p.setForward(forwardAll(line), "")
			ended = true
		}
	}
	if ended {
		p.remark(text.Get(text.ForwardOff))
		return
	}
	p.askForward(title, lines)
}

// forwards tells whether CFwdAll is of use: there is a line, and the phone or
// the server forwards.
func (p *Phone) mayForward() bool {
	return p.primaryLine() > 0 && (p.params.Bool("local_cfwd_enable") || p.params.Text("cfwd_url") != "")
}

// askForward asks where all calls of some lines go.
func (p *Phone) askForward(title string, lines []int) {
	p.askTarget(title, p.forwardTo(lines[0]), func(target string) (trouble string) {
		if target != "" && p.forwardLoops(target, lines) {
			return text.Get(text.ForwardLoop)
		}
		for _, line := range lines {
			p.setForward(forwardAll(line), target)
		}
		return ""
	})
}

// askTarget asks for a number or an address.
func (p *Phone) askTarget(title, now string, done func(string) string) {
	p.openPanel(panel{
		name: "menu.forward", title: title, value: now, rules: edit.URI(maxDialled),
		hints: func() []string { return []string{text.Get(text.ForwardHint)} },
		done:  func(target string) string { return done(strings.TrimSuffix(target, "#")) },
	})
}

// forwardLoops tells whether a target is one of the lines that are forwarded
// there, on this phone.
func (p *Phone) forwardLoops(target string, lines []int) bool {
	for _, line := range lines {
		user, host, _ := strings.Cut(shown(p.destination(target, line).target), "@")
		for _, other := range lines {
			a := p.lines[other-1].account
			if strings.EqualFold(user, a.User) && (host == "" || strings.EqualFold(host, a.Domain) || strings.EqualFold(host, a.Proxy)) {
				return true
			}
		}
	}
	return false
}

// forwardRows are what the idle screen says of forwarding.
func (p *Phone) forwardRows() (rows []string) {
	lines := p.lineNumbers()
	same := len(lines) > 0
	for _, line := range lines {
		target := p.forwardTo(line)
		same = same && target == p.forwardTo(lines[0])
		if target != "" {
			rows = append(rows, text.Get(text.ForwardedLine, line, p.targetName(target)))
		}
	}
	if same && len(rows) > 0 {
		return []string{text.Get(text.ForwardedTo, p.targetName(p.forwardTo(lines[0])))}
	}
	return rows
}

// targetName is the name of who has a number, else the number.
func (p *Phone) targetName(target string) string {
	if known, ok := p.book.Lookup(target); ok {
		return known.Name
	}
	return shown(target)
}

// sendOn forwards an incoming call. It is false if there is no target, or if
// that cannot be; the error says why.
func (p *Phone) sendOn(sc *sipua.Call, c *call.Call, target, reason string) (bool, error) {
	if target == "" {
		return false, nil
	}
	if err := sc.Forward(p.destination(target, c.Line).target, reason); err != nil {
		p.report(err, text.StatusForwardLoop, p.partyName(c), err)
		return false, err
	}
	p.report(nil, text.StatusForwarded, p.partyName(c), p.targetName(target))
	return true, nil
}

// sentOnAtOnce forwards a call of a line that is forwarded; false: it is to be
// treated as usual. A call from where the calls go to rings here, as its person
// may well want this phone; one that comes back is a loop.
func (p *Phone) sentOnAtOnce(sc *sipua.Call, c *call.Call) bool {
	sent, err := p.sendOn(sc, c, p.forwardTo(c.Line), sipua.DivertAll)
	var loop *sipua.LoopError
	if errors.As(err, &loop) && !loop.Caller {
		sc.Reject(482, "Loop Detected")
		return true
	}
	return sent
}

// turnAway refuses a call that finds the phone busy or not to be disturbed, or
// sends it on.
func (p *Phone) turnAway(sc *sipua.Call, c *call.Call) {
	if p.mode == modeRunning {
		if sent, _ := p.sendOn(sc, c, p.forwardValue(forwardBusy), sipua.DivertBusy); sent {
			c.Missed = true
			p.logCall(c)
			return
		}
	}
	sc.Reject(486, "Busy Here")
	if c.Missed = p.mode == modeRunning; c.Missed {
		p.logCall(c)
	}
}

// ringLimit is how long a call may ring.
func (p *Phone) ringLimit() time.Duration {
	if p.forwardValue(forwardNoAnswer) != "" {
		if n, err := strconv.Atoi(p.forwardValue(forwardTime)); err == nil {
			return time.Duration(n) * time.Second
		}
	}
	return p.ringTimeout()
}

// ringTimeout is when the phone stops to ring by itself.
func (p *Phone) ringTimeout() time.Duration {
	return time.Duration(p.params.Int("ring_timeout")) * time.Second
}

// unanswered ends a call that nobody has answered in time: it is sent on, or
// its caller is told. The person has missed it either way.
func (p *Phone) unanswered(sc *sipua.Call, c *call.Call) {
	limit := p.ringLimit()
	if sent, _ := p.sendOn(sc, c, p.forwardValue(forwardNoAnswer), sipua.DivertNoAnswer); !sent {
		sc.Reject(480, "Temporarily Unavailable")
		p.report(nil, text.StatusNobody, p.partyName(c), limit)
	}
	c.Missed = true
	p.drop(c)
}

// divertKey is the soft key iDivert: the ringing call goes to the voice mail,
// else to where calls go that nobody answers, else to where the person says.
func (p *Phone) divertKey(c *call.Call) {
	if c.State != call.RingIn {
		return
	}
	for _, target := range []string{p.params.Text("messages_uri"), p.forwardValue(forwardNoAnswer), p.forwardValue(forwardBusy)} {
		if target != "" {
			if trouble := p.divert(c, target); trouble != "" {
				p.remark(trouble)
			}
			return
		}
	}
	p.askTarget(text.Get(text.DivertTitle), "", func(target string) string { return p.divert(c, target) })
}

// divert sends a ringing call on; trouble says why not.
func (p *Phone) divert(c *call.Call, target string) (trouble string) {
	l := p.legs[c]
	switch {
	case l == nil || c.State != call.RingIn:
		p.remark(text.Get(text.ForwardNotNow))
		return ""
	case target == "":
		return ""
	}
	sent, err := p.sendOn(l.sip, c, target, sipua.DivertByHand)
	var loop *sipua.LoopError
	switch {
	case sent:
		p.drop(c)
		return ""
	case errors.As(err, &loop):
		return text.Get(text.ForwardLoop)
	}
	return text.Get(text.FailAddress)
}
