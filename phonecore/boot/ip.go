package boot

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/dhcp"
	"deskset/provisioning/discovery"
	"deskset/provisioning/link"
	"deskset/provisioning/param"
)

// ipAddress gets the phone an address: by DHCP or from the settings on a port
// of its own, else the host's.
func ipAddress(ctx context.Context, r *run, rep *Report) {
	s := r.Station
	switch {
	case r.PortErr != nil:
		rep.Provenance, rep.Failed = Skipped, true // said by the stage before
		return
	case s == nil:
		r.hostAddress(ctx, rep)
		return
	}
	rep.Provenance = Real
	if s.port.Simulated() {
		rep.Provenance = Simulated
	}
	switch {
	case s.wire == nil:
		rep.Failed = true // said by the stage before
	case !r.Set.Bool("dhcp_enabled"):
		r.staticAddress(ctx, rep)
	case r.Set.Bool("dhcp_address_released"):
		rep.fail(text.StatusReleased, nil)
	default:
		r.acquire(ctx, rep)
	}
}

// acquire asks DHCP. Without an answer the phone goes on without a network,
// and the station keeps asking (see Station.Keep).
func (r *run) acquire(ctx context.Context, rep *Report) {
	s := r.Station
	s.client = dhcp.New(dhcp.Config{
		Wire: s.wire, HostName: param.LogicalName(r.MAC), Last: r.LastAddress, Log: r.Log,
	})
	lease, err := s.client.Acquire(ctx)
	if err != nil {
		rep.fail(acquireText(err), err)
		return
	}
	r.Lease = lease
	server := lease.Server.String()
	if lease.BOOTP {
		server = "BOOTP"
	}
	rep.learn(text.LearnedLease, lease.Address, server, leaseTime(lease))
	rep.Learned = append(rep.Learned, leaseOptions(lease)...)
	if lease.BOOTP {
		rep.add(text.StatusBOOTP, nil)
	}
	if len(lease.DNS) == 0 {
		rep.add(text.StatusNoDNS, nil)
	}
	r.configure(ctx, rep, address(lease), lease.Routers)
	if err := s.take(lease, r.Host.Router); err != nil {
		rep.fail(text.StatusPort, err, err)
	}
}

// leaseOptions are the options of a lease that matter, by their numbers.
func leaseOptions(l dhcp.Lease) (all []string) {
	for _, o := range []struct {
		id    text.ID
		value string
	}{
		{text.LearnedOption3, addrs(l.Routers)},
		{text.LearnedOption6, addrs(l.DNS)},
		{text.LearnedOption15, clean(l.Domain)},
		{text.LearnedOption66, clean(l.TFTPName)},
		{text.LearnedOption150, addrs(l.TFTP)},
	} {
		if o.value != "" {
			all = append(all, text.Get(o.id, o.value))
		}
	}
	return all
}

func addrs(list []netip.Addr) string {
	var all []string
	for _, a := range list {
		all = append(all, a.String())
	}
	return strings.Join(all, ", ")
}

// leaseTime says how long a lease lasts.
func leaseTime(l dhcp.Lease) string {
	if l.Time == 0 {
		return text.Get(text.ForEver)
	}
	return l.Time.String()
}

func acquireText(err error) text.ID {
	switch {
	case errors.Is(err, dhcp.ErrDuplicate):
		return text.StatusDuplicateIP
	case errors.Is(err, dhcp.ErrRefused):
		return text.StatusDHCPRefused
	}
	return text.StatusDHCPTimeout
}

// staticAddress sets what a person has set, if it obeys the guide's rules
// (2-13).
func (r *run) staticAddress(ctx context.Context, rep *Report) {
	for _, p := range param.CheckNetwork(r.Set.Text) {
		rep.add(networkTexts[p.Code], p, p.Message())
		rep.Failed = rep.Failed || p.Severity == param.Error
	}
	prefix, err := staticPrefix(r.Set)
	if err != nil || rep.Failed {
		rep.Failed = true
		return
	}
	routers, dns := r.addresses("default_router"), r.addresses("dns_server")
	r.configure(ctx, rep, link.Address{Prefix: prefix, DNS: dns, Domain: r.Set.Text("domain_name")}, routers)
	rep.learn(text.LearnedStatic, prefix)
	r.Station.static = true
	a := link.Address{Prefix: prefix, Router: r.Host.Router, DNS: dns, Domain: r.Host.Domain}
	if err := r.Station.port.Configure(r.Station.vlan, a); err != nil {
		rep.fail(text.StatusPort, err, err)
	}
}

