package sipua_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

func TestRegistersWithDigestAndRefreshesBeforeTheEnd(t *testing.T) {
	for _, algorithm := range []string{"", "MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess"} {
		t.Run(algorithm, func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				proxy := siptest.NewProxy(n, proxyAddr)
				proxy.Users["1001"] = canary
				proxy.Algorithm = algorithm
				p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
				time.Sleep(time.Second)
				r := p.reg()
				if r.State != sipua.RegOK || r.Expires != time.Hour || r.Server != proxyAddr || r.Took != 4*time.Millisecond {
					t.Fatalf("%+v", r)
				}
				if got := proxy.Registered("1001"); got != "sip:1001@192.0.2.11:5060" {
					t.Errorf("registered as %q", got)
				}
				// timer_register_delta: 5 s before the end, with the nonce still in hand.
				time.Sleep(time.Hour - 5*time.Second - time.Second)
				if got := n.Flow(); got != "REGISTER 401 REGISTER 200" {
					t.Fatalf("before the refresh: %s", got)
				}
				time.Sleep(10 * time.Millisecond)
				if got := n.Flow(); got != "REGISTER 401 REGISTER 200 REGISTER 200" {
					t.Errorf("after the refresh: %s", got)
				}
				if got := p.regStates(1); got != "trying 0, ok 200" {
					t.Errorf("a refresh is quiet: %s", got)
				}
				log := n.Log()
				first, last := log[0].Message, log[4].Message
				if first.CallID() != last.CallID() || last.Header.Get("CSeq") != "3 REGISTER" {
					t.Errorf("Call-ID %q %q, CSeq %q", first.CallID(), last.CallID(), last.Header.Get("CSeq"))
				}
				if !strings.Contains(last.Header.Get("Authorization"), "nc=00000002") {
					t.Errorf("the nonce is counted: %s", last.Header.Get("Authorization"))
				}
			})
		})
	}
}

func TestWrongPasswordStopsAfterThreeTries(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		siptest.NewProxy(n, proxyAddr).Users["1001"] = "another"
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		time.Sleep(24 * time.Hour)
		if got, want := n.Flow(), "REGISTER 401"+strings.Repeat(" REGISTER 401", 3); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if r := p.reg(); r.State != sipua.RegRejected || r.Code != 401 || r.Attempts != 3 {
			t.Errorf("%+v", r)
		}
		// It begins again when the account changes.
		a := account(1, "1001")
		a.Password = "another"
		p.set(a)
		time.Sleep(time.Second)
		if r := p.reg(); r.State != sipua.RegOK {
			t.Errorf("%+v", r)
		}
	})
}

func TestDeadServerIsTriedAgainWithBackOff(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Transport().SetDown(true)
		start := time.Now()
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) {
			o.Timers = sipua.Timers{T1: 500 * time.Millisecond, T2: 4 * time.Second, Retx: 2}
		}).set(account(1, "1001"))
		time.Sleep(10 * time.Minute)
		// T1 500 ms, T2 4 s, two retransmissions, then 1 s more: 2.5 s in all;
		// jitter in the middle: 3, 6, 12, 24 ... 225 s.
		var want []string
		at := 0.0
		for _, wait := range []float64{3, 6, 12, 24, 48, 96, 192, 225} {
			for _, retransmission := range []float64{0, 0.5, 1.5} {
				if at+retransmission < 600 {
					want = append(want, fmt.Sprintf("%.1f", at+retransmission))
				}
			}
			at += 2.5 + wait
		}
		var got []string
		for _, e := range n.Log() {
			got = append(got, fmt.Sprintf("%.1f", e.At.Sub(start).Seconds()))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("REGISTER at\n%v, want\n%v", got, want)
		}
		if !strings.HasPrefix(p.regStates(1), "trying 0, failed 408, trying 0, failed 408") {
			t.Error(p.regStates(1))
		}
		proxy.Transport().SetDown(false)
		time.Sleep(5 * time.Minute)
		if p.reg().State != sipua.RegOK {
			t.Errorf("%+v", p.reg())
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		peer.Reply(peer.Expect("REGISTER"), 503, siptest.With("Retry-After", "120 (back soon)"))
		time.Sleep(10 * time.Millisecond)
		if r := p.reg(); r.State != sipua.RegFailed || r.Code != 503 || r.Retry != 2*time.Minute {
			t.Errorf("%+v", r)
		}
		peer.Quiet(119 * time.Second)
		peer.Reply(peer.Expect("REGISTER"), 200, siptest.With("Expires", "60"))
		peer.Quiet(54 * time.Second)
		peer.Reply(peer.Expect("REGISTER"), 200)
		time.Sleep(10 * time.Millisecond)
	})
}

