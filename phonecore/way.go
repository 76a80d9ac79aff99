package phonecore

import (
	"strings"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/transport"
	"deskset/provisioning/param"
)

// How servers and we find each other, by the parameters.

// nat is what the parameters say of a router.
func (p *Phone) nat() sipua.NAT {
	n := sipua.NAT{
		Received:       p.params.Bool("nat_received_processing"),
		STUN:           p.params.Text("stun_server"),
		STUNPort:       p.params.Int("stun_port"),
		KeepAlive:      p.params.Text("sip_keepalive"),
		KeepAliveEvery: time.Duration(p.params.Int("sip_keepalive_interval")) * time.Second,
	}
	if p.params.Bool("nat_enable") {
		n.Address = p.params.Text("nat_address")
	}
	return n
}

// instance is the instrument's name for registrars.
func (p *Phone) instance() string {
	return sipua.Instance(strings.TrimPrefix(param.LogicalName(p.startup.values.MAC), "SIP"))
}

// resolver finds SIP servers.
func (p *Phone) resolver() sipua.Resolver {
	if p.cfg.Resolver != nil {
		return p.cfg.Resolver
	}
	return transport.DNS{IPv6First: p.params.Bool("prefer_ipv6")}
}

// setHops fills in the servers beside those of the line's own.
func (p *Phone) setHops(a *sipua.Account) {
	a.Outbound = p.hop("outbound_proxy")
	a.Emergency = p.hop("proxy_emergency")
}

func (p *Phone) hop(name string) sipua.Server {
	s := sipua.Server{Host: p.params.Text(name)}
	if port := name + "_port"; s.Host != "" && p.params.IsSet(port) {
		s.Port = p.params.Int(port)
	}
	return s
}
