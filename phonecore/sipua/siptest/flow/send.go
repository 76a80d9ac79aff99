package flow

import (
	"fmt"
	"strconv"
	"strings"

	"deskset/phonecore/sipua/wire"
)

// send carries out a step of a scripted peer.
func (p *party) send(s Step) {
	p.r.t.Helper()
	status, err := strconv.Atoi(s.What)
	switch {
	case p.isProxy() && p.relay(s, status):
	case err == nil:
		p.reply(s, status)
	default:
		p.request(s)
	}
}

// reply answers the newest request of the other part that is still open; a 487
// the INVITE (RFC 3261 section 9.2).
func (p *party) reply(s Step, status int) {
	p.r.t.Helper()
	l := p.legs[s.To]
	i := -1
	if l != nil {
		i = len(l.open) - 1
	}
	for i > 0 && status == 487 && l.open[i].Method != "INVITE" {
		i--
	}
	if i < 0 {
		p.r.fail("%s has nothing to answer", p.name)
	}
	req := l.open[i]
	m := wire.NewResponse(req, status, "", "")
	if status > 100 {
		m.Header.Set("To", p.tagged(l.local))
		l.local = m.Header.Get("To")
	}
	if status >= 200 {
		l.open = append(l.open[:i:i], l.open[i+1:]...)
	}
	if req.Method == "BYE" && status < 300 {
		l.established = false
	}
	if req.Method == "INVITE" && status > 100 && status < 300 {
		m.Header.Add("Contact", "<"+p.uri()+">")
		p.capable(m)
		if status == 200 {
			l.established = true
			p.describe(m, s, l, true)
		}
	}
	if status == 407 {
		m.Header.Add("Proxy-Authenticate", "Digest realm="+wire.Quote(realm)+", nonce="+wire.Quote(nonce)+`, algorithm=MD5, qop="auth"`)
	}
	p.extras(m, s)
	p.transmit(s.To, m)
}

// request sends a request, within the dialog if there is one.
func (p *party) request(s Step) {
	p.r.t.Helper()
	l := p.legs[s.To]
	method := s.What
	if method == "INVITE" && (l == nil || !l.established) {
		l = p.newLeg(s)
	}
	if l == nil {
		p.r.fail("%s has no call with %s", p.name, s.To)
		return
	}
	var m *wire.Message
	switch invite := l.sent["INVITE"]; {
	case method == "CANCEL", method == "ACK" && l.final != nil && l.final.Status >= 300:
		m = hop(invite, method, l.final) // RFC 3261 sections 9.1 and 17.1.1.3
	case method == "ACK":
		seq, _ := invite.CSeq()
		m = p.compose(l, method, seq)
	default:
		l.seq++
		m = p.compose(l, method, l.seq)
	}
	if method == "INVITE" {
		l.final = nil
		p.describe(m, s, l, false)
	}
	if method == "BYE" {
		l.established = false
	}
	p.transferFields(m, s)
	p.extras(m, s)
	l.sent[method] = m
	p.transmit(s.To, m)
}

// newLeg begins a call.
func (p *party) newLeg(s Step) *leg {
	to := p.r.parties[s.To]
	target := to.uri()
	if wanted, ok := s.arg("for"); ok {
		target = "sip:" + Number(wanted) + "@" + to.addr
	}
	if _, asked := s.arg("by"); asked && p.refer.URI != "" {
		target = p.refer.ParsedURI().Bare().String() // what the transferring phone has said
	}
	l := &leg{callID: p.r.token() + "@" + p.addr, target: target, sent: map[string]*wire.Message{}}
	l.local = p.tagged(`"User ` + p.name + `" <` + p.uri() + ">")
	l.remote = "<" + target + ">"
	p.legs[s.To] = l
	return l
}

// compose makes a request as the profile has it: Via without branch and no
// Max-Forwards in RFC 2543.
func (p *party) compose(l *leg, method string, seq uint32) *wire.Message {
	m := wire.NewRequest(method, l.target)
	via := "SIP/2.0/UDP " + p.addr
	if !p.old() {
		via += ";rport;branch=" + wire.Cookie + p.r.token()
	}
	m.Header.Add("Via", via)
	if !p.old() {
		m.Header.Add("Max-Forwards", "70")
	}
	for _, r := range l.route {
		m.Header.Add("Route", r)
	}
	m.Header.Add("From", l.local)
	m.Header.Add("To", l.remote)
	m.Header.Add("Call-ID", l.callID)
	m.Header.Add("CSeq", cseq(seq, method))
	if method == "INVITE" || method == "REFER" || method == "NOTIFY" {
		m.Header.Add("Contact", "<"+p.uri()+">")
		p.capable(m)
	}
	return m
}

