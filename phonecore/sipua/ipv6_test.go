package sipua_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

// Registration, calls both ways and what stands in the messages, over IPv6: the
// brackets of Via, Contact and Request-URI, and none in the description (RFC 3261
// section 25.1, RFC 4566 section 5.7, RFC 5118).
func TestEverythingOverIPv6(t *testing.T) {
	const proxyV6, aliceV6, bobV6 = "[2001:db8::1]:5060", "[2001:db8::11]:5060", "[2001:db8::12]:5060"
	for _, network := range []string{"udp", "tcp", "tls"} {
		t.Run(network, func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				at := proxyV6
				if network == "tls" {
					at = "[2001:db8::1]:5061"
				}
				proxy := siptest.NewProxy(n, at)
				alice, bob := newPhone(t, n, aliceV6, guarded), newPhone(t, n, bobV6, guarded)
				for p, user := range map[*phone]string{alice: "1001", bob: "1002"} {
					a := account(1, user)
					a.Proxy, a.Network = "2001:db8::1", network
					p.set(a)
				}
				time.Sleep(time.Second)
				if got := proxy.Registered("1001"); !strings.HasPrefix(got, "sip:1001@[2001:db8::11]:5060") {
					t.Fatalf("registered as %q, %+v", got, alice.reg())
				}
				m := lastSent(n, "REGISTER")
				if !strings.HasPrefix(m.RequestURI, "sip:[2001:db8::1]") || !strings.Contains(m.Header.Get("Via"), " [2001:db8::1") || strings.Contains(m.Header.Get("Via"), "[[") {
					t.Errorf("%s", m.Encode())
				}
				c := alice.dial("1002")
				time.Sleep(time.Second)
				bob.answer()
				time.Sleep(time.Second)
				if e := alice.last(); e.State != sipua.CallConnected || alice.event(sipua.CallConnected).Media.Remote.Addr() != netip.MustParseAddr("2001:db8::12") {
					t.Fatalf("%+v", e)
				}
				if body := string(lastSent(n, "INVITE").Body); !strings.Contains(body, "c=IN IP6 2001:db8::11\r\n") {
					t.Errorf("%s", body)
				}
				alice.do(c.Hangup)
				time.Sleep(time.Second)
				bob.wantEnd(200, true)
			})
		})
	}
}

// event is the first event in a state that has media.
func (p *phone) event(state sipua.CallState) sipua.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if e.State == state && e.Media != nil {
			return e
		}
	}
	return sipua.Event{Media: &sdp.Agreed{}}
}

// The real sockets: a line registers at ::1 and calls itself through it.
func TestRealIPv6Sockets(t *testing.T) {
	l, err := net.ListenPacket("udp6", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here:", err)
	}
	l.Close()
	answers := make(chan *transport.Packet, 10)
	server, err := transport.New(transport.Options{Local: netip.IPv6Loopback()})
	if err != nil {
		t.Fatal(err)
	}
	server.Start(echo{server, answers})
	t.Cleanup(func() { server.Close() })
	for _, network := range []string{"udp", "tcp"} {
		tr, err := sipua.NewTransport(sipua.TransportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p := &phone{t: t, loop: siptest.NewLoop(t)}
		p.loop.Do(func() {
			p.agent = sipua.New(sipua.Options{Post: p.loop.Post, Handler: p, Transport: tr})
			a := sipua.Account{Line: 1, User: "1001", Proxy: "::1", ProxyPort: int(server.Port()), Network: network, Register: true}
			p.agent.SetAccount(a)
		})
		select {
		case got := <-answers:
			m := got.Message
			if m.Via().Host != "::1" && m.Via().Host != "[::1]" || m.Address("Contact").ParsedURI().Host != "[::1]" && m.Address("Contact").ParsedURI().Host != "::1" || got.From.Network != network {
				t.Errorf("%s", m.Encode())
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: no REGISTER: %+v", network, p.reg())
		}
		p.shutdown()
		for len(answers) > 0 {
			<-answers
		}
	}
}

// echo answers every request by 200.
type echo struct {
	n    *transport.Net
	told chan *transport.Packet
}

func (e echo) Receive(p transport.Packet) {
	if p.Message == nil || !p.Message.IsRequest() {
		return
	}
	select {
	case e.told <- &p:
	default:
	}
	res := wire.NewResponse(p.Message, 200, "", "echo")
	res.Header.Add("Expires", "3600")
	to := p.From
	to.Reply = to.Network != transport.UDP
	_ = e.n.Send(to, res, nil)
}
func (e echo) Closed(transport.Destination, error) {}
func (e echo) Trouble(error)                       {}
