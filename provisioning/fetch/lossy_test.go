package fetch

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
)

// lossy is a path to a TFTP server on loopback that drops datagrams both ways.
// As the server answers from a port of each transfer, so does the path. Each path
// has an address of its own: ports come again soon where a hundred phones start at
// once, and what one path still repeats must not look like another's first block.
type lossy struct {
	t      testing.TB
	ip     net.IP
	front  *net.UDPConn
	server netip.AddrPort
	drop   func() bool

	mu    sync.Mutex
	conns []*net.UDPConn
	run   sync.WaitGroup
}

// losing drops a share of the datagrams, by a seed.
func losing(share float64, seed uint64) func() bool {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 0))
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		return random.Float64() < share
	}
}

// paths counts them.
var paths atomic.Uint32

// lossyPath gives the address that stands for the server's.
func lossyPath(t testing.TB, server netip.AddrPort, drop func() bool) (at netip.AddrPort, end func()) {
	n := paths.Add(1)
	l := &lossy{t: t, ip: net.IPv4(127, 0, 1+byte(n/250%250), 1+byte(n%250)), server: server, drop: drop}
	l.front = l.listen()
	l.run.Go(l.clients)
	return address(l.front), func() {
		l.mu.Lock()
		for _, c := range l.conns {
			c.Close()
		}
		l.mu.Unlock()
		l.run.Wait()
	}
}

func address(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

func loopback(t testing.TB) *net.UDPConn { return bound(t, net.IPv4(127, 0, 0, 1)) }

func bound(t testing.TB, ip net.IP) *net.UDPConn {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: ip})
	if err != nil {
		t.Error(err)
		panic(err)
	}
	return conn
}

func (l *lossy) listen() *net.UDPConn {
	conn := bound(l.t, l.ip)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, conn)
	return conn
}

// clients takes requests, and gives each client a socket towards the server.
func (l *lossy) clients() {
	backs := map[netip.AddrPort]*net.UDPConn{}
	l.receive(l.front, func(b []byte, client netip.AddrPort) {
		back, ok := backs[client]
		if !ok {
			back = l.listen()
			backs[client] = back
			l.run.Go(func() { l.transfers(client, back) })
		}
		back.WriteToUDPAddrPort(b, l.server)
	})
}

// transfers gives each port of the server a socket towards the client.
func (l *lossy) transfers(client netip.AddrPort, back *net.UDPConn) {
	fronts := map[netip.AddrPort]*net.UDPConn{}
	l.receive(back, func(b []byte, transfer netip.AddrPort) {
		front, ok := fronts[transfer]
		if !ok {
			front = l.listen()
			fronts[transfer] = front
			l.run.Go(func() {
				l.receive(front, func(b []byte, _ netip.AddrPort) { back.WriteToUDPAddrPort(b, transfer) })
			})
		}
		front.WriteToUDPAddrPort(b, client)
	})
}

func (l *lossy) receive(conn *net.UDPConn, pass func(b []byte, from netip.AddrPort)) {
	buffer := make([]byte, 1<<16)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		if !l.drop() {
			pass(buffer[:n], from)
		}
	}
}
