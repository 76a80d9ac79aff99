package param

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// The codes of CheckNetwork. The phone has a message of its own for each.
const (
	CodeInvalidAddress    Code = "invalid-ip-address"
	CodeInvalidMask       Code = "invalid-subnet-mask"
	CodeRouterNotOnSubnet Code = "router-not-on-subnet"
	CodeRouterRequired    Code = "router-required"
	CodeNoRouter          Code = "no-default-router"
	CodeNoDNSServer       Code = "no-dns-server"
	CodeTFTPRequired      Code = "tftp-server-required"
)

// CheckNetwork checks the settings of the network against each other (guide
// 2-13, 3-4, 3-5), given what finds the text of a parameter; Set.Text does. An
// Error keeps the phone off the network, a Warning does not. While DHCP is on,
// only the alternate TFTP server is checked.
func CheckNetwork(get func(name string) string) []Problem {
	c := networkCheck{get: get}
	static := c.is("dhcp_enabled", "0")
	if static || c.is("alternate_tftp", "1") {
		c.servers()
	}
	if static {
		c.addresses()
	}
	return c.problems
}

// networkCheck is the work of CheckNetwork.
type networkCheck struct {
	get      func(name string) string
	problems []Problem
	// hosts are the addresses of TFTP and name servers; byName is true if a
	// server is known by its name.
	hosts  []netip.Addr
	byName bool
}

func (c *networkCheck) is(name, want string) bool {
	return boolWords[strings.ToLower(strings.TrimSpace(c.get(name)))] == want
}

func (c *networkCheck) report(severity Severity, code Code, name, text string) {
	value := c.get(name)
	if i, ok := byName[name]; ok {
		value = table[i].quotable(value)
	}
	c.problems = append(c.problems, Problem{Severity: severity, Code: code, Name: name, Value: value, Text: text})
}

// servers checks the TFTP servers: "The TFTP server must have a non-zero IP
// address" (guide 2-13). A web address may take their place.
func (c *networkCheck) servers() {
	given := c.server("tftp_server", withoutPort(c.get("tftp_server")))
	if u, err := url.Parse(c.get("provision_url")); err == nil {
		given = c.server("provision_url", u.Hostname()) || given
	}
	if !given {
		c.report(Error, CodeTFTPRequired, "tftp_server", "want the TFTP server, because DHCP does not name it")
	}
	for _, name := range []string{"tftp_server2", "tftp_server3"} {
		c.server(name, withoutPort(c.get(name)))
	}
}

func withoutPort(server string) string {
	if host, _, err := net.SplitHostPort(server); err == nil {
		return host
	}
	return server
}

// server takes down a server's name or address; it is false if there is none.
func (c *networkCheck) server(name, host string) (given bool) {
	addr, err := netip.ParseAddr(strings.Trim(strings.TrimSpace(host), "[]"))
	switch {
	case strings.TrimSpace(host) == "", err == nil && addr.IsUnspecified():
		return false
	case err != nil:
		c.byName = true
	case addr.IsMulticast(), inBlock(addr, thisNetwork, classE):
		c.report(Error, CodeInvalidAddress, name, "want the address of one host")
	default:
		c.hosts = append(c.hosts, addr)
	}
	return true
}

// addresses checks what DHCP would give.
func (c *networkCheck) addresses() {
	routers := c.list("default_router*")
	subnet, wide := c.subnet(len(routers) > 0)
	for _, r := range routers {
		c.router(r, subnet)
	}
	names := c.list("dns_server*")
	for _, s := range names {
		c.server(s.name, s.addr.String())
	}
	if c.byName && len(names) == 0 {
		c.report(Warning, CodeNoDNSServer, "dns_server1", "want a DNS server, because a server has a name")
	}
	if len(routers) == 0 && (subnet.IsValid() || wide) {
		c.withoutRouter(subnet, wide)
	}
}

// withoutRouter: "The default gateway can be 0.0.0.0 only if the TFTP or DNS
// server is on the same subnet as the phone" (guide 2-13). Wide is a mask of
// 0.0.0.0, to which everything is on the subnet.
func (c *networkCheck) withoutRouter(subnet netip.Prefix, wide bool) {
	for _, host := range c.hosts {
		if wide || subnet.Contains(host) || host.IsLoopback() {
			c.report(Warning, CodeNoRouter, "default_router1", "without it the phone reaches its own subnet only")
			return
		}
	}
	c.report(Error, CodeRouterRequired, "default_router1", "want a router, because neither TFTP nor DNS server is on the phone's subnet")
}

// listed is a numbered parameter with its address.
type listed struct {
	name string
	addr netip.Addr
}

// list gives the addresses of a numbered parameter that are in use.
func (c *networkCheck) list(pattern string) []listed {
	var all []listed
	for n := 1; n <= NumServers; n++ {
		name := numbered(pattern, n)
		if addr := c.address(name); addr.IsValid() {
			all = append(all, listed{name, addr})
		}
	}
	return all
}

// address reads a parameter; the result is invalid if it is unused (guide
// 2-13, "Use 0.0.0.0 for unused IP addresses") or, which is told, no address.
func (c *networkCheck) address(name string) netip.Addr {
	p := &Param{Kind: IPv4}
	good, err := p.check(c.get(name))
	if err != nil {
		c.report(Error, CodeInvalidAddress, name, err.Error())
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(good.text)
	if err != nil {
		return netip.Addr{} // unused
	}
	return addr
}
