package dhcp

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

const (
	// offerWait is how long a better offer is waited for, when the first one
	// names no TFTP server.
	offerWait = time.Second

	// rebootTries is how often the former address is asked for before the
	// search for a server begins.
	rebootTries = 2

	// broadcastFrom is the message, from 0, with which the client begins to ask
	// for answers to all (RFC 2131, 4.1). It can take those to an address that
	// it has not yet, but some servers and relays cannot send them.
	broadcastFrom = 2

	maxRefusals   = 4
	maxDuplicates = 4
	declinePause  = 10 * time.Second // RFC 2131, 3.1
)

// errSilent: nobody answered a REQUEST.
var errSilent = errors.New("no answer")

// Acquire gets a lease: DISCOVER, OFFER, REQUEST, ACK, ARP probe, DECLINE and
// again if the address is in use. With a former address it begins in
// INIT-REBOOT. Its errors are ErrTimeout, ErrRefused (after 4 refusals),
// ErrDuplicate (after 4 addresses), ctx's and link.ErrClosed.
func (c *Client) Acquire(ctx context.Context) (Lease, error) {
	if c.broken != nil {
		return Lease{}, c.broken
	}
	a := &acquisition{Client: c, start: c.now(), failed: map[netip.Addr]bool{}}
	for refusals, duplicates := 0, 0; ; {
		l, err := a.bind(ctx)
		switch {
		case errors.Is(err, ErrRefused):
			if refusals++; refusals >= maxRefusals {
				return Lease{}, err
			}
			c.remember(netip.Addr{}, false)
			c.log.Warn("DHCP", "error", err)
			// One that refuses at once must not be asked at once, for ever.
			if err := a.idle(ctx, c.pause(refusals-1)); err != nil {
				return Lease{}, err
			}
			continue
		case err != nil:
			return Lease{}, err
		}
		err = a.settle(ctx, l)
		if err == nil {
			return l, nil
		}
		if duplicates++; !errors.Is(err, ErrDuplicate) || duplicates >= maxDuplicates {
			return Lease{}, err
		}
		c.log.Warn("DHCP", "error", err)
		if err := a.idle(ctx, declinePause); err != nil {
			return Lease{}, err
		}
	}
}

// acquisition is one call of Acquire.
type acquisition struct {
	*Client
	start  time.Time
	xid    dhcpv4.TransactionID
	failed map[netip.Addr]bool // servers that made offers and did not hold them
	odd    error               // the last answer that was of no use
}

// settle makes sure that nobody has the address, and claims it.
func (a *acquisition) settle(ctx context.Context, l Lease) error {
	address := l.Address.Addr()
	owner, taken, err := a.probe(ctx, address)
	if err != nil {
		return err
	}
	if taken {
		a.remember(netip.Addr{}, false)
		err := fmt.Errorf("%w: %v, which the server %v gave, is used by %v", ErrDuplicate, address, l.Server, owner)
		return errors.Join(err, a.decline(l))
	}
	a.remember(address, !l.BOOTP)
	a.log.Info("DHCP lease", "address", l.Address, "server", l.Server, "time", l.Time, "tftp", l.TFTP, "tftpName", l.TFTPName, "bootp", l.BOOTP)
	return a.announce(address)
}

// idle waits and lets frames pass.
func (a *acquisition) idle(ctx context.Context, d time.Duration) error {
	return a.listen(ctx, time.Now().Add(d), func([]byte) bool { return false })
}

// bind gets a lease, or fails with ErrRefused or ErrTimeout.
func (a *acquisition) bind(ctx context.Context) (Lease, error) {
	a.xid = newXID()
	last, reboot := a.former()
	if reboot {
		l, err := a.request(ctx, last, netip.Addr{}, a.sinceStart(), rebootTries)
		if !errors.Is(err, errSilent) {
			return l, err
		}
		a.remember(last, false)
		a.xid = newXID()
	}
	for try := range a.tries {
		secs := a.sinceStart()
		m := withAddress(a.asking(dhcpv4.MessageTypeDiscover, a.xid, secs), last, netip.Addr{})
		if err := a.ask(m, try); err != nil {
			return Lease{}, err
		}
		offer, ok, err := a.collect(ctx, a.pause(try))
		if err != nil {
			return Lease{}, err
		}
		if !ok {
			continue
		}
		a.heard(offer.from)
		if offer.kind == dhcpv4.MessageTypeNone {
			return offer.lease, nil
		}
		l, err := a.request(ctx, offer.lease.Address.Addr(), offer.lease.Server, secs, a.tries)
		if err == nil || !errors.Is(err, errSilent) && !errors.Is(err, ErrRefused) {
			return l, err
		}
		a.failed[offer.lease.Server] = true
		if errors.Is(err, ErrRefused) {
			return Lease{}, err
		}
	}
	return Lease{}, a.timeout()
}

