package sipua_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

const secondAddr, thirdAddr = "192.0.2.2:5060", "192.0.2.3:5060"

// backed is an account with a backup. With sip_retx 2 a silent server is given
// up after 2.5 s (0.5 + 1 + 1).
func backed() sipua.Account {
	a := account(1, "1001")
	a.Backups = []sipua.Server{{Host: "192.0.2.2"}}
	return a
}

func quick(o *sipua.Options) {
	o.Timers = sipua.Timers{T1: 500 * time.Millisecond, T2: 4 * time.Second, Retx: 2, InviteRetx: 2}
}

// pair is a phone and two servers, the second one its backup.
func pair(t *testing.T, f func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone)) {
	t.Helper()
	virtual(t, func(t *testing.T, n *siptest.Network) {
		first, second := siptest.NewProxy(n, proxyAddr), siptest.NewProxy(n, secondAddr)
		first.Users["1001"], second.Users["1001"] = canary, canary
		f(t, n, first, second, newPhone(t, n, phoneAddr, quick))
	})
}

// sent lists when requests of a method were sent to an address, in seconds.
func sent(n *siptest.Network, start time.Time, method, to string) string {
	var at []string
	for _, e := range n.Log() {
		if e.Message.Method == method && e.To.String() == to {
			at = append(at, fmt.Sprintf("%.3g", e.At.Sub(start).Seconds()))
		}
	}
	return strings.Join(at, " ")
}

func (p *phone) wantServer(addr string, rank int) {
	p.t.Helper()
	if r := p.reg(); r.State != sipua.RegOK || r.Server != addr || r.Rank != rank {
		p.t.Errorf("%+v, want to be registered at %s, rank %d", r, addr, rank)
	}
}

func TestDeadPrimaryAtTheStartGivesWayToTheBackup(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone) {
		first.Transport().SetDown(true)
		start := time.Now()
		p.set(backed())
		time.Sleep(4 * time.Second)
		p.wantServer(secondAddr, 1)
		// The time-out, half a second of jitter, and the challenge.
		if got := sent(n, start, "REGISTER", proxyAddr) + ", " + sent(n, start, "REGISTER", secondAddr); got != "0 0.5 1.5, 3 3" {
			t.Errorf("REGISTER at %s", got)
		}
		if got := second.Registered("1001"); got != "sip:1001@192.0.2.11:5060" {
			t.Errorf("registered as %q", got)
		}
		log := n.Log()
		if m := log[3].Message; m.RequestURI != "sip:192.0.2.2" || m.To().URI != "sip:1001@192.0.2.2" || m.From().URI != "sip:1001@192.0.2.2" {
			t.Errorf("the backup would not know itself:\n%s", m.Encode())
		}
		if got := p.regStates(1); got != "trying 0, ok 200" {
			t.Error(got)
		}
		// Calls go where the line is registered.
		p.dial("1002")
		time.Sleep(time.Second)
		if got := sent(n, start, "INVITE", proxyAddr); got != "" {
			t.Errorf("INVITE to the dead server at %s", got)
		}
		p.wantEnd(404, true)
	})
}

func TestPrimaryThatDiesIsLeftAtTheNextRefresh(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, _ *siptest.Proxy, p *phone) {
		first.Expires = "60"
		start := time.Now()
		p.set(backed())
		time.Sleep(10 * time.Second)
		p.wantServer(proxyAddr, 0)
		first.Transport().SetDown(true)
		time.Sleep(50 * time.Second)
		p.wantServer(secondAddr, 1)
		// 5 s before the end of 60 s.
		if got := sent(n, start, "REGISTER", proxyAddr); got != "0 0.002 55 55.5 56.5" {
			t.Errorf("REGISTER to the first at %s", got)
		}
		if got := sent(n, start, "REGISTER", secondAddr); got != "58 58" {
			t.Errorf("REGISTER to the second at %s", got)
		}
		if got := p.regStates(1); got != "trying 0, ok 200, trying 408, ok 200" {
			t.Error(got)
		}
	})
}

