package trace

import (
	"bytes"
	"net/netip"
)

// sip takes one SIP message. Over UDP it becomes a datagram, otherwise an
// exported PDU.
func (c *capture) sip(direction, network string, local, remote netip.AddrPort, message []byte) {
	r := &record{place: onUDP, out: direction == "out", name: "sip", tcp: network != "udp", local: local, remote: remote}
	if r.tcp {
		r.place = onPDU
	}
	r.data, r.comment = maskSIP(message, c.digits)
	c.tell(r)
}

// maskSIP hides what the user agent, which has masked proofs of a password
// already, knows nothing of. comment says what is hidden.
func maskSIP(message []byte, digits bool) (masked []byte, comment string) {
	masked = bytes.Clone(message)
	secrets := masker{stop: "<>,", exact: true}
	secrets.mask(masked)
	if secrets.hidden > 0 || bytes.Contains(message, []byte(`="masked"`)) || bytes.Contains(message, []byte(": masked")) {
		comment = "credentials masked"
	}
	if !digits && hideDigits(masked) {
		comment = "digits masked"
	}
	return masked, comment
}

// hideDigits masks the body of an INFO that carries a digit: types
// application/dtmf and application/dtmf-relay. Line ends stay.
func hideDigits(message []byte) bool {
	head, body, _ := bytes.Cut(message, []byte("\r\n\r\n"))
	if !bytes.Contains(bytes.ToLower(head), []byte("application/dtmf")) {
		return false
	}
	for i := range body {
		if !isLineEnd(body[i]) {
			body[i] = '*'
		}
	}
	return len(body) > 0
}
