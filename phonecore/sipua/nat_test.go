package sipua_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/stun"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

const (
	insideAddr  = "192.168.1.10:5060"
	outsideAddr = "203.0.113.7:40123"
)

// routed is a phone behind a router that gives it another address and port.
func routed(t *testing.T, nat sipua.NAT, f func(t *testing.T, n *siptest.Network, proxy *siptest.Proxy, p *phone)) {
	t.Helper()
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users["1001"] = canary
		p := newPhone(t, n, insideAddr, func(o *sipua.Options) {
			o.NAT = nat
			o.Resolver = siptest.Names{"router.example.com": {"203.0.113.99:1"}}
			n.Alias(outsideAddr, n.At(insideAddr))
			n.NAT(func(from netip.AddrPort) netip.AddrPort {
				if from == netip.MustParseAddrPort(insideAddr) {
					return netip.MustParseAddrPort(outsideAddr)
				}
				return from
			})
		})
		f(t, n, proxy, p)
	})
}

// registers lists the Contacts of all REGISTERs in turn, "-" before one that is
// taken away; what answers a challenge is not a further one.
func registers(n *siptest.Network) string {
	var list []string
	for _, e := range n.Log() {
		if e.Message.Method != "REGISTER" {
			continue
		}
		at := e.Message.Address("Contact").ParsedURI().HostPort()
		if e.Message.Header.Get("Expires") == "0" {
			at = "-" + at
		}
		if len(list) == 0 || list[len(list)-1] != at {
			list = append(list, at)
		}
	}
	return strings.Join(list, " ")
}

// The guide's later releases: "If the received tag is in the Via header of the
// 200 OK, the address is used in the Contact; the phone unregisters the old one
// and registers the new one."
func TestReceivedProcessingMovesTheContactOnce(t *testing.T) {
	routed(t, sipua.NAT{Received: true}, func(t *testing.T, n *siptest.Network, proxy *siptest.Proxy, p *phone) {
		proxy.Stamp = true
		p.set(account(1, "1001"))
		time.Sleep(time.Minute)
		if got := proxy.Registered("1001"); got != "sip:1001@"+outsideAddr {
			t.Errorf("registered as %q", got)
		}
		if got := registers(n); got != "192.168.1.10:5060 -192.168.1.10:5060 203.0.113.7:40123" {
			t.Errorf("REGISTERs of %s", got)
		}
		p.dial("1002")
		time.Sleep(10 * time.Millisecond)
		invite := lastSent(n, "INVITE")
		if body := string(invite.Body); !strings.Contains(body, "c=IN IP4 203.0.113.7") || !strings.Contains(invite.Header.Get("Contact"), outsideAddr) ||
			invite.Via().Host != "192.168.1.10" {
			t.Errorf("%s", invite.Encode())
		}
		before := len(n.Log())
		time.Sleep(50 * time.Minute)
		if got := len(n.Log()) - before; got > 20 {
			t.Errorf("%d messages in an hour", got)
		}
	})
}

// A router that gives another port each time is not chased for ever.
func TestReceivedProcessingGivesUpOnARouterThatNeverRests(t *testing.T) {
	routed(t, sipua.NAT{Received: true}, func(t *testing.T, n *siptest.Network, proxy *siptest.Proxy, p *phone) {
		port := uint16(40000)
		n.NAT(func(from netip.AddrPort) netip.AddrPort {
			if from.String() != insideAddr {
				return from
			}
			port++
			a := netip.AddrPortFrom(netip.MustParseAddr("203.0.113.7"), port)
			return a
		})
		for i := range 2000 {
			n.Alias(fmt.Sprintf("203.0.113.7:%d", 40000+i), n.At(insideAddr))
		}
		proxy.Stamp = true
		p.set(account(1, "1001"))
		time.Sleep(30 * time.Minute)
		if got := strings.Count(registers(n), ":"); got > 16 {
			t.Errorf("%d REGISTERs: %s", got, registers(n))
		}
		if p.reg().State != sipua.RegOK {
			t.Errorf("%+v", p.reg())
		}
	})
}

func TestNATAddressStandsInContactAndDescription(t *testing.T) {
	for _, host := range []string{"203.0.113.99", "router.example.com"} {
		routed(t, sipua.NAT{Address: host}, func(t *testing.T, n *siptest.Network, proxy *siptest.Proxy, p *phone) {
			n.NAT(nil)
			p.set(account(1, "1001"))
			time.Sleep(time.Second)
			if got := proxy.Registered("1001"); got != "sip:1001@203.0.113.99:5060" {
				t.Errorf("registered as %q", got)
			}
			p.dial("1002")
			time.Sleep(10 * time.Millisecond)
			invite := lastSent(n, "INVITE")
			if body := string(invite.Body); !strings.Contains(body, "c=IN IP4 203.0.113.99") || invite.Via().Host != "192.168.1.10" {
				t.Errorf("%s", invite.Encode())
			}
			p.do(func() { p.agent.SetNAT(sipua.NAT{}) })
			time.Sleep(time.Second)
			if got := proxy.Registered("1001"); got != "sip:1001@"+insideAddr {
				t.Errorf("then registered as %q", got)
			}
		})
	}
}

