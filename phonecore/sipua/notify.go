package sipua

import (
	"net/netip"
	"slices"
	"strings"

	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// maxNotify bounds the body of a NOTIFY.
const maxNotify = 4 << 10

// EventPackage is an event whose NOTIFY is taken without a subscription.
type EventPackage struct {
	Name string
	// Body is the media type of its body; empty: there is none, or nobody reads
	// it.
	Body string
}

// Notification is a NOTIFY outside of a dialog (RFC 6665 forbids it, and
// everybody sends it: servers that want a phone to do something).
type Notification struct {
	// Line is the line it was addressed to, 0 if none.
	Line  int
	Event string // in lower case, without parameters
	Body  []byte
	From  netip.AddrPort
	// FromServer tells that it comes from a server of a line. By UDP that is
	// easily forged.
	FromServer bool
	// Proven tells that the sender knows the line's password, and that this is
	// no repetition. Answering 401 asks for the proof.
	Proven bool
}

// notified takes a NOTIFY that belongs to no dialog.
func (a *Agent) notified(s *transaction.Server) {
	m := s.Request
	event, _, _ := strings.Cut(m.Header.Get("Event"), ";")
	event = strings.ToLower(strings.TrimSpace(event))
	i := slices.IndexFunc(a.o.Events, func(e EventPackage) bool { return e.Name == event })
	switch {
	case i < 0 || a.o.Notify == nil:
		a.respond(s, 489, a.allowEvents()...)
	case a.o.Events[i].Body != "" && !hasType(m, a.o.Events[i].Body):
		a.respond(s, 415, wire.Field{Name: "Accept", Value: a.o.Events[i].Body})
	case len(m.Body) > maxNotify:
		a.respond(s, 413)
	default:
		a.notify(s, event)
	}
}

func (a *Agent) allowEvents() (fields []wire.Field) {
	for _, e := range a.o.Events {
		fields = append(fields, wire.Field{Name: "Allow-Events", Value: e.Name})
	}
	return fields
}

// hasType tells whether a body, if there is one, is of a media type. One that
// does not say what it is, is taken.
func hasType(m *wire.Message, want string) bool {
	kind, _, _ := strings.Cut(m.Header.Get("Content-Type"), ";")
	kind = strings.TrimSpace(kind)
	encoded := m.Header.Has("Content-Encoding") && !strings.EqualFold(m.Header.Get("Content-Encoding"), "identity")
	return len(m.Body) == 0 || !encoded && (kind == "" || strings.EqualFold(kind, want))
}

// notify asks the owner, and for a proof if the owner wants one.
func (a *Agent) notify(s *transaction.Server, event string) {
	m, source := s.Request, s.From.Addr.Addr()
	n := Notification{Event: event, Body: m.Body, From: s.From.Addr, FromServer: a.fromServer(s.From)}
	l := a.findLine(m, s.From)
	if l != nil {
		n.Line = l.acc.Line
	} else {
		l = a.firstLine(func(*line) bool { return true })
	}
	verdict := digest.Unproven
	if l != nil {
		verdict = a.prover.Check(m.Header.All("Authorization"), m.Method, l.domain(), source.String(), l.registerCredentials())
	}
	n.Proven = verdict == digest.Proven
	status := a.o.Notify(n)
	var fields []wire.Field
	if status == 401 {
		if l == nil { // nobody's password to ask for
			status = 403
		} else {
			for _, value := range a.prover.Challenges(l.domain(), source.String(), verdict == digest.Stale) {
				fields = append(fields, wire.Field{Name: "WWW-Authenticate", Value: value})
			}
		}
	}
	a.o.Log.Info("SIP notification", "event", event, "from", s.From.Addr, "line", n.Line, "status", status)
	a.respond(s, status, fields...)
}
