package sipua

import (
	"errors"
	"slices"

	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transport"
)

// ErrOpenWay: a call must be encrypted, and who is called lies beyond a way on
// which all could read the keys.
var ErrOpenWay = errors.New("the keys of an encrypted call would go in the clear")

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

// mayOffer tells whether keys may go to a destination.
func (c *Call) mayOffer(to transport.Destination) bool {
	return c.l.acc.OpenKeys || to.Network == transport.TLS && !c.open
}

// encryption is what a description for a destination says. A line with TLS
// reaches some by other ways, such as an address that a person has dialled:
// they are offered no keys, but may offer theirs.
func (c *Call) encryption(to transport.Destination) sdp.Encryption {
	if e := c.l.acc.Encryption; e != sdp.EncryptionOptional || c.mayOffer(to) {
		return e
	}
	return sdp.EncryptionIfAsked
}
