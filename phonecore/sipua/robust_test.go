package sipua_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Whatever comes in, in whatever state, the agent answers afterwards.
func FuzzBytesInAgentAlive(f *testing.F) {
	files, _ := filepath.Glob("testdata/rfc4475/*.dat")
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	// Messages within the call that the target has: TAG is our tag, CALL its
	// Call-ID, BRANCH the branch of our own INVITE.
	head := "Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bKx\r\nFrom: <sip:peer@192.0.2.12:5060>;tag=peer\r\nTo: <sip:1001@192.0.2.11>;tag=TAG\r\nCall-ID: CALL\r\n"
	for _, method := range []string{"INVITE", "UPDATE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO"} {
		f.Add([]byte(method + " sip:1001@192.0.2.11 SIP/2.0\r\n" + head + "CSeq: 9 " + method + "\r\nContact: <sip:x@192.0.2.12>\r\nContent-Type: application/sdp\r\n\r\n" + peerSDP("a=sendonly")))
	}
	for _, status := range []string{"100 x", "180 x", "183 x", "200 OK", "302 x", "401 x", "407 x", "491 x", "503 x"} {
		f.Add([]byte("SIP/2.0 " + status + "\r\nVia: SIP/2.0/UDP 192.0.2.11:5060;branch=BRANCH\r\nFrom: <sip:1001@192.0.2.11>;tag=OTHER\r\nTo: <sip:o@192.0.2.12>;tag=t\r\nCall-ID: CALL\r\nCSeq: 1 INVITE\r\nContact: <sip:y@192.0.2.12;transport=tcp>, \"z\" <sip:z@[::1]>;q=0.2\r\nRecord-Route: <sip:192.0.2.12>\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nContent-Type: application/sdp\r\n\r\n" + peerSDP()))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		synctest.Test(t, func(t *testing.T) {
			n := siptest.NewNetwork()
			p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
			peer := siptest.NewPeer(t, n, peerAddr)
			call, _, ok := incomingCall(t, p, peer)
			p.dial("sip:o@192.0.2.12")
			out := peer.Expect("INVITE")
			for old, text := range map[string]string{"TAG": ok.To().Tag(), "CALL": call.ID(), "BRANCH": out.Via().Branch(), "OTHER": out.From().Tag()} {
				data = bytes.ReplaceAll(data, []byte(old), []byte(text))
			}
			to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phoneAddr)}
			if err := peer.SendRaw(to, data, nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
			peer.Drain()
			peer.SendTo(phoneAddr, peer.Request("OPTIONS", "sip:192.0.2.11"))
			peer.Await("200")
			if sent := len(n.Log()); sent > 200 {
				t.Errorf("one message made %d", sent)
			}
		})
	})
}

// 20 % of all datagrams are lost on each of the two hops, both ways: 36 % from
// end to end.
func TestRegistrationAndCallsSucceedOverABadNetwork(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				proxy := siptest.NewProxy(n, proxyAddr)
				proxy.Users = map[string]string{"1001": canary, "1002": canary}
				n.SetLoss(0.2, seed+1)
				alice := newPhone(t, n, phoneAddr).set(account(1, "1001"))
				bob := newPhone(t, n, peerAddr).set(account(1, "1002"))
				time.Sleep(2 * time.Minute)
				if alice.reg().State != sipua.RegOK || bob.reg().State != sipua.RegOK {
					t.Fatalf("%+v %+v", alice.reg(), bob.reg())
				}
				c := alice.dial("1002")
				time.Sleep(50 * time.Second)
				bob.answer()
				time.Sleep(50 * time.Second)
				if alice.last().State != sipua.CallConnected || bob.last().State != sipua.CallConnected {
					t.Fatalf("%+v %+v", alice.last(), bob.last())
				}
				alice.do(c.Hangup)
				time.Sleep(50 * time.Second)
				bob.wantEnd(200, true)
				n.SetLoss(0, 1)
			})
		})
	}
}

func TestManyCallsLeaveNothingBehind(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		siptest.NewProxy(n, proxyAddr)
		alice := newPhone(t, n, phoneAddr).set(account(1, "1001"))
		bob := newPhone(t, n, peerAddr).set(account(1, "1002"))
		time.Sleep(time.Second)
		round := func() {
			c := alice.dial("1002")
			time.Sleep(time.Second)
			bob.answer()
			time.Sleep(time.Second)
			var err error
			alice.do(func() { err = c.Update(hold()) })
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			alice.do(c.Hangup)
			time.Sleep(2 * time.Minute) // all transactions end
			bob.wantEnd(200, true)
		}
		round()
		goroutines := runtime.NumGoroutine()
		for range 100 {
			round()
		}
		// The runtime's own and those of other tests come and go; a leak would
		// be one for each call.
		if now := runtime.NumGoroutine(); now > goroutines+10 {
			t.Errorf("%d goroutines became %d", goroutines, now)
		}
		for _, p := range []*phone{alice, bob} {
			var calls, transactions int
			p.do(func() { calls, transactions = p.agent.Pending() })
			if calls+transactions != 0 {
				t.Errorf("%d calls and %d transactions are left", calls, transactions)
			}
		}
	})
}

func TestHandlerThatPanicsDoesNotTakeThePhoneDown(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr).set(plain(1, "1001"))
		p.ring = func(*sipua.Call, sipua.Event) bool { panic("on purpose") }
		peer := siptest.NewPeer(t, n, peerAddr)
		peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		time.Sleep(time.Second)
		alive(t, n)
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.trouble) != 1 || !strings.Contains(p.trouble[0].Error(), "on purpose") {
			t.Errorf("%v", p.trouble)
		}
		p.trouble = nil
	})
}

func TestCallToANameAndToNobody(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		proxy := siptest.NewPeer(t, n, proxyAddr)
		p := newPhone(t, n, phoneAddr)
		a := account(1, "1001")
		a.Proxy, a.Register = "pbx.example.com", false
		p.set(a)
		p.dial("1002")
		m := proxy.Expect("INVITE")
		if m.RequestURI != "sip:1002@pbx.example.com" {
			t.Error(m.RequestURI)
		}
		proxy.Reply(m, 486)
		proxy.Expect("ACK")
		p.dial("x@nowhere.example")
		time.Sleep(time.Second)
		p.wantEnd(503, false)
		if !strings.Contains(p.last().Reason, "nowhere.example") {
			t.Errorf("%+v", p.last())
		}
	})
}

func TestServerThatFailsIsReplacedByTheNextAddress(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		second := siptest.NewProxy(n, "192.0.2.2:5060")
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) {
			o.Resolver = siptest.Names{"pbx.example.com": {proxyAddr, "192.0.2.2:5060"}}
		})
		a := account(1, "1001")
		a.Proxy, a.Network = "pbx.example.com", "tcp" // the first refuses
		p.set(a)
		time.Sleep(time.Minute)
		if r := p.reg(); r.State != sipua.RegOK || second.Registered("1001") == "" {
			t.Errorf("%+v", r)
		}
	})
}
