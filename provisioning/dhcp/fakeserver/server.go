package fakeserver

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"sync"
	"time"

	"deskset/provisioning/dhcp/internal/frame"
	"deskset/provisioning/link"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// Ports of DHCP (RFC 2131, 4.1).
const (
	portServer = 67
	portClient = 68
)

// stranger is the host that has the addresses of Duplicate.
var stranger = frame.MAC{2, 0, 0, 0, 0x79, 0xdd}

// Server is a DHCP server. Its methods may be called from any goroutine, Run
// once at a time.
type Server struct {
	o Options

	mu       sync.Mutex
	fault    Fault
	bindings map[frame.MAC]binding
	declined map[netip.Addr]bool
}

// binding is what a client has, or was offered.
type binding struct {
	address netip.Addr
	leased  bool
	ends    time.Time // zero for ever
}

// New gives a server without leases.
func New(o Options) *Server {
	o.complete()
	return &Server{o: o, fault: o.Fault, bindings: map[frame.MAC]binding{}, declined: map[netip.Addr]bool{}}
}

// SetFault makes the server ill, or with 0 well; its leases stay.
func (s *Server) SetFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Leases gives the addresses that are leased now, by hardware address.
func (s *Server) Leases() map[string]netip.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	leases := map[string]netip.Addr{}
	for mac, b := range maps.All(s.bindings) {
		if b.leased && b.holds(time.Now()) {
			leases[mac.String()] = b.address
		}
	}
	return leases
}

func (b binding) holds(now time.Time) bool { return b.ends.IsZero() || now.Before(b.ends) }

// Run serves until ctx ends (its error is no failure of Run, whose result is nil
// then) or the wire is closed.
func (s *Server) Run(ctx context.Context, wire link.Wire) error {
	self, ok := frame.Address(wire.MAC())
	if !ok {
		return errors.New("DHCP server: the wire has no Ethernet address")
	}
	var late sync.WaitGroup
	defer late.Wait()
	for {
		received, err := wire.Receive(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		answer := s.answer(self, received)
		if answer == nil {
			continue
		}
		if s.has(Slow) && !isARP(answer) {
			late.Go(func() { s.sendLate(ctx, wire, answer) })
			continue
		}
		if err := wire.Send(answer); errors.Is(err, link.ErrClosed) {
			return err
		}
	}
}

// sendLate sends after the delay, unless the server ends before.
func (s *Server) sendLate(ctx context.Context, wire link.Wire, answer []byte) {
	select {
	case <-ctx.Done():
	case <-time.After(s.o.Delay):
		if err := wire.Send(answer); err != nil {
			s.o.Log.Debug("DHCP server: answer not sent", "error", err)
		}
	}
}

func (s *Server) has(f Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault&f != 0
}

// answer is the frame that answers another, or nil.
func (s *Server) answer(self frame.MAC, received []byte) []byte {
	if arp, err := frame.ParseARP(received); err == nil {
		return s.answerARP(self, arp)
	}
	d, err := frame.ParseDatagram(received)
	if err != nil || d.Dst.Port() != portServer || s.has(Silent) {
		return nil
	}
	if to := d.Dst.Addr(); to != s.o.ID && to != s.o.Address.Addr() && to != broadcast {
		return nil
	}
	request, err := dhcpv4.FromBytes(d.Payload)
	if err != nil || request.OpCode != dhcpv4.OpcodeBootRequest {
		return nil
	}
	client, ok := frame.Address(request.ClientHWAddr)
	if !ok {
		return nil
	}
	reply := s.reply(client, request)
	if reply == nil {
		return nil
	}
	if s.o.Change != nil {
		s.o.Change(reply)
	}
	payload := reply.ToBytes()
	if s.has(Malformed) {
		payload = malform(payload)
	}
	s.o.Log.Debug("DHCP server answers", "client", client, "request", request.MessageType(), "answer", reply.MessageType(), "address", reply.YourIPAddr)
	return s.addressed(self, d.SrcMAC, request, reply, payload)
}

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// addressed says where an answer to a request that came from a host goes (RFC
// 2131, 4.1).
func (s *Server) addressed(self, from frame.MAC, request, reply *dhcpv4.DHCPv4, payload []byte) []byte {
	d := frame.Datagram{
		SrcMAC: self, DstMAC: frame.MAC(request.ClientHWAddr),
		Src: netip.AddrPortFrom(s.o.ID, portServer), Dst: netip.AddrPortFrom(broadcast, portClient),
		Payload: payload[:min(len(payload), frame.MaxPayload)],
	}
	held, _ := netip.AddrFromSlice(request.ClientIPAddr.To4())
	given, _ := netip.AddrFromSlice(reply.YourIPAddr.To4())
	switch {
	case reply.MessageType() == dhcpv4.MessageTypeNak:
		d.DstMAC = frame.Broadcast
	case held.IsValid() && !held.IsUnspecified():
		d.DstMAC = from // as ARP would find it
		d.Dst = netip.AddrPortFrom(held, portClient)
	case request.IsBroadcast():
		d.DstMAC = frame.Broadcast
	case given.IsValid():
		d.Dst = netip.AddrPortFrom(given, portClient)
	}
	return d.Bytes()
}

// answerARP answers for the server, the routers and, with Duplicate, the host
// that has the offered addresses.
func (s *Server) answerARP(self frame.MAC, arp frame.ARP) []byte {
	if arp.Operation != frame.Request {
		return nil
	}
	as := self
	switch {
	case arp.Target == s.o.Address.Addr():
	case contains(s.o.Routers, arp.Target):
	case s.has(Duplicate) && s.inPool(arp.Target):
		as = stranger
	default:
		return nil
	}
	reply := frame.ARP{Operation: frame.Reply, SenderMAC: as, Sender: arp.Target, TargetMAC: arp.SenderMAC, Target: arp.Sender}
	return reply.Frame(arp.SenderMAC)
}

func isARP(f []byte) bool {
	_, err := frame.ParseARP(f)
	return err == nil
}
