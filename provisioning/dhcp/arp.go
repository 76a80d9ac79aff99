package dhcp

import (
	"context"
	"net/netip"
	"time"

	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// RFC 5227, 2.1.1 has three probes in up to seven seconds, for links of which
// nothing is known. On Ethernet a host answers within milliseconds, and a phone
// that is silent for so long seems broken; so its three take 600 ms, and Keep
// goes on to look for conflicts.
const (
	probes   = 3
	probeGap = 200 * time.Millisecond

	announceGap  = 2 * time.Second  // ANNOUNCE_INTERVAL
	defendPause  = 10 * time.Second // DEFEND_INTERVAL
	resolveTries = 2
	resolvePause = 250 * time.Millisecond
)

// probe asks whether somebody has the address, or is about to take it (RFC 5227,
// 2.1.1).
func (c *Client) probe(ctx context.Context, address netip.Addr) (owner frame.MAC, taken bool, err error) {
	for range probes {
		if err := c.put(frame.Probe(c.self, address).Frame(frame.Broadcast)); err != nil {
			return owner, false, err
		}
		err = c.listen(ctx, time.Now().Add(c.jitter(probeGap)), func(f []byte) bool {
			a, ok := c.foreignARP(f)
			if ok && (a.Sender == address || a.Operation == frame.Request && a.Sender.IsUnspecified() && a.Target == address) {
				owner, taken = a.SenderMAC, true
			}
			return taken
		})
		if err != nil || taken {
			return owner, taken, err
		}
	}
	return owner, false, nil
}

// foreignARP reads an ARP message that another host sent.
func (c *Client) foreignARP(f []byte) (frame.ARP, bool) {
	a, err := frame.ParseARP(f)
	return a, err == nil && a.SenderMAC != c.self && a.SenderMAC != c.mac
}

// announce claims the address (RFC 5227, 2.3).
func (c *Client) announce(address netip.Addr) error {
	return c.put(frame.Announcement(c.self, address).Frame(frame.Broadcast))
}

// decline tells the server that the address is used by another host (RFC 2131,
// 4.4.1). One of BOOTP would not understand it.
func (c *Client) decline(l Lease) error {
	if l.BOOTP || !l.Server.IsValid() {
		return nil
	}
	m := withAddress(c.bare(dhcpv4.MessageTypeDecline, newXID()), l.Address.Addr(), l.Server)
	return c.broadcast(m, netip.IPv4Unspecified())
}

// nextHop finds where to send what is for the server: to itself, or to a router
// if it is on another network. If nobody answers, the server's last answer came
// from somewhere.
func (c *Client) nextHop(ctx context.Context, l Lease) (frame.MAC, error) {
	hops := l.Routers
	if l.Address.Contains(l.Server) {
		hops = []netip.Addr{l.Server}
	}
	for _, hop := range hops {
		if mac, ok, err := c.resolve(ctx, l.Address.Addr(), hop); ok || err != nil {
			return mac, err
		}
	}
	return c.lastHop(), nil
}

// resolve asks for the hardware address of a host (RFC 826).
func (c *Client) resolve(ctx context.Context, own, target netip.Addr) (mac frame.MAC, ok bool, err error) {
	question := frame.ARP{Operation: frame.Request, SenderMAC: c.self, Sender: own, Target: target}
	for range resolveTries {
		if err := c.put(question.Frame(frame.Broadcast)); err != nil {
			return mac, false, err
		}
		err = c.listen(ctx, time.Now().Add(resolvePause), func(f []byte) bool {
			a, foreign := c.foreignARP(f)
			if foreign && a.Operation == frame.Reply && a.Sender == target && a.SenderMAC[0]&1 == 0 {
				mac, ok = a.SenderMAC, true
			}
			return ok
		})
		if ok || err != nil {
			return mac, ok, err
		}
	}
	return mac, false, nil
}

// Release gives the lease back. It sends one message, which is not answered, the way
// that the server's last answer came, as it takes no frames from a Keep that
// still runs.
func (c *Client) Release(l Lease) error {
	c.remember(netip.Addr{}, false)
	if c.broken != nil || l.BOOTP || !l.Server.IsValid() {
		return c.broken
	}
	m := withAddress(c.bare(dhcpv4.MessageTypeRelease, newXID()), netip.Addr{}, l.Server)
	m.ClientIPAddr = l.Address.Addr().AsSlice()
	return c.send(m, l.Address.Addr(), l.Server, c.lastHop())
}
