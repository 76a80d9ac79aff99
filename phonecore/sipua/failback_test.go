package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
)

func TestLineReturnsToThePrimaryThatHasAnsweredForTwoMinutes(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone) {
		second.Expires = "60" // refreshes do not disturb the watch
		first.Transport().SetDown(true)
		start := time.Now()
		p.set(backed())
		time.Sleep(100 * time.Second)
		p.wantServer(secondAddr, 1)
		// Each probe: 30 s after the end of the one before, which takes 2.5 s.
		if got := sent(n, start, "OPTIONS", proxyAddr); got != "33 33.5 34.5 65.5 66 67 98 98.5 99.5" {
			t.Errorf("OPTIONS at %s", got)
		}
		first.Transport().SetDown(false) // heard first at 130.5 s
		time.Sleep(150 * time.Second)
		p.wantServer(secondAddr, 1)
		time.Sleep(time.Second)
		p.wantServer(proxyAddr, 0)
		if got := sent(n, start.Add(200*time.Second), "OPTIONS", proxyAddr); !strings.HasSuffix(got, " -9.49 20.5 50.5") {
			t.Errorf("OPTIONS at %s", got)
		}
		if got := sent(n, start, "REGISTER", proxyAddr); got != "0 0.5 1.5 251 251" {
			t.Errorf("REGISTER at %s", got)
		}
		if second.Registered("1001") == "" {
			t.Error("the backup's binding was taken away: with common books ours would be gone")
		}
		before := len(n.Log())
		time.Sleep(30 * time.Minute)
		if got := len(n.Log()); got != before {
			t.Errorf("%d messages after the return", got-before)
		}
	})
}

func TestPrimaryThatFlapsIsNotReturnedTo(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, _ *siptest.Proxy, p *phone) {
		first.Transport().SetDown(true)
		start := time.Now()
		p.set(backed())
		time.Sleep(4 * time.Second)
		for range 20 { // up for 90 s, down for 60 s
			first.Transport().SetDown(false)
			time.Sleep(90 * time.Second)
			first.Transport().SetDown(true)
			time.Sleep(60 * time.Second)
			p.wantServer(secondAddr, 1)
		}
		if got := sent(n, start, "REGISTER", proxyAddr); got != "0 0.5 1.5" {
			t.Errorf("REGISTER at %s", got)
		}
		if got := p.regStates(1); got != "trying 0, ok 200" {
			t.Error(got)
		}
	})
}

// A server that answers OPTIONS but lets nobody register is asked less and
// less, and the line stays where it is.
func TestPrimaryThatOnlyLooksWellIsAskedLessAndLess(t *testing.T) {
	pair(t, func(t *testing.T, n *siptest.Network, first, second *siptest.Proxy, p *phone) {
		first.Refuse = 500
		start := time.Now()
		p.set(backed())
		time.Sleep(4 * time.Hour)
		p.wantServer(secondAddr, 1)
		// 5 probes for 2 min, then as many again as before, and a REGISTER with
		// half a second of jitter before the backup has us again.
		var at []float64
		for _, e := range n.Log() {
			if e.Message.Method == "REGISTER" && e.To.String() == proxyAddr {
				at = append(at, e.At.Sub(start).Minutes())
			}
		}
		want := []float64{0, 2.5, 7, 15.5, 32, 64.5, 129, 193.5}
		if len(at) != len(want) {
			t.Fatalf("REGISTER after %.1f minutes, want %.1f", at, want)
		}
		for i := range want {
			if at[i] < want[i] || at[i] > want[i]+1 {
				t.Errorf("REGISTER after %.1f minutes, want %.1f", at, want)
			}
		}
		if got := p.regStates(1); got != "trying 0, ok 200" {
			t.Error(got)
		}
	})
}
