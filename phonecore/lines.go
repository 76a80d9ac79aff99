package phonecore

import (
	"errors"
	"fmt"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// lineState is what the phone knows of one line key.
type lineState struct {
	account sipua.Account
	label   string
	reg     sipua.Registration
	told    regNews
	// quiet is set while the first REGISTER has had no answer for a while.
	quiet bool
	t     *timer
}

// regNews is what a person was last told of a registration.
type regNews struct {
	state sipua.RegState
	code  int
}

func (l *lineState) configured() bool { return l.account.Line != 0 }

// startSIP fills the lines from the parameters, opens the transports and gives
// every line to the agent.
func (p *Phone) startSIP() {
	for i := range p.lines {
		line := i + 1
		p.lines[i] = lineState{}
		if p.params.LineSet(line) {
			p.lines[i].account = p.account(line)
			p.lines[i].label = p.lineLabel(line)
		}
	}
	if !p.openAgent() {
		return
	}
	for i := range p.lines {
		if p.lines[i].configured() {
			p.agent.SetAccount(p.lines[i].account)
		}
	}
}

func (p *Phone) openAgent() bool {
	transport, err := p.cfg.Transport(TransportConfig{
		Local: p.cfg.Bind,
		Port:  uint16(p.params.Int("voip_control_port")),
		Log:   p.log,
	})
	if err != nil {
		p.report(err, text.StatusTrouble, err)
		p.noSIP = plain(text.Get(text.StatusTrouble, err), maxWords)
		return false
	}
	p.agent = sipua.New(sipua.Options{
		Post:      p.post,
		Handler:   (*signals)(p),
		Transport: transport,
		Timers:    p.sipTimers(),
		UserAgent: "Deskset/" + Load,
		Trace:     p.cfg.Trace,
		Log:       p.log,
	})
	return true
}

func (p *Phone) sipTimers() sipua.Timers {
	return sipua.Timers{
		T1:            time.Duration(p.params.Int("timer_t1")) * time.Millisecond,
		T2:            time.Duration(p.params.Int("timer_t2")) * time.Millisecond,
		InviteExpires: time.Duration(p.params.Int("timer_invite_expires")) * time.Second,
		Retx:          p.params.Int("sip_retx"),
		InviteRetx:    p.params.Int("sip_invite_retx"),
		RegisterDelta: time.Duration(p.params.Int("timer_register_delta")) * time.Second,
	}
}

// account is a line's identity; unset names and passwords take the guide's
// defaults (2-10: SIP and the MAC address).
func (p *Phone) account(line int) sipua.Account {
	get := func(format string) string { return p.params.Text(fmt.Sprintf(format, line)) }
	or := func(value, otherwise string) string {
		if value == "" {
			return otherwise
		}
		return value
	}
	logical := param.LogicalName(p.startup.values.MAC)
	// A port that nobody set is not 5060: TLS has another, and DNS may name one.
	proxy, port := p.params.Proxy(line)
	return sipua.Account{
		Line:         line,
		User:         get("line%d_name"),
		DisplayName:  get("line%d_displayname"),
		AuthName:     or(get("line%d_authname"), logical),
		Password:     or(get("line%d_password"), logical),
		CallUser:     get("user%d_name"),
		CallAuthName: get("user%d_authname"),
		CallPassword: get("user%d_password"),
		Proxy:        proxy,
		ProxyPort:    port,
		Network:      p.params.Text("sip_transport"),
		Register:     p.params.Bool("proxy_register"),
		Expires:      time.Duration(p.params.Int("timer_register_expires")) * time.Second,
	}
}

// lineLabel is the short name if there is one, else the name (guide 3-11).
func (p *Phone) lineLabel(line int) string {
	if short := p.params.Text(fmt.Sprintf("line%d_shortname", line)); short != "" {
		return short
	}
	return p.params.Text(fmt.Sprintf("line%d_name", line))
}

// defaultLine is the line that a call uses when no line key was pressed: the
// first registered one, else the first configured one, 0 if there is none.
func (p *Phone) defaultLine() int {
	first := 0
	for i := range p.lines {
		l := &p.lines[i]
		if !l.configured() {
			continue
		}
		if l.reg.State == sipua.RegOK {
			return i + 1
		}
		if first == 0 {
			first = i + 1
		}
	}
	return first
}

// registration takes news of a line's registration. The status list gets
// changes only: not every refresh, and not every try at a server that stays
// away, which would drive all else from it.
func (p *Phone) registration(r sipua.Registration) {
	if r.Line < 1 || r.Line > view.NumLines {
		return
	}
	r.Reason = plain(r.Reason, maxWords)
	l := &p.lines[r.Line-1]
	l.reg = r
	l.watch(p, r)
	news := regNews{r.State, r.Code}
	again := r.State == sipua.RegTrying && l.told.state != sipua.RegNone
	if news == l.told || again {
		return
	}
	l.told = news
	if id, args := p.registrationText(r); id != text.None {
		var cause error
		if r.State == sipua.RegFailed || r.State == sipua.RegRejected {
			cause = errors.New(r.Reason)
		}
		p.report(cause, id, args...)
	}
}

// quietTime is how long a server may keep quiet before the idle screen says so.
const quietTime = 4 * time.Second

// watch lets a person know early that a server does not answer: the time-out
// itself takes half a minute (RFC 3261 section 17.1.2.2).
func (l *lineState) watch(p *Phone, r sipua.Registration) {
	l.t.stop()
	l.quiet = false
	if r.State == sipua.RegTrying {
		l.t = p.after(quietTime, func() { l.quiet = true })
	}
}

// trouble is the line's trouble for the idle screen, empty if there is none.
func (p *Phone) trouble(l *lineState) string {
	switch {
	case l.quiet:
		return text.Get(text.LineNoAnswerYet, l.reg.Line, l.reg.Server)
	case l.reg.State == sipua.RegFailed || l.reg.State == sipua.RegRejected:
		id, args := p.registrationText(l.reg)
		return text.Get(id, args...)
	}
	return ""
}

func (p *Phone) registrationText(r sipua.Registration) (text.ID, []any) {
	switch r.State {
	case sipua.RegTrying:
		return text.LineRegistering, []any{r.Line}
	case sipua.RegOK:
		return text.LineRegistered, []any{r.Line, r.Server}
	case sipua.RegRejected:
		if r.Code == 401 || r.Code == 407 {
			return text.LinePassword, []any{r.Line, r.Code}
		}
		return text.LineRejected, []any{r.Line, r.Code, r.Reason}
	case sipua.RegFailed:
		if r.Code == 408 {
			return text.LineNoServer, []any{r.Line, r.Server}
		}
		return text.LineNotRegistered, []any{r.Line, r.Reason, r.Code, r.Retry.Round(time.Second)}
	}
	return text.None, nil
}
