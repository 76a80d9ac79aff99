package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// nameServers are those of the phone's own network; while there are none, the
// host's serve. Everything in the program that looks up a name does so through
// net.DefaultResolver, and so through here.
type nameServers struct {
	own atomic.Pointer[ownDNS]
}

type ownDNS struct {
	servers []netip.AddrPort
	domain  string
}

// maxDNSWait is how long one name server has before the next is asked (guide
// 2-13: DNS Server 1 to 5, in order), the first again after the last: a question
// or an answer may have been lost. The resolver ends it, after 5 s.
const maxDNSWait = time.Second

const dnsPort = 53

// use makes name servers the phone's.
func (n *nameServers) use(servers []netip.Addr, domain string) {
	if len(servers) == 0 {
		n.own.Store(nil)
		return
	}
	own := &ownDNS{domain: domain}
	for _, s := range servers {
		own.servers = append(own.servers, netip.AddrPortFrom(s, dnsPort))
	}
	n.own.Store(own)
}

// qualify completes a name without a dot with the domain of the phone's own
// network.
func (n *nameServers) qualify(name string) string {
	own := n.own.Load()
	if own == nil || own.domain == "" || strings.ContainsAny(name, ".:") {
		return name
	}
	return name + "." + own.domain
}

// resolver looks up names at the phone's name servers if it has any.
func (n *nameServers) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: n.dial}
}

func (n *nameServers) dial(ctx context.Context, network, address string) (net.Conn, error) {
	own := n.own.Load()
	var d net.Dialer
	if own == nil {
		return d.DialContext(ctx, network, address)
	}
	if strings.HasPrefix(network, "tcp") {
		return dialFirst(ctx, network, own.servers)
	}
	return newOrdered(ctx, network, own.servers)
}

func dialFirst(ctx context.Context, network string, servers []netip.AddrPort) (net.Conn, error) {
	var all error
	for _, s := range servers {
		d := net.Dialer{Timeout: maxDNSWait}
		conn, err := d.DialContext(ctx, network, s.String())
		if err == nil {
			return conn, nil
		}
		all = errors.Join(all, err)
	}
	return nil, all
}

// ordered is a datagram connection to the first of several name servers that
// answers: what was sent goes to the next one when nothing comes back, in turn.
// It is used by one goroutine, as the resolver does.
type ordered struct {
	net.Conn // to the present server
	ctx      context.Context
	network  string
	servers  []netip.AddrPort
	turn     int // how many were asked
	sent     []byte
	deadline time.Time
}

func newOrdered(ctx context.Context, network string, servers []netip.AddrPort) (net.Conn, error) {
	o := &ordered{ctx: ctx, network: network, servers: servers}
	return o, o.next()
}

// next turns to the next server. With one only, the connection stays, as its
// answer may just be late.
func (o *ordered) next() error {
	server := o.servers[o.turn%len(o.servers)]
	o.turn++
	if o.Conn != nil {
		if len(o.servers) == 1 {
			return nil
		}
		o.Conn.Close()
	}
	var d net.Dialer
	conn, err := d.DialContext(o.ctx, o.network, server.String())
	if err != nil {
		return err
	}
	o.Conn = conn
	return nil
}

// Write implements net.Conn.
func (o *ordered) Write(b []byte) (int, error) {
	o.sent = append(o.sent[:0], b...)
	return o.Conn.Write(b)
}

// SetDeadline implements net.Conn.
func (o *ordered) SetDeadline(t time.Time) error {
	o.deadline = t
	return o.Conn.SetDeadline(t)
}

// Read implements net.Conn.
func (o *ordered) Read(b []byte) (int, error) {
	for {
		until, last := time.Now().Add(maxDNSWait), false
		if !o.deadline.IsZero() && o.deadline.Before(until) {
			until, last = o.deadline, true
		}
		if err := o.Conn.SetReadDeadline(until); err != nil {
			return 0, err
		}
		n, err := o.Conn.Read(b)
		silent := errors.Is(err, os.ErrDeadlineExceeded)
		if err == nil || last && silent || !silent && o.turn >= len(o.servers) {
			return n, err
		}
		if err := o.next(); err != nil {
			return 0, err
		}
		if _, err := o.Conn.Write(o.sent); err != nil {
			return 0, err
		}
	}
}

// ReadFrom and WriteTo make it a packet connection, by which the resolver
// knows that there are datagrams.
func (o *ordered) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := o.Read(b)
	return n, o.RemoteAddr(), err
}

// WriteTo implements net.PacketConn.
func (o *ordered) WriteTo(b []byte, _ net.Addr) (int, error) { return o.Write(b) }
