package boot

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"deskset/provisioning/dhcp"
	"deskset/provisioning/discovery"
	"deskset/provisioning/link"
)

// Station is the phone's own port after the start-up: the lease that has to be
// renewed, the announcements that have to be repeated.
type Station struct {
	port         link.Port
	native, wire link.Wire
	vlan         int
	finder       *discovery.Speaker
	neighbor     discovery.Neighbor
	client       *dhcp.Client
	lease        dhcp.Lease
	static       bool
	identity     discovery.Identity
	log          *slog.Logger
}

// ChangeKind is what happened on the phone's own port.
type ChangeKind uint8

// The kinds. After all but LeaseRenewed and PortDown the phone has to start up
// again; after PortUp if it was Away for long.
const (
	LeaseRenewed ChangeKind = iota
	LeaseFound              // DHCP answers at last
	LeaseLost               // with Err
	AddressInUse
	VLANChanged
	PortDown // nothing at the other end of the cable
	PortUp   // again, with Away
	PortLost // the port is gone for good, with Err: it has to be opened anew
)

// Change is news of the phone's own port.
type Change struct {
	Kind  ChangeKind
	Lease dhcp.Lease
	VLAN  int
	Err   error
	// Away is for how long there was no carrier.
	Away time.Duration
}

// The waiting times between attempts to find a DHCP server.
const (
	firstRetry = 10 * time.Second
	lastRetry  = 60 * time.Second
)

// VLAN is the VLAN that the phone is on, 0 for none.
func (s *Station) VLAN() int { return s.vlan }

// Simulated says that there is no real network behind the port.
func (s *Station) Simulated() bool { return s.port.Simulated() }

// Keep renews the lease, or goes on asking for one, and repeats the
// announcements. It returns when ctx ends, be there something left to do or
// not: a static address has to be kept, too. tell is called from goroutines of
// its own.
func (s *Station) Keep(ctx context.Context, tell func(Change)) {
	var all sync.WaitGroup
	var once sync.Once // the wires of a port end with it
	lost := func(err error) { once.Do(func() { tell(Change{Kind: PortLost, Err: err}) }) }
	all.Go(func() { s.watchPort(ctx, tell, lost) })
	if s.finder != nil {
		all.Go(func() { s.announce(ctx, tell) })
	}
	if s.client != nil {
		all.Go(func() { s.keepLease(ctx, tell, lost) })
	}
	all.Wait()
	<-ctx.Done()
}

// watchPort tells of the cable. That it is in at first is no news.
func (s *Station) watchPort(ctx context.Context, tell func(Change), lost func(error)) {
	was, since := true, time.Now()
	err := s.port.Watch(ctx, func(up bool) {
		switch {
		case up == was:
			return
		case up:
			tell(Change{Kind: PortUp, Away: time.Since(since)})
		default:
			tell(Change{Kind: PortDown})
		}
		was, since = up, time.Now()
	})
	if errors.Is(err, link.ErrClosed) && ctx.Err() == nil {
		lost(err)
	}
}

func (s *Station) announce(ctx context.Context, tell func(Change)) {
	who := s.identity
	s.finder.Announce(ctx, s.native, func() discovery.Identity { return who }, func(n discovery.Neighbor) {
		if n.VLAN != s.neighbor.VLAN && n.VLAN >= 0 && n.VLAN <= 4094 {
			tell(Change{Kind: VLANChanged, VLAN: n.VLAN})
		}
	})
}

func (s *Station) keepLease(ctx context.Context, tell func(Change), lost func(error)) {
	if !s.lease.Address.IsValid() {
		s.search(ctx, tell)
		return
	}
	s.client.Keep(ctx, s.lease, func(e dhcp.Event) {
		switch {
		case e.Kind == dhcp.Renewed:
			tell(Change{Kind: LeaseRenewed, Lease: e.Lease})
		case e.Kind == dhcp.Lost && errors.Is(e.Err, link.ErrClosed):
			lost(link.ErrClosed)
		case e.Kind == dhcp.Lost:
			tell(Change{Kind: LeaseLost, Err: e.Err})
		case e.Kind == dhcp.Conflict:
			tell(Change{Kind: AddressInUse, Err: e.Err})
		}
	})
}

// search asks for a lease until there is one.
func (s *Station) search(ctx context.Context, tell func(Change)) {
	for pause := firstRetry; ; pause = min(2*pause, lastRetry) {
		wait(ctx, pause)
		if ctx.Err() != nil {
			return
		}
		if lease, err := s.client.Acquire(ctx); err == nil {
			tell(Change{Kind: LeaseFound, Lease: lease})
			return
		}
	}
}

// take makes a lease the port's address.
func (s *Station) take(l dhcp.Lease, router netip.Addr) error {
	s.lease = l
	s.identity.Addr = l.Address.Addr()
	a := address(l)
	a.Router = router
	return s.port.Configure(s.vlan, a)
}

// Release gives the lease back and leaves the port without an address.
func (s *Station) Release() error {
	if s.client == nil || !s.lease.Address.IsValid() {
		return nil
	}
	if err := s.client.Release(s.lease); err != nil {
		return err
	}
	return s.port.Configure(s.vlan, link.Address{})
}

// Close ends the station and takes its address away; the port stays open for
// the next start-up.
func (s *Station) Close() {
	if s == nil {
		return
	}
	if s.lease.Address.IsValid() || s.static {
		if err := s.port.Configure(s.vlan, link.Address{}); err != nil {
			s.log.Warn("port", "cause", err)
		}
	}
	for _, wire := range []link.Wire{s.wire, s.native} {
		if wire != nil {
			wire.Close()
		}
	}
}
