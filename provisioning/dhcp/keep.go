package dhcp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"time"

	"deskset/provisioning/dhcp/internal/frame"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

const (
	// minRetry is the least time between two requests (RFC 2131, 4.4.5). Of a
	// lease shorter than 16 minutes it is a 16th part: else one frame that is
	// lost could be the end of it.
	minRetry   = time.Minute
	retryShare = 16
	leastRetry = time.Second

	nap     = 5 * time.Second // how soon it is noticed that the host slept
	forever = time.Duration(math.MaxInt64)
)

// Keep renews and rebinds until ctx ends or the lease is lost. At T1 it asks the
// server, at T2 all, and it watches over the address: it defends it once in 10 seconds, else gives it up (RFC 5227, 2.4,
// b). It returns after Lost and Conflict, after which Acquire is to be called,
// and when ctx ends.
func (c *Client) Keep(ctx context.Context, l Lease, tell func(Event)) {
	k := &keeper{Client: c, lease: l, tell: tell, announceAt: time.Now().Add(announceGap)}
	for {
		done, err := k.step(ctx)
		switch {
		case done || ctx.Err() != nil:
			return
		case err != nil:
			tell(Event{Kind: Lost, Lease: k.lease, Err: fmt.Errorf("lease of %v: %w", k.lease.Address, err)})
			return
		}
	}
}

// keeper is one call of Keep.
type keeper struct {
	*Client
	lease Lease
	tell  func(Event)

	xid        dhcpv4.TransactionID // of the renewal under way
	since      time.Time            // when that began; zero if there is none
	sent       time.Time            // its last request
	rebinding  bool                 // that was told
	announceAt time.Time            // zero when it is done
	defended   time.Time            // zero if never
}

// step waits or asks, as the lease's age says.
func (k *keeper) step(ctx context.Context) (done bool, err error) {
	l := k.lease
	if l.Time == 0 {
		return k.wait(ctx, forever)
	}
	switch age := k.age(); {
	case age < l.T1:
		return k.wait(ctx, l.T1)
	case age < l.T2 && l.Server.IsValid():
		if err := k.renew(ctx); err != nil {
			return false, err
		}
		return k.wait(ctx, k.next(l.T2))
	case age < l.Time:
		if err := k.rebind(); err != nil {
			return false, err
		}
		return k.wait(ctx, k.next(l.Time))
	}
	k.remember(l.Address.Addr(), false)
	k.tell(Event{Kind: Lost, Lease: l, Err: fmt.Errorf("%w: %v after %v without an answer of %v", ErrExpired, l.Address, l.Time, l.Server)})
	return true, nil
}

// age is how long the lease has lasted. The clock that Go's timers go by stands
// still while a host sleeps; the one on the wall does not, but may be set back.
// So the lease is as old as the one that shows more.
func (k *keeper) age() time.Duration {
	now := k.now()
	return max(now.Sub(k.lease.Start), now.Round(0).Sub(k.lease.Start.Round(0)))
}

// next is the lease's age at which to ask again, half of what is left until the
// end of this state (RFC 2131, 4.4.5).
func (k *keeper) next(end time.Duration) time.Duration {
	age := k.age()
	least := min(minRetry, max(k.lease.Time/retryShare, leastRetry))
	return min(age+max((end-age)/2, least), end)
}

// renew asks the server that gave the lease (RENEWING).
func (k *keeper) renew(ctx context.Context) error {
	hop, err := k.nextHop(ctx, k.lease)
	if err != nil {
		return err
	}
	return k.send(k.request(), k.lease.Address.Addr(), k.lease.Server, hop)
}

// rebind asks any server (REBINDING).
func (k *keeper) rebind() error {
	if !k.rebinding && k.age() >= k.lease.T2 {
		k.rebinding = true
		k.tell(Event{Kind: Rebinding, Lease: k.lease})
	}
	return k.broadcast(k.request(), k.lease.Address.Addr())
}

