package sipua

import (
	"errors"
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
// certificate was checked: only then its keys are known to nobody but the
// server. Hops beyond that one no phone can see.
func (c *Call) Verified() bool {
	v, ok := c.a.o.Transport.(verifier)
	return ok && c.dlg != nil && v.Verified(c.dlg.source)
}
