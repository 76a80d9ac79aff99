package sipua

import (
	"strings"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// anonymousFrom is the From of a caller who keeps back who he is (RFC 3323
// section 4.1.1.3).
const anonymousFrom = `"Anonymous" <sip:anonymous@anonymous.invalid>`

// rules are the identity rules of the present.
func (a *Agent) rules() IdentityRules {
	if a.o.Identity == nil {
		return IdentityRules{}
	}
	return a.o.Identity()
}

// callID is a new Call-ID; a hidden caller's says nothing of where he is (RFC
// 3323 section 4.1).
func (a *Agent) callID(l *line) string {
	if a.rules().Hidden {
		return transaction.Token()
	}
	return transaction.Token() + "@" + l.domain()
}

// contact is our Contact in a call; a hidden caller's says no name (RFC 3323
// section 4.1.1.2): requests of the dialog find us by its tags.
func (c *Call) contact(to transport.Destination) (string, error) {
	if !c.hidden {
		return c.l.contact(to)
	}
	plain, err := c.l.plainContact(to, c.l.reg.flow && c.l.isServer(to.Addr.Addr()))
	if err != nil {
		return "", err
	}
	a, err := wire.ParseAddress(plain)
	u := a.ParsedURI()
	u.User = "anonymous"
	return "<" + u.String() + ">", err
}

// nameUs writes who we are into an INVITE: openly, or, hidden, for the line's
// server alone, which takes it away (RFC 3325 section 9.2).
func (c *Call) nameUs(m *wire.Message, as *server, user string, to transport.Destination) {
	own := wire.Address{Name: c.l.acc.DisplayName, URI: as.uri(user, false).String()}
	if c.hidden {
		m.Header.Set("From", anonymousFrom+";tag="+c.tag)
		m.Header.Set("Privacy", "id")
		if !c.l.isServer(to.Addr.Addr()) {
			return
		}
		m.Header.Set("P-Preferred-Identity", own.String())
	}
	if c.a.rules().RemotePartyID {
		m.Header.Set("Remote-Party-ID", remotePartyID(own, "calling", c.hidden))
	}
}

// remotePartyID writes the field as phones of the 79xx kind do.
func remotePartyID(own wire.Address, party string, hidden bool) string {
	privacy := "off"
	if hidden {
		privacy = "full"
	}
	own.Params = wire.Params{{Name: "party", Value: party}, {Name: "id-type", Value: "subscriber"}, {Name: "privacy", Value: privacy}, {Name: "screen", Value: "yes"}}
	return own.String()
}

// learn takes the name of who is at the other end from a response of his, or
// from a request within the dialog: what the line's server asserts counts more
// than what the far side says of itself. It tells whether something is new.
func (c *Call) learn(m *wire.Message, trusted bool) bool {
	before := c.peer
	if name := m.To().Name; name != "" && !m.IsRequest() {
		c.peer.Name = short(name)
	}
	if !trusted {
		return c.peer != before
	}
	p, private, ok := identityOf(m, c.a.rules())
	if ok && !private && !wantsPrivacy(m) {
		if p.Name == "" && strings.EqualFold(p.User, c.peer.User) {
			p.Name = c.peer.Name
		}
		c.peer, c.asserted = p, true
	}
	return c.peer != before
}

// trusts tells whether an exchange is with the line's own server.
func (c *Call) trusts(x *exchange) bool { return len(x.to) > 0 && c.l.isServer(x.to[0].Addr.Addr()) }

// nameAnswerer writes into a response of ours who has been reached; who keeps
// that back tells it to the line's server alone.
func (c *Call) nameAnswerer(res *wire.Message, to transport.Destination) {
	rules := c.a.rules()
	if rules.Hidden && !c.l.isServer(to.Addr.Addr()) {
		return
	}
	if _, method := res.CSeq(); method == "INVITE" && rules.RemotePartyID {
		own := wire.Address{Name: c.l.acc.DisplayName, URI: c.l.server().uri(c.l.acc.User, false).String()}
		res.Header.Add("Remote-Party-ID", remotePartyID(own, "called", rules.Hidden))
	}
}
