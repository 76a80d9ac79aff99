package flow

import (
	"slices"

	"deskset/phonecore/sipua/wire"
)

// relay lets the proxy P send on what it has: a request of another part, a
// response from further on. It tells whether there was something to send on;
// what there was not the proxy says itself (CANCEL, ACK of a failure, 407).
func (p *party) relay(s Step, status int) bool {
	if status != 0 {
		i := slices.IndexFunc(p.answers, func(m *wire.Message) bool { return m.Status == status })
		if i < 0 {
			return false
		}
		m := p.answers[i].Clone()
		p.answers = slices.Delete(p.answers, i, i+1)
		vias := m.Header.List("Via")[1:]
		m.Header.Del("Via")
		m.Header = append(fields("Via", vias), m.Header...)
		p.transmit(s.To, m)
		return true
	}
	l := p.legs[s.To]
	if s.What == "CANCEL" || s.What == "ACK" && l != nil && l.final != nil && l.final.Status >= 300 {
		return false
	}
	req := p.lastRequest(s.What, s.To)
	if req == nil {
		return false
	}
	m := p.forwarded(req, s)
	if l == nil || s.What == "INVITE" {
		l = &leg{sent: map[string]*wire.Message{}}
		p.legs[s.To] = l
	}
	l.callID = m.CallID()
	l.sent[s.What] = m
	p.transmit(s.To, m)
	return true
}

// lastRequest is the newest request of a method that came from anybody else.
func (p *party) lastRequest(method, not string) (last *wire.Message) {
	for from, l := range p.legs {
		for _, m := range l.open {
			if from != not && m.Method == method {
				last = m
			}
		}
	}
	return last
}

// forwarded is a request as a proxy sends it on (RFC 3261 section 16.6).
func (p *party) forwarded(req *wire.Message, s Step) *wire.Message {
	m := req.Clone()
	if routes := m.Header.List("Route"); len(routes) > 0 {
		m.Header.Del("Route")
		m.Header = append(m.Header, fields("Route", routes[1:])...)
	}
	m.Header.Del("Proxy-Authorization")
	via := "SIP/2.0/UDP " + p.addr
	if !p.old() {
		via += ";branch=" + wire.Cookie + p.r.token()
	}
	m.Header = append(wire.Header{{Name: "Via", Value: via}}, m.Header...)
	if req.Method == "INVITE" {
		m.RequestURI = p.r.parties[s.To].uri()
		if Number(s.To) == "" { // the redirect server is asked for who was called
			m.RequestURI = req.RequestURI
		}
		m.Header = append(wire.Header{{Name: "Record-Route", Value: "<sip:" + p.addr + ";lr>"}}, m.Header...)
	}
	return m
}

// relayed keeps what the proxy has received.
func (p *party) relayed(s Step, m *wire.Message) {
	p.r.t.Helper()
	l := p.legs[s.From]
	if m.IsRequest() {
		if l == nil {
			l = &leg{callID: m.CallID(), local: m.Header.Get("To"), sent: map[string]*wire.Message{}}
			p.legs[s.From] = l
		}
		if m.Method == "INVITE" || m.Method == "ACK" {
			l.open = nil
		}
		l.open = append(l.open, m)
	} else {
		p.answers = append(p.answers, m)
		if _, method := m.CSeq(); method == "INVITE" && m.Status >= 200 {
			l.final = m
		}
		if m.Status >= 300 || isCancelled(m) {
			p.answers = p.answers[:len(p.answers)-1] // is the proxy's own affair
		}
	}
	p.inspect(s, m)
}

func isCancelled(m *wire.Message) bool {
	_, method := m.CSeq()
	return method == "CANCEL"
}

func fields(name string, values []string) (h wire.Header) {
	for _, v := range values {
		h.Add(name, v)
	}
	return h
}
