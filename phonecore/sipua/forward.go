package sipua

import (
	"fmt"
	"strings"

	"deskset/phonecore/sipua/wire"
)

// The reasons for which a phone sends calls on (RFC 5806 section 4).
const (
	DivertAll      = "unconditional"
	DivertBusy     = "user-busy"
	DivertNoAnswer = "no-answer"
	DivertByHand   = "deflection"
)

// causes are the same in History-Info (RFC 7044 section 10.2).
var causes = map[string]string{DivertAll: "302", DivertBusy: "486", DivertNoAnswer: "408", DivertByHand: "480"}

// LoopError tells why a call is not sent on: it would come back.
type LoopError struct {
	// Caller: the target is who calls; else the call has been here before, or
	// the target is the line itself.
	Caller bool
	Target string
}

func (e *LoopError) Error() string {
	if e.Caller {
		return fmt.Sprintf("%.100q is who calls", e.Target)
	}
	return fmt.Sprintf("a call sent on to %.100q would come back", e.Target)
}

// Forward sends an incoming call on to a target as Dial takes it: 302 (RFC 3261
// section 21.3.3) with Diversion, and with History-Info for who understands
// that. The call goes on ringing if there is an error: a *LoopError if it would
// come back.
func (c *Call) Forward(target, reason string) error {
	defer c.a.enter()()
	if c.state != CallIncoming {
		return errNotRinging
	}
	uri, err := c.l.dialled(target)
	if err == nil {
		err = c.loops(uri, reason)
	}
	if err != nil {
		return err
	}
	res := c.response(c.in.srv, 302, "")
	res.Header.Add("Contact", "<"+uri.String()+">")
	c.divert(res, reason)
	c.in.srv.Respond(res)
	c.end(Event{Code: 302, Reason: wire.StatusText(302), Redirected: true})
	c.release()
	return nil
}

// loops tells whether a call that is sent on would come back. A call that the
// person sends on by hand may have been here before.
func (c *Call) loops(to wire.URI, reason string) error {
	m := c.in.srv.Request
	loop := &LoopError{Target: to.UserText()}
	if from := m.From().ParsedURI(); samePlace(to, from) || strings.EqualFold(to.UserText(), c.peer.User) && c.l.ours(to.Host) {
		loop.Caller = true
		return loop
	}
	if c.l.isUs(to) {
		return loop
	}
	been := diversions(m)
	for _, d := range been {
		if reason != DivertByHand && strings.EqualFold(d.By.User, c.l.acc.User) && c.l.ours(d.By.Host) {
			return loop
		}
	}
	if len(been) >= maxDiversions {
		return loop
	}
	return nil
}

// samePlace tells whether two addresses are one, without their parameters.
func samePlace(a, b wire.URI) bool {
	return strings.EqualFold(a.UserText(), b.UserText()) && strings.EqualFold(a.Host, b.Host) && a.Port == b.Port
}

// ours tells whether a host is the line's domain or its server.
func (l *line) ours(host string) bool {
	return strings.EqualFold(host, l.domain()) || strings.EqualFold(host, strings.Trim(l.target().Host, "[]"))
}

// isUs tells whether an address is the line itself.
func (l *line) isUs(u wire.URI) bool {
	return strings.EqualFold(u.UserText(), l.acc.User) && l.ours(u.Host)
}

// divert writes into a 302 who sent the call on and why, above what stood in
// the INVITE (RFC 5806 section 5.1).
func (c *Call) divert(res *wire.Message, reason string) {
	m := c.in.srv.Request
	own := wire.Address{Name: c.l.acc.DisplayName, URI: c.l.server().uri(c.l.acc.User, false).String()}
	privacy := "off"
	if c.a.rules().Hidden { // who is called next reads it, if the network lets it through
		own.Name, privacy = "", "full"
	}
	own.Params = wire.Params{{Name: "reason", Value: reason}, {Name: "privacy", Value: privacy}, {Name: "counter", Value: "1"}}
	res.Header.Add("Diversion", own.String())
	for _, d := range bounded(m, "Diversion", maxDiversions) {
		res.Header.Add("Diversion", d)
	}
	c.addHistory(res, reason)
}

// addHistory answers with the history of the request and our own entry (RFC
// 7044 section 9.3), if the other side can read it: option tag histinfo, or a
// history of its own.
func (c *Call) addHistory(res *wire.Message, reason string) {
	m := c.in.srv.Request
	entries := bounded(m, "History-Info", maxHistory)
	reads := len(entries) > 0
	for _, tag := range m.Header.List("Supported") {
		reads = reads || strings.EqualFold(tag, "histinfo")
	}
	if !reads {
		return
	}
	index := "1"
	if n := len(entries); n > 0 {
		last, err := wire.ParseAddress(entries[n-1])
		if at, ok := last.Params.Get("index"); err == nil && ok && len(at) < 64 {
			index = at + ".1"
			if samePlace(last.ParsedURI(), c.l.server().uri(c.l.acc.User, false)) {
				index, entries = at, entries[:n-1] // our entry takes its place
			}
		}
	}
	for _, e := range entries {
		res.Header.Add("History-Info", e)
	}
	own := c.l.server().uri(c.l.acc.User, false)
	own.Headers = "Reason=SIP%3Bcause%3D" + causes[reason]
	if c.a.rules().Hidden { // section 10.1.2
		own.Headers += "&Privacy=history"
	}
	res.Header.Add("History-Info", "<"+own.String()+">;index="+index)
}

// diverted takes from a 3xx who has sent us on, for the INVITE to the next
// target (RFC 5806 section 5.2).
func (o *outgoing) diverted(res *wire.Message) {
	if list := bounded(res, "Diversion", maxDiversions); len(list) > 0 {
		o.diversions = list
	}
}
