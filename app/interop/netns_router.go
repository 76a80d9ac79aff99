//go:build linux

package interop

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"deskset/provisioning/link/netnstest"
)

// The addresses around a Home's router.
const (
	HomePhone  = "192.168.7.10"
	homeRouter = "192.168.7.1"
	HomeSeen   = "203.0.113.1" // what the world sees of it
	WorldHost  = "203.0.113.2"
)

// Home is a remote worker's: a phone behind a router that lends it its own
// address (masquerade) and forgets a way that nobody uses, as theirs do; the
// registrar and the other phone stand outside, in the world.
type Home struct{ Phone, router, World *netnstest.Space }

// NewHome makes one until the test ends. The router forgets after so many
// seconds.
func NewHome(t testing.TB, forgets int) *Home {
	t.Helper()
	need(t, "peers", "nft")
	sweepOnce()
	h := &Home{netnstest.New(t), netnstest.New(t), netnstest.New(t)}
	netnstest.Cable(t, h.Phone, "eth0", h.router, "lan")
	netnstest.Cable(t, h.router, "wan", h.World, "eth0")
	h.Phone.IP("addr", "add", HomePhone+"/24", "dev", "eth0")
	h.router.IP("addr", "add", homeRouter+"/24", "dev", "lan")
	h.router.IP("addr", "add", HomeSeen+"/24", "dev", "wan")
	h.World.IP("addr", "add", WorldHost+"/24", "dev", "eth0")
	h.Phone.IP("route", "add", "default", "via", homeRouter)
	// What comes in unasked is dropped, as by every router that is sold.
	const rules = `table ip home {
	chain out {
		type nat hook postrouting priority 100
		oifname "wan" masquerade
	}
	chain through {
		type filter hook forward priority 0
		iifname "wan" ct state new drop
	}
	chain in {
		type filter hook input priority 0
		iifname "wan" ct state new drop
	}
}
`
	load := commandIn(h.router, "nft", "-f", "-")
	load.Stdin = strings.NewReader(rules)
	if out, err := load.CombinedOutput(); err != nil {
		t.Skipf("this kernel has no masquerade: %v\n%s", err, out)
	}
	patience := fmt.Sprint(forgets)
	for name, value := range map[string]string{
		"ipv4/ip_forward":                    "1",
		"netfilter/nf_conntrack_udp_timeout": patience, "netfilter/nf_conntrack_udp_timeout_stream": patience,
		"netfilter/nf_conntrack_tcp_timeout_established": patience,
	} {
		var err error
		h.router.Do(func() { err = os.WriteFile("/proc/sys/net/"+name, []byte(value), 0) }) // there already
		if err != nil {
			t.Skip("this kernel does not let a namespace's router be set:", err)
		}
	}
	return h
}
