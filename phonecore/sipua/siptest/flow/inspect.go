package flow

import (
	"strings"

	"deskset/phonecore/sipua/digest"
	"deskset/phonecore/sipua/wire"
)

// Password is that of every line of the phone, and its realm the proxy's.
const (
	Password = "s3cret-canary"
	realm    = "flows.test"
	nonce    = "nonce-of-the-flow"
)

// inspect looks into a message of the phone: what the guide says of every
// message of its kind, and what the step's arguments say of this one.
func (p *party) inspect(s Step, m *wire.Message) {
	p.r.t.Helper()
	if s.From == p.r.role {
		p.complete(s, m)
	}
	body := string(m.Body)
	for _, a := range s.Args {
		name, value, _ := strings.Cut(a, "=")
		good := true
		switch name {
		case "hold":
			good = p.holds(body)
			p.note(s.From, true)
		case "resume":
			good = !p.holds(body) && strings.Contains(body, "m=audio")
			p.note(s.From, false)
		case "answer":
			good = strings.Contains(body, "m=audio")
		case "also":
			p.refer = m.Address("Also")
			good = p.leadsTo(value)
		case "contact":
			if s.From == p.r.role {
				p.refer = m.Address("Contact")
				good = p.leadsTo(value)
			}
		case "refer":
			p.refer = m.Address("Refer-To")
			_, wanted := s.arg("replaces")
			good = p.leadsTo(value) && (p.toReplace() != "") == wanted
		case "replaces":
			good = m.Method == "REFER" || p.replaced(m)
		case "by":
			good = p.old() || m.Header.Has("Referred-By")
		case "notify":
			good = strings.HasPrefix(body, "SIP/2.0 "+value) && strings.HasPrefix(m.Header.Get("Event"), "refer")
		case "for":
			good = strings.Contains(m.RequestURI, Number(value)+"@")
		case "auth":
			good = proven(m)
		}
		if !good {
			p.r.fail("%q is not so in\n%s", a, m.Encode())
		}
	}
}

// complete checks what the guide says of every message ("In the INVITE
// request", B-3): who calls whom, a Call-ID, a CSeq, the media; and that the
// phone keeps to the dialog.
func (p *party) complete(s Step, m *wire.Message) {
	p.r.t.Helper()
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		if m.Header.Get(name) == "" {
			p.r.fail("no %s in\n%s", name, m.Encode())
		}
	}
	if !m.IsRequest() {
		return
	}
	if m.From().Tag() == "" || m.Header.Get("Max-Forwards") == "" {
		p.r.fail("no tag or no Max-Forwards (RFC 3261 section 8.1.1) in\n%s", m.Encode())
	}
	if m.Method != "INVITE" {
		return
	}
	if user := m.From().ParsedURI().UserText(); user != Number(s.From) && m.To().Tag() == "" {
		p.r.fail("the call is from %q, not from %s in\n%s", user, Number(s.From), m.Encode())
	}
	if !p.isProxy() && Number(p.name) != "" && m.To().Tag() == "" && !strings.Contains(m.RequestURI, Number(p.name)+"@") {
		p.r.fail("%s is not in the Request-URI of\n%s", Number(p.name), m.Encode())
	}
	if !strings.Contains(string(m.Body), "m=audio") {
		p.r.fail("no media in\n%s", m.Encode())
	}
}

// holds tells whether a description puts on hold, in the profile's way.
func (p *party) holds(body string) bool {
	if p.old() {
		return strings.Contains(body, "c=IN IP4 0.0.0.0")
	}
	return strings.Contains(body, "a=sendonly") || strings.Contains(body, "a=inactive")
}

func (p *party) note(from string, held bool) {
	if l := p.legs[from]; l != nil {
		l.held = held
	}
}

// toReplace is the Replaces that a Refer-To brings with it (RFC 3891 section 4).
func (p *party) toReplace() string {
	for _, h := range strings.Split(p.refer.ParsedURI().Headers, "&") {
		if name, value, _ := strings.Cut(h, "="); strings.EqualFold(name, "Replaces") {
			return wire.Unescape(value)
		}
	}
	return ""
}

// leadsTo tells whether the target of a transfer is a part's address.
func (p *party) leadsTo(part string) bool {
	u := p.refer.ParsedURI()
	return u.UserText() == Number(part) && u.HostPort() == p.r.parties[part].addr
}

// replaced tells whether Replaces names a call of this part (RFC 3891 section 3).
func (p *party) replaced(m *wire.Message) bool {
	id, params, _ := strings.Cut(m.Header.Get("Replaces"), ";")
	for _, l := range p.legs {
		if l.callID == strings.TrimSpace(id) && strings.Contains(params, "to-tag="+tagOf(l.local)) && strings.Contains(params, "from-tag="+tagOf(l.remote)) {
			return true
		}
	}
	return false
}

// proven checks the credentials for the proxy's challenge.
func proven(m *wire.Message) bool {
	given := map[string]string{}
	for _, f := range m.Header.List("Proxy-Authorization") {
		name, value, _ := strings.Cut(strings.TrimPrefix(f, "Digest "), "=")
		given[strings.TrimSpace(name)] = wire.Unquote(value)
	}
	c := digest.Challenge{Realm: realm, Nonce: nonce, Algorithm: "MD5", QOP: []string{"auth"}}
	user := m.From().ParsedURI().UserText()
	return given["username"] == user && given["nc"] == "00000001" &&
		c.Response(digest.Credentials{Username: user, Password: Password},
			digest.Use{Method: m.Method, URI: given["uri"], CNonce: given["cnonce"], Count: 1}) == given["response"]
}
