package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskset/app/lab/wire"
)

// Notice is a NOTIFY outside of any dialog (the reference, section 4, "Remote
// reset"). The zero value is none.
type Notice struct {
	// Event is the header of that name: "check-sync", "service-control" or
	// "message-summary".
	Event string
	// Action is what a service-control asks for: "reset", "restart" or
	// "check-version"; empty for other events.
	Action string
	// Messages is how many wait, for the event "message-summary" (RFC 3842).
	Messages int
}

const messageEvent = "message-summary"

// toggleMessage puts a message into a user's mailbox, or takes it out, and
// tells the phones.
func (x *Exchange) toggleMessage(a *account) {
	a.messages = 1 - a.messages
	x.notify(a, Notice{Event: messageEvent, Messages: a.messages}, func(int) {})
}

// Errors of Notify.
var (
	ErrNotRegistered = errors.New("nobody is registered under this number")
	ErrClosed        = errors.New("the lab is closed")
)

// Notify sends a notice to all contacts of a user, answers a challenge with the
// user's own name and password, and gives the final status of the contact that
// registered last; 408 if it never answers, after 32 s (RFC 3261 timer F).
func (x *Exchange) Notify(ctx context.Context, user string, n Notice) (status int, err error) {
	heard := make(chan int, 1)
	sent := false
	asked := x.ask(func() {
		if a := x.users[user]; a != nil {
			sent = x.notify(a, n, func(status int) { heard <- status })
		}
	})
	switch {
	case !asked:
		return 0, ErrClosed
	case !sent:
		return 0, fmt.Errorf("NOTIFY to %.32q: %w", user, ErrNotRegistered)
	}
	select {
	case status := <-heard:
		return status, nil
	case <-x.done:
		return 0, ErrClosed
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// notify sends a notice on the loop; heard is called once, with the status of
// the newest contact. It is false if there is none.
func (x *Exchange) notify(a *account, n Notice, heard func(status int)) bool {
	all := a.live()
	x.Log.Info("lab: NOTIFY", "user", a.Name, "event", n.Event, "action", n.Action, "contacts", len(all))
	for i, b := range all {
		m, to := x.notice(a, b, n), b.hop(x)
		x.request(m.Clone(), to, func(res *wire.Message) {
			x.noticed(a, m, to, res, func(status int) {
				x.Log.Info("lab: NOTIFY answered", "user", a.Name, "event", n.Event, "status", status)
				if i == 0 {
					heard(status)
				}
			})
		})
	}
	return len(all) > 0
}

// notice makes the NOTIFY for one contact.
func (x *Exchange) notice(a *account, b *binding, n Notice) *wire.Message {
	m := wire.Request("NOTIFY", b.contact.URI)
	from := wire.Address{URI: x.uri(a.Name)}
	m.Add("To", from.String())
	from.Params.Set("tag", randomToken())
	m.Add("From", from.String())
	m.Add("Call-ID", randomToken()+"@"+x.Realm)
	m.Add("CSeq", "1 NOTIFY")
	m.Add("Max-Forwards", "70")
	m.Add("Contact", x.contact("", b.hop(x).network))
	m.Add("User-Agent", agentName)
	m.Add("Event", n.Event)
	// There is no subscription; RFC 6665 section 4.1.3 wants the header, and
	// the servers of the field send it so.
	m.Add("Subscription-State", "terminated")
	switch {
	case n.Action != "":
		m.Add("Content-Type", "text/plain")
		m.Body = []byte(serviceControl(n.Action, b.callID))
	case n.Event == messageEvent:
		m.Add("Content-Type", "application/simple-message-summary")
		m.Body = []byte(messageSummary(n.Messages, x.uri(a.Name)))
	}
	return m
}

// serviceControl is the body of a service-control event as call managers send
// it; the stamps in braces are compared for check-version only.
func serviceControl(action, callID string) string {
	return strings.Join([]string{
		"action=" + action, "RegisterCallId={" + callID + "}", "ConfigVersionStamp={0}",
		"DialplanVersionStamp={0}", "SoftkeyVersionStamp={0}", "",
	}, "\r\n")
}

// messageSummary is the body of a message-summary (RFC 3842 section 5.2).
func messageSummary(messages int, account string) string {
	waiting := "no"
	if messages > 0 {
		waiting = "yes"
	}
	return fmt.Sprintf("Messages-Waiting: %s\r\nMessage-Account: %s\r\nVoice-Message: %d/0 (0/0)\r\n", waiting, account, messages)
}

// noticed takes a response; a challenge is answered, once.
func (x *Exchange) noticed(a *account, m *wire.Message, to hop, res *wire.Message, heard func(status int)) {
	if res.Status < 200 {
		return
	}
	for _, d := range []door{registrarDoor, proxyDoor} {
		value, ok := credentialsFor(m, res.All(d.challenge), a.User)
		if res.Status != d.status || !ok || m.Has(d.answer) {
			continue
		}
		again := m.Clone()
		again.Set("CSeq", "2 NOTIFY")
		again.Add(d.answer, value)
		x.request(again.Clone(), to, func(res *wire.Message) { x.noticed(a, again, to, res, heard) })
		return
	}
	heard(res.Status)
}

// credentialsFor answers the strongest challenge that we know (RFC 7616 section
// 3.7); false if there is none.
func credentialsFor(m *wire.Message, challenges []string, u User) (string, bool) {
	for _, alg := range algorithms {
		for _, text := range challenges {
			c, ok := parseCredentials(text)
			if name := c["algorithm"]; !ok || !strings.EqualFold(name, alg.name) && (name != "" || alg.name != "MD5") {
				continue
			}
			if value, ok := answerTo(c, m, u); ok {
				return value, true
			}
		}
	}
	return "", false
}

// answerTo makes the credentials for one challenge.
func answerTo(c map[string]string, m *wire.Message, u User) (string, bool) {
	c["username"], c["uri"] = u.Name, m.URI
	if c["qop"] != "" {
		if !slices.Contains(strings.FieldsFunc(c["qop"], func(r rune) bool { return r == ',' || r == ' ' }), "auth") {
			return "", false
		}
		c["qop"], c["nc"], c["cnonce"] = "auth", "00000001", randomToken()
	}
	if c["response"] = responseFor(c, u.Password, m.Method); c["response"] == "" {
		return "", false
	}
	var parts []string
	for _, name := range []string{"username", "realm", "nonce", "uri", "response", "opaque", "cnonce"} {
		if value, has := c[name]; has {
			parts = append(parts, name+"="+wire.Quote(value))
		}
	}
	for _, name := range []string{"algorithm", "qop", "nc"} {
		if value := c[name]; value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	return "Digest " + strings.Join(parts, ", "), true
}
