package transport

import (
	"context"
	"net/netip"

	"deskset/phonecore/sipua/wire"
)

// Networks that a message can travel by.
const (
	UDP = "udp"
	TCP = "tcp"
	TLS = "tls"
)

// Reliable tells whether a network needs no retransmission (RFC 3261 section
// 17.1.1.2).
func Reliable(network string) bool { return network != UDP }

// DefaultPort is 5060, or 5061 for TLS (RFC 3261 section 19.1.2).
func DefaultPort(network string) uint16 {
	if network == TLS {
		return 5061
	}
	return 5060
}

// Destination is where a message goes to, or has come from.
type Destination struct {
	Network string
	Addr    netip.AddrPort
	// Host is the name that Addr was found by; TLS checks it against the
	// server's certificate. Empty means the address itself.
	Host string
	// Reply forbids to open a connection: a response goes back on the
	// connection that its request came by (RFC 3261 section 18.2.2).
	Reply bool
	// Passing takes a connection for the length of one message only: one that is
	// opened for it ends when it has been silent for a while, unless somebody has
	// a lasting use for it by then. It is no part of where the destination is.
	Passing bool
}

// Packet is one received message.
type Packet struct {
	From Destination
	// Message is nil if the bytes were no message that can be answered.
	Message *wire.Message
	// Err says what is wrong with a request that could only be salvaged: it
	// deserves a 400 and no more. See wire.Parse.
	Err error
	// Raw is what was received, for the wire log. It may be nil, and belongs
	// to the receiver.
	Raw []byte
}

// Receiver is told what happens; its methods may be called from any goroutine
// and must not block.
type Receiver interface {
	Receive(Packet)
	// Closed tells that a connection to a destination has ended; by UDP, that
	// ICMP says it cannot be reached (RFC 3261 section 18.4).
	Closed(to Destination, err error)
	// Trouble tells of a port in use and the like.
	Trouble(error)
}

// Transport carries messages. The real one is made by New; package siptest has
// one for virtual time. Methods may be called from any goroutine and do not
// block.
type Transport interface {
	// Start begins to deliver what arrives. It is called once.
	Start(Receiver)
	// Send sends one message. An error that shows at once is returned; one
	// that shows later (connection refused) is given to failed, which may be
	// nil and is called from any goroutine at most once.
	Send(to Destination, m *wire.Message, failed func(error)) error
	// LocalAddr is our address towards a destination, as the far side sees it
	// without a NAT between, and the port that we listen on: what goes into
	// Via, Contact and SDP. With an invalid address in the destination it is
	// the address of the default route.
	LocalAddr(to Destination) (netip.AddrPort, error)
	// Reset breaks all connections: the host has another address, or has slept,
	// and they lead nowhere. New ones are opened as they are needed.
	Reset()
	// Close ends all sockets and goroutines and waits for them.
	Close() error
}

// Target is a server before its name is resolved.
type Target struct {
	// Network is empty if the URI leaves it open.
	Network string
	Host    string // name or address
	Port    uint16 // 0: what DNS says, or the default
}

// Resolver finds the addresses of a target, best first. It may block until ctx
// ends.
type Resolver interface {
	Resolve(ctx context.Context, t Target) ([]Destination, error)
}
