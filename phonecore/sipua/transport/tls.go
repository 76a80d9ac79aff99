package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
)

func (s *stream) secure(ctx context.Context, c net.Conn) (net.Conn, error) {
	host := s.to.Host
	if host == "" {
		host = s.to.Addr.Addr().String()
	}
	config := s.n.o.Trust.config(host)
	secured := tls.Client(c, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, err
	}
	s.mu.Lock()
	s.verified = true
	s.mu.Unlock()
	return secured, nil
}

// dial connects, from the planned port if there is one.
func (s *stream) dial(ctx context.Context) (net.Conn, error) {
	s.n.mu.Lock()
	port := s.n.planned[streamKey{s.to.Network, s.to.Addr}]
	s.n.mu.Unlock()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: s.n.o.Local.AsSlice(), Port: int(port)}}
	c, err := d.DialContext(ctx, "tcp", s.to.Addr.String())
	var call *os.SyscallError
	if port != 0 && errors.As(err, &call) && call.Syscall == "bind" {
		// Somebody took the port first; the next registration has the right
		// Contact.
		d.LocalAddr = nil
		c, err = d.DialContext(ctx, "tcp", s.to.Addr.String())
	}
	return c, err
}

// maxPlanned bounds what LocalAddr can make us remember.
const maxPlanned = 64

// tlsPort is the local port of the connection to a TLS server, chosen before
// it is opened. We have no certificate to accept connections with, so Contact
// must name the one connection that there is: then the server's requests come
// back over it.
func (n *Net) tlsPort(to Destination) uint16 {
	key := streamKey{to.Network, to.Addr}
	n.mu.Lock()
	defer n.mu.Unlock()
	if s := n.streams[key]; s != nil {
		s.mu.Lock()
		c := s.conn
		s.mu.Unlock()
		if c != nil {
			return c.LocalAddr().(*net.TCPAddr).AddrPort().Port()
		}
	}
	if port := n.planned[key]; port != 0 {
		return port
	}
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: n.o.Local.AsSlice()})
	if err != nil {
		return n.port
	}
	defer func() { _ = l.Close() }() // nobody has connected
	if len(n.planned) >= maxPlanned {
		clear(n.planned)
	}
	n.planned[key] = l.Addr().(*net.TCPAddr).AddrPort().Port()
	return n.planned[key]
}
