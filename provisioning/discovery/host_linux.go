package discovery

import (
	"bufio"
	"encoding/hex"
	"io"
	"net/netip"
	"os"
	"strings"
)

// maxHostFile bounds what is read of the host's own files.
const maxHostFile = 256 << 10

// defaultRouter reads the kernel's routing table (proc(5), /proc/net/route):
// columns interface, destination, gateway, addresses in hexadecimal, least
// significant byte first.
func defaultRouter(ifi string) netip.Addr {
	f, err := os.Open("/proc/net/route")
	if err != nil {
		return netip.Addr{}
	}
	defer f.Close()
	return parseRoutes(io.LimitReader(f, maxHostFile), ifi)
}

func parseRoutes(r io.Reader, ifi string) netip.Addr {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 3 || f[0] != ifi || f[1] != "00000000" {
			continue
		}
		raw, err := hex.DecodeString(f[2])
		if err != nil || len(raw) != 4 {
			continue
		}
		return netip.AddrFrom4([4]byte{raw[3], raw[2], raw[1], raw[0]})
	}
	return netip.Addr{}
}

// nameServers reads resolv.conf(5).
func nameServers() ([]netip.Addr, string) {
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return nil, ""
	}
	defer f.Close()
	return parseResolv(io.LimitReader(f, maxHostFile))
}

func parseResolv(r io.Reader) (servers []netip.Addr, domain string) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 2 {
			continue
		}
		switch f[0] {
		case "nameserver":
			if a, err := netip.ParseAddr(f[1]); err == nil && len(servers) < 5 {
				servers = append(servers, a)
			}
		case "search", "domain":
			domain = f[1]
		}
	}
	return servers, domain
}
