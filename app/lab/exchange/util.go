package exchange

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/netip"

	"deskset/app/lab/wire"
)

// agentName is our Server and User-Agent.
const agentName = "Deskset lab"

// randomToken makes a tag, branch or Call-ID that nobody can guess.
func randomToken() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// cseq is a message's sequence number with another method.
func cseq(m *wire.Message, method string) string {
	n, _, _ := m.CSeq()
	return fmt.Sprintf("%d %s", n, method)
}

func topBranch(m *wire.Message) string {
	via, _ := m.TopVia()
	return via.Branch()
}

// portOr5060 gives an address another port, 5060 for none (RFC 3261 18.2.2).
func portOr5060(addr netip.AddrPort, port uint16) netip.AddrPort {
	if port == 0 {
		port = 5060
	}
	return netip.AddrPortFrom(addr.Addr(), port)
}

// userOf is the user part of From, To or a URI's owner, for records and rules.
func userOf(m *wire.Message, header string) string {
	a, err := wire.ParseAddress(m.Get(header))
	if err != nil {
		return ""
	}
	u, _ := wire.ParseURI(a.URI)
	return u.User
}
