package sipua_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

// guarded is a phone that takes calls from servers only.
func guarded(o *sipua.Options) { o.OnlyFromServers = true }

// crowd are strangers, 192.0.2.128 and 198.51.100.x and up.
func crowd(t *testing.T, n *siptest.Network, size int) (list []*siptest.Peer) {
	for i := range size {
		list = append(list, siptest.NewPeer(t, n, fmt.Sprintf("198.51.%d.%d:5060", 100+i/250, 1+i%250)))
	}
	return list
}

func (p *phone) counts() (c sipua.Counts) {
	p.do(func() { c = p.agent.Counts() })
	return c
}

func (p *phone) rang() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.incoming)
}

// 10,000 INVITEs a second for three seconds from 1,000 sources: nothing rings,
// nothing grows, what is said back is less than what came in, and the server's
// call rings in the midst of it.
func TestFloodFromAThousandStrangersDoesNotKeepTheServersCallOut(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		server := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr, guarded)
		p.set(account(1, "1001"))
		server.Reply(server.Expect("REGISTER"), 200)
		time.Sleep(time.Second)
		sources := crowd(t, n, 1000)
		to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phoneAddr)}
		received := 0
		for ms := range 3000 {
			for i := range 10 {
				s := sources[(ms*10+i)%len(sources)]
				data := s.Request("INVITE", ourURI, siptest.SDP(peerSDP())).Encode()
				received += len(data)
				if err := s.SendRaw(to, data, nil); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Millisecond)
			if ms == 1500 {
				server.SendTo(phoneAddr, server.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
			}
		}
		ringing := server.Expect("180")
		time.Sleep(time.Second)
		if got := p.rang(); got != 1 {
			t.Errorf("%d calls rang, want the server's", got)
		}
		sent := 0
		for _, e := range n.Log() {
			if e.From.String() == phoneAddr && e.To.String() != proxyAddr {
				sent += len(e.Message.Encode())
			}
		}
		var transactions int
		p.do(func() { _, transactions = p.agent.Pending() })
		c := p.counts()
		t.Logf("%d bytes in, %d bytes out, %d transactions, %+v, %s", received, sent, transactions, c, ringing.Reason)
		if sent*10 > received || transactions > 10 {
			t.Errorf("%d bytes came, %d were sent; %d transactions", received, sent, transactions)
		}
		if c.Dropped+c.Refused != 30_000 || c.Refused > 1000 {
			t.Errorf("counted %+v", c)
		}
	})
}

func TestOneStrangersRequestsAreAnsweredUpToALimit(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr, guarded)
		p.set(plain(1, "1001"))
		s := siptest.NewPeer(t, n, peerAddr)
		for range 1000 {
			s.SendTo(phoneAddr, s.Request("OPTIONS", "sip:192.0.2.11"))
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		large, answers := 0, 0
		for _, e := range n.Log() {
			if e.From.String() != phoneAddr {
				continue
			}
			answers++
			if len(e.Message.Body) > 0 {
				large++
			}
		}
		if answers > 60 || large > 11 {
			t.Errorf("%d answers, %d with a body", answers, large)
		}
		// It may come back when it has calmed down.
		s.Drain()
		time.Sleep(time.Minute)
		s.SendTo(phoneAddr, s.Request("OPTIONS", "sip:192.0.2.11"))
		if m := s.Expect("200"); len(m.Body) == 0 {
			t.Error("no capabilities")
		}
	})
}

func TestWhoMayCall(t *testing.T) {
	open := func(*sipua.Options) {}
	for name, c := range map[string]struct {
		set     func(*sipua.Options)
		account sipua.Account
		alive   bool // a server answers
		want    string
	}{
		"a stranger where a server brings the calls":       {guarded, account(1, "1001"), true, "403"},
		"a stranger while no server answers":               {guarded, account(1, "1001"), false, "180"},
		"a stranger of a line without a server":            {guarded, sipua.Account{Line: 1, User: "1001"}, true, "180"},
		"a stranger if anybody may":                        {open, account(1, "1001"), true, "180"},
		"a stranger where the server is not registered at": {guarded, sipua.Account{Line: 1, User: "1001", Proxy: "192.0.2.1"}, true, "403"},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				proxy := siptest.NewProxy(n, proxyAddr)
				proxy.Users["1001"] = canary
				proxy.Transport().SetDown(!c.alive)
				p := newPhone(t, n, phoneAddr, quick, c.set).set(c.account)
				time.Sleep(10 * time.Second)
				stranger := siptest.NewPeer(t, n, peerAddr)
				call := func(want string) {
					t.Helper()
					stranger.SendTo(phoneAddr, stranger.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
					stranger.Expect(want)
				}
				call(c.want)
				if c.alive {
					return
				}
				// In the middle of a try nothing changes; once the server is back
				// the door is shut.
				for range 100 {
					time.Sleep(time.Second)
					p.do(func() {})
				}
				call("180")
				proxy.Transport().SetDown(false)
				time.Sleep(5 * time.Minute)
				stranger.Drain()
				stranger.SendTo(phoneAddr, stranger.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
				stranger.Await("403")
			})
		})
	}
}

func TestTLSLineBelievesTheConnectionOnly(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		server := siptest.NewPeer(t, n, "192.0.2.1:5061")
		server.Network = transport.TLS
		p := newPhone(t, n, phoneAddr, guarded)
		a := account(1, "1001")
		a.Network = "tls"
		p.set(a)
		server.Reply(server.Expect("REGISTER"), 200)
		time.Sleep(time.Second)
		server.SendTo(phoneAddr, server.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		server.Expect("180")
		forger := siptest.NewPeer(t, n, "192.0.2.1:5062") // its address, by a datagram
		forger.SendTo(phoneAddr, forger.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		forger.Expect("403")
	})
}

func TestEveryServerOfASetMayCall(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		siptest.NewProxy(n, proxyAddr)
		other := siptest.NewPeer(t, n, thirdAddr)
		p := newPhone(t, n, phoneAddr, guarded, func(o *sipua.Options) {
			o.Resolver = siptest.Names{"pbx.example.com": {proxyAddr, thirdAddr}}
		})
		a := account(1, "1001")
		a.Proxy = "pbx.example.com"
		p.set(a)
		time.Sleep(time.Second)
		other.SendTo(phoneAddr, other.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		other.Expect("180")
	})
}

func TestRubbishIsCounted(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr)
		s := siptest.NewPeer(t, n, peerAddr)
		to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phoneAddr)}
		for _, data := range []string{"rubbish", "\x00\x01\x00\x00", strings.Repeat("x", 60_000), "INVITE sip:x SIP/2.0\r\n\r\n"} {
			if err := s.SendRaw(to, []byte(data), nil); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		if c := p.counts(); c.Malformed != 4 {
			t.Errorf("%+v", c)
		}
	})
}
