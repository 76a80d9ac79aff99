package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/dhcp"
	"deskset/provisioning/fetch"
	"deskset/provisioning/param"
)

// tftpPort is the well-known port (RFC 1350 section 4).
const tftpPort = 69

// maxServers is how many are tried: primary, secondary, tertiary.
const maxServers = 3

// resolveTime keeps a dead DNS server from keeping the phone in its start-up.
const resolveTime = 10 * time.Second

// askTime is how long a DHCP server or the DNS may take to name a TFTP server
// to a phone on the host's network.
const askTime = 2 * time.Second

// wellKnownServer is the name to look up when nobody names a server (the
// reference, section 4, DHCP).
const wellKnownServer = "CiscoCM1"

// servers finds out whom to ask for files: nil for nobody. The strongest says
// it alone: provision_url, what a person has set, DHCP's option 150, its
// option 66, its next-server, the DNS (the reference, section 4).
func (r *run) servers(ctx context.Context, rep *Report) fetch.Source {
	if address := r.Set.Text("provision_url"); address != "" && r.Beyond.HTTP != nil {
		return r.httpServer(address, rep)
	}
	names, from := r.serverNames(ctx)
	var found []netip.AddrPort
	for _, name := range names[:min(len(names), maxServers)] {
		server, err := r.resolve(ctx, name)
		if err != nil {
			rep.fail(text.StatusTFTPError, err, err.Error())
			continue
		}
		found = append(found, server)
		r.TFTP = append(r.TFTP, server.Addr())
	}
	if len(found) == 0 {
		if len(names) > 0 { // the DNS may know better later
			r.Server = clean(names[0])
			r.Servers = func() fetch.Source { return unresolved{r, names[0]} }
		}
		return nil
	}
	rep.learn(text.LearnedServers, join(found), text.Get(from))
	sources := func() (all []fetch.Source) {
		for _, s := range found {
			all = append(all, r.Network.TFTP(s))
		}
		return all
	}
	r.Servers = func() fetch.Source { return fetch.NewServers(sources(), fetch.ServersOptions{}) }
	r.Server = join(found)
	return r.inOrder(sources()...)
}

// unresolved is a server whose name has no address yet: it is looked up each
// time.
type unresolved struct {
	r    *run
	name string
}

// String implements fetch.Source.
func (u unresolved) String() string { return "TFTP " + u.name }

// Fetch implements fetch.Source.
func (u unresolved) Fetch(ctx context.Context, file string, limit int64) ([]byte, error) {
	source, err := u.find(ctx)
	if err != nil {
		return nil, err
	}
	return source.Fetch(ctx, file, limit)
}

// Download implements fetch.Source.
func (u unresolved) Download(ctx context.Context, file string, limit int64, w io.Writer, progress func(done, total int64)) error {
	source, err := u.find(ctx)
	if err != nil {
		return err
	}
	return source.Download(ctx, file, limit, w, progress)
}

func (u unresolved) find(ctx context.Context) (fetch.Source, error) {
	server, err := u.r.resolve(ctx, u.name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", fetch.ErrUnreachable, err)
	}
	return u.r.Network.TFTP(server), nil
}

// inOrder asks sources one after the other, and remembers who answered. It is
// for the run itself; Values.Servers outlives it.
func (r *run) inOrder(sources ...fetch.Source) fetch.Source {
	return fetch.NewServers(sources, fetch.ServersOptions{Answered: func(s fetch.Source, _ string) {
		name := strings.TrimPrefix(s.String(), "TFTP ")
		if server, err := netip.ParseAddrPort(name); err == nil {
			name = serverName(server)
		}
		r.Server = name
	}})
}

func (r *run) httpServer(address string, rep *Report) fetch.Source {
	source, err := r.Beyond.HTTP(address, r.Set.Text("provision_ca"))
	if err != nil {
		rep.fail(text.StatusHTTPError, err, err)
		return nil
	}
	rep.learn(text.LearnedServers, source.String(), text.Get(text.FromPerson))
	r.Servers = func() fetch.Source { return fetch.NewServers([]fetch.Source{source}, fetch.ServersOptions{}) }
	r.Server = source.String()
	return r.inOrder(source)
}

