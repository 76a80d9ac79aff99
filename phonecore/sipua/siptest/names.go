package siptest

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"deskset/phonecore/sipua/transport"
)

// Names is DNS for tests: it implements transport.Resolver with addresses
// ("192.0.2.1:5060", best first) by host name. Give it to the agent wherever a
// name may turn up: real DNS does not work inside a synctest bubble.
type Names map[string][]string

// Resolve implements transport.Resolver.
func (n Names) Resolve(_ context.Context, t transport.Target) ([]transport.Destination, error) {
	list := n[t.Host]
	if len(list) == 0 {
		return nil, fmt.Errorf("SIP server %q: %w", t.Host, &net.DNSError{Err: "no such host", Name: t.Host, IsNotFound: true})
	}
	var out []transport.Destination
	for _, text := range list {
		to := transport.Destination{Network: t.Network, Addr: netip.MustParseAddrPort(text), Host: t.Host}
		if to.Network == "" {
			to.Network = transport.UDP
		}
		out = append(out, to)
	}
	return out, nil
}