// capable says what a peer of today can do, which those of RFC 2543 do not say.
func (p *party) capable(m *wire.Message) {
	if !p.old() {
		m.Header.Add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER")
		m.Header.Add("Supported", "replaces")
	}
}

// hop makes the CANCEL of an INVITE or the ACK of its failure.
func hop(invite *wire.Message, method string, final *wire.Message) *wire.Message {
	m := wire.NewRequest(method, invite.RequestURI)
	for _, f := range invite.Header {
		switch f.Name {
		case "From", "To", "Call-ID", "Route", "Max-Forwards":
			m.Header.Add(f.Name, f.Value)
		}
	}
	m.Header = append(wire.Header{{Name: "Via", Value: invite.Header.List("Via")[0]}}, m.Header...)
	if method == "ACK" {
		m.Header.Set("To", final.Header.Get("To"))
	}
	seq, _ := invite.CSeq()
	m.Header.Add("CSeq", cseq(seq, method))
	return m
}

// describe adds a session description: an offer with hold or resume, or the
// answer to the last offer.
func (p *party) describe(m *wire.Message, s Step, l *leg, answer bool) {
	p.sdp++
	at := p.media()
	direction, host := "", at.Addr().String()
	_, hold := s.arg("hold")
	switch {
	case hold && p.old():
		host = "0.0.0.0" // RFC 2543 appendix B.5
	case p.old():
	case hold:
		direction = "a=sendonly\r\n"
	case answer && l.held:
		direction = "a=recvonly\r\n"
	}
	m.SetBody("application/sdp", fmt.Appendf(nil, "v=0\r\no=- 1 %d IN IP4 %v\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 0 101\r\n"+
		"a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n%s", p.sdp, at.Addr(), host, at.Port(), direction))
}

// transferFields adds what asks for a transfer and tells of it.
func (p *party) transferFields(m *wire.Message, s Step) {
	if to, ok := s.arg("also"); ok {
		m.Header.Add("Also", "<"+p.r.parties[to].uri()+">")
	}
	if to, ok := s.arg("refer"); ok {
		target := p.r.parties[to].uri()
		if _, attended := s.arg("replaces"); attended {
			l := p.legs[to]
			target += "?Replaces=" + wire.EscapeUser(l.callID) + "%3Bto-tag%3D" + tagOf(l.remote) + "%3Bfrom-tag%3D" + tagOf(l.local)
		}
		m.Header.Add("Refer-To", "<"+target+">")
		m.Header.Add("Referred-By", "<"+p.uri()+">")
	} else if _, ok := s.arg("replaces"); ok {
		m.Header.Add("Replaces", p.toReplace())
	}
	if by, ok := s.arg("by"); ok {
		name := "Referred-By"
		if p.old() {
			name = "Requested-By"
		}
		m.Header.Add(name, "<"+p.r.parties[by].uri()+">")
	}
	if code, ok := s.arg("notify"); ok {
		state := "active;expires=60"
		if !strings.HasPrefix(code, "1") {
			state = "terminated;reason=noresource"
		}
		m.Header.Add("Event", "refer")
		m.Header.Add("Subscription-State", state)
		status, _ := strconv.Atoi(code)
		m.SetBody("message/sipfrag;version=2.0", fmt.Appendf(nil, "SIP/2.0 %s %s\r\n", code, wire.StatusText(status)))
	}
}

// extras adds Contacts of a redirection and fields of the table.
func (p *party) extras(m *wire.Message, s Step) {
	for _, a := range s.Args {
		name, value, _ := strings.Cut(a, "=")
		switch name {
		case "contact":
			m.Header.Add("Contact", "<"+p.r.parties[value].uri()+">")
		case "with":
			field, text, _ := strings.Cut(value, ":")
			m.Header.Add(field, text)
		}
	}
}

func tagOf(address string) string {
	a, _ := wire.ParseAddress(address)
	return a.Tag()
}
