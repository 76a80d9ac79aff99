package discovery

import (
	"net/netip"
	"strings"
	"testing"
)

func TestDefaultRouterFromRoutingTable(t *testing.T) {
	const table = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
		"eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n" +
		"eth1\t00000000\t0200000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n" +
		"eth0\t00000000\t0901A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n" +
		"eth0\t00000000\t0801A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n" + // 0.0.0.0/1, as VPNs add it
		"eth0\t00000000\t00000000\t0001\t0\t0\t1\t00000000\t0\t0\t0\n" + // no router
		"eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n" +
		"eth0\t00000000\t0701A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
	if got, want := parseRoutes(strings.NewReader(table), "eth0"), netip.MustParseAddr("192.168.1.1"); got != want {
		t.Errorf("router = %v, want %v", got, want)
	}
	for _, garbage := range []string{"eth0 00000000 XX\n\n", "eth0 00000000 XX 3 0 0 0 00000000\n", "eth0 00000000 0101A8C0 3 0 0 -1 00000000\n"} {
		if got := parseRoutes(strings.NewReader(garbage), "eth0"); got.IsValid() {
			t.Errorf("router from garbage %q = %v, want none", garbage, got)
		}
	}
}

func TestNameServersFromResolvConf(t *testing.T) {
	const conf = "# x\nsearch example.com other\nnameserver 192.0.2.53\nnameserver bad\nnameserver 2001:db8::53\n"
	servers, domain := parseResolv(strings.NewReader(conf))
	if len(servers) != 2 || servers[0] != netip.MustParseAddr("192.0.2.53") || domain != "example.com" {
		t.Errorf("got %v, %q", servers, domain)
	}
}
