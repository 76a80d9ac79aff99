package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"

	"deskset/app/port"
	"deskset/app/trace"
	"deskset/phonecore"
	"deskset/phonecore/boot"
	"deskset/provisioning/dhcp"
	"deskset/provisioning/discovery"
	"deskset/provisioning/fetch"
	"deskset/provisioning/hostlease"
	"deskset/provisioning/hostwatch"
	"deskset/provisioning/link"
	"deskset/provisioning/param"
	"deskset/provisioning/tftp"
)

// hostNetwork is boot.Network on the machine we run on.
type hostNetwork struct {
	// name of the interface to use; empty lets the host choose.
	name   string
	client tftp.Client
	dns    *nameServers
	// translate maps the addresses of the lab's simulated network to where
	// they really are; nil without a lab.
	translate func(netip.AddrPort) (netip.AddrPort, bool)
}

// Host implements boot.Network.
func (n *hostNetwork) Host() (discovery.Host, error) { return discovery.Lookup(n.name) }

// Resolve implements boot.Network.
func (n *hostNetwork) Resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", n.dns.qualify(name))
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	return addrs, err
}

// TFTP implements boot.Network.
func (n *hostNetwork) TFTP(server netip.AddrPort) fetch.Source {
	if n.translate != nil {
		if real, ok := n.translate(server); ok {
			return named{"TFTP " + server.Addr().String(), fetch.TFTP(real, n.client)}
		}
	}
	return fetch.TFTP(server, n.client)
}

// named is a source under the name that it has on the simulated network.
type named struct {
	name string
	fetch.Source
}

// String implements fetch.Source.
func (n named) String() string { return n.name }

func (n *hostNetwork) inform(ctx context.Context, server netip.Addr, host discovery.Host) (dhcp.Lease, error) {
	return dhcp.Inform(ctx, server, host.Prefix.Addr(), host.MAC, n.client.Log)
}

// openNetwork gives the phone what this machine has of a network: the host's,
// and on request a port of its own.
func (d *deskset) openNetwork(config *phonecore.Config, set *param.Set, log *slog.Logger) {
	n := &hostNetwork{name: set.Text("network_interface"), client: tftp.Client{Log: log, Trace: d.trace.TFTP()}, dns: &nameServers{}}
	net.DefaultResolver = n.dns.resolver()
	config.Network = n
	config.Beyond = boot.Beyond{
		HTTP: provisioningServer(d.trace, log), HostLease: hostlease.Find, Inform: n.inform, UseDNS: n.dns.use,
	}
	config.Watch = func(ctx context.Context, tell func()) {
		hostwatch.Watch(ctx, log, func(hostwatch.Event) { tell() })
	}
	switch own := set.Text("own_interface"); {
	case own != "":
		config.Beyond.Port = d.ownPort(own, log)
	case d.lab != nil:
		d.joinLab(config, n)
	}
}

// joinLab puts the phone on the lab's simulated network.
func (d *deskset) joinLab(config *phonecore.Config, n *hostNetwork) {
	l := d.lab
	n.translate = l.Translate
	config.Network = n
	config.Beyond.Port = func() (link.Port, error) { return l.Port(), nil }
	config.Beyond.UseDNS = nil // the lab has no name server
}

// ownPort opens the interface that the phone has for itself, once: by its name,
// which needs rights, or by the socket of "deskset port", which has them. When it
// is gone, with its helper or adapter, it is opened anew.
func (d *deskset) ownPort(name string, log *slog.Logger) func() (link.Port, error) {
	var one sync.Mutex // the start-up may ask, and who waits for the port
	return func() (link.Port, error) {
		one.Lock()
		defer one.Unlock()
		if d.port != nil {
			if !isLost(d.port) {
				return d.port, nil
			}
			if err := d.port.Close(); err != nil {
				log.Warn("port is not as it was", "error", err)
			}
			d.port = nil
		}
		open := link.Open
		if strings.HasPrefix(name, "/") {
			open = dialPort
		}
		opened, err := open(name, log)
		if err != nil {
			return nil, err
		}
		d.port = opened
		return opened, nil
	}
}

// isLost tells whether a port has to be opened anew.
func isLost(p link.Port) bool {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	return errors.Is(p.Watch(now, func(bool) {}), link.ErrClosed)
}

func dialPort(path string, _ *slog.Logger) (link.Port, error) { return port.Dial(path) }

// provisioningServer opens the server of provision_url.
func provisioningServer(t *trace.Trace, log *slog.Logger) func(address, ca string) (fetch.Source, error) {
	return func(address, ca string) (fetch.Source, error) {
		base, err := url.Parse(address)
		if err != nil {
			return nil, errors.New("provision_url: want https://server/directory/")
		}
		o := fetch.HTTPOptions{Log: log, Trace: t.HTTP()}
		if ca != "" {
			if o.RootCAs, err = certificates(ca); err != nil {
				return nil, err
			}
		}
		return fetch.HTTP(base, o)
	}
}

// certificates reads the authorities to trust from a PEM file.
func certificates(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("provision_ca: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("provision_ca %s: want certificates in PEM form", path)
	}
	return pool, nil
}
