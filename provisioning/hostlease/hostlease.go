// Package hostlease finds the DHCP lease that the operating system holds, for a
// phone that stands on the host's network: the TFTP servers of options 66 and
// 150, if the system's client keeps them, the next server, and the DHCP server
// to ask by INFORM.
//
//	lease, source, err := hostlease.Find(ctx, "eth0")
//
// On Linux and the BSDs it reads the files of NetworkManager, systemd-networkd,
// dhclient and dhcpcd; on macOS it asks ipconfig(8), on Windows the registry.
// It changes nothing and needs no right; files that only root may read are left
// out.
package hostlease

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"deskset/provisioning/dhcp"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// ErrNone: the system holds no lease on the interface, or does not show it.
var ErrNone = errors.New("no DHCP lease of the host is known")

// Find gives the lease of an interface and the file, program or registry key
// that it was found in. If several tell of one, that which names a TFTP server
// goes first. It fails with ErrNone.
//
// A lease counts only if the interface has its address, so that none of another
// day is taken.
func Find(ctx context.Context, iface string) (lease dhcp.Lease, source string, err error) {
	on, err := lookup(iface)
	if err != nil {
		return dhcp.Lease{}, "", fmt.Errorf("%w: %w", ErrNone, err)
	}
	return best(on, system(ctx, on))
}

// port is an interface as it is now.
type port struct {
	name      string
	index     int
	addresses []netip.Addr
	now       time.Time
}

func lookup(name string) (port, error) {
	ifi, err := net.InterfaceByName(name)
	if err != nil {
		return port{}, fmt.Errorf("interface %s: %w", name, err)
	}
	list, err := ifi.Addrs()
	if err != nil {
		return port{}, fmt.Errorf("interface %s: %w", name, err)
	}
	p := port{name: name, index: ifi.Index, now: time.Now()}
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				p.addresses = append(p.addresses, ip.Unmap())
			}
		}
	}
	return p, nil
}

// found is a lease and where it stands.
type found struct {
	lease  dhcp.Lease
	source string
}

// best chooses of what was found.
func best(on port, all []found) (dhcp.Lease, string, error) {
	var first *found
	for i, f := range all {
		l := f.lease
		if !slices.Contains(on.addresses, l.Address.Addr()) || l.Time != 0 && !l.Start.IsZero() && on.now.After(l.Start.Add(l.Time)) {
			continue
		}
		if len(l.TFTP) > 0 || l.TFTPName != "" {
			return l, f.source, nil
		}
		if first == nil {
			first = &all[i]
		}
	}
	if first == nil {
		return dhcp.Lease{}, "", fmt.Errorf("%w on interface %s", ErrNone, on.name)
	}
	return first.lease, first.source, nil
}

// record is a lease as a system stores it.
type record struct {
	address, next netip.Addr
	file          string
	options       map[uint8][]byte
	start         time.Time // zero if it is not known
}

// lease fails if it makes no sense.
func (r record) lease() (dhcp.Lease, error) {
	return dhcp.Stored(r.address, r.next, r.file, r.options, r.start)
}

// set keeps an option, unless it has no value.
func (r *record) set(code dhcpv4.OptionCode, value []byte) {
	if len(value) == 0 {
		return
	}
	if r.options == nil {
		r.options = map[uint8][]byte{}
	}
	r.options[code.Code()] = value
}

// tftpServers is option 150 (RFC 5859).
const tftpServers = dhcpv4.GenericOptionCode(150)
