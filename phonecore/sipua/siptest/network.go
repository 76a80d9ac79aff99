package siptest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// DefaultDelay of a message between two addresses.
const DefaultDelay = time.Millisecond

var (
	// ErrRefused is what a stream to nobody meets, and a datagram to who refuses.
	ErrRefused = fmt.Errorf("%w", syscall.ECONNREFUSED)
	errReset   = errors.New("connection reset by peer")
)

// Network carries messages between its transports. Methods may be called from
// any goroutine.
type Network struct {
	mu    sync.Mutex
	nodes map[netip.AddrPort]*Transport
	delay time.Duration
	loss  float64
	rand  *rand.Rand
	drop  func(Entry) bool
	log   []Entry
	last  map[netip.AddrPort]time.Time
	pings map[string]int
	nat   func(from netip.AddrPort) netip.AddrPort
}

// Entry is one message on its way.
type Entry struct {
	At       time.Time
	Network  string
	From, To netip.AddrPort
	Message  *wire.Message
	Lost     bool
}

// String is the entry in one line: "192.0.2.1:5060 > 192.0.2.2:5060 INVITE 1".
func (e Entry) String() string {
	n, method := e.Message.CSeq()
	what := e.Message.Method
	if what == "" {
		what = fmt.Sprintf("%d %s", e.Message.Status, method)
	}
	return fmt.Sprintf("%v > %v %s %d", e.From, e.To, what, n)
}

// NewNetwork makes a network with DefaultDelay and no loss.
func NewNetwork() *Network {
	return &Network{nodes: map[netip.AddrPort]*Transport{}, delay: DefaultDelay, last: map[netip.AddrPort]time.Time{}}
}

// SetDelay sets the time that every message takes.
func (n *Network) SetDelay(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.delay = d
}

// SetLoss loses a share of the datagrams, 0 to 1; a seed gives the same losses
// each time.
func (n *Network) SetLoss(share float64, seed uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.loss, n.rand = share, rand.New(rand.NewPCG(seed, seed))
}

// Drop sets a function that picks datagrams to lose; nil loses none.
func (n *Network) Drop(f func(Entry) bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.drop = f
}

// NAT puts a router on the network: who receives sees another source. What is
// sent to that address must be made to arrive by a second Transport; see Alias.
func (n *Network) NAT(f func(from netip.AddrPort) netip.AddrPort) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.nat = f
}

// Alias makes an address one more of a transport's: the outside of a NAT.
func (n *Network) Alias(addr string, t *Transport) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.nodes[netip.MustParseAddrPort(addr)] = t
}

// At is the transport at an address.
func (n *Network) At(addr string) *Transport {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.nodes[netip.MustParseAddrPort(addr)]
}

// Log is every message sent so far, lost ones included.
func (n *Network) Log() []Entry {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.log)
}

// Forget empties the log.
func (n *Network) Forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.log = nil
}

// Flow is the log as "INVITE", "100", "180" ..., between two addresses only if
// they are given.
func (n *Network) Flow(between ...string) string {
	var words []string
	for _, e := range n.Log() {
		if len(between) == 2 && !slices.Contains(between, e.From.String()) || len(between) == 2 && !slices.Contains(between, e.To.String()) {
			continue
		}
		if e.Message.IsRequest() {
			words = append(words, e.Message.Method)
		} else {
			words = append(words, fmt.Sprint(e.Message.Status))
		}
	}
	return strings.Join(words, " ")
}

// Transport makes the transport of one address, "192.0.2.11:5060". It takes
// UDP, TCP and TLS alike.
func (n *Network) Transport(addr string) *Transport {
	t := &Transport{n: n, addr: netip.MustParseAddrPort(addr)}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.nodes[t.addr] = t
	return t
}

// Transport is one address of a network; it implements transport.Transport.
type Transport struct {
	n    *Network
	addr netip.AddrPort

	mu       sync.Mutex
	receiver transport.Receiver
	down     bool
	refusing bool
	datagram bool // no streams here
	closed   bool
}

// Addr is the transport's own address.
func (t *Transport) Addr() netip.AddrPort {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.addr
}

// SetDown makes the address unreachable, or reachable again.
func (t *Transport) SetDown(down bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.down = down
}

// SetRefusing makes the address one where nobody listens: who sends to it
// learns of that by ICMP.
func (t *Transport) SetRefusing(refusing bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refusing = refusing
}

