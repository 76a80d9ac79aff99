package discovery

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
)

// Host is the network as the operating system has set it up.
type Host struct {
	Interface string
	MAC       net.HardwareAddr // empty on loopback
	Prefix    netip.Prefix     // address and mask
	Router    netip.Addr       // invalid if there is none
	DNS       []netip.Addr
	Domain    string
}

var errNoInterface = errors.New("no interface is up with an IP address; connect the machine to a network")

// probe is an address of a documentation network (RFC 5737): a datagram
// socket connected to it tells which interface the default route takes,
// without sending anything.
const probe = "192.0.2.1:9"

// Lookup reads the host's network. With a name it takes that interface, else
// the one that the default route uses, else the first one up, loopback last.
func Lookup(name string) (Host, error) {
	ifi, prefix, err := choose(name)
	if err != nil {
		return Host{}, err
	}
	h := Host{Interface: ifi.Name, MAC: ifi.HardwareAddr, Prefix: prefix}
	h.Router = defaultRouter(ifi.Name)
	h.DNS, h.Domain = nameServers()
	return h, nil
}

func choose(name string) (net.Interface, netip.Prefix, error) {
	if name != "" {
		ifi, err := net.InterfaceByName(name)
		if err != nil {
			return net.Interface{}, netip.Prefix{}, fmt.Errorf("interface %s: %w", name, err)
		}
		prefix, ok := address(*ifi, netip.Addr{})
		if !ok {
			return *ifi, prefix, fmt.Errorf("interface %s: it has no IP address", name)
		}
		return *ifi, prefix, nil
	}
	all, err := net.Interfaces()
	if err != nil {
		return net.Interface{}, netip.Prefix{}, fmt.Errorf("list of interfaces: %w", err)
	}
	if addr, ok := routedAddress(); ok {
		for _, ifi := range all {
			if prefix, ok := address(ifi, addr); ok && prefix.Addr() == addr {
				return ifi, prefix, nil
			}
		}
	}
	for _, loopback := range []bool{false, true} {
		for _, ifi := range all {
			up := ifi.Flags&net.FlagUp != 0
			if prefix, ok := address(ifi, netip.Addr{}); ok && up && (ifi.Flags&net.FlagLoopback != 0) == loopback {
				return ifi, prefix, nil
			}
		}
	}
	return net.Interface{}, netip.Prefix{}, errNoInterface
}

// routedAddress is the address that the default route would send from.
func routedAddress() (netip.Addr, bool) {
	conn, err := net.Dial("udp4", probe)
	if err != nil {
		return netip.Addr{}, false
	}
	defer conn.Close()
	local, ok := conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return netip.Addr{}, false
	}
	return local.AddrPort().Addr().Unmap(), true
}

// address gives the interface's address want, or its first: IPv4 before IPv6.
func address(ifi net.Interface, want netip.Addr) (netip.Prefix, bool) {
	addrs, err := ifi.Addrs()
	if err != nil {
		return netip.Prefix{}, false
	}
	var best netip.Prefix
	for _, a := range addrs {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil || prefix.Addr().IsLinkLocalUnicast() && prefix.Addr().Is6() {
			continue
		}
		if prefix.Addr() == want {
			return prefix, true
		}
		if !best.IsValid() || best.Addr().Is6() && prefix.Addr().Is4() {
			best = prefix
		}
	}
	return best, best.IsValid()
}
