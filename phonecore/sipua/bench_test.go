package sipua_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// turnAway refuses every call, so that each round ends at once.
type turnAway struct{}

func (turnAway) Registration(sipua.Registration)            {}
func (turnAway) Incoming(c *sipua.Call, _ sipua.Event) bool { c.Reject(486, ""); return false }
func (turnAway) Call(*sipua.Call, sipua.Event)              {}
func (turnAway) Trouble(error)                              {}

// benchAgent is an agent on loopback and a socket that talks to it.
func benchAgent(b *testing.B) (c *net.UDPConn, end func()) {
	loop := siptest.NewLoop(b)
	t, err := sipua.NewTransport(sipua.TransportOptions{Local: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		b.Fatal(err)
	}
	var agent *sipua.Agent
	var to netip.AddrPort
	loop.Do(func() {
		agent = sipua.New(sipua.Options{Post: loop.Post, Handler: turnAway{}, Transport: t})
		agent.SetAccount(plain(1, "1001"))
		to = agent.Contact(1).Addr
	})
	c, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		b.Fatal(err)
	}
	return c, func() {
		done := make(chan struct{})
		loop.Do(func() { agent.Shutdown(func() { close(done) }) })
		<-done
		c.Close()
	}
}

// INVITE received to first response sent, over real sockets on loopback, the
// way through the kernel included.
func BenchmarkInviteToResponse(b *testing.B) {
	const rounds = 500 // fewer than an agent remembers transactions
	c, end := benchAgent(b)
	buf := make([]byte, 4096)
	for i := range b.N {
		if i%rounds == rounds-1 {
			b.StopTimer()
			end()
			c, end = benchAgent(b)
			b.StartTimer()
		}
		id := transaction.Token()
		invite := "INVITE sip:1001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " + c.LocalAddr().String() + ";branch=z9hG4bK" + id +
			"\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:1001@127.0.0.1>\r\nCall-ID: " + id + "\r\nCSeq: 1 INVITE\r\nContact: <sip:x@127.0.0.1>\r\nContent-Type: application/sdp\r\n\r\n" + peerSDP()
		if _, err := c.Write([]byte(invite)); err != nil {
			b.Fatal(err)
		}
		if err := c.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
			b.Fatal(err)
		}
		n, err := c.Read(buf)
		if err != nil || !strings.HasPrefix(string(buf[:n]), "SIP/2.0 486 ") {
			b.Fatalf("%q %v", buf[:n], err)
		}
		ack := strings.Replace(strings.Replace(invite, "INVITE sip", "ACK sip", 1), "1 INVITE", "1 ACK", 1)
		if _, err := c.Write([]byte(ack)); err != nil {
			b.Fatal(err)
		}
	}
	end()
}

// REGISTER to 200, over real sockets on loopback. It comes on top of what the
// server takes.
func BenchmarkRegister(b *testing.B) {
	server, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := server.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			if m, err := wire.Parse(buf[:n]); err == nil {
				_, _ = server.WriteToUDPAddrPort(wire.NewResponse(m, 200, "", "t").Encode(), from)
			}
		}
	}()
	loop := siptest.NewLoop(b)
	t, err := sipua.NewTransport(sipua.TransportOptions{Local: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		b.Fatal(err)
	}
	heard := make(registrations, 1)
	var agent *sipua.Agent
	loop.Do(func() { agent = sipua.New(sipua.Options{Post: loop.Post, Handler: heard, Transport: t}) })
	port := server.LocalAddr().(*net.UDPAddr).Port
	for i := range b.N {
		loop.Do(func() {
			agent.SetAccount(sipua.Account{Line: 1, User: "1001", Proxy: "127.0.0.1", ProxyPort: port, Register: true, Expires: time.Duration(1000+i%2) * time.Second})
		})
		<-heard
	}
	b.StopTimer()
	done := make(chan struct{})
	loop.Do(func() { agent.Shutdown(func() { close(done) }) })
	<-done
	server.Close()
}

// registrations tells of each that has succeeded.
type registrations chan struct{}

func (registrations) Incoming(*sipua.Call, sipua.Event) bool { return false }
func (registrations) Call(*sipua.Call, sipua.Event)          {}
func (registrations) Trouble(error)                          {}

func (r registrations) Registration(n sipua.Registration) {
	if n.State == sipua.RegOK {
		r <- struct{}{}
	}
}