// networkTexts are the instrument's words (the reference, section 4, DHCP).
var networkTexts = map[param.Code]text.ID{
	param.CodeInvalidAddress:    text.StatusInvalidAddress,
	param.CodeInvalidMask:       text.StatusInvalidMask,
	param.CodeRouterNotOnSubnet: text.StatusRouterNotOnSubnet,
	param.CodeRouterRequired:    text.StatusRouterRequired,
	param.CodeNoRouter:          text.StatusRouterMissing,
	param.CodeNoDNSServer:       text.StatusDNSMissing,
	param.CodeTFTPRequired:      text.StatusTFTPRequired,
}

func staticPrefix(set *param.Set) (netip.Prefix, error) {
	addr, err := netip.ParseAddr(set.Text("ip_address"))
	if err != nil {
		return netip.Prefix{}, err
	}
	mask, err := netip.ParseAddr(set.Text("subnet_mask"))
	if err != nil {
		return netip.Prefix{}, err
	}
	bits := 0
	for _, b := range mask.As4() {
		for ; b&0x80 != 0; b <<= 1 {
			bits++
		}
	}
	return netip.PrefixFrom(addr, bits), nil
}

// addresses are the values 1 to 5 of a parameter that are used.
func (r *run) addresses(name string) (all []netip.Addr) {
	for n := '1'; n <= '5'; n++ {
		if a, err := netip.ParseAddr(r.Set.Text(name + string(n))); err == nil && !a.IsUnspecified() {
			all = append(all, a)
		}
	}
	return all
}

// configure makes an address the phone's; of the routers the first that
// answers serves (guide 2-13: Default Router 1 to 5).
func (r *run) configure(ctx context.Context, rep *Report, a link.Address, routers []netip.Addr) {
	s := r.Station
	router := r.firstRouter(ctx, a.Prefix.Addr(), routers)
	if !router.IsValid() {
		rep.add(text.StatusNoRouter, nil)
	}
	r.Host = discovery.Host{
		Interface: s.port.Name(), MAC: s.port.MAC(), Prefix: a.Prefix, Router: router, DNS: a.DNS, Domain: a.Domain,
	}
	if r.Beyond.UseDNS != nil {
		r.Beyond.UseDNS(a.DNS, a.Domain)
	}
}

func address(l dhcp.Lease) link.Address {
	return link.Address{Prefix: l.Address, DNS: l.DNS, Domain: l.Domain}
}

// hostAddress takes the host's address, and what the host's own DHCP client
// learned.
func (r *run) hostAddress(ctx context.Context, rep *Report) {
	rep.Provenance = FromHost
	if !r.Host.Prefix.IsValid() {
		rep.Failed = true
		return // said by the stage before
	}
	if !r.Set.Bool("dhcp_enabled") {
		rep.add(text.StatusStaticHost, nil)
	}
	rep.Learned = []string{r.Host.Prefix.String()}
	rep.add(text.StatusIPHost, nil, r.Host.Prefix.Addr().String(), r.Host.Interface)
	if r.Beyond.HostLease == nil {
		return
	}
	lease, source, err := r.Beyond.HostLease(ctx, r.Host.Interface)
	if err != nil {
		return // most hosts keep none that we may read
	}
	r.Lease = lease
	rep.learn(text.LearnedHostLease, source)
}

// routerTime is how long a router has to answer.
const routerTime = time.Second

// firstRouter is the first router that answers; with none that does, the
// first; invalid without any.
func (r *run) firstRouter(ctx context.Context, own netip.Addr, routers []netip.Addr) netip.Addr {
	if len(routers) == 0 {
		return netip.Addr{}
	}
	for _, router := range routers[1:] {
		if r.answers(ctx, own, routers[0]) {
			break
		}
		if r.answers(ctx, own, router) {
			return router
		}
	}
	return routers[0]
}

func (r *run) answers(ctx context.Context, own, other netip.Addr) bool {
	ctx, cancel := context.WithTimeout(ctx, routerTime)
	defer cancel()
	return dhcp.Reach(ctx, r.Station.wire, own, other) == nil
}
