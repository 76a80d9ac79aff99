package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

func TestChangedAccountWaitsUntilTheOldBindingIsGone(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users["1001"] = canary
		p := newPhone(t, n, phoneAddr, quick).set(account(1, "1001"))
		time.Sleep(time.Second)
		a := account(1, "1001")
		a.Domain = "192.0.2.1" // another address of record to us, the same to the server
		p.set(a)
		a.Expires = 5 * time.Minute
		p.set(a) // and again before the first is done
		time.Sleep(time.Second)
		if got, want := n.Flow(), "REGISTER 401 REGISTER 200 REGISTER 200 REGISTER 401 REGISTER 200"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if proxy.Registered("1001") == "" || p.reg().State != sipua.RegOK {
			t.Errorf("%+v", p.reg())
		}
		// A new password needs no farewell, and the same Call-ID goes on.
		a.Password = "another"
		proxy.Users["1001"] = "another"
		p.set(a)
		time.Sleep(time.Second)
		log := n.Log()
		before, after := log[6].Message, log[len(log)-2].Message
		if proxy.Registered("1001") == "" || after.CallID() != before.CallID() || after.Header.Get("Expires") != "300" {
			t.Errorf("%s", after.Encode())
		}
		// A dead server does not hold the change up for more than 2 s.
		proxy.Transport().SetDown(true)
		start := time.Now()
		second := siptest.NewProxy(n, secondAddr)
		a.Proxy, a.Domain = "192.0.2.2", ""
		p.set(a)
		time.Sleep(3 * time.Second)
		if got := sent(n, start, "REGISTER", secondAddr); got != "2" || second.Registered("1001") == "" {
			t.Errorf("REGISTER at %s", got)
		}
	})
}

func TestMovedHostRegistersItsNewAddressAndTakesTheOldOneAway(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, proxyAddr)
		var tr *siptest.Transport
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) { tr = o.Transport.(*siptest.Transport) }).set(account(1, "1001"))
		peer.Reply(peer.Expect("REGISTER"), 200)
		time.Sleep(time.Minute)
		tr.SetAddr("192.0.2.77:5060")
		start := time.Now()
		p.do(p.agent.Moved)
		// The old one goes first: to some servers Expires: 0 means all of them.
		m := peer.Expect("REGISTER")
		if got := m.Header.Get("Contact"); got != "<sip:1001@192.0.2.11:5060>" || m.Header.Get("Expires") != "0" {
			t.Errorf("%s", m.Encode())
		}
		peer.Reply(m, 200)
		m = peer.Expect("REGISTER")
		if got := time.Since(start); got > 2*time.Second || !strings.Contains(m.Header.Get("Contact"), "192.0.2.77") || m.Header.Get("Expires") != "3600" {
			t.Errorf("after %v: %s", got, m.Encode())
		}
		peer.Reply(m, 200)
		time.Sleep(time.Second)
		if got := p.regStates(1); got != "trying 0, ok 200, trying 0, ok 200" {
			t.Error(got)
		}
		// A server that does not answer it holds nothing up for long.
		tr.SetAddr("192.0.2.78:5060")
		p.do(p.agent.Moved)
		peer.Expect("REGISTER")
		for m = peer.Expect("REGISTER"); m.Header.Get("Expires") == "0"; {
			m = peer.Expect("REGISTER")
		}
		peer.Reply(m, 200)
		time.Sleep(time.Second)
		if got := p.reg(); got.State != sipua.RegOK {
			t.Errorf("%+v", got)
		}
		// One that is under way begins again, and nothing is left of it.
		p.do(p.agent.Moved)
		peer.Expect("REGISTER")
		p.do(p.agent.Moved)
		peer.Quiet(499 * time.Millisecond)
		peer.Reply(peer.Expect("REGISTER"), 200)
		peer.Quiet(time.Minute)
		if p.reg().State != sipua.RegOK {
			t.Errorf("%+v", p.reg())
		}
	})
}

func TestPasswordIsInNoMessageLogOrError(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users["1001"] = "another"
		var seen strings.Builder
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) {
			o.Trace = traceInto(&seen)
			o.Log = logInto(&seen)
		}).set(account(1, "1001"))
		time.Sleep(time.Minute)
		p.mu.Lock()
		fmt.Fprintf(&seen, "%+v %+v", p.regs, p.trouble)
		p.mu.Unlock()
		if strings.Contains(seen.String(), canary) {
			t.Error("the password is told")
		}
		if !strings.Contains(seen.String(), `response="masked"`) || strings.Contains(seen.String(), `response="0`) {
			t.Error("the answer to the challenge is not masked")
		}
	})
}