// serverNames are hosts with or without a port, and who named them.
func (r *run) serverNames(ctx context.Context) ([]string, text.ID) {
	if names := r.manualServers(); len(names) > 0 {
		return names, text.FromPerson
	}
	if names := leaseServers(r.Lease); len(names) > 0 {
		return names, text.FromDHCP
	}
	if r.Station != nil || !r.Host.Prefix.IsValid() || r.ownLines() {
		return nil, text.None
	}
	return r.askAround(ctx)
}

// manualServers are those of the menu or of flags. A server in flash counts
// if Alternate TFTP is set or DHCP is off (guide 3-9).
func (r *run) manualServers() (names []string) {
	kept := !r.Set.Bool("alternate_tftp") && r.Set.Bool("dhcp_enabled")
	for _, name := range []string{"tftp_server", "tftp_server2", "tftp_server3"} {
		v := r.Set.Value(name)
		if v.Text != "" && v.Text != "0.0.0.0" && !(kept && v.Origin == param.FromFlash) {
			names = append(names, v.Text)
		}
	}
	return names
}

// leaseServers are those that DHCP names: the list of option 150 before the
// name or address of option 66 before the next server.
func leaseServers(l dhcp.Lease) (names []string) {
	for _, a := range l.TFTP {
		names = append(names, a.String())
	}
	switch {
	case len(names) > 0:
	case l.TFTPName != "":
		names = append(names, l.TFTPName)
	case l.NextServer.IsValid() && !l.NextServer.IsUnspecified() && l.NextServer != l.Server:
		names = append(names, l.NextServer.String())
	}
	return names
}

// ownLines tells whether a person has set up a line on this machine: such a
// phone does not look for a provisioning server that nobody mentioned.
func (r *run) ownLines() bool { return r.Set.Value("line1_name").Origin >= param.FromSettings }

// askAround asks the DHCP server and the DNS at the same time.
func (r *run) askAround(ctx context.Context) ([]string, text.ID) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	known := make(chan bool, 1)
	go func() {
		addrs, err := r.Network.Resolve(ctx, wellKnownServer)
		known <- err == nil && len(addrs) > 0
	}()
	if r.Beyond.Inform != nil {
		lease, err := r.Beyond.Inform(ctx, r.Lease.Server, r.Host)
		if names := leaseServers(lease); err == nil && len(names) > 0 {
			cancel()
			<-known
			r.Lease = lease
			return names, text.FromInform
		}
	}
	if <-known {
		return []string{wellKnownServer}, text.FromDNS
	}
	return nil, text.None
}

func (r *run) resolve(ctx context.Context, name string) (netip.AddrPort, error) {
	return ResolveServer(ctx, r.Network, name)
}

// ResolveServer finds the address and port of a TFTP server, "host" or
// "host:port".
func ResolveServer(ctx context.Context, n Network, name string) (netip.AddrPort, error) {
	host, port := name, uint16(tftpPort)
	if h, p, err := net.SplitHostPort(name); err == nil {
		number, err := strconv.ParseUint(p, 10, 16)
		if err != nil || number == 0 {
			return netip.AddrPort{}, fmt.Errorf("server %q: want a port of 1 to 65535 behind the colon", name)
		}
		host, port = h, uint16(number)
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTime)
	defer cancel()
	addrs, err := n.Resolve(ctx, strings.Trim(host, "[]"))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("server %q: %w", host, err)
	}
	if len(addrs) == 0 {
		return netip.AddrPort{}, fmt.Errorf("server %q: the name has no address", host)
	}
	return netip.AddrPortFrom(addrs[0], port), nil
}

// serverName leaves the well-known port out.
func serverName(s netip.AddrPort) string {
	if s.Port() == tftpPort {
		return s.Addr().String()
	}
	return s.String()
}

func join(servers []netip.AddrPort) string {
	var all []string
	for _, s := range servers {
		all = append(all, serverName(s))
	}
	return strings.Join(all, ", ")
}

// dead tells whether an error means that no server is there.
func dead(err error) bool {
	return errors.Is(err, fetch.ErrTimeout) || errors.Is(err, fetch.ErrUnreachable)
}

// Answers tells whether servers that were dead are there again, be it with an
// error.
func Answers(ctx context.Context, servers fetch.Source) bool {
	_, err := servers.Fetch(ctx, loadFileName, maxFile)
	return err == nil || !dead(err) && ctx.Err() == nil
}
