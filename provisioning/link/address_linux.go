package link

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Numbers to which that of the interface is added, so that each port has its
// own.
const (
	// routeMetric is the metric of the phone's default route: higher, and so
	// weaker, than what systems give to their own.
	routeMetric = 2048
	// routeTable is the table for what the phone's address sends.
	routeTable = 0x7960_0000
	// rulePriority is before the host's main table, at 32766.
	rulePriority = 17960
)

// configured is what this port set on an interface.
type configured struct {
	prefix netip.Prefix
	owned  bool // false if the host had the address before
	router netip.Addr
	routes []*netlink.Route
	rule   *netlink.Rule
	// unrouted: the kernel has taken the routes away, as it does when an
	// interface goes down; or they could not be set.
	unrouted bool
}

// Configure implements Port. The router must be in the prefix. A default route
// that the host has by itself stays and goes first, except for what is sent from
// this address: a rule (ip-rule(8)) takes that to the phone's router.
func (p *realPort) Configure(vlan int, a Address) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	ifi, err := p.interfaceOf(vlan)
	if err != nil {
		return err
	}
	if a.Router.IsValid() && (!a.Prefix.IsValid() || !a.Prefix.Contains(a.Router)) {
		return fmt.Errorf("interface %s: router %s is not on the network %s", ifi.Name, a.Router, a.Prefix)
	}
	if err := p.change(vlan, ifi, a); err != nil {
		return needs("CAP_NET_ADMIN", fmt.Sprintf("interface %s: address %s, router %s", ifi.Name, a.Prefix, a.Router), err)
	}
	return nil
}

// change takes the former address off and sets the new one. First off, then on:
// taking the first address of a network away may take the others of that network
// with it (promote_secondaries, ip-sysctl). What stays the same is set again, in
// case that somebody else has taken it away.
func (p *realPort) change(vlan int, ifi net.Interface, a Address) error {
	l := device(ifi)
	var old configured
	if c := p.set[vlan]; c != nil {
		old = *c
	}
	former, now := old, &configured{prefix: a.Prefix, router: a.Router}
	switch {
	case a.Prefix == old.prefix && a.Router == old.router:
		former, now = configured{}, &old
	case a.Prefix == old.prefix:
		former.owned, now.owned = false, old.owned
	}
	if err := p.undo(l, former); err != nil {
		return err
	}
	defer func() { p.set[vlan] = now }() // also what stands after an error
	if a.Prefix.IsValid() {
		err := p.net.AddrAdd(l, &netlink.Addr{IPNet: ipNet(a.Prefix), Label: addressLabel(ifi.Name, a.Prefix)})
		if err != nil && !errors.Is(err, unix.EEXIST) {
			return fmt.Errorf("address: %w", err)
		}
		now.owned = now.owned || err == nil
	}
	if a.Router.IsValid() {
		err := p.route(ifi, a, now)
		now.unrouted = err != nil
		return err
	}
	return nil
}

// route sets the default route, and the rule with a table of its own, which has
// the network of the address, too.
func (p *realPort) route(ifi net.Interface, a Address, now *configured) error {
	own := routeTable + ifi.Index
	def := netlink.Route{LinkIndex: ifi.Index, Dst: everywhere(a.Router), Gw: a.Router.AsSlice(), Protocol: unix.RTPROT_DHCP}
	main, table := def, def
	main.Priority, table.Table = routeMetric+ifi.Index, own
	network := netlink.Route{LinkIndex: ifi.Index, Dst: ipNet(a.Prefix.Masked()), Scope: netlink.SCOPE_LINK, Protocol: unix.RTPROT_DHCP, Table: own}
	rule := netlink.NewRule()
	rule.Src = ipNet(netip.PrefixFrom(a.Prefix.Addr(), a.Prefix.Addr().BitLen()))
	rule.Table, rule.Priority = own, rulePriority
	now.routes, now.rule = []*netlink.Route{&main, &network, &table}, rule // undo does not mind what is not there
	if err := p.setRoutes(now.routes); err != nil {
		return err
	}
	switch err := p.net.RuleAdd(rule); {
	case err == nil, errors.Is(err, unix.EEXIST):
	case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.EAFNOSUPPORT):
		now.rule = nil
		p.log.Warn("kernel has no rules for routes; a default route of the host goes first", "port", ifi.Name)
	default:
		return fmt.Errorf("rule: %w", err)
	}
	return nil
}

func (p *realPort) setRoutes(routes []*netlink.Route) error {
	for _, r := range routes {
		if err := p.net.RouteReplace(r); err != nil {
			return fmt.Errorf("route: %w", err)
		}
	}
	return nil
}

// undo takes away what was set.
func (p *realPort) undo(l netlink.Link, c configured) error {
	var errs []error
	if c.rule != nil {
		errs = append(errs, gone(p.net.RuleDel(c.rule)))
	}
	for _, r := range c.routes {
		errs = append(errs, gone(p.net.RouteDel(r)))
	}
	if c.owned {
		errs = append(errs, gone(p.net.AddrDel(l, &netlink.Addr{IPNet: ipNet(c.prefix)})))
	}
	return errors.Join(errs...)
}

// device is an interface as netlink wants it.
func device(ifi net.Interface) netlink.Link {
	return &netlink.Device{LinkAttrs: netlink.LinkAttrs{Name: ifi.Name, Index: ifi.Index}}
}

// defaultRoutes lists the host's, of IPv4 and IPv6.
func defaultRoutes(h *netlink.Handle) ([]netlink.Route, error) {
	all, err := h.RouteList(nil, netlink.FAMILY_ALL)
	return slices.DeleteFunc(all, func(r netlink.Route) bool {
		if r.Dst == nil {
			return false
		}
		ones, _ := r.Dst.Mask.Size()
		return ones != 0
	}), err
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

// everywhere is the destination of a default route.
func everywhere(router netip.Addr) *net.IPNet {
	return &net.IPNet{IP: make(net.IP, router.BitLen()/8), Mask: net.CIDRMask(0, router.BitLen())}
}