// SetAddr moves the transport to another address, as a host that is given a
// new one.
func (t *Transport) SetAddr(addr string) {
	t.n.mu.Lock()
	defer t.n.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.n.nodes, t.addr)
	t.addr = netip.MustParseAddrPort(addr)
	t.n.nodes[t.addr] = t
}

// Reset implements transport.Transport; there are no connections to break.
func (t *Transport) Reset() {}

// OnlyUDP refuses streams.
func (t *Transport) OnlyUDP() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.datagram = true
}

// Start implements transport.Transport.
func (t *Transport) Start(r transport.Receiver) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.receiver = r
}

// LocalAddr implements transport.Transport.
func (t *Transport) LocalAddr(transport.Destination) (netip.AddrPort, error) { return t.Addr(), nil }

// Close implements transport.Transport.
func (t *Transport) Close() error {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.n.mu.Lock()
	if addr := t.Addr(); t.n.nodes[addr] == t {
		delete(t.n.nodes, addr)
	}
	t.n.mu.Unlock()
	return nil
}

// Break ends a stream: this side is told that it was closed.
func (t *Transport) Break(to transport.Destination) {
	if r := t.listener(); r != nil {
		r.Closed(to, errReset)
	}
}

func (t *Transport) listener() transport.Receiver {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.down {
		return nil
	}
	return t.receiver
}

// Send implements transport.Transport.
func (t *Transport) Send(to transport.Destination, m *wire.Message, failed func(error)) error {
	return t.SendRaw(to, m.Encode(), failed)
}

// SendRaw sends any bytes.
func (t *Transport) SendRaw(to transport.Destination, data []byte, failed func(error)) error {
	n := t.n
	n.mu.Lock()
	defer n.mu.Unlock()
	node := n.nodes[to.Addr]
	self := t.Addr()
	if len(bytes.Trim(data, "\r\n")) == 0 {
		n.ping(t, to, node)
		return nil
	}
	e := Entry{At: time.Now(), Network: to.Network, From: self, To: to.Addr}
	message, err := wire.Parse(data)
	if message == nil {
		message = &wire.Message{}
	}
	e.Message = message
	if to.Network == transport.UDP {
		e.Lost = n.rand != nil && n.rand.Float64() < n.loss || n.drop != nil && n.drop(e)
	}
	n.log = append(n.log, e)
	deliver := func() {}
	switch {
	case e.Lost:
		return nil
	case to.Network != transport.UDP && (node == nil || node.refuses()):
		deliver = func() {
			if failed != nil {
				failed(fmt.Errorf("connecting to %v: %w", to.Addr, ErrRefused))
			}
		}
	case node != nil && node.isRefusing():
		deliver = func() {
			if r := t.listener(); r != nil {
				r.Closed(transport.Destination{Network: to.Network, Addr: to.Addr}, ErrRefused)
			}
		}
	case node != nil:
		from := transport.Destination{Network: to.Network, Addr: self}
		if n.nat != nil {
			from.Addr = n.nat(self)
		}
		deliver = func() { node.deliver(from, data, err) }
	}
	// Two messages to one address keep their order.
	at := time.Now().Add(n.delay)
	if last := n.last[to.Addr]; !at.After(last) {
		at = last.Add(time.Microsecond)
	}
	n.last[to.Addr] = at
	time.AfterFunc(time.Until(at), deliver)
	return nil
}

// Pings is how often line ends were sent to an address.
func (n *Network) Pings(to string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.pings[to]
}

// ping takes line ends, which are no messages: over a stream to who is down
// they show after a time that the way is closed (RFC 5626 section 4.4.1).
func (n *Network) ping(from *Transport, to transport.Destination, node *Transport) {
	if n.pings == nil {
		n.pings = map[string]int{}
	}
	n.pings[to.Addr.String()]++
	if to.Network == transport.UDP || node != nil && node.listener() != nil {
		return
	}
	time.AfterFunc(pongTimeout, func() {
		if r := from.listener(); r != nil {
			r.Closed(to, errReset)
		}
	})
}

const pongTimeout = 10 * time.Second

func (t *Transport) refuses() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.datagram || t.down || t.refusing
}

func (t *Transport) isRefusing() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refusing
}

func (t *Transport) deliver(from transport.Destination, data []byte, err error) {
	r := t.listener()
	if r == nil {
		return
	}
	m, _ := wire.Parse(data) // each receiver owns its message
	r.Receive(transport.Packet{From: from, Message: m, Err: err, Raw: data})
}