func TestAllServersDeadThenOneBackWithinOneInterval(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone) {
		first.Transport().SetDown(true)
		second.Transport().SetDown(true)
		start := time.Now()
		p.set(backed())
		time.Sleep(30 * time.Minute)
		// A round takes 2.5 + 0.5 + 2.5 s; between rounds 3, 6, 12 ... 225 s.
		var first3 []string
		at := 0.0
		for _, wait := range []float64{3, 6, 12, 24, 48, 96, 192, 225, 225, 225, 225, 225, 225, 225} {
			for _, r := range []float64{0, 0.5, 1.5} {
				if at+r < 1800 {
					first3 = append(first3, fmt.Sprintf("%.3g", at+r))
				}
			}
			at += 5.5 + wait
		}
		if got := sent(n, start, "REGISTER", proxyAddr); got != strings.Join(first3, " ") {
			t.Errorf("REGISTER at\n%s, want\n%s", got, strings.Join(first3, " "))
		}
		if r := p.reg(); r.State != sipua.RegFailed || r.Code != 408 || r.Server != proxyAddr || r.Retry > 5*time.Minute {
			t.Errorf("%+v", r)
		}
		second.Transport().SetDown(false)
		time.Sleep(p.reg().Retry + 6*time.Second)
		p.wantServer(secondAddr, 1)
	})
}

func TestServerThatAsksForARestIsLeftAloneAndTheNextIsAsked(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		first, second := siptest.NewPeer(t, n, proxyAddr), siptest.NewPeer(t, n, secondAddr)
		p := newPhone(t, n, phoneAddr, quick).set(backed())
		first.Reply(first.Expect("REGISTER"), 503, siptest.With("Retry-After", "600"))
		second.Reply(second.Expect("REGISTER"), 503)
		time.Sleep(10 * time.Millisecond)
		if r := p.reg(); r.State != sipua.RegFailed || r.Code != 503 || r.Retry != 3*time.Second {
			t.Errorf("%+v", r)
		}
		second.Reply(second.Expect("REGISTER"), 503, siptest.With("Retry-After", "900"))
		time.Sleep(10 * time.Millisecond)
		// Both want to be left alone: the one that ends first counts.
		if r := p.reg(); r.Retry < 590*time.Second || r.Retry > 600*time.Second {
			t.Errorf("%+v", r)
		}
		first.Quiet(590 * time.Second)
		first.Reply(first.Expect("REGISTER"), 200)
		second.Quiet(time.Hour - 10*time.Second)
		first.Reply(first.Expect("REGISTER"), 200)
	})
}

func TestClosedPortGivesWayAtOnce(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, _ *siptest.Proxy, p *phone) {
		first.Transport().SetRefusing(true)
		start := time.Now()
		p.set(backed())
		time.Sleep(time.Second)
		p.wantServer(secondAddr, 1)
		if got := sent(n, start, "REGISTER", proxyAddr) + ", " + sent(n, start, "REGISTER", secondAddr); got != "0, 0.501 0.503" {
			t.Errorf("REGISTER at %s", got)
		}
	})
}

