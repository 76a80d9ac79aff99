// Package hostwatch notices what happens to the machine under a running phone:
// that it has slept, and that it has another address or route.
//
//	go hostwatch.Watch(ctx, log, func(e hostwatch.Event) { phone.HostChanged() })
//
// A phone on a desk never sleeps; one in a laptop does, and wakes up in another
// network. Its registrations are gone or lead nowhere then, and nobody tells
// it: what it bound to all addresses still listens, so no socket fails. Nothing
// of this is in the guide: it is what issue 4 point 8 asks for.
//
// Sleep is found by clocks (sleep_*.go), a change of address by the kernel's
// word on Linux (netlink) and by looking every 2 seconds elsewhere.
package hostwatch

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"deskset/provisioning/discovery"
)

// Kind of an Event; one can be both.
type Kind uint8

// The kinds.
const (
	// Resumed: the host has slept.
	Resumed Kind = 1 << iota
	// Changed: the address or the route that reaches the world is another one.
	Changed
)

// Event is something that has happened to the host.
type Event struct {
	Kind
	// Asleep is how long it has slept, for Resumed.
	Asleep time.Duration
	// Now and Before are the network; Now is empty while there is none.
	Now, Before Network
}

// Network is what reaches the world: the default route's interface, address
// and router, and the address that IPv6 would be sent from.
type Network struct {
	Interface string
	Prefix    netip.Prefix
	Router    netip.Addr
	IPv6      netip.Addr
}

// Times of the watch.
const (
	// lookEvery is how often the clocks are compared.
	lookEvery = time.Second
	// pollEvery is how often the network is looked at where nobody tells.
	pollEvery = 2 * time.Second
	// leastSleep is what counts as sleep: a busy machine is late, too.
	leastSleep = 5 * time.Second
	// settle is how long the network must be quiet before it is looked at: an
	// address comes with half a dozen messages.
	settle = 500 * time.Millisecond
	// maxSettle is how long a network that never is quiet is waited for.
	maxSettle = 5 * time.Second
)

// Watch calls tell for every event until ctx ends, on its own goroutine. tell
// should not block: meanwhile nothing is noticed.
func Watch(ctx context.Context, log *slog.Logger, tell func(Event)) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	watcher{log: log, slept: newSleepMeter(), network: current, changes: changes}.run(ctx, tell)
}

// watcher is the watch with what it needs of the world.
type watcher struct {
	log *slog.Logger
	// slept tells how long the host has slept since it was made, or called last.
	slept func() time.Duration
	// network looks at the network.
	network func() Network
	// changes pokes whenever something may have changed, until ctx ends; an
	// error means that it cannot, or not any more.
	changes func(ctx context.Context, poke func()) error
}

func (w watcher) run(ctx context.Context, tell func(Event)) {
	ctx, cancel := context.WithCancel(ctx)
	poked, lost := w.listen(ctx)
	defer func() { cancel(); <-lost }()
	clock := time.NewTicker(lookEvery)
	defer clock.Stop()
	poll := time.NewTicker(pollEvery)
	poll.Stop()
	defer poll.Stop()
	quiet := time.NewTimer(0)
	quiet.Stop()
	defer quiet.Stop()
	var latest time.Time // when to look at last, zero while nothing is awaited
	e := Event{Now: w.network()}
	failed := lost // nil once it has been heard
	await := func() {
		now := time.Now()
		if latest.IsZero() {
			latest = now.Add(maxSettle)
		}
		quiet.Reset(max(0, min(settle, latest.Sub(now))))
	}
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-failed:
			failed = nil
			if ctx.Err() == nil {
				w.log.Info("the system does not tell of changes of the network: looking every 2 s", "cause", err)
				poll.Reset(pollEvery)
			}
		case <-clock.C:
			if d := w.slept(); d >= leastSleep {
				e.Kind |= Resumed
				e.Asleep += d
				await()
			}
		case <-poll.C:
			if w.network() != e.Now {
				await()
			}
		case <-poked:
			await()
		case <-quiet.C:
			latest = time.Time{}
			w.look(&e, tell)
		}
	}
}

// listen has the system tell of changes. lost gives the error if it cannot, and
// is closed when it has ended.
func (w watcher) listen(ctx context.Context) (poked chan struct{}, lost chan error) {
	poked, lost = make(chan struct{}, 1), make(chan error, 1)
	poke := func() {
		select {
		case poked <- struct{}{}:
		default:
		}
	}
	go func() {
		defer close(lost)
		if err := w.changes(ctx, poke); err != nil && ctx.Err() == nil {
			lost <- err
		}
	}()
	return poked, lost
}

// look compares the network with what it was, and tells what has happened since.
func (w watcher) look(e *Event, tell func(Event)) {
	e.Before, e.Now = e.Now, w.network()
	if e.Before != e.Now {
		e.Kind |= Changed
	}
	if e.Kind != 0 {
		w.log.Info("the host's network", "resumed", e.Kind&Resumed != 0, "asleep", e.Asleep, "changed", e.Kind&Changed != 0,
			"interface", e.Now.Interface, "address", e.Now.Prefix, "router", e.Now.Router, "before", e.Before.Prefix)
		tell(*e)
	}
	e.Kind, e.Asleep = 0, 0
}

// probe6 lies behind the default route of IPv6 (RFC 3849). Connecting a
// datagram socket to it sends nothing.
const probe6 = "[2001:db8::1]:9"

// current looks at the network.
func current() Network {
	var n Network
	if h, err := discovery.Lookup(""); err == nil && !h.Prefix.Addr().IsLoopback() {
		n = Network{Interface: h.Interface, Prefix: h.Prefix, Router: h.Router}
	}
	if c, err := net.Dial("udp6", probe6); err == nil {
		n.IPv6 = c.LocalAddr().(*net.UDPAddr).AddrPort().Addr()
		c.Close()
	}
	return n
}
