package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

const instance = "urn:uuid:00000000-0000-1000-8000-00503effd842"

func flowing(o *sipua.Options) {
	o.Instance, o.Outbound, o.GRUU = sipua.Instance("00503EFFD842"), true, true
}

func TestOutboundProxyIsTheNextHopOfAllRequests(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		out := siptest.NewPeer(t, n, "192.0.2.5:5065")
		p := newPhone(t, n, phoneAddr)
		a := account(1, "1001")
		a.Proxy, a.Outbound, a.Emergency = "pbx.example.com", sipua.Server{Host: "192.0.2.5", Port: 5065}, sipua.Server{Host: "192.0.2.99"}
		p.set(a)
		register := out.Expect("REGISTER")
		if register.RequestURI != "sip:pbx.example.com" || register.To().URI != "sip:1001@pbx.example.com" || register.Header.Has("Route") {
			t.Errorf("%s", register.Encode())
		}
		out.Reply(register, 200)
		time.Sleep(time.Second)
		for target, uri := range map[string]string{"1002": "sip:1002@pbx.example.com", "bob@192.0.2.12": "sip:bob@192.0.2.12"} {
			c := p.dial(target)
			invite := out.Expect("INVITE")
			if invite.RequestURI != uri {
				t.Errorf("%s: %s", target, invite.RequestURI)
			}
			out.Reply(invite, 200, siptest.SDP(peerSDP()), siptest.With("Contact", "<sip:bob@192.0.2.12>"))
			out.Expect("ACK")
			p.do(c.Hangup)
			out.Reply(out.Expect("BYE"), 200)
			time.Sleep(time.Second)
		}
		// Its calls are a server's.
		out.SendTo(phoneAddr, out.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		out.Expect("180")
		// Help is called without it.
		help := siptest.NewPeer(t, n, "192.0.2.99:5060")
		p.dial("sip:112@192.0.2.99")
		help.Reply(help.Expect("INVITE"), 486)
		help.Expect("ACK")
	})
}

func TestDirectCallGoesRoundADeadOutboundProxy(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, peerAddr)
		p := newPhone(t, n, phoneAddr, quick)
		a := account(1, "1001")
		a.Outbound = sipua.Server{Host: "192.0.2.5"}
		p.set(a)
		time.Sleep(10 * time.Second)
		p.dial("bob@192.0.2.12")
		peer.Reply(peer.Expect("INVITE"), 486)
		peer.Expect("ACK")
	})
}

func TestRegistrationNamesInstrumentAndFlow(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users["1001"] = canary
		proxy.Grant = []wire.Field{{Name: "Require", Value: "outbound"}, {Name: "Flow-Timer", Value: "60"}}
		proxy.GRUU = "sip:1001@192.0.2.1;gr=" + instance
		p := newPhone(t, n, phoneAddr, flowing)
		a := account(1, "1001")
		a.Network = "tcp"
		p.set(a)
		time.Sleep(time.Second)
		m := lastSent(n, "REGISTER")
		contact := m.Address("Contact")
		if id, _ := contact.Params.Get("+sip.instance"); wire.Unquote(id) != "<"+instance+">" {
			t.Errorf("%s", m.Encode())
		}
		if id, _ := contact.Params.Get("reg-id"); id != "1" || m.Header.Get("Supported") != "path, outbound, gruu" {
			t.Errorf("%s", m.Encode())
		}
		p.dial("1002")
		time.Sleep(10 * time.Millisecond)
		if got := lastSent(n, "INVITE").Header.Get("Contact"); got != "<"+proxy.GRUU+">" {
			t.Errorf("Contact %s", got)
		}
		time.Sleep(10 * time.Minute) // 54 s each
		if got := n.Pings(proxyAddr); got != 11 {
			t.Errorf("%d keep-alives", got)
		}
	})
	virtual(t, func(t *testing.T, n *siptest.Network) { // without GRUU
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users["1001"] = canary
		proxy.Grant = []wire.Field{{Name: "Require", Value: "outbound"}}
		p := newPhone(t, n, phoneAddr, flowing).set(account(1, "1001"))
		time.Sleep(time.Second)
		p.dial("1002")
		time.Sleep(10 * time.Millisecond)
		if got := lastSent(n, "INVITE").Header.Get("Contact"); got != "<sip:1001@192.0.2.11:5060;ob>" {
			t.Errorf("Contact %s", got)
		}
	})
}

func TestFirstHopWithoutOutboundIsDoneWithout(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		server := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr, flowing).set(account(1, "1001"))
		server.Reply(server.Expect("REGISTER"), 439)
		again := server.Expect("REGISTER")
		if strings.Contains(again.Header.Get("Contact"), "reg-id") || strings.Contains(again.Header.Get("Supported"), "outbound") {
			t.Errorf("%s", again.Encode())
		}
		server.Reply(again, 200)
		time.Sleep(time.Second)
		if p.reg().State != sipua.RegOK {
			t.Errorf("%+v", p.reg())
		}
	})
}

// RFC 5626 section 4.5: 30 s, doubled with each failure, half of it chance, half
// an hour at most.
func TestFailedFlowBacksOff(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Grant = []wire.Field{{Name: "Require", Value: "outbound"}}
		p := newPhone(t, n, phoneAddr, quick, flowing)
		a := account(1, "1001")
		a.Expires = time.Minute
		p.set(a)
		time.Sleep(time.Second)
		proxy.Transport().SetDown(true)
		var waits []time.Duration
		for range 8 * 3600 {
			time.Sleep(time.Second)
			if r := p.reg(); r.State == sipua.RegFailed && (len(waits) == 0 || waits[len(waits)-1] != r.Retry) {
				waits = append(waits, r.Retry)
			}
		}
		want := []time.Duration{22500, 45_000, 90_000, 180_000, 360_000, 720_000, 1_350_000}
		for i, w := range want {
			if i >= len(waits) || waits[i] != w*time.Millisecond {
				t.Fatalf("waits %v", waits)
			}
		}
		if len(waits) != len(want) {
			t.Errorf("waits %v", waits)
		}
	})
}

// Whatever happens, a line does not begin to register more often than Pace says:
// not by changes of the network, and not by restarts of the phone either.
func TestRegistersComeInNoBurst(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		pace := sipua.NewPace()
		start := time.Now()
		for restart := range 5 {
			p := newPhone(t, n, phoneAddr, func(o *sipua.Options) { o.Pace = pace }).set(account(1, "1001"))
			for range 50 {
				p.do(func() { p.agent.Moved(); p.agent.Register(1) })
				time.Sleep(100 * time.Millisecond)
			}
			time.Sleep(6 * time.Second) // what was put off comes
			if proxy.Registered("1001") == "" {
				t.Errorf("restart %d: not registered", restart)
			}
			p.shutdown()
		}
		took := time.Since(start)
		begun := 0
		for _, e := range n.Log() {
			if e.Message.Method == "REGISTER" && e.Message.Header.Get("Expires") != "0" {
				begun++
			}
		}
		if most := 4 + int(took/(5*time.Second)); begun > most || begun < 8 {
			t.Errorf("%d REGISTERs in %v, at most %d wanted", begun, took, most)
		}
	})
}
