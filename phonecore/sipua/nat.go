package sipua

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/internal/loop"
	"deskset/phonecore/sipua/stun"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// NAT is what is known of a router between us and the others. What we say of
// ourselves in Contact and session descriptions follows it; Via keeps our own
// address, as servers put theirs beside it (RFC 3581).
type NAT struct {
	// Address stands in for our own wherever a call goes (nat_enable and
	// nat_address); a name or an address, empty for none.
	Address string
	// Received makes us follow the address that the registrar saw our REGISTER
	// come from (nat_received_processing).
	Received bool
	// STUN tells our address for what lies beyond the router; empty: none.
	STUN     string
	STUNPort int
	// KeepAlive is how the way is kept open: "auto", "crlf", "options" or
	// "none"; KeepAliveEvery how often, 0 for what suits the transport.
	KeepAlive      string
	KeepAliveEvery time.Duration
}

// Limits of finding out our address.
const (
	// stunTries, stunWait: RFC 8489 section 6.2.1, with fewer repetitions, as
	// lines wait for the first answer; stunPatience is for how long.
	stunTries    = 5
	stunWait     = 500 * time.Millisecond
	stunPatience = 2 * time.Second
	stunEvery    = 25 * time.Second
	// maxSeen bounds how often one line registers anew because the router gives
	// it another address each time.
	maxSeen = 3
)

// nat is what the agent has found out.
type nat struct {
	// address is NAT.Address, resolved.
	address netip.Addr
	// mapped is what the STUN server saw.
	mapped netip.AddrPort
	id     stun.ID
	server transport.Destination
	timer  *loop.Timer
	left   int // further tries
	// run tells old answers from new ones; waiting are the lines that have not
	// begun for want of the first answer.
	run     int
	waiting []func()
	limit   *loop.Timer
}

// SetNAT changes what is known of the router. Lines whose Contact changes by it
// register again.
func (a *Agent) SetNAT(n NAT) {
	defer a.enter()()
	if a.closing || a.o.NAT == n {
		return
	}
	a.o.NAT = n
	a.explore()
	a.contactsChanged()
	for _, l := range a.lines {
		l.keepAlive()
	}
}

// explore finds out our address anew.
func (a *Agent) explore() {
	a.nat.stop()
	a.nat.address, a.nat.mapped = netip.Addr{}, netip.AddrPort{}
	run, atOnce := a.nat.run, true
	if a.o.NAT.Address != "" {
		a.resolve(transport.Target{Network: transport.UDP, Host: a.o.NAT.Address, Port: 1}, func(list []transport.Destination, err error) {
			if a.nat.run != run {
				return
			}
			if err != nil {
				a.o.Handler.Trouble(err)
				return
			}
			a.nat.address = list[0].Addr.Addr()
			if !atOnce {
				a.contactsChanged()
			}
		})
	}
	atOnce = false
	if a.o.NAT.STUN == "" {
		return
	}
	a.nat.limit = a.after(stunPatience, a.nat.begin)
	target := transport.Target{Network: transport.UDP, Host: a.o.NAT.STUN, Port: uint16(a.o.NAT.STUNPort)}
	a.resolve(target, func(list []transport.Destination, err error) {
		if a.nat.run != run {
			return
		}
		if err != nil {
			a.o.Log.Warn("the STUN server cannot be found", "cause", err)
			a.nat.begin()
			a.nat.timer = a.after(stunEvery, a.explore)
			return
		}
		a.nat.server = list[0]
		a.askSTUN()
	})
}

func (n *nat) stop() {
	n.run++
	n.timer.Stop()
	n.limit.Stop()
}

// begin lets the lines go that have waited.
func (n *nat) begin() {
	n.limit.Stop()
	n.limit = nil
	waiting := n.waiting
	n.waiting = nil
	for _, f := range waiting {
		f()
	}
}

// located calls f when our address is known as well as it will be: at once, or
// after a moment while the STUN server is asked for the first time.
func (a *Agent) located(f func()) {
	if a.nat.limit == nil || a.nat.mapped.IsValid() || a.closing {
		f()
		return
	}
	a.nat.waiting = append(a.nat.waiting, f)
}

// askSTUN begins a Binding transaction from the port that SIP uses.
func (a *Agent) askSTUN() {
	a.nat.left = stunTries
	var message []byte
	a.nat.id, message = stun.Request()
	a.sendSTUN(message, stunWait)
}

