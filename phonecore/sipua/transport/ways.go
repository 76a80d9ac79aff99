package transport

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	// wayKept is how long the system's answer is believed: one message needs it
	// several times, and a flood of them a socket for each time.
	wayKept = 250 * time.Millisecond
	maxWays = 256
)

// Addresses of documentation (RFC 5737, RFC 3849) lie behind the default route
// of every machine.
var (
	anywhere4 = netip.MustParseAddrPort("192.0.2.1:9")
	anywhere6 = netip.MustParseAddrPort("[2001:db8::1]:9")
	loopback  = netip.MustParseAddrPort("127.0.0.1:9")
)

// ways are our own addresses towards others, as far as they were asked for
// lately.
type ways struct {
	mu    sync.Mutex
	known map[netip.Addr]way
}

type way struct {
	local netip.Addr
	asked time.Time
}

// local is our address towards another, or towards the world if that is
// invalid.
func (w *ways) local(to netip.AddrPort) (netip.Addr, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if k, ok := w.known[to.Addr()]; ok && now.Sub(k.asked) < wayKept {
		return k.local, nil
	}
	local, err := ask(to)
	if err != nil {
		return local, err
	}
	if w.known == nil || len(w.known) >= maxWays {
		w.known = map[netip.Addr]way{}
	}
	w.known[to.Addr()] = way{local, now}
	return local, nil
}

// forget asks anew from now on.
func (w *ways) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known = nil
}

// ask asks the system. Connecting a UDP socket sends nothing: it only looks up
// the route.
func ask(to netip.AddrPort) (netip.Addr, error) {
	targets := []netip.AddrPort{to}
	if !to.Addr().IsValid() {
		targets = []netip.AddrPort{anywhere4, anywhere6, loopback}
	}
	var err error
	for _, target := range targets {
		var c *net.UDPConn
		if c, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(target.Addr(), max(target.Port(), 1)))); err != nil {
			continue
		}
		local := c.LocalAddr().(*net.UDPAddr).AddrPort()
		_ = c.Close() // nothing was sent
		// The zone of a link-local address means nothing to others.
		return local.Addr().Unmap().WithZone(""), nil
	}
	return netip.Addr{}, fmt.Errorf("no way to %v from here: %w", to, err)
}
