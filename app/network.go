package main

import (
	"context"
	"net"
	"net/netip"

	"deskset/provisioning/discovery"
	"deskset/provisioning/tftp"
)

// hostNetwork is boot.Network on the machine we run on.
type hostNetwork struct {
	// name of the interface to use; empty lets the host choose.
	name   string
	client tftp.Client
}

// Host implements boot.Network.
func (n *hostNetwork) Host() (discovery.Host, error) { return discovery.Lookup(n.name) }

// Resolve implements boot.Network.
func (n *hostNetwork) Resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	return addrs, err
}

// Fetch implements boot.Network.
func (n *hostNetwork) Fetch(ctx context.Context, server netip.AddrPort, file string) ([]byte, error) {
	return n.client.Fetch(ctx, server, file)
}