func TestIntervalTooBriefIsRaised(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, proxyAddr)
		a := account(1, "1001")
		a.Expires = time.Minute
		newPhone(t, n, phoneAddr).set(a)
		peer.Reply(peer.Expect("REGISTER"), 423, siptest.With("Min-Expires", "600"))
		m := peer.Expect("REGISTER")
		if got := m.Header.Get("Expires"); got != "600" {
			t.Errorf("Expires %q", got)
		}
		peer.Reply(m, 200, siptest.With("Expires", "600"))
		time.Sleep(time.Second)
	})
}

func TestGrantedTimeIsOurContacts(t *testing.T) {
	for name, c := range map[string]struct {
		contact, expires string
		want             time.Duration
	}{
		"ours among others":      {`<sip:1001@192.0.2.99>;expires=20, "x" <sip:1001@192.0.2.11:5060;line=3>;expires=600`, "30", 10 * time.Minute},
		"no expires parameter":   {`<sip:1001@192.0.2.11>`, "900", 15 * time.Minute},
		"not listed":             {``, "900", 15 * time.Minute},
		"neither":                {``, "", time.Hour},
		"absurd":                 {`<sip:1001@192.0.2.11>;expires=99999999999999999999`, "", (1<<32 - 1) * time.Second},
		"escaped, default port":  {`<sip:%31001@192.0.2.11>;expires=77`, "30", 77 * time.Second},
		"as the NAT shows us":    {`<sip:1001@203.0.113.5:40000>;expires=120`, "", 2 * time.Minute},
		"two behind the NAT":     {`<sip:1001@203.0.113.5:40000>;expires=120, <sip:1001@203.0.113.5:40001>;expires="60"`, "", time.Minute},
		"NAT and Expires":        {`<sip:1001@203.0.113.5:40000>;expires=20`, "120", 2 * time.Minute},
		"somebody else's":        {`<sip:other@203.0.113.5:40000>;expires=20`, "", time.Hour},
		"garbage among contacts": {`rubbish, sip:, <sip:1001@192.0.2.11:5060>;expires=55`, "30", 55 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				peer := siptest.NewPeer(t, n, proxyAddr)
				p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
				peer.Reply(peer.Expect("REGISTER"), 200, siptest.With("Contact", c.contact), siptest.With("Expires", c.expires))
				time.Sleep(10 * time.Millisecond)
				if r := p.reg(); r.State != sipua.RegOK || r.Expires != c.want {
					t.Errorf("%+v, want %v", r, c.want)
				}
			})
		})
	}
}

func TestShortRegistrationIsRefreshedAtHalfOfIt(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, proxyAddr)
		newPhone(t, n, phoneAddr).set(account(1, "1001"))
		peer.Reply(peer.Expect("REGISTER"), 200, siptest.With("Expires", "8"))
		peer.Quiet(3990 * time.Millisecond)
		peer.Reply(peer.Expect("REGISTER"), 200, siptest.With("Expires", "1"))
		peer.Quiet(990 * time.Millisecond) // never a storm
		peer.Reply(peer.Expect("REGISTER"), 200)
		time.Sleep(time.Second)
	})
}

func TestRefusalsAreAskedAgainAtLength(t *testing.T) {
	for _, status := range []int{403, 404, 405, 416, 420, 501, 600, 603} {
		virtual(t, func(t *testing.T, n *siptest.Network) {
			peer := siptest.NewPeer(t, n, proxyAddr)
			p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
			// 10 min, doubled up to 2 h, half of it chance (here: a quarter).
			for _, minutes := range []float64{7.5, 15, 30, 60, 90, 90} {
				peer.Reply(peer.Expect("REGISTER"), status)
				wait := time.Duration(minutes * float64(time.Minute))
				peer.Quiet(wait)
				if r := p.reg(); r.State != sipua.RegRejected || r.Code != status || r.Retry != wait {
					t.Errorf("%d: %+v, want it again in %v", status, r, wait)
				}
			}
			peer.Reply(peer.Expect("REGISTER"), 200)
			time.Sleep(time.Second)
			if r := p.reg(); r.State != sipua.RegOK {
				t.Errorf("%d: %+v", status, r)
			}
		})
	}
}

func TestStaleNonceIsReplacedQuietlyButNotForEver(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		challenge := func(nonce string, stale bool) siptest.Option {
			return siptest.With("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="%s", stale=%v`, nonce, stale))
		}
		peer.Reply(peer.Expect("REGISTER"), 401, challenge("a", false))
		peer.Reply(peer.Expect("REGISTER"), 401, challenge("b", true))
		m := peer.Expect("REGISTER")
		if !strings.Contains(m.Header.Get("Authorization"), `nonce="b"`) || strings.Contains(m.Header.Get("Authorization"), "qop") {
			t.Errorf("RFC 2069 answer to the new nonce: %s", m.Header.Get("Authorization"))
		}
		peer.Reply(m, 200, siptest.With("Expires", "60"))
		time.Sleep(10 * time.Millisecond)
		if p.reg().State != sipua.RegOK {
			t.Errorf("%+v", p.reg())
		}
		for range 4 { // refresh, then the server never likes a nonce
			peer.Reply(peer.Expect("REGISTER"), 401, challenge("c", true))
		}
		time.Sleep(10 * time.Millisecond)
		if r := p.reg(); r.State != sipua.RegFailed {
			t.Errorf("%+v", r)
		}
	})
}

