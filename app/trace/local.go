package trace

import (
	"net"
	"net/netip"
	"time"
)

// locals remembers which address of ours leads to a peer, for sockets that are
// bound to all.
type locals struct {
	known map[netip.Addr]netip.Addr
	until time.Time
}

// localsTime is how long that is believed.
const localsTime = 5 * time.Second

// locate fills in our address.
func (c *capture) locate(r *record) {
	r.remote = plain(r.remote)
	r.local = plain(r.local)
	if !r.local.Addr().IsValid() || r.local.Addr().IsUnspecified() {
		r.local = netip.AddrPortFrom(c.locals.towards(r.remote), r.local.Port())
	}
}

func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// towards asks the system for the route; connecting a UDP socket sends nothing.
func (l *locals) towards(remote netip.AddrPort) netip.Addr {
	if now := time.Now(); now.After(l.until) || len(l.known) > 256 {
		l.known, l.until = map[netip.Addr]netip.Addr{}, now.Add(localsTime)
	}
	if a, ok := l.known[remote.Addr()]; ok {
		return a
	}
	a := netip.IPv4Unspecified()
	if remote.Addr().Is6() {
		a = netip.IPv6Unspecified()
	}
	if conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(remote.Addr(), max(remote.Port(), 1)))); err == nil {
		a = plain(conn.LocalAddr().(*net.UDPAddr).AddrPort()).Addr()
		_ = conn.Close()
	}
	l.known[remote.Addr()] = a
	return a
}
