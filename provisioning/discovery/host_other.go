//go:build !linux

package discovery

import "net/netip"

// defaultRouter is not read on this system: the page shows none.
func defaultRouter(string) netip.Addr { return netip.Addr{} }

// nameServers are not read on this system: the page shows none.
func nameServers() ([]netip.Addr, string) { return nil, "" }
