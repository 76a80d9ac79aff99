package sipua

import (
	"strings"
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// maxNotified bounds the body of a NOTIFY that was asked for; a dialog-info of a
// busy phone takes more than a summary.
const maxNotified = 16 << 10

// subscriptionOf finds the subscription that a NOTIFY is for.
func (a *Agent) subscriptionOf(m *wire.Message) *Subscription {
	if m.Method != "NOTIFY" {
		return nil
	}
	for _, s := range a.subs {
		if m.CallID() == s.callID && m.To().Tag() == s.tag {
			return s
		}
	}
	return nil
}

// notified takes a NOTIFY within the subscription (RFC 6665 section 4.1.3). It
// may overtake the answer to the SUBSCRIBE. Of a fork the first one counts.
func (s *Subscription) notified(t *transaction.Server) {
	m := t.Request
	event, _, _ := strings.Cut(m.Header.Get("Event"), ";")
	n, _ := m.CSeq()
	switch {
	case s.heard && s.dlg.remoteTag != m.From().Tag():
		s.a.respond(t, 481)
	case !strings.EqualFold(strings.TrimSpace(event), s.o.Event):
		s.a.respond(t, 489, wire.Field{Name: "Allow-Events", Value: s.o.Event})
	case len(m.Header.List("Require")) > 0:
		s.a.unsupported(t)
	case s.heard && n <= s.dlg.remoteSeq:
		s.a.respond(t, 500) // overtaken by a newer one (RFC 3261 section 12.2.2)
	case !hasType(m, s.o.Accept):
		s.a.respond(t, 415, wire.Field{Name: "Accept", Value: s.o.Accept})
	case len(m.Body) > maxNotified:
		s.a.respond(t, 413)
	default:
		s.take(t)
	}
}

func (s *Subscription) take(t *transaction.Server) {
	m := t.Request
	s.n.Stop()
	s.confirm(t)
	var fields []wire.Field
	if l := s.line(); l != nil {
		if contact, err := l.contact(t.From); err == nil {
			fields = append(fields, wire.Field{Name: "Contact", Value: contact})
		}
	}
	s.a.respond(t, 200, fields...)
	if s.leaving != nil {
		return
	}
	if len(m.Body) > 0 {
		notify, body := s.o.Notify, m.Body
		s.a.emit(func() { notify(body) })
	}
	state, params := subscriptionState(m)
	if state == "terminated" {
		s.terminated(params)
		return
	}
	left, given := wire.Seconds(params["expires"])
	switch {
	case given && left <= 0:
		s.again(200, "expired", 0)
		return
	case given && s.x == nil: // else the answer to our SUBSCRIBE says so
		s.lasts(left)
	}
	if time.Since(s.since) >= settled {
		s.failures = 0
	}
	if state != "pending" {
		s.report(Subscribed{State: SubActive, Code: 200, Reason: "OK"})
	}
}

// confirm makes or renews the dialog.
func (s *Subscription) confirm(t *transaction.Server) {
	m := t.Request
	if !s.heard && (s.dlg == nil || s.dlg.remoteTag != m.From().Tag()) {
		s.since = time.Now()
		s.dlg = dialogOfRequest(m, s.tag, t.From)
	}
	s.heard = true
	s.dlg.retarget(m)
	s.dlg.remoteSeq, _ = m.CSeq()
}

// terminated does what the server's reason asks for (section 4.1.3).
func (s *Subscription) terminated(params map[string]string) {
	reason := params["reason"]
	after, _ := wire.Seconds(params["retry-after"])
	switch strings.ToLower(reason) {
	case "rejected", "noresource", "invariant":
		s.over(200, reason)
	case "probation", "giveup":
		s.lost(200, reason, after)
	default: // deactivated, timeout, none and what we do not know
		s.again(200, reason, after)
	}
}

// subscriptionState reads the header of that name; a NOTIFY without one, as old
// servers send it, is of an active subscription.
func subscriptionState(m *wire.Message) (state string, params map[string]string) {
	parts := strings.Split(m.Header.Get("Subscription-State"), ";")
	params = map[string]string{}
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		params[strings.ToLower(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	return strings.ToLower(strings.TrimSpace(parts[0])), params
}
