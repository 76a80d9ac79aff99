package transport_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"deskset/phonecore/sipua/transport"
)

// closedPort is a UDP port that nobody listens on.
func closedPort(t *testing.T, host string) netip.AddrPort {
	t.Helper()
	c, err := net.ListenPacket("udp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Skipf("no %s here: %v", host, err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

func TestClosedPortIsToldByICMP(t *testing.T) {
	for _, c := range []struct{ local, host string }{{"127.0.0.1", "127.0.0.1"}, {"::1", "::1"}, {"", "127.0.0.1"}, {"", "::1"}} {
		t.Run(c.local+" to "+c.host, func(t *testing.T) {
			to := closedPort(t, c.host)
			o := transport.Options{}
			if c.local != "" {
				o.Local = netip.MustParseAddr(c.local)
			}
			n, err := transport.New(o)
			if err != nil {
				t.Skip(err)
			}
			e := &closings{told: make(chan transport.Destination, 10), errs: make(chan error, 10)}
			n.Start(e)
			defer n.Close()
			if err := n.Send(transport.Destination{Network: transport.UDP, Addr: to}, options("x"), nil); err != nil {
				t.Fatal(err)
			}
			if got := wait(t, e.told, "word of the closed port"); got.Addr != to || got.Network != transport.UDP {
				t.Errorf("%+v, want %v", got, to)
			}
			if err := wait(t, e.errs, "cause"); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Error(err)
			}
		})
	}
}

// An ICMP error about one address must not cost a message to another.
func TestClosedPortDisturbsNobodyElse(t *testing.T) {
	a, _ := start(t, transport.Options{})
	b, bEar := start(t, transport.Options{})
	to := closedPort(t, "127.0.0.1")
	for i := range 50 {
		if err := a.Send(transport.Destination{Network: transport.UDP, Addr: to}, options("lost"), nil); err != nil {
			t.Fatal(err)
		}
		if err := a.Send(at(transport.UDP, b.Port()), options(fmt.Sprint(i)), nil); err != nil {
			t.Fatal(err)
		}
		if p := wait(t, bEar.packets, "message"); p.Message.CallID() != fmt.Sprint(i) {
			t.Errorf("%d: %+v", i, p)
		}
	}
}

// closings keeps what is told of destinations.
type closings struct {
	told chan transport.Destination
	errs chan error
}

func (c *closings) Receive(transport.Packet) {}
func (c *closings) Trouble(error)            {}
func (c *closings) Closed(to transport.Destination, err error) {
	c.told <- to
	c.errs <- err
}