// request is the next message of a renewal. All of one have the same xid, so
// that a late answer is one, too.
func (k *keeper) request() *dhcpv4.DHCPv4 {
	k.sent = k.now()
	if k.since.IsZero() {
		k.since, k.xid = k.sent, newXID()
	}
	m := k.asking(dhcpv4.MessageTypeRequest, k.xid, k.sent.Sub(k.since))
	m.ClientIPAddr = k.lease.Address.Addr().AsSlice()
	return m
}

// wait takes frames in until the lease has that age or there is news.
func (k *keeper) wait(ctx context.Context, until time.Duration) (done bool, err error) {
	for age := k.age(); age < until; age = k.age() {
		var n news
		err := k.listen(ctx, time.Now().Add(k.nap(until-age)), func(f []byte) bool {
			n = k.take(f)
			return n != none
		})
		if err == nil {
			err = k.announceAgain()
		}
		if n != none || err != nil {
			return n == end, err
		}
	}
	return false, nil
}

// nap is how long to listen at a time.
func (k *keeper) nap(left time.Duration) time.Duration {
	if !k.announceAt.IsZero() {
		left = min(left, max(time.Until(k.announceAt), 0))
	}
	if k.lease.Time == 0 {
		return left
	}
	return min(left, nap)
}

// announceAgain claims the address for the second time (RFC 5227, 2.3).
func (k *keeper) announceAgain() error {
	if k.announceAt.IsZero() || time.Now().Before(k.announceAt) {
		return nil
	}
	k.announceAt = time.Time{}
	return k.announce(k.lease.Address.Addr())
}

// news is what a frame means for a lease.
type news uint8

const (
	none    news = iota
	renewed      // it has a new time
	end          // it is no more
)

// take takes a frame in.
func (k *keeper) take(f []byte) news {
	if a, ok := k.foreignARP(f); ok {
		if a.Sender == k.lease.Address.Addr() && k.disputed(a.SenderMAC) {
			return end
		}
		return none
	}
	if k.since.IsZero() {
		return none
	}
	got, err := k.read(f, k.xid, k.sent)
	if err != nil {
		if !errors.Is(err, errOther) {
			k.log.Debug("DHCP answer of no use", "error", err)
		}
		return none
	}
	server := k.lease.Server
	if k.rebinding {
		server = netip.Addr{}
	}
	if !got.answers(k.lease.Address.Addr(), server) {
		return none
	}
	if got.kind == dhcpv4.MessageTypeNak {
		k.remember(netip.Addr{}, false)
		k.tell(Event{Kind: Lost, Lease: k.lease, Err: got.refusal(k.lease.Address.Addr())})
		return end
	}
	k.renewed(got)
	return renewed
}

// renewed begins the time of the lease anew.
func (k *keeper) renewed(got answer) {
	if !got.lease.Server.IsValid() {
		got.lease.Server = k.lease.Server
	}
	k.lease = got.lease
	k.heard(got.from)
	k.since, k.rebinding = time.Time{}, false
	k.log.Info("DHCP lease renewed", "address", k.lease.Address, "server", k.lease.Server, "time", k.lease.Time)
	k.tell(Event{Kind: Renewed, Lease: k.lease})
}

// disputed is called when another host uses the address. It claims the address
// again, or gives it up and is true if it has done so just now.
func (k *keeper) disputed(by frame.MAC) bool {
	address := k.lease.Address.Addr()
	if now := time.Now(); k.defended.IsZero() || now.Sub(k.defended) >= defendPause {
		k.defended = now
		k.log.Warn("another host uses the phone's address; it is defended", "address", address, "by", by)
		_ = k.announce(address) // the wire's error comes with the next frame
		return false
	}
	k.remember(netip.Addr{}, false)
	err := fmt.Errorf("%w: %v is used by %v, too", ErrDuplicate, address, by)
	k.tell(Event{Kind: Conflict, Lease: k.lease, Err: errors.Join(err, k.decline(k.lease))})
	return true
}
