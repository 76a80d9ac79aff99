package tftp

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	pin "github.com/pin/tftp/v3"
)

// guard stands between pin/tftp's client and the server for one try at one
// file. It has a socket towards each and passes their packets on, see relay.
type guard struct {
	client *Client
	server netip.AddrPort
	file   string
	to     *sink
	op     string

	inside, outside *net.UDPConn
	// pin is where pin's client sends from, peer the server's address with the
	// port that it chose for this transfer (RFC 1350 section 4). Each is
	// invalid before its first packet.
	pin, peer netip.AddrPort

	plain     bool   // no options asked for
	blockSize int    // agreed
	total     int64  // announced size, -1 if none was
	said      []byte // what pin's client said last
	wanted    uint16 // the block that answers it
	answered  bool   // that block, or the options, went to pin's client
	pending   int    // bytes in that block
	ahead     bool   // and the server has been told so before pin's client said it
	size      int64  // bytes that pin's client has acknowledged
	strangers int
	troubles  int
	began     time.Time
	trace     Tap
}

// errEnded: pin's client has ended before the guard did.
var errEnded = errors.New("the transfer has ended by itself")

// past is a deadline that wakes who reads.
var past = time.Unix(1, 0)

func (c *Client) newGuard(server netip.AddrPort, file string, to *sink, plain bool) *guard {
	g := &guard{
		client: c, server: server, file: file, to: to, op: "request", plain: plain,
		blockSize: defaultBlockSize, total: -1, wanted: 1, began: time.Now(),
	}
	if c.Trace != nil {
		g.trace = c.Trace()
	}
	return g
}

func (g *guard) fail(err error, detail string) error {
	return &Error{Server: g.server, File: g.file, Op: g.op, Detail: Clean(detail), Err: err}
}

// run has pin's client fetch the file and guards it meanwhile.
func (g *guard) run(ctx context.Context) error {
	if err := g.open(); err != nil {
		return g.fail(ErrUnreachable, reason(err))
	}
	defer g.close()
	result := make(chan error)
	go func() {
		err := g.fetch()
		wake := past
		if err == nil { // the guard has yet to read the last ACK
			wake = time.Now().Add(g.client.patience())
		}
		_ = g.inside.SetReadDeadline(wake)
		result <- err
	}()
	err := g.relay(ctx)
	got := g.dismiss(result, err)
	switch {
	case g.to.err != nil:
		g.abort(codeDiskFull, "not stored")
		return g.fail(g.to.err, "")
	case errors.Is(err, errEnded):
		return g.fail(ErrUnreachable, reason(cmp.Or(got, err)))
	case err != nil:
		return err
	case got != nil || g.to.size != g.size:
		return g.fail(ErrSize, "what was relayed did not arrive whole")
	}
	return nil
}

// open makes the two sockets. The port of the outer one is our transfer
// identifier, the inner one is on the loopback interface whatever the server's
// address is.
func (g *guard) open() (err error) {
	if g.inside, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
		return err
	}
	network := "udp4"
	if g.server.Addr().Is6() {
		network = "udp6"
	}
	if g.outside, err = net.ListenUDP(network, nil); err != nil {
		_ = g.inside.Close()
		return err
	}
	reportUnreachable(g.outside, g.server.Addr())
	return nil
}

func (g *guard) close() {
	_ = g.inside.Close()
	_ = g.outside.Close()
}

// fetch is the transfer itself, by pin's client, which takes the guard for the
// server. Its patience is longer than the guard's, so that the guard decides.
func (g *guard) fetch() error {
	c, err := pin.NewClient(g.inside.LocalAddr().String())
	if err != nil {
		return err
	}
	if err := c.SetLocalAddr("127.0.0.1"); err != nil {
		return err
	}
	repeat := g.client.repeatAfter()
	c.SetTimeout(repeat)
	c.SetRetries(int((flowing + 1) * g.client.patience() / repeat))
	c.SetBackoff(func(int) time.Duration { return 0 })
	if !g.plain {
		c.SetBlockSize(g.client.blockSize())
		c.RequestTSize(true)
	}
	from, err := c.Receive(g.file, "octet")
	if err != nil {
		return err
	}
	_, err = from.WriteTo(g.to)
	return err
}

// greet ties pin's client to the guard: it takes the port of the first packet
// from our address for the server's. An ACK is one that means nothing to it,
// and shuts out other programs on this machine before the server has answered.
func (g *guard) greet() error { return g.tell(packACK(0)) }

// dismiss waits for the end of pin's client. After an error it brings it about
// by the only thing that ends that client at once: an error from its server.
func (g *guard) dismiss(result <-chan error, err error) error {
	for {
		if err != nil && g.pin.IsValid() {
			_ = g.tell(packError(codeUndefined, "ended by the guard"))
		}
		select {
		case got := <-result:
			return got
		case <-time.After(g.client.repeatAfter()):
		}
	}
}

// tell sends to pin's client.
func (g *guard) tell(b []byte) error {
	_, err := g.inside.WriteToUDPAddrPort(b, g.pin)
	return err
}

// reason is the innermost text of a network error, without our own address.
func reason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}
