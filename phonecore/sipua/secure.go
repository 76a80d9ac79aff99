package sipua

import (
	"errors"
	"slices"
	"strings"

	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// ErrKeys refuses a call that would have to be encrypted.
var ErrKeys = errors.New("encryption is required, and its keys would go out in the clear")

// encryption is what a call by a way is offered: a line with a TLS server may call
// an address that is not.
func (l *line) encryption(to transport.Destination) sdp.Encryption {
	if l.acc.Encryption == sdp.EncryptionOptional && l.bares(to) {
		return sdp.EncryptionIfAsked
	}
	return l.acc.Encryption
}

// forHelp tells that a URI is at the server for emergency calls: no setting keeps
// such a call from being made.
func (l *line) forHelp(u wire.URI) bool {
	return l.acc.Emergency.Host != "" && strings.EqualFold(u.Host, strings.Trim(l.acc.Emergency.Host, "[]"))
}

// bares tells that keys would be read by whoever listens on the way.
func (l *line) bares(to transport.Destination) bool {
	return l.acc.KeysNeedTLS && to.Network != transport.TLS
}

// verifier is a transport that checks certificates.
type verifier interface {
	Verified(transport.Destination) bool
}

// Verified tells whether the call's signalling goes, now, to a server whose
// certificate was checked, and none of it has ever gone by another way: only
// then its keys are known to nobody but the servers. Hops beyond the first no
// phone can see.
func (c *Call) Verified() bool {
	return !c.open && c.dlg != nil && c.a.verified(c.dlg.source)
}

func (a *Agent) verified(to transport.Destination) bool {
	v, ok := a.o.Transport.(verifier)
	return ok && v.Verified(to)
}

// passes notes where messages of the call go, or come from: a route set, or a
// peer's Contact, may lead from a server with TLS to somebody without. The
// keys last as long as the call, and so does what is known of them. By TLS
// nothing is sent before the server has proved who it is, so a connection that
// does not stand yet is as good as one that was checked.
func (c *Call) passes(ways ...transport.Destination) {
	c.open = c.open || slices.ContainsFunc(ways, func(to transport.Destination) bool {
		return to.Network != transport.TLS && !c.a.verified(to)
	})
}

// encryption is what a description of the call offers: nothing new where some
// of the call has gone in the open.
func (c *Call) encryption(to transport.Destination) sdp.Encryption {
	if e := c.l.encryption(to); e != sdp.EncryptionOptional || !c.open || !c.l.acc.KeysNeedTLS {
		return e
	}
	return sdp.EncryptionIfAsked
}