func TestSeveralRealmsAreAllAnsweredAndEndlessOnesAreNot(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		peer := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		peer.Reply(peer.Expect("REGISTER"), 407, siptest.With("Proxy-Authenticate", `Digest realm="p", nonce="1"`))
		peer.Reply(peer.Expect("REGISTER"), 401, siptest.With("WWW-Authenticate", `Digest realm="r", nonce="2"`))
		m := peer.Expect("REGISTER")
		if !m.Header.Has("Authorization") || !m.Header.Has("Proxy-Authorization") {
			t.Errorf("%s", m.Encode())
		}
		count := 1
		for ; count < 50; count++ {
			peer.Reply(m, 401, siptest.With("WWW-Authenticate", fmt.Sprintf(`Digest realm="r%d", nonce="2"`, count)))
			time.Sleep(10 * time.Millisecond)
			if p.reg().State != sipua.RegTrying {
				break
			}
			m = peer.Expect("REGISTER")
		}
		if count > 5 {
			t.Errorf("%d realms were answered", count)
		}
	})
}

func TestTwoLinesWithTheirOwnAccountsOnOneProxy(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users = map[string]string{"1001": canary, "1002": "second"}
		second := account(2, "1002")
		second.Password = "second"
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"), second)
		time.Sleep(time.Second)
		if proxy.Registered("1001") == "" || proxy.Registered("1002") == "" {
			t.Error(p.regStates(1), p.regStates(2))
		}
		// The second line calls the first through the proxy.
		var err error
		p.do(func() { _, err = p.agent.Dial(2, "1001", media()) })
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if c := p.answer(); c.Line() != 1 || c.Peer().User != "1002" {
			t.Errorf("line %d, peer %+v", c.Line(), c.Peer())
		}
		time.Sleep(time.Second)
		p.do(p.lastIncoming().Hangup)
		time.Sleep(time.Second)
		p.mu.Lock()
		defer p.mu.Unlock()
		ended := 0
		for _, e := range p.events {
			if e.State == sipua.CallEnded && e.Code == 200 {
				ended++
			}
		}
		if ended != 2 {
			t.Errorf("%d ends in %+v", ended, p.events)
		}
	})
}

func TestShutdownUnregistersWithinTwoSeconds(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		proxy.Users["1001"] = canary
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		time.Sleep(time.Second)
		start := time.Now()
		p.shutdown()
		if got := proxy.Registered("1001"); got != "" || time.Since(start) > 10*time.Millisecond {
			t.Errorf("still registered as %q after %v", got, time.Since(start))
		}
	})
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		p := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		time.Sleep(time.Second)
		proxy.Transport().SetDown(true)
		start := time.Now()
		p.shutdown()
		if d := time.Since(start); d != 2*time.Second {
			t.Errorf("a dead server holds us up for %v", d)
		}
	})
}

func TestNoRegistrationIsSentWhenNoneIsWanted(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		siptest.NewProxy(n, proxyAddr)
		a := account(1, "1001")
		a.Register = false
		newPhone(t, n, phoneAddr).set(a)
		time.Sleep(time.Hour)
		if got := n.Flow(); got != "" {
			t.Error(got)
		}
	})
}

func TestBrokenConnectionIsRegisteredAgain(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewProxy(n, proxyAddr)
		var tr *siptest.Transport
		a := account(1, "1001")
		a.Network = "tcp"
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) { tr = o.Transport.(*siptest.Transport) }).set(a)
		time.Sleep(time.Second)
		if got := proxy.Registered("1001"); got != "sip:1001@192.0.2.11:5060;transport=tcp" {
			t.Fatal(got)
		}
		server := n.Log()[0]
		tr.Break(destination(server))
		time.Sleep(5 * time.Second)
		if got := p.regStates(1); got != "trying 0, ok 200, failed 503, trying 0, ok 200" {
			t.Error(got)
		}
		// A server closes what has been idle: nobody needs to know.
		<-time.After(5 * time.Minute)
		before := len(n.Log())
		tr.Break(destination(server))
		<-time.After(5 * time.Second)
		if got := p.regStates(1); got != "trying 0, ok 200, failed 503, trying 0, ok 200" || len(n.Log()) == before {
			t.Error(got, len(n.Log())-before)
		}
		// Unless it does not come back.
		<-time.After(5 * time.Minute)
		proxy.Transport().SetDown(true)
		tr.Break(destination(server))
		<-time.After(3 * time.Second)
		if got := p.regStates(1); !strings.HasSuffix(got, "ok 200, failed 503") {
			t.Error(got)
		}
		proxy.Transport().SetDown(false)
		<-time.After(time.Minute)
	})
}