func TestWrongPasswordIsTriedAtNoServerTwice(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone) {
		first.Transport().SetDown(true)
		second.Users["1001"] = "another"
		start := time.Now()
		p.set(backed())
		time.Sleep(time.Hour)
		if got := strings.Count(sent(n, start, "REGISTER", secondAddr), " "); got != 3 {
			t.Errorf("%d REGISTERs to the server that refused the password", got+1)
		}
		if r := p.reg(); r.State != sipua.RegFailed || r.Code != 408 {
			t.Errorf("%+v: the first may come back", r)
		}
		first.Transport().SetDown(false)
		time.Sleep(5 * time.Minute)
		p.wantServer(proxyAddr, 0)
		// The first server's own no is the last word.
		first.Users["1001"] = "another"
		p.set(sipua.Account{Line: 1, User: "1001", AuthName: "1001", Password: "x", Proxy: "192.0.2.1", Register: true, Backups: backed().Backups})
		time.Sleep(24 * time.Hour)
		if r := p.reg(); r.State != sipua.RegRejected || r.Code != 401 || r.Retry != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// zone is DNS that changes.
type zone struct {
	mu    sync.Mutex
	names siptest.Names
}

func (z *zone) set(name string, addrs ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.names[name] = addrs
}

func (z *zone) Resolve(ctx context.Context, t transport.Target) ([]transport.Destination, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.names.Resolve(ctx, t)
}

func TestServersNameIsResolvedAtEachTry(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		siptest.NewProxy(n, thirdAddr)
		dns := &zone{names: siptest.Names{"pbx.example.com": {proxyAddr}}} // nobody there
		p := newPhone(t, n, phoneAddr, quick, func(o *sipua.Options) { o.Resolver = dns })
		a := account(1, "1001")
		a.Proxy, a.Backups = "pbx.example.com", []sipua.Server{{Host: "nowhere.example.com"}}
		start := time.Now()
		p.set(a)
		time.Sleep(5 * time.Second)
		dns.set("nowhere.example.com", thirdAddr)
		time.Sleep(8 * time.Second)
		p.wantServer("nowhere.example.com:5060", 1)
		dns.set("pbx.example.com", secondAddr, thirdAddr) // the probes find it
		time.Sleep(5 * time.Minute)
		p.wantServer("pbx.example.com:5060", 0)
		if got := sent(n, start, "REGISTER", secondAddr); strings.Count(got, " ") != 2 {
			t.Errorf("REGISTER to the dead address at %s", got)
		}
	})
}

func TestCallFindsTheNextServerAndTheLineFollows(t *testing.T) {
	for name, dies := range map[string]func(*siptest.Proxy){
		"silent":  func(p *siptest.Proxy) { p.Transport().SetDown(true) },
		"refuses": func(p *siptest.Proxy) { p.Transport().SetRefusing(true) },
		"503":     func(p *siptest.Proxy) { p.Status["1002"] = 503 },
	} {
		t.Run(name, func(t *testing.T) {
			pair(t, func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone) {
				first.Users, second.Users = nil, nil
				second.Status["1002"] = 486
				p.set(backed())
				time.Sleep(time.Minute)
				p.wantServer(proxyAddr, 0)
				dies(first)
				p.dial("1002")
				time.Sleep(10 * time.Second)
				p.wantEnd(486, true)
				var invite string
				for _, e := range n.Log() {
					if e.Message.Method == "INVITE" && e.To.String() == secondAddr {
						invite = e.Message.RequestURI + " " + e.Message.To().URI + " " + e.Message.From().URI
					}
				}
				if invite != "sip:1002@192.0.2.2 sip:1002@192.0.2.2 sip:1001@192.0.2.2" {
					t.Errorf("INVITE %s", invite)
				}
				if name == "503" { // it may only be this call's way that is barred
					p.wantServer(proxyAddr, 0)
				} else {
					p.wantServer(secondAddr, 1)
				}
			})
		})
	}
}

func TestDomainOfTheAccountStaysAtTheBackup(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone) {
		first.Transport().SetRefusing(true)
		a := backed()
		a.Domain = "example.com"
		p.set(a)
		time.Sleep(time.Second)
		p.wantServer(secondAddr, 1)
		log := n.Log()
		if m := log[len(log)-2].Message; m.RequestURI != "sip:example.com" || m.To().URI != "sip:1001@example.com" {
			t.Errorf("%s", m.Encode())
		}
	})
}

func TestServersAreListedOnceAndBounded(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		a := account(1, "1001")
		for i := range 30 {
			a.Backups = append(a.Backups, sipua.Server{Host: fmt.Sprintf("192.0.2.%d", 1+i/2)}, sipua.Server{})
		}
		newPhone(t, n, phoneAddr, quick).set(a)
		time.Sleep(30 * time.Second)
		var asked []string
		for _, e := range n.Log() {
			if !slices.Contains(asked, e.To.String()) {
				asked = append(asked, e.To.String())
			}
		}
		if len(asked) != 8 {
			t.Errorf("asked %v", asked)
		}
	})
}
