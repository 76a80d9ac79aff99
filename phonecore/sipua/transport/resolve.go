package transport

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Limits of one resolution.
const (
	maxServers = 8
	srvTimeout = 3 * time.Second
)

// Lookup is what a resolution needs of DNS; *net.Resolver has it.
type Lookup interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// DNS finds servers by NAPTR, SRV, A and AAAA records (RFC 3263 section 4). NAPTR
// is asked only where the transport is open, as in a dialled address: an account
// says which one it wants.
type DNS struct {
	// Lookup is net.DefaultResolver, with NAPTR, if it is nil. One that is no
	// NAPTRLookup is not asked for these.
	Lookup Lookup
	// IPv6First asks a server with both at its IPv6 addresses first.
	IPv6First bool
}

// Literal gives the destination of a target that is an address already.
func Literal(t Target) (Destination, bool) {
	a, err := netip.ParseAddr(strings.Trim(t.Host, "[]"))
	if err != nil {
		return Destination{}, false
	}
	return destination(t, a.Unmap(), t.Port, ""), true
}

func destination(t Target, a netip.Addr, port uint16, host string) Destination {
	network := t.Network
	if network == "" {
		network = UDP // RFC 3263 section 4.1, for an address or a port
	}
	if port == 0 {
		port = DefaultPort(network)
	}
	return Destination{Network: network, Addr: netip.AddrPortFrom(a, port), Host: host}
}

// Resolve implements Resolver.
func (d DNS) Resolve(ctx context.Context, t Target) ([]Destination, error) {
	if to, ok := Literal(t); ok {
		return []Destination{to}, nil
	}
	if d.Lookup == nil {
		d.Lookup = systemDNS{net.DefaultResolver}
	}
	// A name without a dot is a host of the local network: asking for its
	// services only costs time.
	if t.Port == 0 && strings.Contains(t.Host, ".") {
		if list := d.services(ctx, t); len(list) > 0 {
			return list, nil
		}
	}
	list := d.hosts(ctx, t, t.Host, t.Port)
	if list.err != nil {
		return nil, fmt.Errorf("SIP server %.100q: %w: check the proxy address and the DNS server", t.Host, list.err)
	}
	return list.found, nil
}

// serviceNames by transport (RFC 3263 section 4.2).
var serviceNames = map[string][2]string{UDP: {"sip", "udp"}, TCP: {"sip", "tcp"}, TLS: {"sips", "tcp"}}

// services asks for SRV records: for an open transport those that NAPTR records
// name, else UDP before TCP.
func (d DNS) services(ctx context.Context, t Target) []Destination {
	networks := []string{t.Network}
	if t.Network == "" {
		networks = []string{UDP, TCP}
		for _, p := range d.pointers(ctx, t) {
			network := naptrNetworks[strings.ToUpper(p.Service)]
			if found := d.service(ctx, Target{Network: network, Host: t.Host}, "", "", p.Replacement); len(found) > 0 {
				return found
			}
		}
	}
	for _, network := range networks {
		name := serviceNames[network]
		if found := d.service(ctx, Target{Network: network, Host: t.Host}, name[0], name[1], t.Host); len(found) > 0 {
			return found
		}
	}
	return nil
}

// service gives the servers of one set of SRV records.
func (d DNS) service(ctx context.Context, of Target, service, proto, name string) (found []Destination) {
	srvCtx, cancel := context.WithTimeout(ctx, srvTimeout)
	_, records, err := d.Lookup.LookupSRV(srvCtx, service, proto, name)
	cancel()
	if err != nil {
		return nil
	}
	for _, r := range records[:min(len(records), maxServers)] {
		found = append(found, d.hosts(ctx, of, strings.TrimSuffix(r.Target, "."), r.Port).found...)
	}
	return found[:min(len(found), maxServers)]
}

type hosts struct {
	found []Destination
	err   error
}

// hosts asks for addresses, IPv4 first unless wanted otherwise: SIP over IPv6 is
// rarer than DNS has it.
func (d DNS) hosts(ctx context.Context, t Target, host string, port uint16) hosts {
	addrs, err := d.Lookup.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return hosts{err: err}
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int {
		if d.IPv6First {
			a, b = b, a
		}
		return a.Unmap().BitLen() - b.Unmap().BitLen()
	})
	var h hosts
	for _, a := range addrs[:min(len(addrs), maxServers)] {
		// TLS checks the certificate against the name that was asked for, not
		// the one that DNS named instead (RFC 5922 section 4).
		h.found = append(h.found, destination(t, a.Unmap(), port, t.Host))
	}
	if len(h.found) == 0 {
		h.err = fmt.Errorf("no address")
	}
	return h
}
