package sipua

import (
	"deskset/phonecore/sipua/transport"
)

// The transport is a package of its own; these are its names in the contract.
type (
	// Transport carries messages; see [transport.Transport].
	Transport = transport.Transport
	// TransportOptions make a real transport; see [transport.Options].
	TransportOptions = transport.Options
	// Resolver finds servers; see [transport.Resolver].
	Resolver = transport.Resolver
)

// NewTransport listens on UDP and TCP; see [transport.New].
func NewTransport(o TransportOptions) (Transport, error) {
	t, err := transport.New(o)
	if err != nil {
		return nil, err
	}
	return t, nil
}
