package dhcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"deskset/provisioning/dhcp/internal/frame"
	"deskset/provisioning/link"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// Client gets and keeps a lease. It remembers what it had, so that the next
// Acquire asks for it again. Acquire and Keep must not run at the same time, as
// they share the wire; Release may be called at any time.
type Client struct {
	identity
	wire   link.Wire
	self   frame.MAC // the wire's
	broken error     // of the Config
	first  time.Duration
	tries  int
	log    *slog.Logger

	mu     sync.Mutex // of what follows, for Release
	last   netip.Addr // the address to ask for, if valid
	reboot bool       // ask without DISCOVER (INIT-REBOOT)
	via    frame.MAC  // where the server's answers come from; zero if unknown
	unsent error      // why the last frame was not sent; nil if it was

	now    func() time.Time
	jitter func(time.Duration) time.Duration
}

// Defaults of Config.
const (
	defaultFirst = time.Second
	defaultTries = 4

	longest = 64 * time.Second // RFC 2131, 4.1
)

// New gives a Client. A Config without a hardware address makes Acquire fail.
func New(cfg Config) *Client {
	c := &Client{
		wire: cfg.Wire, first: cmp.Or(cfg.First, defaultFirst), tries: cmp.Or(cfg.Tries, defaultTries), log: cfg.Log,
		now: time.Now, jitter: tenth,
	}
	c.hostName = cfg.HostName
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if last, ok := host(cfg.Last.AsSlice()); ok {
		c.last, c.reboot = last, true
	}
	var ok bool
	if c.self, ok = frame.Address(cfg.Wire.MAC()); !ok {
		c.broken = fmt.Errorf("DHCP: the wire's address %q is none of Ethernet", cfg.Wire.MAC())
	}
	if c.mac = c.self; cfg.MAC != nil {
		if c.mac, ok = frame.Address(cfg.MAC); !ok {
			c.broken = fmt.Errorf("DHCP: hardware address %q is none of Ethernet", cfg.MAC)
		}
	}
	return c
}

// tenth changes a time by up to a tenth of it, so that phones that got power at
// the same moment do not go on asking at the same moment.
func tenth(d time.Duration) time.Duration {
	return d + time.Duration((rand.Float64()*2-1)*float64(d)/10)
}

// pause is how long to wait for an answer to the nth message, from 0 (RFC 2131,
// 4.1).
func (c *Client) pause(n int) time.Duration {
	d := c.first
	for ; n > 0 && d < longest; n-- {
		d *= 2
	}
	return c.jitter(min(d, longest))
}

// newXID is random: who does not hear the phone cannot answer it.
func newXID() (xid dhcpv4.TransactionID) {
	r := rand.Uint32()
	return dhcpv4.TransactionID{byte(r >> 24), byte(r >> 16), byte(r >> 8), byte(r)}
}

// answer is a message of a server to this client.
type answer struct {
	kind  dhcpv4.MessageType // None for BOOTP
	lease Lease              // of all but NAK
	from  frame.MAC
	text  string // option 56
}

// errOther is the error for frames that have nothing to do with this client.
var errOther = errors.New("not for this client")

// read reads a frame. Its error is errOther or tells what is wrong with a
// message that is an answer to this client.
func (c *Client) read(f []byte, xid dhcpv4.TransactionID, start time.Time) (answer, error) {
	d, err := frame.ParseDatagram(f)
	if err != nil || d.Dst.Port() != portClient {
		return answer{}, errOther
	}
	m, err := parseMessage(d.Payload)
	if err != nil {
		return answer{}, fmt.Errorf("%v: %w", d.Src.Addr(), err)
	}
	if mac, ok := frame.Address(m.ClientHWAddr); !ok || mac != c.mac || m.TransactionID != xid {
		return answer{}, errOther
	}
	// A server that gives the identifier back gives the client's: RFC 6842, 3.
	if id := m.Options.Get(dhcpv4.OptionClientIdentifier); id != nil && string(id) != string(c.clientID()) {
		return answer{}, errOther
	}
	a := answer{kind: m.MessageType(), from: d.SrcMAC, text: name(m.Options.Get(dhcpv4.OptionMessage))}
	switch a.kind {
	case dhcpv4.MessageTypeNak:
		a.lease.Server, _ = host(m.Options.Get(dhcpv4.OptionServerIdentifier))
	case dhcpv4.MessageTypeNone, dhcpv4.MessageTypeOffer, dhcpv4.MessageTypeAck:
		if a.lease, err = leaseOf(m, start); err != nil {
			return answer{}, fmt.Errorf("%v of %v: %w", m.MessageType(), d.Src.Addr(), err)
		}
	default:
		return answer{}, errOther
	}
	return a, nil
}

// listen takes frames in until the time is over or take is true. The error is
// ctx's or the wire's.
func (c *Client) listen(ctx context.Context, until time.Time, take func(frame []byte) bool) error {
	wait, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	for {
		f, err := c.wire.Receive(wait)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case wait.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if take(f) {
			return nil
		}
	}
}

// broadcast sends a message to all servers.
func (c *Client) broadcast(m *dhcpv4.DHCPv4, from netip.Addr) error {
	return c.send(m, from, netip.AddrFrom4([4]byte{255, 255, 255, 255}), frame.Broadcast)
}

// send sends a message. Only a closed wire is an error: a link that is down may
// be up for the next one.
func (c *Client) send(m *dhcpv4.DHCPv4, from, to netip.Addr, mac frame.MAC) error {
	c.log.Debug("DHCP message", "type", m.MessageType(), "to", to, "seconds", m.NumSeconds)
	return c.put(frame.Datagram{
		SrcMAC: c.self, DstMAC: mac,
		Src: netip.AddrPortFrom(from, portClient), Dst: netip.AddrPortFrom(to, portServer),
		Payload: m.ToBytes(),
	}.Bytes())
}

// put sends a frame, with the error of send.
func (c *Client) put(f []byte) error {
	err := c.wire.Send(f)
	c.mu.Lock()
	c.unsent = err
	c.mu.Unlock()
	if errors.Is(err, link.ErrClosed) {
		return err
	}
	if err != nil {
		c.log.Warn("DHCP: frame not sent", "error", err)
	}
	return nil
}

// remember keeps the address to ask for, if it is valid, and whether without
// DISCOVER.
func (c *Client) remember(last netip.Addr, reboot bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, c.reboot = last, reboot
}

// former is what remember kept.
func (c *Client) former() (last netip.Addr, reboot bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last, c.reboot
}

// heard keeps where the server's answer came from.
func (c *Client) heard(from frame.MAC) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.via = from
}

// lastHop is where the server's last answer came from, or all.
func (c *Client) lastHop() frame.MAC {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.via == (frame.MAC{}) {
		return frame.Broadcast
	}
	return c.via
}
