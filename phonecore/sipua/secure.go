package sipua

import "deskset/phonecore/sipua/transport"

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
