package phonecore

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
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
	alone bool // see survival.go
	t     *timer
	// messages wait in the line's mailbox, which watch is told of by the server
	// watchedAt; nil if nobody has subscribed.
	messages  summary
	watch     *sipua.Subscription
	watchedAt string
	// lamp is that of the key's speed dial, for a key without a line.
	lamp busyLamp
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
	p.watchHost()
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
	if p.startup.values.NoAddress() { // SIP would leave by the host's routes
		p.noSIP = p.limits()
		return false
	}
	transport, err := p.cfg.Transport(TransportConfig{
		Local: p.bind(),
		Port:  uint16(p.params.Int("voip_control_port")),
		Trust: p.trust.store,
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
		Resolver:  p.resolver(),
		Dialogs:   p.sipDialogs(),
		Media:     p.media,
		UserAgent: "Deskset/" + p.load(),
		Identity:  p.identity,
		Events:    remoteEvents,
		Notify:    p.notified,
		Trace:     p.cfg.Trace,
		Log:       p.log,

		OnlyFromServers: p.params.Bool("only_from_servers"),
		NAT:             p.nat(),
		Instance:        p.instance(),
		Outbound:        p.params.Bool("sip_outbound"),
		GRUU:            p.params.Bool("sip_gruu"),
		Pace:            p.pace,
		Rand:            p.cfg.rand,
	})
	p.noSIP = ""
	return true
}

// bind is the address for SIP and RTP: on a port of its own the phone's, so
// that nothing leaves by the host's routes.
func (p *Phone) bind() netip.Addr {
	if v := p.startup.values; v.Station != nil && !v.Station.Simulated() && v.Host.Prefix.IsValid() {
		return v.Host.Prefix.Addr()
	}
	return p.cfg.Bind
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
	a := sipua.Account{
		Line:         line,
		User:         get("line%d_name"),
		DisplayName:  get("line%d_displayname"),
		UserInfo:     strings.TrimPrefix(p.params.Text("user_info"), "none"),
		AuthName:     or(get("line%d_authname"), logical),
		Password:     or(get("line%d_password"), logical),
		CallUser:     get("user%d_name"),
		CallAuthName: get("user%d_authname"),
		CallPassword: get("user%d_password"),
		Network:      or(get("line%d_transport"), p.params.Text("sip_transport")),
		Register:     p.params.Bool("proxy_register"),
		Expires:      time.Duration(p.params.Int("timer_register_expires")) * time.Second,
	}
	// A port that nobody set is not 5060: TLS has another, and DNS may name one.
	p.setServers(&a)
	a.Encryption = p.encryption(a.Network)
	a.KeysNeedTLS = !p.params.Bool("media_keys_without_tls")
	p.setHops(&a)
	return a
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
