package link

import (
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// A process that is killed cannot take away what its port has set. So all of it
// is marked, and the next port on the interface takes it away: interfaces of
// VLANs by their alias, addresses by their label, routes and rules by the
// numbers of address_linux.go.

const (
	linkAlias   = "deskset" // of the interface of a VLAN
	labelSuffix = ":dsk"    // of an address, after the name of the interface
)

// addressLabel marks an address on an interface. The name comes first, as the
// old tools want it; there is no mark for a name too long (IFNAMSIZ).
// Only IPv4 has labels.
func addressLabel(name string, prefix netip.Prefix) string {
	if label := name + labelSuffix; prefix.Addr().Is4() && len(label) < unix.IFNAMSIZ {
		return label
	}
	return ""
}

// sweep takes away what a port left behind that was not closed. That there is
// none at work shows the mark, a socket's name that the kernel gives once in a
// network namespace and takes back when the process ends (unix(7), abstract).
// What fails is told only: the port works all the same.
func (p *realPort) sweep() {
	mark, err := net.ListenUnix("unix", &net.UnixAddr{Name: "@deskset-port-" + p.ifi.Name, Net: "unix"})
	if err != nil {
		p.log.Info("another port is open on the interface", "interface", p.ifi.Name, "error", err)
		return
	}
	p.mark = mark
	rules, _ := p.net.RuleList(netlink.FAMILY_V4) // before the interfaces: all that it names were there
	links, err := p.net.LinkList()
	if err != nil {
		p.log.Warn("list of interfaces", "error", err)
		return
	}
	others := map[int]bool{}
	for _, l := range links {
		a := l.Attrs()
		if a.Index == p.ifi.Index || a.ParentIndex == p.ifi.Index && l.Type() == "vlan" {
			p.sweepInterface(l)
		} else {
			others[a.Index] = true
		}
	}
	// Also the rules of interfaces that are gone, as TAPs are with their process.
	for _, r := range rules {
		if r.Priority == rulePriority && r.Table > routeTable && !others[r.Table-routeTable] {
			p.swept("rule", r.String(), p.net.RuleDel(&r))
		}
	}
}

// swept tells of a thing that was left behind.
func (p *realPort) swept(kind, what string, err error) {
	p.log.Warn("left by a former port: taken away", "port", p.ifi.Name, "kind", kind, "what", what, "error", gone(err))
}

func (p *realPort) sweepInterface(l netlink.Link) {
	a := l.Attrs()
	routes, _ := p.net.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{LinkIndex: a.Index, Table: unix.RT_TABLE_UNSPEC}, netlink.RT_FILTER_OIF|netlink.RT_FILTER_TABLE)
	for _, r := range routes {
		if r.Protocol == unix.RTPROT_DHCP && (r.Table == routeTable+a.Index || r.Priority == routeMetric+a.Index) {
			p.swept("route", r.String(), p.net.RouteDel(&r))
		}
	}
	addrs, _ := p.net.AddrList(l, netlink.FAMILY_V4)
	for _, addr := range addrs {
		if addr.Label == a.Name+labelSuffix {
			p.swept("address", addr.String(), p.net.AddrDel(l, &addr))
		}
	}
	if a.Alias == linkAlias && a.Index != p.ifi.Index {
		p.swept("VLAN", a.Name, p.net.LinkDel(l))
	}
}