func (a *Agent) sendSTUN(message []byte, wait time.Duration) {
	raw, ok := a.o.Transport.(transport.Raw)
	if !ok || a.closed {
		return
	}
	if err := raw.SendRaw(a.nat.server, message, nil); err != nil {
		a.o.Log.Debug("asking the STUN server", "cause", err)
	}
	a.nat.left--
	if a.nat.left > 0 {
		a.nat.timer = a.after(wait, func() { a.sendSTUN(message, 2*wait) })
		return
	}
	a.nat.timer = a.after(stunEvery, a.askSTUN)
}

// heardSTUN takes what may be the server's answer.
func (a *Agent) heardSTUN(p transport.Packet) {
	id, seen, err := stun.Answer(p.Raw)
	if id != a.nat.id || p.From.Addr != a.nat.server.Addr || a.o.NAT.STUN == "" {
		a.strangers.counts.Malformed++
		return
	}
	a.nat.timer.Stop()
	a.nat.timer = a.after(stunEvery, a.askSTUN)
	if err != nil {
		a.o.Log.Warn("STUN", "cause", err)
		a.nat.begin()
		return
	}
	changed := a.nat.mapped.IsValid() && a.nat.mapped != seen
	if a.nat.mapped != seen {
		a.o.Log.Info("STUN", "outside", seen)
	}
	a.nat.mapped = seen
	a.nat.begin()
	if changed {
		a.contactsChanged()
	}
}

// STUNServer is the server that has told us our address; invalid if none has.
func (a *Agent) STUNServer() netip.AddrPort {
	if !a.nat.mapped.IsValid() {
		return netip.AddrPort{}
	}
	return a.nat.server.Addr
}

// contactsChanged registers the lines again whose Contact is another one now.
func (a *Agent) contactsChanged() {
	for _, l := range a.lines {
		if l.reg.state == RegOK && l.reg.x == nil {
			if now, err := l.binding(l.reg.to); err == nil && now != l.reg.contact {
				l.reg.try()
			}
		}
	}
}

// outside is our address towards a destination as who is there must write it.
func (a *Agent) outside(l *line, to transport.Destination) (netip.AddrPort, error) {
	local, err := a.o.Transport.LocalAddr(to)
	if err != nil {
		return local, err
	}
	there := to.Addr.Addr()
	server := l != nil && l.isServer(there)
	switch {
	case there.IsLoopback():
	case a.nat.address.IsValid():
		if a.nat.address.Is4() == local.Addr().Is4() {
			return netip.AddrPortFrom(a.nat.address, local.Port()), nil
		}
	case a.o.NAT.Received && l != nil && l.reg.seen.IsValid() && (server || public(there)):
		if to.Network == l.network() {
			return l.reg.seen, nil
		}
		return netip.AddrPortFrom(l.reg.seen.Addr(), local.Port()), nil
	case a.nat.mapped.IsValid() && a.nat.mapped.Addr().Is4() == local.Addr().Is4() && public(there):
		if to.Network == transport.UDP {
			return a.nat.mapped, nil
		}
		return netip.AddrPortFrom(a.nat.mapped.Addr(), local.Port()), nil
	}
	return local, nil
}

// public tells an address of the world from one on our side of a router.
func public(a netip.Addr) bool {
	return a.IsValid() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast()
}

// see notes where the registrar saw a REGISTER come from: received and rport of
// our Via (RFC 3581 section 4). behind tells that it is not where we are.
func (r *registration) see(res *wire.Message) {
	via := res.Via()
	local, err := r.l.a.o.Transport.LocalAddr(r.to)
	if via == nil || err != nil {
		return
	}
	seen := local
	if text, ok := via.Params.Get("received"); ok {
		if addr, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
			seen = netip.AddrPortFrom(addr.Unmap(), seen.Port())
		}
	}
	rport, _ := via.Params.Get("rport")
	port, err := strconv.ParseUint(rport, 10, 16)
	// Over a stream the port is the connection's, which is no sign of a router.
	if err == nil && port != 0 && (r.to.Network == transport.UDP || seen.Addr() != local.Addr()) {
		seen = netip.AddrPortFrom(seen.Addr(), uint16(port))
	}
	r.behind = seen != local
	if !r.behind {
		seen = netip.AddrPort{}
	}
	if seen != r.seen && r.seen.IsValid() {
		r.moves++ // a router that gives another address each time is not chased
	}
	if r.moves <= maxSeen {
		r.seen = seen
	}
}

// follow registers again if what the registrar saw has made another Contact of
// ours: the guide's phones take the old one away and register the new one.
func (r *registration) follow() bool {
	if now, err := r.l.binding(r.to); err != nil || now == r.contact || r.moves > maxSeen {
		return false
	}
	r.timer = r.l.a.after(0, r.try)
	return true
}
