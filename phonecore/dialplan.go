package phonecore

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"unicode"

	"deskset/audio/tone"
	"deskset/phonecore/text"
	"deskset/provisioning/dialplan"
)

// planTones is what the tones of a dial plan sound like here (GR-506-CORE;
// reference section 8). A tone that the phone does not have is the nearest one.
var planTones = map[dialplan.Tone]tone.Name{
	"Bellcore-Inside":       tone.Dial,
	"Bellcore-Outside":      tone.OutsideDial,
	"Bellcore-Busy":         tone.Busy,
	"Bellcore-Alerting":     tone.Ringback,
	"Bellcore-BusyVerify":   tone.CallWaiting,
	"Bellcore-Stutter":      tone.Stutter,
	"Bellcore-MsgWaiting":   tone.Stutter,
	"Bellcore-Reorder":      tone.Reorder,
	"Bellcore-CallWaiting":  tone.CallWaiting,
	"Bellcore-Cw2":          tone.CallWaiting,
	"Bellcore-Cw3":          tone.CallWaiting,
	"Bellcore-Cw4":          tone.CallWaiting,
	"Bellcore-Hold":         tone.Confirmation,
	"Bellcore-Confirmation": tone.Confirmation,
	"Bellcore-Permanent":    tone.Reorder,
	"Bellcore-Reminder":     tone.Zip,
	"Bellcore-None":         tone.None,
	"Cisco-ZipZip":          tone.Zip,
	"Cisco-Zip":             tone.Zip,
	"Cisco-BeepBonk":        tone.BeepBonk,
}

// isAddress tells a SIP address, which no dial plan is asked about, from a
// number.
func isAddress(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLetter) || strings.Contains(s, "@")
}

// match asks the dial plan about digits; without a plan it is the empty one,
// by which # ends a number and the inter-digit time-out does.
func (p *Phone) match(digits string, line int) dialplan.Result {
	plan := p.startup.values.DialPlan
	if plan == nil {
		plan = &dialplan.Plan{}
	}
	return plan.Match(digits, line)
}

// destination is where a call goes.
type destination struct {
	// dialled is what Redial and the call history keep, target what the
	// signalling is given, shown what the person sees.
	dialled, target, shown string
	emergency              bool
}

// destination applies the dial plan to a number that is called from a line.
func (p *Phone) destination(number string, line int) destination {
	if isAddress(number) {
		return destination{dialled: number, target: number, shown: shown(number)}
	}
	r := p.match(number, line)
	if r.Action == dialplan.DialNow && r.Number != "" {
		number = strings.TrimSuffix(number, "#")
	} else if r.Action == dialplan.DialNow {
		r.Number = number // a # alone
	}
	d := destination{dialled: number, target: r.Number, shown: shown(r.Number)}
	switch r.Route {
	case dialplan.RouteEmergency:
		d.target, d.emergency = p.atEmergency(d.target), true
	case dialplan.RouteFQDN, dialplan.RouteDefault:
	}
	if r.User != "" {
		d.target += ";user=" + r.User
	}
	return d
}

// atEmergency is a number at the server for emergency calls. Without one the
// line's own server must do, and media_encryption "required" then counts for it.
func (p *Phone) atEmergency(number string) string {
	server := p.params.Text("proxy_emergency")
	if server == "" {
		p.report(nil, text.StatusNoEmergency)
		return number
	}
	if user, _, ok := strings.Cut(number, "@"); ok {
		number = strings.TrimPrefix(user, "sip:")
	}
	host := strings.Trim(server, "[]")
	switch {
	case p.params.IsSet("proxy_emergency_port"): // without, DNS may name one
		host = net.JoinHostPort(host, strconv.Itoa(p.params.Int("proxy_emergency_port")))
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return fmt.Sprintf("sip:%s@%s", number, host)
}