func TestSTUNTellsTheAddressBeforeTheFirstREGISTER(t *testing.T) {
	nat := sipua.NAT{STUN: "198.51.100.3", STUNPort: 3478}
	routed(t, nat, func(t *testing.T, n *siptest.Network, proxy *siptest.Proxy, p *phone) {
		server := newSTUN(n, "198.51.100.3:3478")
		p.set(account(1, "1001"))
		time.Sleep(2 * time.Second)
		if got := registers(n); got != outsideAddr {
			t.Errorf("REGISTERs of %s after %d questions", got, server.asked)
		}
		// The router has another idea.
		n.Alias("203.0.113.7:40999", n.At(insideAddr))
		n.NAT(func(from netip.AddrPort) netip.AddrPort {
			if from.String() == insideAddr {
				return netip.MustParseAddrPort("203.0.113.7:40999")
			}
			return from
		})
		time.Sleep(time.Minute)
		if got := proxy.Registered("1001"); got != "sip:1001@203.0.113.7:40999" {
			t.Errorf("registered as %q", got)
		}
	})
	// One that is silent costs two seconds and no more.
	routed(t, nat, func(t *testing.T, n *siptest.Network, proxy *siptest.Proxy, p *phone) {
		start := time.Now()
		p.set(account(1, "1001"))
		time.Sleep(3 * time.Second)
		if got := sent(n, start, "REGISTER", proxyAddr); got != "2 2" {
			t.Errorf("REGISTER at %s", got)
		}
	})
}

func TestKeepAlivesGoByTransportAndNeed(t *testing.T) {
	for name, c := range map[string]struct {
		network string
		nat     sipua.NAT
		routed  bool
		pings   int // in 10 minutes
		options int
	}{
		"datagrams without a router": {"udp", sipua.NAT{}, false, 0, 0},
		"datagrams behind a router":  {"udp", sipua.NAT{}, true, 22, 0}, // 26.1 s
		"a stream":                   {"tcp", sipua.NAT{}, false, 5, 0}, // 108 s
		"none":                       {"tcp", sipua.NAT{KeepAlive: "none"}, true, 0, 0},
		"as the parameter says":      {"udp", sipua.NAT{KeepAlive: "crlf", KeepAliveEvery: 10 * time.Second}, false, 59, 0},
		"by OPTIONS":                 {"udp", sipua.NAT{KeepAlive: "options", KeepAliveEvery: time.Minute}, false, 0, 9},
	} {
		t.Run(name, func(t *testing.T) {
			routed(t, c.nat, func(t *testing.T, n *siptest.Network, proxy *siptest.Proxy, p *phone) {
				if !c.routed {
					n.NAT(nil)
				}
				proxy.Stamp = true
				a := account(1, "1001")
				a.Network = c.network
				p.set(a)
				time.Sleep(10 * time.Minute)
				if got := n.Pings(proxyAddr); got != c.pings {
					t.Errorf("%d keep-alives, want %d", got, c.pings)
				}
				if got := len(strings.Fields(sent(n, time.Now(), "OPTIONS", proxyAddr))); got != c.options {
					t.Errorf("%d OPTIONS, want %d", got, c.options)
				}
			})
		})
	}
}

// A server that dies between two registrations is noticed by its silence.
func TestOPTIONSKeepAliveFindsTheDeadServer(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		first, second := siptest.NewProxy(n, proxyAddr), siptest.NewProxy(n, secondAddr)
		first.Users["1001"], second.Users["1001"] = canary, canary
		p := newPhone(t, n, phoneAddr, quick, func(o *sipua.Options) {
			o.NAT = sipua.NAT{KeepAlive: "options", KeepAliveEvery: 30 * time.Second}
		})
		p.set(backed())
		time.Sleep(time.Minute)
		first.Transport().SetDown(true)
		time.Sleep(40 * time.Second)
		p.wantServer(secondAddr, 1)
	})
}

// A stream whose far side is gone without a word is closed by the missing
// answer to a keep-alive, and the line registers by a new one.
func TestMissingPongBreaksTheFlow(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		first, second := siptest.NewProxy(n, proxyAddr), siptest.NewProxy(n, secondAddr)
		first.Users["1001"], second.Users["1001"] = canary, canary
		p := newPhone(t, n, phoneAddr, quick)
		a := backed()
		a.Network = "tcp"
		p.set(a)
		time.Sleep(time.Minute)
		first.Transport().SetDown(true)
		time.Sleep(2*time.Minute + 15*time.Second)
		p.wantServer(secondAddr, 1)
	})
}

// lastSent is the last request of a method.
func lastSent(n *siptest.Network, method string) (m *wire.Message) {
	for _, e := range n.Log() {
		if e.Message.Method == method {
			m = e.Message
		}
	}
	return m
}

// stunServer answers Binding requests.
type stunServer struct {
	t     *siptest.Transport
	asked int
}

func newSTUN(n *siptest.Network, addr string) *stunServer {
	s := &stunServer{t: n.Transport(addr)}
	s.t.Start(s)
	return s
}

func (s *stunServer) Receive(p transport.Packet) {
	s.asked++
	if reply := stun.Reply(p.Raw, p.From.Addr); reply != nil {
		_ = s.t.SendRaw(p.From, reply, nil)
	}
}
func (s *stunServer) Closed(transport.Destination, error) {}
func (s *stunServer) Trouble(error)                       {}
