package sipua

import (
	"errors"
	"strings"

	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/stun"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// receive takes one packet on the loop.
func (a *Agent) receive(p transport.Packet) {
	if a.closed {
		return
	}
	a.trace(p)
	if p.Message == nil && stun.Is(p.Raw) {
		a.heardSTUN(p)
		return
	}
	if p.Message == nil {
		a.strangers.counts.Malformed++
		a.o.Log.Debug("dropped what is not SIP", "from", p.From.Addr, "cause", p.Err)
		return
	}
	m := p.Message
	defer a.guard(m.Method)
	if err := complete(m); err != nil || p.Err != nil {
		a.strangers.counts.Malformed++
		a.refuse(m, p.From, errors.Join(p.Err, err))
		return
	}
	if m.IsRequest() && !a.welcome(m, p.From) {
		return
	}
	a.tx.Receive(m, p.From)
}

func (a *Agent) trace(p transport.Packet) {
	if a.o.Trace == nil {
		return
	}
	raw := p.Raw
	if raw == nil && p.Message != nil {
		raw = p.Message.Encode()
	}
	a.show("in", p.From, raw)
}

// show lets the trace see a message.
func (a *Agent) show(direction string, peer transport.Destination, raw []byte) {
	local, _ := a.o.Transport.LocalAddr(peer)
	a.o.Trace(direction, peer.Network, local, peer.Addr, wire.Mask(raw))
}

var (
	errVia   = errors.New("no Via that can be read")
	errParty = errors.New("cannot read From or To")
	errCall  = errors.New("no Call-ID")
	errCSeq  = errors.New("CSeq does not fit the method")
	errRoute = errors.New("more than one Via came back")
	errTwice = errors.New("two values of From, To, Call-ID or CSeq")
)

// complete tells what a message lacks that every message must have (RFC 3261
// section 8.1.1).
func complete(m *wire.Message) error {
	via := m.Via()
	if via == nil || strings.ContainsAny(via.Transport, "\r\n") {
		return errVia
	}
	if m.From().URI == "" || m.To().URI == "" {
		return errParty
	}
	if m.CallID() == "" {
		return errCall
	}
	for _, name := range []string{"From", "To", "Call-ID", "CSeq"} {
		// One may be what a proxy has judged, and the other what we would show.
		if len(m.Header.All(name)) > 1 {
			return errTwice
		}
	}
	_, method := m.CSeq()
	switch {
	case method == "" || m.IsRequest() && method != m.Method:
		return errCSeq
	case !m.IsRequest() && len(m.Header.List("Via")) > 1:
		return errRoute // it was meant for somebody else (section 18.1.2)
	}
	return nil
}

// refuse answers a request that cannot be understood, as far as it has a way
// back. Responses and ACKs are not answered.
func (a *Agent) refuse(m *wire.Message, from transport.Destination, cause error) {
	a.o.Log.Debug("malformed SIP message", "from", from.Addr, "method", m.Method, "cause", cause)
	if !m.IsRequest() || m.Method == "ACK" || m.Via() == nil || !a.welcome(m, from) {
		return
	}
	res := wire.NewResponse(m, 400, "", transaction.Token())
	if errors.Is(cause, wire.ErrVersion) {
		res = wire.NewResponse(m, 505, "", transaction.Token())
	}
	a.tx.Stateless(m, from, res)
}

// request takes a new request other than ACK and CANCEL.
func (a *Agent) request(s *transaction.Server) {
	m := s.Request
	if sub := a.subscriptionOf(m); sub != nil {
		sub.notified(s)
		return
	}
	if c, d := a.callOf(m); c != nil {
		c.inDialog(s, d)
		return
	}
	switch {
	case m.To().Tag() != "" || m.Method == "BYE":
		a.respond(s, 481)
	case a.closing:
		a.respond(s, 503)
	case !allowedMethod(m.Method):
		a.notAllowed(s)
	case !a.acceptable(s):
	case m.Method == "OPTIONS":
		a.options(s)
	case m.Method == "INVITE":
		a.invited(s)
	case m.Method == "NOTIFY":
		a.notified(s)
	case m.Method == "REFER":
		// Whoever could make us call by a REFER alone could make us call anywhere,
		// at our cost. The server's address proves nothing, as it is easily forged;
		// who talks to us has been let in by a person (RFC 3515 section 5).
		a.respond(s, 403)
	default: // UPDATE, PRACK and INFO belong to a dialog
		a.respond(s, 481)
	}
}

func allowedMethod(method string) bool {
	for _, m := range allowed {
		if m == method {
			return true
		}
	}
	return false
}

// respond answers a request that begins no dialog.
func (a *Agent) respond(s *transaction.Server, status int, fields ...wire.Field) {
	res := wire.NewResponse(s.Request, status, "", transaction.Token())
	res.Header = append(res.Header, fields...)
	res.Header.Add("Server", a.o.UserAgent)
	s.Respond(res)
}

// notAllowed: 405 for methods of the registry, 501 for words that nobody knows
// (section 8.2.1).
func (a *Agent) notAllowed(s *transaction.Server) {
	status := 501
	if knownMethods[s.Request.Method] {
		status = 405
	}
	a.respond(s, status, wire.Field{Name: "Allow", Value: allow})
}

// acceptable inspects a request outside of a dialog in the order of section
// 8.2; what it refuses it answers.
func (a *Agent) acceptable(s *transaction.Server) bool {
	m := s.Request
	uri, err := wire.ParseURI(m.RequestURI)
	switch {
	case err != nil:
		a.respond(s, 400)
	case !uri.IsSIP() && uri.Scheme != "tel":
		a.respond(s, 416)
	case a.tx.Merged(s):
		a.respond(s, 482)
	case len(a.required(m)) > 0:
		a.unsupported(s)
	case m.Method == "INVITE" && a.sessionTooShort(s):
	default:
		return true
	}
	return false
}

// options tells what we can do (section 11.2). The port is 0, as RFC 3264
// section 9 has it for capabilities.
func (a *Agent) options(s *transaction.Server) {
	res := wire.NewResponse(s.Request, 200, "", transaction.Token())
	res.Header.Add("Allow", allow)
	res.Header.Add("Accept", sdpType)
	res.Header.Add("Accept-Encoding", "identity")
	res.Header.Add("Accept-Language", "en")
	res.Header.Add("Supported", strings.Join(a.supported(), ", "))
	res.Header.Add("Server", a.o.UserAgent)
	l := a.o.Media()
	l.Port = 0
	if !l.Addr.IsValid() {
		if local, err := a.o.Transport.LocalAddr(s.From); err == nil {
			l.Addr = local.Addr()
		}
	}
	res.SetBody(sdpType, sdp.NewSession(a.random()).Offer(l))
	s.Respond(res)
}

// random is a number for a new session.
func (a *Agent) random() uint64 { return uint64(a.o.Rand() * (1 << 53)) }

// callOf finds the call that a request of the peer belongs to, and its dialog.
func (a *Agent) callOf(m *wire.Message) (*Call, *dialog) {
	tag := m.To().Tag()
	if tag == "" && m.Method != "BYE" && m.Method != "ACK" {
		return nil, nil
	}
	for _, c := range a.calls {
		if c.dlg != nil && c.dlg.matches(m) {
			return c, c.dlg
		}
		if c.dlg != nil || c.out == nil {
			continue
		}
		for _, e := range c.out.early {
			if e.matches(m) {
				return c, e.dialog
			}
		}
	}
	return nil, nil
}

// acked takes the ACK of a 2xx.
func (a *Agent) acked(m *wire.Message) {
	if c, _ := a.callOf(m); c != nil {
		c.acked(m)
	}
}

// cancelled takes a CANCEL (section 9.2).
func (a *Agent) cancelled(cancel, invite *transaction.Server) {
	if invite == nil {
		a.respond(cancel, 481)
		return
	}
	for _, c := range a.calls {
		if c.in != nil && c.in.srv == invite {
			cancel.Respond(wire.NewResponse(cancel.Request, 200, "", c.tag))
			c.cancelledByPeer(cancel.Request)
			return
		}
	}
	a.respond(cancel, 200) // a re-INVITE, or refused long ago
}

// stray takes a response without a transaction. Only a 2xx that was repeated
// for more than half a minute would matter, and its sender gives up by then.
func (a *Agent) stray(m *wire.Message) {
	a.o.Log.Debug("response to nothing that we know", "status", m.Status, "call", m.CallID())
}
