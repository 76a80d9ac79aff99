package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"deskset/phonecore/sipua/wire"
)

// Options make the real transport.
type Options struct {
	// Local is the address to listen on; an invalid one means all.
	Local netip.Addr
	// Port for UDP and TCP; 0 takes a free one. If it is in use, a free one is
	// taken and Receiver.Trouble told.
	Port uint16
	// Trust checks the certificates of servers; nil believes the system's roots.
	Trust *Trust
	Log   *slog.Logger
}

// Limits of the real transport.
const (
	maxConnections = 64
	dialTimeout    = 5 * time.Second
	// bindTries: UDP and TCP shall have the same port, which is luck when the
	// system chooses.
	bindTries = 16
)

var (
	errClosed = errors.New("the SIP transports are closed")
	errMoved  = errors.New("the host's address has changed")
)

// Net is the real transport: one UDP socket, one TCP listener, and streams as
// they are needed.
type Net struct {
	o    Options
	udp  *net.UDPConn
	tcp  net.Listener
	port uint16
	// busy is the complaint about the wanted port, told at Start.
	busy     error
	receiver Receiver

	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu      sync.Mutex
	streams map[streamKey]*stream
	ways    ways
	// planned are the local ports of TLS connections to come; see tlsPort.
	planned map[streamKey]uint16
	closed  bool
}

// New listens on UDP and TCP at one port.
func New(o Options) (*Net, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Trust == nil {
		o.Trust = NewTrust()
	}
	n := &Net{o: o, streams: map[streamKey]*stream{}, planned: map[streamKey]uint16{}}
	n.ctx, n.stop = context.WithCancel(context.Background())
	err := n.bind(o.Port)
	if err != nil && o.Port != 0 {
		n.busy = err
		if err = n.bindFree(); err == nil {
			n.busy = fmt.Errorf("SIP port %d is not free (%w): close the program that uses it or set voip_control_port; listening on port %d instead", o.Port, n.busy, n.port)
		}
	} else if err != nil {
		err = n.bindFree()
	}
	if err != nil {
		n.stop()
		return nil, fmt.Errorf("no port to listen for SIP: %w", err)
	}
	return n, nil
}

func (n *Net) bindFree() (err error) {
	for range bindTries {
		if err = n.bind(0); err == nil {
			return nil
		}
	}
	return err
}

// bind takes a port for both UDP and TCP.
func (n *Net) bind(port uint16) error {
	var ip net.IP
	if n.o.Local.IsValid() {
		ip = n.o.Local.AsSlice()
	}
	udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: ip, Port: int(port), Zone: n.o.Local.Zone()})
	if err != nil {
		return err
	}
	port = udp.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	tcp, err := net.ListenTCP("tcp", &net.TCPAddr{IP: ip, Port: int(port), Zone: n.o.Local.Zone()})
	if err != nil {
		return errors.Join(err, udp.Close())
	}
	wantErrors(udp)
	n.udp, n.tcp, n.port = udp, tcp, port
	return nil
}

// Port is the one that is listened on.
func (n *Net) Port() uint16 { return n.port }

// Start implements Transport.
func (n *Net) Start(r Receiver) {
	n.receiver = r
	if n.busy != nil {
		r.Trouble(n.busy)
	}
	n.goes(n.readDatagrams)
	n.goes(n.accept)
}

// goes starts a goroutine that Close waits for.
func (n *Net) goes(f func()) {
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		f()
	}()
}

// Send implements Transport.
func (n *Net) Send(to Destination, m *wire.Message, failed func(error)) error {
	if !to.Addr.IsValid() || to.Addr.Port() == 0 {
		return fmt.Errorf("%s %v is no address to send to", to.Network, to.Addr)
	}
	data := m.Encode()
	if to.Network == UDP {
		if err := n.writeDatagram(data, to.Addr); err != nil {
			return fmt.Errorf("sending to %v by UDP: %w", to.Addr, err)
		}
		return nil
	}
	s, err := n.stream(to)
	if err != nil {
		return err
	}
	return s.queue(data, failed)
}

// LocalAddr implements Transport.
func (n *Net) LocalAddr(to Destination) (netip.AddrPort, error) {
	port := n.port
	if to.Network == TLS && to.Addr.IsValid() {
		port = n.tlsPort(to)
	}
	if n.o.Local.IsValid() && !n.o.Local.IsUnspecified() {
		return netip.AddrPortFrom(n.o.Local.WithZone(""), port), nil
	}
	addr, err := n.ways.local(to.Addr)
	return netip.AddrPortFrom(addr, port), err
}

// Reset implements Transport. The sockets that listen stay: what is bound to
// all addresses is bound to those to come, too.
func (n *Net) Reset() {
	n.ways.forget()
	for _, s := range n.open() {
		s.end(errMoved)
	}
}

func (n *Net) open() []*stream {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Collect(maps.Values(n.streams))
}

// Close implements Transport.
func (n *Net) Close() error {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	open := n.open()
	n.stop()
	err := errors.Join(n.udp.Close(), n.tcp.Close())
	for _, s := range open {
		s.end(errClosed)
	}
	n.wg.Wait()
	return err
}

// deliver hands a packet on. A handler that panics must not take the listener
// with it: the next message may be the one that matters.
func (n *Net) deliver(p Packet) {
	defer func() {
		if r := recover(); r != nil {
			n.o.Log.Error("receiving a SIP message panicked", "from", p.From.Addr, "panic", r, "stack", string(debug.Stack()))
		}
	}()
	n.receiver.Receive(p)
}
