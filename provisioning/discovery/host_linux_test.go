package discovery

import (
	"net/netip"
	"strings"
	"testing"
)

func TestDefaultRouterFromRoutingTable(t *testing.T) {
	const table = "Iface\tDestination\tGateway \tFlags\n" +
		"eth0\t0001A8C0\t00000000\t0001\n" +
		"eth1\t00000000\t0200000A\t0003\n" +
		"eth0\t00000000\t0101A8C0\t0003\n"
	if got, want := parseRoutes(strings.NewReader(table), "eth0"), netip.MustParseAddr("192.168.1.1"); got != want {
		t.Errorf("router = %v, want %v", got, want)
	}
	if got := parseRoutes(strings.NewReader("eth0 00000000 XX\n\n"), "eth0"); got.IsValid() {
		t.Errorf("router from garbage = %v, want none", got)
	}
}

func TestNameServersFromResolvConf(t *testing.T) {
	const conf = "# x\nsearch example.com other\nnameserver 192.0.2.53\nnameserver bad\nnameserver 2001:db8::53\n"
	servers, domain := parseResolv(strings.NewReader(conf))
	if len(servers) != 2 || servers[0] != netip.MustParseAddr("192.0.2.53") || domain != "example.com" {
		t.Errorf("got %v, %q", servers, domain)
	}
}