// timeout tells what was tried.
func (a *acquisition) timeout() error {
	err := fmt.Errorf("%w %v within %v (%d DISCOVER)", ErrTimeout, a.mac, a.sinceStart().Round(time.Second), a.tries)
	for server := range a.failed {
		err = fmt.Errorf("%w; %v made an offer and then fell silent", err, server)
	}
	if a.odd != nil {
		err = fmt.Errorf("%w; the last answer was of no use: %w", err, a.odd)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.unsent != nil {
		err = fmt.Errorf("%w; nor could it be asked: %w", err, a.unsent)
	}
	return err
}

func (a *acquisition) sinceStart() time.Duration { return a.now().Sub(a.start) }

// ask broadcasts the message, which is the nth of its kind, without an address.
func (a *acquisition) ask(m *dhcpv4.DHCPv4, n int) error {
	// Answers to another address than the wire's would not come in.
	if n >= broadcastFrom || a.mac != a.self {
		m.SetBroadcast()
	}
	return a.broadcast(m, netip.IPv4Unspecified())
}

// take reads a frame and keeps the reason if it is an answer of no use.
func (a *acquisition) take(f []byte, start time.Time) (answer, bool) {
	got, err := a.read(f, a.xid, start)
	if err != nil && !errors.Is(err, errOther) {
		a.odd = err
		a.log.Debug("DHCP answer of no use", "error", err)
	}
	return got, err == nil
}

// collect waits for offers and chooses one (SELECTING): a good one at once, else
// the best that comes within offerWait of the first.
func (a *acquisition) collect(ctx context.Context, wait time.Duration) (best answer, found bool, err error) {
	good := false
	start := a.now()
	see := func(f []byte) bool {
		o, ok := a.take(f, start)
		if !ok || o.kind != dhcpv4.MessageTypeNone && o.kind != dhcpv4.MessageTypeOffer {
			return false
		}
		if o.kind == dhcpv4.MessageTypeOffer && !o.lease.Server.IsValid() {
			a.odd = errors.New("an offer without the server's identifier (option 54)")
			return false
		}
		if !found || a.score(o) > a.score(best) {
			best, found = o, true
		}
		good = a.score(o) == perfect
		return true
	}
	if err = a.listen(ctx, time.Now().Add(wait), see); err != nil || !found || good {
		return best, found, err
	}
	err = a.listen(ctx, time.Now().Add(offerWait), func(f []byte) bool { return see(f) && good })
	return best, found, err
}

// perfect is the score of a DHCP offer with a TFTP server.
const perfect = 3

// score is higher for better offers.
func (a *acquisition) score(o answer) (n int) {
	if len(o.lease.TFTP) > 0 || o.lease.TFTPName != "" {
		n += 2
	}
	if !o.lease.BOOTP {
		n++
	}
	if a.failed[o.lease.Server] {
		n -= perfect + 1
	}
	return n
}

// request asks for an address: of the server whose offer was chosen
// (REQUESTING), or of any (INIT-REBOOT). It fails with ErrRefused or errSilent.
func (a *acquisition) request(ctx context.Context, address, server netip.Addr, secs time.Duration, tries int) (Lease, error) {
	for try := range tries {
		sent := a.now()
		m := withAddress(a.asking(dhcpv4.MessageTypeRequest, a.xid, secs), address, server)
		if err := a.ask(m, try); err != nil {
			return Lease{}, err
		}
		var got *answer
		err := a.listen(ctx, time.Now().Add(a.pause(try)), func(f []byte) bool {
			one, ok := a.take(f, sent)
			if ok && one.answers(address, server) {
				got = &one
			}
			return got != nil
		})
		switch {
		case err != nil:
			return Lease{}, err
		case got == nil:
			continue
		case got.kind == dhcpv4.MessageTypeNak:
			return Lease{}, got.refusal(address)
		}
		a.heard(got.from)
		if !got.lease.Server.IsValid() {
			got.lease.Server = server
		}
		return got.lease, nil
	}
	return Lease{}, errSilent
}

// answers tells whether it is the ACK or NAK to a REQUEST for an address of a
// server, or of any if it is invalid. What others say is not meant for it.
func (o *answer) answers(address, server netip.Addr) bool {
	if server.IsValid() && o.lease.Server.IsValid() && o.lease.Server != server {
		return false
	}
	return o.kind == dhcpv4.MessageTypeNak || o.kind == dhcpv4.MessageTypeAck && o.lease.Address.Addr() == address
}

// refusal is the error for a NAK.
func (o *answer) refusal(address netip.Addr) error {
	by := "a server"
	if o.lease.Server.IsValid() {
		by = o.lease.Server.String()
	}
	if o.text != "" {
		return fmt.Errorf("%w %v: %s says %q", ErrRefused, address, by, o.text)
	}
	return fmt.Errorf("%w %v: NAK of %s", ErrRefused, address, by)
}
